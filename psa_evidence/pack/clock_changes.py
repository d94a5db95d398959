"""When the clocks of a zone changed: what a time in it means, said without trusting another computer's table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_STEP: Final = timedelta(hours=6)
"""Two changes of one zone lie further apart than this."""


def clock_changes(zone: ZoneInfo, since: datetime, until: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """The offset from UTC at `since`, then each instant (UTC, whole seconds) after it and before `until` from which
    another one holds."""
    found = [(since.astimezone(UTC), _offset(zone, since))]
    at = since.astimezone(UTC)
    while at < until:
        then = min(at + _STEP, until.astimezone(UTC))
        if _offset(zone, then) != found[-1][1]:
            first = _first(zone, at, then)
            if first < until:
                found.append((first, _offset(zone, first)))
        at = then
    return tuple(found)


def _first(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new offset, by halving."""
    old, low, high = _offset(zone, before), 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, before + timedelta(seconds=middle)) == old else (low, middle)
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
