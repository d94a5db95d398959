"""Two calendars held against each other over a period: when one is open and the other is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from psa_evidence.sla.calendar import BusinessHours
from psa_evidence.sla.instants import instant_of, local_instant, seconds_of
from psa_evidence.sla.opentable import Periods

Side = Literal["first", "second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingSpan:
    """From `start` to `end` (UTC, `seconds` apart) only the calendar named by `open_in` is open."""

    start: datetime
    end: datetime
    open_in: Side
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingDay:
    """A local day on which the calendars differ, with the opening periods of each (local wall time, cut at midnight).

    `closed_in_first` and `closed_in_second` are the names of holidays that fall on it.
    """

    day: date
    first: tuple[tuple[datetime, datetime], ...]
    second: tuple[tuple[datetime, datetime], ...]
    closed_in_first: tuple[str, ...]
    closed_in_second: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarComparison:
    """Days of the period, from `start` to `end` with both, in `zone`; seconds that only one of the two is open.

    `weekly` tells what comes again: weekday (0 is Monday) and the local hours of each as text, with the number of days.
    """

    start: date
    end: date
    zone: str
    spans: tuple[DifferingSpan, ...]
    days: tuple[DifferingDay, ...]
    only_first: int
    only_second: int
    weekly: tuple[tuple[int, str, str, int], ...]

    @property
    def same(self) -> bool:
        return not self.spans


def compare_calendars(
    first: BusinessHours, second: BusinessHours, *, start: date, end: date, zone: str | None = None
) -> CalendarComparison:
    """Every span of the days `start` to `end` in which just one of the calendars is open.

    Days are those of `zone`, else of the first calendar's. Instants are compared, so calendars of different zones
    differ where their hours do not cover the same time. Raises ConfigurationError for an unknown zone, ValueError when
    `end` lies before `start`.
    """
    if end < start:
        raise ValueError("the period ends before it starts")
    shown = zone or first.zone
    midnights = [_midnight(start + timedelta(days=i), shown) for i in range((end - start).days + 2)]
    ours, theirs = (each.table.periods(midnights[0], midnights[-1]) for each in (first, second))
    spans = [
        *(_span(low, high, "first") for low, high in _without(ours, theirs)),
        *(_span(low, high, "second") for low, high in _without(theirs, ours)),
    ]
    spans.sort(key=lambda span: span.start)
    days = []
    for i, (low, high) in enumerate(pairwise(midnights)):
        hours = [_inside(periods, low, high) for periods in (ours, theirs)]
        if hours[0] != hours[1]:
            day = start + timedelta(days=i)
            local = [tuple((_local(a, shown), _local(b, shown)) for a, b in each) for each in hours]
            days.append(
                DifferingDay(
                    day=day, first=local[0], second=local[1], closed_in_first=_names(first, day),
                    closed_in_second=_names(second, day),
                )
            )  # fmt: skip
    return CalendarComparison(
        start=start, end=end, zone=shown, spans=tuple(spans), days=tuple(days),
        only_first=sum(span.seconds for span in spans if span.open_in == "first"),
        only_second=sum(span.seconds for span in spans if span.open_in == "second"),
        weekly=_weekly(days),
    )  # fmt: skip


def _weekly(days: Sequence[DifferingDay]) -> tuple[tuple[int, str, str, int], ...]:
    counts: dict[tuple[int, str, str], int] = {}
    for each in days:
        key = (each.day.weekday(), _words(each.first, each.day), _words(each.second, each.day))
        counts[key] = counts.get(key, 0) + 1
    return tuple((*key, counts[key]) for key in sorted(counts))


def _words(periods: Sequence[tuple[datetime, datetime]], day: date) -> str:
    return ", ".join(f"{_clock(low, day)}-{_clock(high, day)}" for low, high in periods) or "closed"


def _clock(at: datetime, day: date) -> str:
    if at.date() > day:
        return "24:00"
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _names(hours: BusinessHours, day: date) -> tuple[str, ...]:
    return tuple(closed.name or "holiday" for closed in hours.closed_on(day))


def _midnight(day: date, zone: str) -> int:
    return seconds_of(local_instant(datetime.combine(day, time()), zone))


def _local(at: int, zone: str) -> datetime:
    return instant_of(at).astimezone(ZoneInfo(zone))


def _span(low: int, high: int, side: Side) -> DifferingSpan:
    return DifferingSpan(start=instant_of(low), end=instant_of(high), open_in=side, seconds=high - low)


def _inside(periods: Periods, low: int, high: int) -> Periods:
    return [(max(a, low), min(b, high)) for a, b in periods if a < high and b > low]


def _without(periods: Periods, others: Periods) -> Periods:
    """What of the periods no other covers; both ascend and do not overlap."""
    found: Periods = []
    i = 0
    for start, end in periods:
        at = start
        while i < len(others) and others[i][1] <= at:
            i += 1
        j = i
        while j < len(others) and others[j][0] < end:
            low, high = others[j]
            if at < low:
                found.append((at, low))
            at = max(at, high)
            j += 1
        if at < end:
            found.append((at, end))
    return found
