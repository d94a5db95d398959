"""A clock strip as fractions of its own span, with the words that say the same."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psa_evidence.spi import Strip, StripSegment
from psa_evidence_pdf.printable import one_line

STATES: dict[str, str] = {
    "counted": "counted",
    "paused": "paused",
    "closed": "outside hours",
    "over": "past the target",
}


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
        "c": one_line(strip.caption),
        "g": [
            {"x": _share(s.start, first, span), "w": _share(s.end, s.start, span), "s": s.state} for s in strip.segments
        ],
        "m": [{"x": _share(at, first, span), "n": str(n)} for n, (at, _) in enumerate(marks, 1)],
        "t": [f"{n} {one_line(name)}: {_stamp(at, zone)}" for n, (at, name) in enumerate(marks, 1)],
        "from": _stamp(first, zone),
        "to": _stamp(last, zone),
        "l": [[state, STATES[state]] for state in used],
        "alt": _alternative(strip, zone),
    }


def _share(at: datetime, start: datetime, span: float) -> float:
    return round((at - start).total_seconds() / span, 6)


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
