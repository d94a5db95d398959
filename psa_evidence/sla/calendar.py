"""Opening hours of a calendar in its zone, and time counted on them.

Rules of this arithmetic (docs/sla.md): instants are compared, local opening hours are turned into instants first, so a
clock change inside open time counts as it really passed; a local time that a clock change skips is moved on by the
skipped hour, one that happens twice is its first occurrence; a shift past midnight belongs to the day it starts on.
Everything is whole seconds: a fraction of an instant is cut off before anything is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Span
from psa_evidence.sla.opentable import DAY, OpenTable, Periods

Week = tuple[tuple[Span, ...], ...]
"""Spans of each weekday, Monday first."""

ALL_DAY: Final = Span(start=0, end=DAY)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NeverOpenError(ConfigurationError):
    """The calendar does not open (or, for a closing, does not close) again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A holiday: of one year, or with `year` None of every year. `spans` None closes the whole day and every shift that
    starts on it; otherwise these local times of that day are cut out, whichever shift they fall into."""

    month: int
    day: int
    year: int | None = None
    spans: tuple[Span, ...] | None = None
    name: str = ""

    @classmethod
    def on(cls, day: date, *, spans: tuple[Span, ...] | None = None, name: str = "") -> Self:
        return cls(month=day.month, day=day.day, year=day.year, spans=spans, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """Weekly hours in an IANA `zone`, with closed days, hours of single dates and later versions.

    `overrides` replace the hours of a date, also on a holiday. `later` holds (first day, week): from that day on its
    week governs. Seconds are open seconds; instants are aware datetimes, returned in UTC. Raises ConfigurationError for
    an unknown zone or impossible spans, `NeverOpenError` when an answer would lie beyond a century.
    """

    week: Week
    zone: str
    closed: tuple[ClosedDay, ...] = ()
    overrides: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    later: tuple[tuple[date, Week], ...] = ()
    _table: OpenTable = field(init=False, repr=False, compare=False)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ConfigurationError(
                f"The time zone {self.zone!r} of a calendar is not known.",
                next_step="Name an IANA zone such as 'America/Chicago'.",
            ) from error
        for week in (self.week, *(week for _, week in self.later)):
            _check_week(week)
        _check_spans(span for spans in self.overrides.values() for span in spans)
        _check_spans(span for day in self.closed for span in day.spans or ())
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "later", tuple(sorted(self.later, key=lambda version: version[0])))
        object.__setattr__(self, "_table", OpenTable(_YearMaker(self, zone)))

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
        return self._table.elapsed(seconds_of(start), seconds_of(end))

    def add(self, start: datetime, seconds: int) -> datetime:
        """When `seconds` of open time have passed: at the close when they end there; zero gives the next opening."""
        return self._instant(self._table.add(seconds_of(start), seconds))

    def subtract(self, end: datetime, seconds: int) -> datetime:
        """Since when `seconds` of open time have passed: at the opening when they begin there."""
        return self._instant(self._table.subtract(seconds_of(end), seconds))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself while open, else the next opening."""
        return self._instant(self._table.next_open(seconds_of(at)))

    def next_close(self, at: datetime) -> datetime:
        """The close of the period open at `at`, or of the next one."""
        return self._instant(self._table.next_close(seconds_of(at)))

    def prev_close(self, at: datetime) -> datetime:
        """`at` itself while open, else the close before; at an opening, the close before it."""
        return self._instant(self._table.prev_close(seconds_of(at)))

    def periods(self, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """Opening periods between two instants, cut at both."""
        found = self._table.periods(seconds_of(start), seconds_of(end))
        return tuple((instant_of(a), instant_of(b)) for a, b in found)

    def add_workdays(self, start: datetime, days: int) -> datetime:
        """The same local time `days` working days on (back, when negative).

        A working day is one on which a shift starts. Zero from a day off is the next working day.
        """
        local = start.astimezone(self._zone)
        day, left, step = local.date(), abs(days), timedelta(days=1 if days >= 0 else -1)
        first = day
        while left > 0 or (days == 0 and not self.opens_on(day)):
            day += step
            if abs((day - first).days) > 36_525 + 366 * abs(days):
                raise NeverOpenError("The calendar has no working day within a century.")
            left -= self.opens_on(day)
        return local.replace(year=day.year, month=day.month, day=day.day, fold=0).astimezone(UTC)

    def opens_on(self, day: date) -> bool:
        """Whether a shift starts on that local day."""
        return bool(self.spans_on(day))

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Local opening hours of shifts that start on `day`, before partial closings are cut out."""
        if day in self.overrides:
            return self.overrides[day]
        if any(c.spans is None and _falls_on(c, day) for c in self.closed):
            return ()
        return self.week_on(day)[day.weekday()]

    def week_on(self, day: date) -> Week:
        """The weekly hours in force on `day`."""
        week = self.week
        for first, later in self.later:
            if first <= day:
                week = later
        return week

    def open_seconds(self, start: int, end: int) -> int:
        """As `elapsed`, on whole seconds since 1970."""
        return self._table.elapsed(start, end)

    def open_counts(self, instants: Sequence[int]) -> list[int]:
        """For each of ascending instants the open seconds before it, from one arbitrary zero."""
        return self._table.counts(instants)

    def due(self, start: int, seconds: int) -> int | None:
        """As `add`, on whole seconds since 1970; None when never."""
        return self._table.add(start, seconds)

    @staticmethod
    def _instant(at: int | None) -> datetime:
        if at is None:
            raise NeverOpenError("The calendar does not open or close within a century of the instant asked about.")
        return instant_of(at)


class _YearMaker:
    """Turns local hours into instants, a year of shifts at a time."""

    __slots__ = ("_every_year", "_hours", "_one_off", "_zone")

    def __init__(self, hours: BusinessHours, zone: ZoneInfo) -> None:
        self._hours, self._zone = hours, zone
        self._every_year: dict[tuple[int, int], list[ClosedDay]] = {}
        self._one_off: dict[date, list[ClosedDay]] = {}
        for closed in hours.closed:
            if closed.year is None:
                self._every_year.setdefault((closed.month, closed.day), []).append(closed)
            else:
                self._one_off.setdefault(date(closed.year, closed.month, closed.day), []).append(closed)

    def __call__(self, year: int) -> Periods:
        hours = self._hours
        result: Periods = []
        cuts: Periods = []
        changes = any(first.year == year for first, _ in hours.later)
        week = hours.week_on(date(year, 1, 1))
        first = date(year, 1, 1).toordinal()
        for ordinal in range(first, date(year + 1, 1, 1).toordinal()):
            day = date.fromordinal(ordinal)
            closings = self._closings(day)
            if changes:
                week = hours.week_on(day)
            if day in hours.overrides:
                spans = hours.overrides[day]
            elif any(c.spans is None for c in closings):
                spans = ()
            else:
                spans = week[day.weekday()]
            result += [(self.at(ordinal, s.start), self.at(ordinal, s.end)) for s in spans]
            cuts += [(self.at(ordinal, s.start), self.at(ordinal, s.end)) for c in closings for s in c.spans or ()]
        before = date.fromordinal(first - 1), date.fromordinal(first - 2)
        after = date(year + 1, 1, 1), date(year + 1, 1, 2)
        for day in (*before, *after):
            cuts += [
                (self.at(day.toordinal(), s.start), self.at(day.toordinal(), s.end))
                for c in self._closings(day)
                for s in c.spans or ()
            ]
        return _cut([(a, b) for a, b in result if a < b], sorted(cuts))

    def _closings(self, day: date) -> list[ClosedDay]:
        return self._one_off.get(day, []) + self._every_year.get((day.month, day.day), [])

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


def _falls_on(closed: ClosedDay, day: date) -> bool:
    return (closed.month, closed.day) == (day.month, day.day) and closed.year in (None, day.year)


def _check_week(week: Sequence[Sequence[Span]]) -> None:
    if len(week) != 7:
        raise ConfigurationError("A week of opening hours has seven days, Monday first.")
    _check_spans(span for day in week for span in day)


def _check_spans(spans: Iterable[Span]) -> None:
    for span in spans:
        if not 0 <= span.start < span.end <= 2 * DAY or span.start >= DAY:
            raise ConfigurationError(
                "Opening hours must start within their day and end after that, at most two days after its midnight."
            )


def local_instant(local: datetime, zone: str) -> datetime:
    """The instant of a naive local time: moved on when a clock change skips it, the first when it happens twice."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def seconds_of(at: datetime) -> int:
    """Whole seconds since 1970, a fraction cut off. `at` must be aware."""
    return int(at.timestamp() // 1)


@lru_cache(maxsize=4096)
def instant_of(seconds: int) -> datetime:
    """The instant in UTC. Remembered, because a ticket's instants are asked for again and again."""
    return _START + timedelta(seconds=seconds)
