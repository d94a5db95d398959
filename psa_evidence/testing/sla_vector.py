"""One SLA clock vector: what it describes, computed by the engine, and compared with what it expects.

docs/sla.md describes the fields. A vector that makes no sense does not pass, and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from psa_evidence.errors import EvidenceError
from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, local_instant
from psa_evidence.testing.sla_deviations import DEVIATIONS, Deviation

Pause = tuple[datetime, datetime]
Vector = Mapping[str, Any]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one vector; `detail` says what differed, `rule` by which rule it may."""

    id: str
    passed: bool
    detail: str = ""
    rule: int | None = None


def run(vector: object) -> Outcome:
    """Compute one vector and compare. Fractions of a second are cut off on both sides (rule 5)."""
    if not isinstance(vector, Mapping):
        return Outcome("?", passed=False, detail=f"not a vector: {type(vector).__name__} where an object is needed")
    name, op = str(vector.get("id", "?")), vector.get("op")
    compute = _OPERATIONS.get(op) if isinstance(op, str) else None
    if compute is None:
        known = ", ".join(_OPERATIONS)
        return Outcome(name, passed=False, detail=f"unknown operation {op!r}; known are {known}")
    try:
        got = compute(vector)
        expected = _expected(vector)
        return _compared(name, vector, got, expected)
    except KeyError as error:
        return Outcome(name, passed=False, detail=f"{op}: the vector has no {error}")
    except (EvidenceError, ValueError, TypeError, AttributeError, ArithmeticError, OSError) as error:
        return Outcome(name, passed=False, detail=f"{op}: {type(error).__name__}: {error}")


def _compared(name: str, vector: Vector, got: datetime | int, expected: datetime | int) -> Outcome:
    deviation = DEVIATIONS.get(name)
    if deviation is not None and _says(vector, deviation.theirs):
        expected = _value(deviation.ours)
        if got == expected:
            return Outcome(name, passed=True, rule=deviation.rule)
    elif _agrees(got, expected, vector):
        return Outcome(name, passed=True)
    elif _far_edge(got, expected, vector):
        return Outcome(name, passed=True, rule=1)
    return Outcome(name, passed=False, detail=f"{vector['op']}: expected {_shown(expected)}, got {_shown(got)}")


def _says(vector: Vector, theirs: str | int) -> bool:
    """Whether the vector is the source's own: it expects what the source does."""
    if isinstance(theirs, int):
        return _seconds(vector) == theirs
    return _exactly(vector["end"], vector["timezone"]) == _exactly(theirs, "UTC")


def _value(ours: str | int) -> datetime | int:
    return ours if isinstance(ours, int) else _instant(ours, "UTC")


def _elapsed(vector: Vector) -> int:
    zone, hours = vector["timezone"], calendar_of(vector)
    start, end = _instant(vector["start"], zone), _instant(vector["end"], zone)
    reading = vector.get("reversed", "")
    if reading not in ("", None, "zero", "absolute", "negative"):
        raise ValueError(f"'reversed' is {reading!r}; it may be 'zero', 'absolute' or 'negative'")
    if start > end and reading == "zero":
        return 0
    low, high = min(start, end), max(start, end)
    pauses = _pauses(vector, zone)
    paused = sum(hours.elapsed(max(a, low), min(b, high)) for a, b in pauses if max(a, low) < min(b, high))
    seconds = hours.elapsed(low, high) - paused
    return seconds if start <= end or reading == "absolute" else -seconds


def _add(vector: Vector) -> datetime:
    start, seconds = _instant(vector["start"], vector["timezone"]), _seconds(vector)
    pauses = _pauses(vector, vector["timezone"])
    return (_forward if seconds >= 0 else _backward)(calendar_of(vector), start, abs(seconds), pauses)


def _subtract(vector: Vector) -> datetime:
    start, seconds = _instant(vector["start"], vector["timezone"]), _seconds(vector)
    pauses = _pauses(vector, vector["timezone"])
    return (_backward if seconds >= 0 else _forward)(calendar_of(vector), start, abs(seconds), pauses)


def _forward(hours: BusinessHours, at: datetime, seconds: int, pauses: Sequence[Pause]) -> datetime:
    """Open time outside the pauses: each pause that begins before the end is skipped."""
    for low, high in pauses:
        if high <= at:
            continue
        before = hours.elapsed(at, low) if at < low else 0
        if before >= seconds > 0 or (seconds == 0 and hours.next_open(at) < low):
            break
        seconds -= before
        at = high
    return hours.add(at, seconds)


def _backward(hours: BusinessHours, at: datetime, seconds: int, pauses: Sequence[Pause]) -> datetime:
    for low, high in reversed(pauses):
        if low >= at:
            continue
        after = hours.elapsed(high, at) if high < at else 0
        if after >= seconds > 0 or (seconds == 0 and hours.prev_close(at) > high):
            break
        seconds -= after
        at = low
    return hours.subtract(at, seconds)


