"""A clock strip as fractions of its own span, with the words that say the same."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psa_evidence.spi import Strip, StripSegment
from psa_evidence_pdf.printable import one_line, pieces

STATES: dict[str, str] = {
    "counted": "counted",
    "paused": "paused",
    "closed": "outside hours",
    "over": "past the target",
}

_WORD = 40
"""Characters of a word that surely fit beside the legend, or between the ends of the bar."""
_NUMBER = 0.02
"""Of the bar's length, that the number of a mark takes."""


def strip_node(strip: Strip, time_zone: str) -> dict[str, Any]:
    """Bar, marks, legend and alternative text. Marks are numbered; their names stand below the bar."""
    zone = _zone(time_zone)
    instants = [s.start for s in strip.segments] + [s.end for s in strip.segments] + [at for at, _ in strip.marks]
    if not instants:
        return {
            "k": "p",
            "s": "small",
            "y": False,
            "t": [f"{one_line(strip.caption)}: no time to draw.".lstrip(": ")],
            "c": [],
        }
    first, last = min(instants), max(instants)
    span = (last - first).total_seconds() or 1.0
    marks = sorted(strip.marks)
    used = [state for state in STATES if any(s.state == state for s in strip.segments)]
    return {
        "k": "s",
        "c": pieces(one_line(strip.caption), _WORD),
        "g": [
            {"x": _share(s.start, first, span), "w": _share(s.end, s.start, span), "s": s.state} for s in strip.segments
        ],
        "m": [
            {"x": x, "at": at, "n": str(n)}
            for n, (x, at) in enumerate(_apart([_share(at, first, span) for at, _ in marks]), 1)
        ],
        "t": [pieces(f"{n} {one_line(name)}: {_stamp(at, zone)}", _WORD) for n, (at, name) in enumerate(marks, 1)],
        "from": _stamp(first, zone),
        "to": _stamp(last, zone),
        "l": [[state, STATES[state]] for state in used],
        "alt": _alternative(strip, zone),
    }


def _share(at: datetime, start: datetime, span: float) -> float:
    return round((at - start).total_seconds() / span, 6)


def _apart(places: list[float]) -> list[tuple[float, float]]:
    """Each mark with the place of its number, in order: above it where there is room, beside it where two would lie on
    each other or one would stand off the bar."""
    numbers = [0.0] * len(places)
    least = _NUMBER / 2
    for n, place in enumerate(places):
        numbers[n] = least = max(place, least)
        least += _NUMBER
    most = 1 - _NUMBER / 2
    for n in reversed(range(len(places))):
        numbers[n] = most = min(numbers[n], most)
        most -= _NUMBER
    return [(place, round(number, 6)) for place, number in zip(places, numbers, strict=True)]


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _stamp(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")


def _alternative(strip: Strip, zone: tzinfo) -> str:
    said = [one_line(strip.caption) or "Clock of one stage", "from left to right:"]
    said += [_segment(segment, zone) for segment in strip.segments]
    said += [f"mark {one_line(name)} at {_stamp(at, zone)};" for at, name in sorted(strip.marks)]
    return " ".join(said).rstrip(";") + "."


def _segment(segment: StripSegment, zone: tzinfo) -> str:
    label = f" ({one_line(segment.label)})" if segment.label else ""
    return f"{STATES[segment.state]}{label} {_stamp(segment.start, zone)} to {_stamp(segment.end, zone)};"
