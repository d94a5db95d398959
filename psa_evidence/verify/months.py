"""Months of `attainment.csv`: those in which the tickets were entered, in the time zone of the matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

NO_MONTH: Final = "(not known)"
"""Of a ticket without a time of entry."""
_BEHIND: Final = timedelta(hours=-12)
_AHEAD: Final = timedelta(hours=14)
"""No clock on earth is further from UTC."""

Months = tuple[str, ...]
"""`YYYY-MM`: the month of an entry, or the two of which it is one."""


@lru_cache(maxsize=64)  # the nine results of a ticket follow each other
def months_of(entered_at: str, zone: ZoneInfo | None) -> Months:
    """Of an instant as tables have it, or nothing. Without a zone all months that it can be in on earth."""
    if not entered_at:
        return (NO_MONTH,)
    at = datetime.fromisoformat(entered_at)
    try:
        local = [at.astimezone(zone)] if zone else [at.astimezone(UTC) + apart for apart in (_BEHIND, _AHEAD)]
    except OverflowError:
        return (NO_MONTH,)
    return tuple(sorted({f"{each.year:04}-{each.month:02}" for each in local}))


def can_be(stated: Mapping[str, int], entered: Counter[Months]) -> bool:
    """Whether so many tickets a month can be those that were entered: each in one of its months, and none elsewhere."""
    left = Counter(stated)
    either: dict[str, tuple[str, int]] = {}
    for months, number in entered.items():
        if len(months) == 1:
            left[months[0]] -= number
        else:
            either[months[0]] = (months[1], number)
    for first in sorted(either):  # months follow each other: what the first does not take goes into the second
        second, number = either[first]
        taken = min(max(left[first], 0), number)
        left[first] -= taken
        left[second] -= number - taken
    return not any(left.values())
