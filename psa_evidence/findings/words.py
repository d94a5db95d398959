"""Numbers and times in sentences."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


def count(number: int, one: str, many: str = "") -> str:
    """`1 note`, `2 notes`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def when(at: datetime, zone: tzinfo) -> str:
    """`2026-03-02 10:00 -05:00`: the wall clock of `zone` with its offset, which makes it an instant."""
    there = at.astimezone(zone)
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def span(length: timedelta) -> str:
    """`2 d 3 h 5 min`: whole minutes, cut off."""
    minutes = int(length.total_seconds()) // 60
    parts = [(minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value) or "under a minute"


def percent(part: int, whole: int) -> str:
    """`85.9 %`: one decimal, rounded half up and never up to 100 or down to 0; empty when there is no whole."""
    if not whole:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    if tenths == 1000 and part != whole:
        tenths = 999
    if tenths == 0 and part:
        tenths = 1
    return f"{tenths // 10}.{tenths % 10} %"
