"""Months of `attainment.csv`: those in which the tickets were entered, in the time zone of the matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from psa_evidence.format import FormatError, parse
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable

TERMS: Final = "data/terms.json"
MAX_TERMS: Final = 16 << 20
"""Bytes. Opening hours, holidays and the keys of settings that changed."""
NO_MONTH: Final = "(not known)"
"""Of a ticket without a time of entry."""
_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,3}", re.ASCII)
"""Names of zones are looked up as files."""
_BEHIND: Final = timedelta(hours=-12)
_AHEAD: Final = timedelta(hours=14)
"""No clock on earth is further from UTC."""

Months = tuple[str, ...]
"""`YYYY-MM`: the month of an entry, or the two of which it is one."""


def zone_of(bag: Bag) -> ZoneInfo | None:
    """The time zone that the pack states; None where it states none (packs before `terms/1`) or one that this computer
    does not know. Raises Unreadable."""
    if TERMS not in bag.container.files:
        return None
    try:
        terms = parse(bag.read(TERMS, MAX_TERMS))
    except FormatError as error:
        raise Unreadable(str(error)) from error
    name = terms.get("time_zone") if isinstance(terms, dict) else None
    if not isinstance(name, str):
        raise Unreadable("states no time zone")
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # also the name of a folder, or of a file that is no zone
        return None


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
