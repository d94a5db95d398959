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


def hours(length: timedelta) -> str:
    """`27 h 5 min`: whole minutes, cut off. Of opening hours, which no day of 24 hours holds."""
    minutes = int(length.total_seconds()) // 60
    parts = [(minutes // 60, "h"), (minutes % 60, "min")]
    return " ".join(f"{value:,} {unit}" for value, unit in parts if value) or "under a minute"


def span(length: timedelta) -> str:
    """`2 d 3 h 5 min`: whole minutes, cut off."""
    minutes = int(length.total_seconds()) // 60
    parts = [(minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")]
    return " ".join(f"{value} {unit}" for value, unit in parts if value) or "under a minute"


def percent(part: int, whole: int) -> str:
    """`part` of `whole` in percent with one digit, cut off, so that 100 % is said of all only; empty when of none."""
    return f" ({part * 1000 // whole / 10:.1f} %)" if whole else ""
