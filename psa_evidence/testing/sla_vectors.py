"""Run SLA clock vectors against the engine: `python -m psa_evidence.testing.sla_vectors FILE...`.

A file is `{"schema": "sla-vectors/1", "source": {...}, "vectors": [...]}`; docs/sla.md describes a vector's fields.
One line for each vector that does not pass, then `N passed, N failed`; exit code 0 when none failed, 1 when some did,
2 when a file cannot be read.

Twelve sources disagree on some points, and our rules decide. A vector of the other opinion (`DEVIATIONS`, by id, or one
that marks its end as the far edge of rule 1) passes only when the engine differs from it in exactly the way its rule
says. Fractions of a second are cut off on both sides before anything is compared (rule 5).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from psa_evidence.errors import EvidenceError
from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, local_instant

Pause = tuple[datetime, datetime]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Deviation:
    """The engine gives `ours` (UTC ISO 8601, or seconds) where the source says otherwise, by `rule` of docs/sla.md."""

    rule: int
    ours: str | int
    why: str


DEVIATIONS: Final[Mapping[str, Deviation]] = {
    "biz-013": Deviation(1, "2006-01-08T12:00:00Z", "due at the close, not at the next opening"),
    "working_hours-081": Deviation(2, 90_000, "the day on which the clock goes back is 25 hours long"),
    "rickar_cal-017": Deviation(3, "2020-04-06T09:00:00Z", "zero seconds from outside hours end at the next opening"),
    "moment_business_time-033": Deviation(5, "2015-02-26T16:59:59Z", "whole seconds: 0.555 s is none"),
    "moment_business_time-052": Deviation(5, "2015-02-26T16:12:34Z", "whole seconds: 0.555 s is none"),
    "moment_business_time-053": Deviation(5, "2015-02-27T17:00:00Z", "whole seconds: 0.555 s is none"),
    "moment_business_time-054": Deviation(5, "2015-02-25T17:00:00Z", "whole seconds: 0.555 s is none"),
    "opening_hours_js-037": Deviation(7, 457_200, "Friday's shift is open until 01:00 on Saturday"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one vector; `detail` says what differed."""

    id: str
    passed: bool
    detail: str = ""
    rule: int | None = None


class BadVectorError(EvidenceError):
    """A vector, or a file of them, that cannot be understood."""


