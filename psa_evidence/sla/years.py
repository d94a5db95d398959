"""Local opening hours turned into instants, a year of shifts at a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from psa_evidence.sla.instants import DAY
from psa_evidence.sla.opening import Days
from psa_evidence.sla.opentable import Periods

_EPOCH: Final = date(1970, 1, 1).toordinal()


class YearMaker:
    """`maker(year)` gives the opening periods of shifts that start in that local year, cut by partial closings."""

    __slots__ = ("_days", "_zone")

    def __init__(self, days: Days, zone: ZoneInfo) -> None:
        self._days, self._zone = days, zone

    def __call__(self, year: int) -> Periods:
        periods: Periods = []
        cuts: Periods = []
        first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
        for ordinal in range(first, last):
            day = date.fromordinal(ordinal)
            periods += [(self.at(ordinal, s.start), self.at(ordinal, s.end)) for s in self._days.spans(day)]
        for ordinal in range(first - 2, last + 2):
            day = date.fromordinal(ordinal)
            cuts += [(self.at(ordinal, s.start), self.at(ordinal, s.end)) for s in self._days.cuts(day)]
        return _cut([(low, high) for low, high in periods if low < high], sorted(cuts))

    def at(self, ordinal: int, seconds: int) -> int:
        """The instant of a local time, `seconds` after midnight of the day (as the clock on the wall counts them)."""
        days, rest = divmod(seconds, DAY)
        day = date.fromordinal(ordinal + days)
        local = datetime(day.year, day.month, day.day, rest // 3600, rest // 60 % 60, rest % 60, tzinfo=self._zone)
        offset = local.utcoffset() or timedelta()
        return (ordinal + days - _EPOCH) * DAY + rest - offset.days * DAY - offset.seconds


def _cut(periods: Periods, cuts: Periods) -> Periods:
    """The periods without the cuts (which are sorted)."""
    for low, high in cuts:
        if low < high:
            rest: Periods = []
            for start, end in periods:
                if start < min(end, low):
                    rest.append((start, min(end, low)))
                if max(start, high) < end:
                    rest.append((max(start, high), end))
            periods = rest
    return periods
