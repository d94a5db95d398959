"""A calendar of opening hours in its zone, and time counted on it.

Rules of this arithmetic (docs/sla.md): instants are compared, local opening hours are turned into instants first, so a
clock change inside open time counts as it really passed; a local time that a clock change skips is moved on by the
skipped hour, one that happens twice is its first occurrence; a shift past midnight belongs to the day it starts on.
Everything is whole seconds: a fraction of an instant is cut off before anything is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psa_evidence.errors import ConfigurationError
from psa_evidence.sla.instants import instant_of, seconds_of
from psa_evidence.sla.opening import ALL_DAY, ClosedDay, Days, Spans, Version, Week, check_spans, check_week
from psa_evidence.sla.opentable import OpenTable
from psa_evidence.sla.years import YearMaker


class NeverOpenError(ConfigurationError):
    """The calendar does not open (or, for a closing, does not close) again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """Weekly hours in an IANA `zone`, with closed days, hours of single dates and later versions.

    `overrides` replace the hours of a date, also on a holiday. `later` holds the versions that followed: each day
    counts by the week and the closed days in force on it. Seconds are open seconds; instants are aware datetimes,
    returned in UTC. Raises ConfigurationError for an unknown zone or impossible spans, `NeverOpenError` when an answer
    would lie beyond a century.
    """

    week: Week
    zone: str
    closed: tuple[ClosedDay, ...] = ()
    overrides: Mapping[date, Spans] = field(default_factory=dict)
    later: tuple[Version, ...] = ()
    table: OpenTable = field(init=False, repr=False, compare=False)
    """The same calendar for whole seconds since 1970."""
    _days: Days = field(init=False, repr=False, compare=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ConfigurationError(
                f"The time zone {self.zone!r} of a calendar is not known.",
                next_step="Name an IANA zone such as 'America/Chicago'.",
            ) from error
        later = tuple(sorted(self.later, key=lambda version: version.first))
        for week in (self.week, *(version.week for version in later)):
            check_week(week)
        check_spans(span for spans in self.overrides.values() for span in spans)
        for closed in (self.closed, *(version.closed or () for version in later)):
            check_spans(span for day in closed for span in day.spans or ())
        days = Days(self.week, self.closed, self.overrides, later)
        object.__setattr__(self, "later", later)
        object.__setattr__(self, "_days", days)
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "table", OpenTable(YearMaker(days, zone)))

    @classmethod
    def always(cls, zone: str = "UTC") -> Self:
        """Open around the clock."""
        return cls(week=((ALL_DAY,),) * 7, zone=zone)

    @property
    def is_always(self) -> bool:
        """Open around the clock, every day."""
        return not self.closed and not self.overrides and not self.later and self.week == ((ALL_DAY,),) * 7

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Open seconds from `start` to `end`; negative when `end` is before `start`."""
        return self.table.elapsed(seconds_of(start), seconds_of(end))

    def add(self, start: datetime, seconds: int) -> datetime:
        """When `seconds` of open time have passed: at the close when they end there; zero gives the next opening."""
        return _instant(self.table.add(seconds_of(start), seconds))

    def subtract(self, end: datetime, seconds: int) -> datetime:
        """Since when `seconds` of open time have passed: at the opening when they begin there."""
        return _instant(self.table.subtract(seconds_of(end), seconds))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself while open, else the next opening."""
        return _instant(self.table.next_open(seconds_of(at)))

    def next_close(self, at: datetime) -> datetime:
        """The close of the period open at `at`, or of the next one."""
        return _instant(self.table.next_close(seconds_of(at)))

    def prev_close(self, at: datetime) -> datetime:
        """`at` itself while open, else the close before; at an opening, the close before it."""
        return _instant(self.table.prev_close(seconds_of(at)))

    def periods(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """Opening periods between two instants, cut at both."""
        found = self.table.periods(seconds_of(start), seconds_of(end))
        return tuple((instant_of(a), instant_of(b)) for a, b in found)

    def add_workdays(self, start: datetime, days: int) -> datetime:
        """The same local time `days` working days on (back, when negative).

        A working day is one on which a shift starts. Zero from a day off is the next working day.
        """
        local = start.astimezone(self._zone)
        day, left, step = local.date(), abs(days), timedelta(days=1 if days >= 0 else -1)
        first = day
        while left > 0 or (days == 0 and not self.opens_on(day)):
            try:
                day += step
            except OverflowError:
                raise NeverOpenError("The calendar has no such working day before the year 10000.") from None
            if abs((day - first).days) > 36_525 + 366 * abs(days):
                raise NeverOpenError("The calendar has no working day within a century.")
            left -= self.opens_on(day)
        return local.replace(year=day.year, month=day.month, day=day.day, fold=0).astimezone(UTC)

    def opens_on(self, day: date) -> bool:
        """Whether a shift starts on that local day."""
        return bool(self.spans_on(day))

    def spans_on(self, day: date) -> Spans:
        """Local opening hours of shifts that start on `day`, before partial closings are cut out."""
        return self._days.spans(day)

    def closed_on(self, day: date) -> tuple[ClosedDay, ...]:
        """The closed days, whole or in part, that fall on `day`."""
        return tuple(self._days.closed(day))


def _instant(at: int | None) -> datetime:
    if at is None:
        raise NeverOpenError("The calendar does not open or close within a century of the instant asked about.")
    return instant_of(at)