def _start(vector: Vector) -> datetime:
    return _instant(vector["start"], vector["timezone"])


_OPERATIONS: Final[Mapping[str, Callable[[Vector], datetime | int]]] = {
    "add": _add,
    "subtract": _subtract,
    "elapsed": _elapsed,
    "next_open": lambda vector: calendar_of(vector).next_open(_start(vector)),
    "next_close": lambda vector: calendar_of(vector).next_close(_start(vector)),
    "prev_close": lambda vector: calendar_of(vector).prev_close(_start(vector)),
    "add_workdays": lambda vector: calendar_of(vector).add_workdays(_start(vector), int(vector["workdays"])),
    "local_to_utc": _start,
}


def _far_edge(got: datetime | int, expected: datetime | int, vector: Vector) -> bool:
    """Whether the vector says that it means the other of the two equivalent instants, and that is all that differs."""
    reference = vector.get("reference")
    if not isinstance(reference, Mapping) or reference.get("edge") != "far edge" or isinstance(got, int):
        return False
    if vector["op"] not in ("add", "subtract"):
        return False
    hours, pauses = calendar_of(vector), _pauses(vector, vector["timezone"])
    move = _forward if (vector["op"] == "add") == (_seconds(vector) >= 0) else _backward
    return move(hours, got, 0, pauses) == expected


def _pauses(vector: Vector, zone: str) -> tuple[Pause, ...]:
    """Pauses in order, those that overlap joined."""
    result: list[Pause] = []
    for low, high in sorted((_instant(a, zone), _instant(b, zone)) for a, b in vector.get("pauses") or ()):
        if low > high:
            raise ValueError("a pause ends before it begins")
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def _expected(vector: Vector) -> datetime | int:
    return _seconds(vector) if vector["op"] == "elapsed" else _instant(vector["end"], vector["timezone"])


def _agrees(got: datetime | int, expected: datetime | int, vector: Vector) -> bool:
    if isinstance(got, int) and isinstance(expected, int):
        return abs(got - expected) <= float(vector.get("tolerance_seconds") or 0)
    if isinstance(got, datetime) and isinstance(expected, datetime):
        if vector.get("precision") == "date":
            zone = ZoneInfo(vector["timezone"])
            return got.astimezone(zone).date() == expected.astimezone(zone).date()
        return got == expected
    return False


def calendar_of(vector: Vector) -> BusinessHours:
    """The calendar that a vector describes. Raises KeyError, ValueError, TypeError or ConfigurationError."""
    week = vector["calendar"]
    unknown = set(week) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"'calendar' has {sorted(unknown)}; days are {', '.join(WEEKDAYS)}")
    closed = [ClosedDay.on(date.fromisoformat(day)) for day in vector.get("holidays") or ()]
    for day, spans in (vector.get("breaks") or {}).items():
        closed.append(ClosedDay.on(date.fromisoformat(day), spans=_spans(spans)))
    return BusinessHours(
        week=tuple(_spans(week.get(day)) for day in WEEKDAYS),
        zone=vector["timezone"],
        closed=tuple(closed),
        overrides={date.fromisoformat(day): _spans(s) for day, s in (vector.get("overrides") or {}).items()},
    )


def _spans(pairs: Sequence[Sequence[str]] | None) -> tuple[Span, ...]:
    return tuple(Span(start=_clock(a), end=_clock(b)) for a, b in pairs or ())


def _clock(text: str) -> int:
    parts = [int(part) for part in text.split(":")]
    if not 2 <= len(parts) <= 3 or not all(0 <= part < 60 for part in parts[1:]):
        raise ValueError(f"{text!r} is no time of day such as '09:00'")
    return sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))


def _seconds(vector: Vector) -> int:
    """The amount; `seconds` is exact and goes before `minutes`. A fraction is cut off."""
    if vector.get("seconds") is not None:
        return int(vector["seconds"])
    if vector.get("minutes") is None:
        raise ValueError("the vector has neither 'seconds' nor 'minutes'")
    return round(float(vector["minutes"]) * 60)


def _instant(text: str, zone: str) -> datetime:
    at = _exactly(text, zone)
    return at - timedelta(microseconds=at.microsecond)


def _exactly(text: str, zone: str) -> datetime:
    """With an offset an instant, without one a local time in `zone`."""
    at = datetime.fromisoformat(text)
    return local_instant(at, zone) if at.tzinfo is None else at.astimezone(UTC)


def _shown(value: datetime | int) -> str:
    return f"{value} s" if isinstance(value, int) else value.strftime("%Y-%m-%dT%H:%M:%SZ")


__all__ = ["DEVIATIONS", "Deviation", "Outcome", "calendar_of", "run"]