def run_file(path: Path) -> tuple[Outcome, ...]:
    """Outcomes of a file's vectors, in its order. Raises BadVectorError when it is no vector file."""
    try:
        document = json.loads(path.read_text("utf-8"))
        vectors = document["vectors"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadVectorError(f"{path.name} is not a file of vectors.", why=type(error).__name__) from error
    return tuple(run(vector) for vector in vectors)


def run(vector: Mapping[str, Any]) -> Outcome:
    """Compute one vector and compare."""
    name = str(vector.get("id", "?"))
    try:
        got = _compute(vector)
        expected = _expected(vector)
    except (EvidenceError, KeyError, ValueError, TypeError, AttributeError) as error:
        return Outcome(name, passed=False, detail=f"{vector.get('op')}: {type(error).__name__}: {error}")
    deviation = DEVIATIONS.get(name)
    if deviation is not None:
        ours = deviation.ours if isinstance(deviation.ours, int) else _instant(deviation.ours, "UTC")
        if got == ours and not _agrees(got, expected, vector):
            return Outcome(name, passed=True, rule=deviation.rule)
        expected = ours
    elif _agrees(got, expected, vector):
        return Outcome(name, passed=True)
    elif _far_edge(got, expected, vector):
        return Outcome(name, passed=True, rule=1)
    return Outcome(name, passed=False, detail=f"{vector['op']}: expected {_shown(expected)}, got {_shown(got)}")


def _compute(vector: Mapping[str, Any]) -> datetime | int:
    op, zone = vector["op"], vector["timezone"]
    if op == "local_to_utc":
        return local_instant(datetime.fromisoformat(vector["start"]), zone)
    hours = calendar_of(vector)
    start = _instant(vector["start"], zone)
    pauses = _pauses(vector, zone)
    if op == "elapsed":
        return _elapsed(hours, start, _instant(vector["end"], zone), pauses, str(vector.get("reversed", "")))
    if op == "add":
        return _add(hours, start, _seconds(vector), pauses)
    if op == "subtract":
        return _subtract(hours, start, _seconds(vector), pauses)
    if op == "add_workdays":
        return hours.add_workdays(start, int(vector["workdays"]))
    if op == "next_open":
        return hours.next_open(start)
    if op == "next_close":
        return hours.next_close(start)
    if op == "prev_close":
        return hours.prev_close(start)
    raise ValueError(f"unknown op {op!r}")


def _elapsed(hours: BusinessHours, start: datetime, end: datetime, pauses: Sequence[Pause], reversed_: str) -> int:
    if start > end and reversed_ == "zero":
        return 0
    low, high = min(start, end), max(start, end)
    paused = sum(hours.elapsed(max(a, low), min(b, high)) for a, b in pauses if max(a, low) < min(b, high))
    seconds = hours.elapsed(low, high) - paused
    return seconds if start <= end or reversed_ == "absolute" else -seconds


def _add(hours: BusinessHours, start: datetime, seconds: int, pauses: Sequence[Pause]) -> datetime:
    """Open time outside the pauses: each pause that begins before the end is skipped."""
    for low, high in pauses:
        if high <= start:
            continue
        before = hours.elapsed(start, low) if start < low else 0
        if seconds > 0 and before >= seconds:
            break
        seconds -= before
        start = high
    return hours.add(start, seconds)


def _subtract(hours: BusinessHours, end: datetime, seconds: int, pauses: Sequence[Pause]) -> datetime:
    for low, high in reversed(pauses):
        if low >= end:
            continue
        after = hours.elapsed(high, end) if high < end else 0
        if seconds > 0 and after >= seconds:
            break
        seconds -= after
        end = low
    return hours.subtract(end, seconds)


def _far_edge(got: datetime | int, expected: datetime | int, vector: Mapping[str, Any]) -> bool:
    """Whether the vector says that it means the other of the two equivalent instants, and that is all that differs."""
    if vector.get("reference", {}).get("edge") != "far edge" or isinstance(got, int):
        return False
    hours = calendar_of(vector)
    if vector["op"] == "add":
        return got != expected and hours.next_open(got) == expected
    return vector["op"] == "subtract" and got != expected and hours.prev_close(got) == expected


def _pauses(vector: Mapping[str, Any], zone: str) -> tuple[Pause, ...]:
    """Pauses in order, those that overlap joined."""
    result: list[Pause] = []
    for low, high in sorted((_instant(a, zone), _instant(b, zone)) for a, b in vector.get("pauses", ())):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def _expected(vector: Mapping[str, Any]) -> datetime | int:
    if vector["op"] == "elapsed":
        return _seconds(vector)
    return _instant(vector["end"], vector["timezone"])


def _agrees(got: datetime | int, expected: datetime | int, vector: Mapping[str, Any]) -> bool:
    if isinstance(got, int) and isinstance(expected, int):
        return abs(got - expected) <= float(vector.get("tolerance_seconds", 0))
    if isinstance(got, datetime) and isinstance(expected, datetime):
        if vector.get("precision") == "date":
            zone = ZoneInfo(vector["timezone"])
            return got.astimezone(zone).date() == expected.astimezone(zone).date()
        return got == expected
    return False


def calendar_of(vector: Mapping[str, Any]) -> BusinessHours:
    """The calendar that a vector describes."""
    closed = [ClosedDay.on(date.fromisoformat(day)) for day in vector.get("holidays", ())]
    for day, spans in vector.get("breaks", {}).items():
        closed.append(ClosedDay.on(date.fromisoformat(day), spans=_spans(spans)))
    return BusinessHours(
        week=tuple(_spans(vector["calendar"].get(day, ())) for day in WEEKDAYS),
        zone=vector["timezone"],
        closed=tuple(closed),
        overrides={date.fromisoformat(day): _spans(spans) for day, spans in vector.get("overrides", {}).items()},
    )


def _spans(pairs: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(Span(start=_clock(a), end=_clock(b)) for a, b in pairs)


def _clock(text: str) -> int:
    parts = [int(part) for part in text.split(":")]
    return sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))


def _seconds(vector: Mapping[str, Any]) -> int:
    return int(vector["seconds"] // 1) if "seconds" in vector else round(vector["minutes"] * 60)


def _instant(text: str, zone: str) -> datetime:
    at = datetime.fromisoformat(text)
    at = local_instant(at, zone) if at.tzinfo is None else at.astimezone(UTC)
    return at - timedelta(microseconds=at.microsecond)


def _shown(value: datetime | int) -> str:
    return f"{value} s" if isinstance(value, int) else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def main(arguments: Sequence[str]) -> int:
    """Print failures and the count; the exit code."""
    if not arguments:
        print("usage: python -m psa_evidence.testing.sla_vectors FILE...", file=sys.stderr)  # noqa: T201
        return 2
    passed = failed = 0
    for line, good in _report(arguments):
        passed, failed = passed + good, failed + (not good)
        if line:
            print(line)  # noqa: T201
    print(f"{passed} passed, {failed} failed")  # noqa: T201
    return 1 if failed else 0


def _report(arguments: Sequence[str]) -> Iterator[tuple[str, bool]]:
    for argument in arguments:
        path = Path(argument)
        for outcome in run_file(path):
            line = "" if outcome.passed else f"FAILED {path.name} {outcome.id} {outcome.detail}"
            yield line, outcome.passed


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BadVectorError as error:
        print(f"{error.what} {error.why}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
