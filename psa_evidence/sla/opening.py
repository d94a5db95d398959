"""Which local hours are open on a date: the week in force, closed days, hours of single dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, Self

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Span
from psa_evidence.sla.instants import DAY

Week = tuple[tuple[Span, ...], ...]
"""Spans of each weekday, Monday first."""

Spans = tuple[Span, ...]

ALL_DAY: Final = Span(start=0, end=DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A holiday: of one year, or with `year` None of every year. `spans` None closes the whole day and every shift that
    starts on it; otherwise these local times of that day are cut out, whichever shift they fall into."""

    month: int
    day: int
    year: int | None = None
    spans: Spans | None = None
    name: str = ""

    @classmethod
    def on(cls, day: date, *, spans: Spans | None = None, name: str = "") -> Self:
        return cls(month=day.month, day=day.day, year=day.year, spans=spans, name=name)


class Version(NamedTuple):
    """From the local day `first` on, `week` governs; `closed` too, or with None the closed days before go on."""

    first: date
    week: Week
    closed: tuple[ClosedDay, ...] | None = None


class Days:
    """The hours of each date. `versions` begin with the one that governs from the beginning; days ascend."""

    __slots__ = ("_books", "_firsts", "_overrides", "_weeks")

    def __init__(
        self,
        week: Week,
        closed: tuple[ClosedDay, ...],
        overrides: Mapping[date, Spans],
        later: Sequence[Version],
    ) -> None:
        self._overrides = overrides
        self._firsts, self._weeks, self._books = [date.min], [week], [_Closings(closed)]
        for version in later:
            self._firsts.append(version.first)
            self._weeks.append(version.week)
            self._books.append(self._books[-1] if version.closed is None else _Closings(version.closed))

    def spans(self, day: date) -> Spans:
        """Local opening hours of shifts that start on `day`, before partial closings are cut out."""
        replaced = self._overrides.get(day)
        if replaced is not None:
            return replaced
        i = self._version(day)
        if any(closed.spans is None for closed in self._books[i].on(day)):
            return ()
        return self._weeks[i][day.weekday()]

    def cuts(self, day: date) -> Spans:
        """Local hours of `day` that a partial closing cuts out."""
        closings = self._books[self._version(day)].on(day)
        return tuple(span for closed in closings for span in closed.spans or ()) if closings else ()

    def closed(self, day: date) -> Sequence[ClosedDay]:
        """The closed days of the list in force that fall on `day`."""
        return self._books[self._version(day)].on(day)

    def _version(self, day: date) -> int:
        i = len(self._firsts) - 1
        while self._firsts[i] > day:
            i -= 1
        return i


class _Closings:
    __slots__ = ("_every_year", "_one_off")

    def __init__(self, closed: Iterable[ClosedDay]) -> None:
        self._every_year: dict[tuple[int, int], list[ClosedDay]] = {}
        self._one_off: dict[tuple[int, int, int], list[ClosedDay]] = {}
        for each in closed:
            if each.year is None:
                self._every_year.setdefault((each.month, each.day), []).append(each)
            else:
                self._one_off.setdefault((each.year, each.month, each.day), []).append(each)

    def on(self, day: date) -> list[ClosedDay]:
        every_year = self._every_year.get((day.month, day.day), [])
        return self._one_off.get((day.year, day.month, day.day), []) + every_year


def check_week(week: Sequence[Sequence[Span]]) -> None:
    """Raises ConfigurationError unless the week has seven days of possible spans."""
    if len(week) != 7:
        raise ConfigurationError("A week of opening hours has seven days, Monday first.")
    check_spans(span for day in week for span in day)


def check_spans(spans: Iterable[Span]) -> None:
    """Raises ConfigurationError for a span that does not start within its day, or ends before it starts."""
    for span in spans:
        if not 0 <= span.start < span.end <= 2 * DAY or span.start >= DAY:
            raise ConfigurationError(
                "Opening hours must start within their day and end after that, at most two days after its midnight."
            )
