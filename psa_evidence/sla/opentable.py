"""Open time as a table: sorted opening periods with the open seconds before each, and every question a bisection.

The table grows by whole years, on demand; what a question costs does not depend on how long a span it asks about.
Instants are whole seconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from psa_evidence.sla.instants import DAY

Periods = list[tuple[int, int]]

_MARGIN: Final = 4 * DAY
"""A shift may end two days after the day it starts on, and a zone may be 14 hours from UTC."""
_YEAR: Final = 366 * DAY
_HORIZON: Final = 100 * _YEAR
"""A calendar that does not open within a century never does."""
_FIRST: Final = -2_208_988_800
"""1900-01-01."""
_NEVER: Final = -(2**63)
"""Before every instant."""
_LAST: Final = 253_339_228_800
"""9998-01-01: Python has no dates after 9999."""


class OpenTable:
    """`periods_of(year)` gives the opening periods of shifts that start in that local year, in any order."""

    __slots__ = ("_before", "_ends", "_high", "_low", "_periods_of", "_shifts", "_starts", "_upto", "_years", "_zero")

    def __init__(self, periods_of: Callable[[int], Periods]) -> None:
        self._periods_of = periods_of
        self._years: dict[int, Periods] = {}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        self._upto: list[int] = []
        """The end of the period before each start, and of the last one."""
        self._shifts: list[int] = []
        """What makes an instant in that period the open seconds before it."""
        self._low, self._high = 0, 0
        """The table answers for instants from `_low` to before `_high`."""
        self._zero: int | None = None
        """Open seconds are counted from this instant, so that a count stays what it is when the table grows."""

    def cover(self, low: int, high: int) -> None:
        """Make the table answer for `low` to `high`."""
        if self._low <= low and high < self._high:
            return
        first, last = _year_of(low - _MARGIN - 2 * DAY), _year_of(high + _MARGIN + 2 * DAY)
        if self._years:
            first, last = min(first, *self._years), max(last, *self._years)
        for year in range(first, last + 1):
            if year not in self._years:
                self._years[year] = self._periods_of(year)
        self._rebuild(first, last)

    def _rebuild(self, first: int, last: int) -> None:
        starts: list[int] = []
        ends: list[int] = []
        for start, end in sorted(period for year in range(first, last + 1) for period in self._years[year]):
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        self._starts, self._ends = starts, ends
        lengths = (end - start for start, end in zip(starts, ends, strict=True))
        self._before = [0, *accumulate(lengths)]
        self._low = _first_second(first) + _MARGIN
        self._high = _first_second(last + 1) - _MARGIN
        if self._zero is None:
            self._zero = self._low
        i = bisect_right(starts, self._zero) - 1
        past = 0 if i < 0 else self._before[i] + min(self._zero, ends[i]) - starts[i]
        if past:
            self._before = [seconds - past for seconds in self._before]
        before = self._before
        self._upto = [_NEVER, *ends]
        self._shifts = [0, *(seconds - start for seconds, start in zip(before, starts, strict=False))]

    def elapsed(self, start: int, end: int) -> int:
        """Open seconds from `start` to `end`; negative when reversed."""
        if start > end:
            return -self.elapsed(end, start)
        if start < self._low or end >= self._high:
            self.cover(start, end)
        return self._count(end) - self._count(start)

    def count(self, at: int) -> int:
        """The open seconds before an instant, from one arbitrary zero that stays the same."""
        if not self._low <= at < self._high:
            self.cover(at, at)
        return self._count(at)

    def counts(self, instants: Sequence[int]) -> list[int]:
        """As `count`, for each of ascending instants."""
        if instants and (instants[0] < self._low or instants[-1] >= self._high):
            self.cover(instants[0], instants[-1])
        starts, upto, shifts, before = self._starts, self._upto, self._shifts, self._before
        return [at + shifts[i] if at < upto[i := bisect_right(starts, at)] else before[i] for at in instants]

    def _count(self, at: int) -> int:
        i = bisect_right(self._starts, at)
        return at + self._shifts[i] if at < self._upto[i] else self._before[i]

    def next_open(self, at: int) -> int | None:
        """The first open instant at or after `at`; None when there is none within the calendar's horizon."""
        for _ in self._reach(at, 0, 1):
            i = bisect_right(self._ends, at)
            if i < len(self._starts) and self._starts[i] < self._high:
                return max(at, self._starts[i])
        return None

    def next_close(self, at: int) -> int | None:
        """The end of the period that is open at `at`, or of the next one; None when it never closes."""
        for _ in self._reach(at, 0, 1):
            i = bisect_right(self._ends, at)
            if i < len(self._ends) and self._ends[i] < self._high:
                return self._ends[i]
        return None

    def prev_close(self, at: int) -> int | None:
        """The last instant up to which it was open, at or before `at` (`at` itself while open)."""
        for _ in self._reach(at, 0, -1):
            i = bisect_left(self._starts, at) - 1
            if i >= 0 and self._ends[i] > self._low:
                return min(at, self._ends[i])
        return None

    def add(self, at: int, seconds: int) -> int | None:
        """The first instant, not before the next opening, by which `seconds` more than at `at` were open."""
        if seconds <= 0:
            return self.next_open(at) if seconds == 0 else self.subtract(at, -seconds)
        return self.reached(self.count(at) + seconds, at)

    def reached(self, goal: int, at: int) -> int | None:
        """The instant by which `goal` open seconds are counted, as `count` counts; more than are counted at `at`."""
        before = self._before
        i = bisect_left(before, goal) - 1
        if 0 <= i < len(self._starts) and (end := self._starts[i] + goal - before[i]) < self._high:
            return end
        for _ in self._reach(at, goal - self.count(at), 1):
            i = bisect_left(self._before, goal) - 1
            if i < len(self._starts) and (end := self._starts[i] + goal - self._before[i]) < self._high:
                return end
        return None

    def subtract(self, at: int, seconds: int) -> int | None:
        """The last instant, not after the previous closing, from which `seconds` were open until `at`."""
        if seconds <= 0:
            return self.prev_close(at) if seconds == 0 else self.add(at, -seconds)
        for _ in self._reach(at, seconds, -1):
            goal = self._count(at) - seconds
            if goal >= self._before[0]:
                i = bisect_right(self._before, goal) - 1
                if (start := self._starts[i] + goal - self._before[i]) >= self._low:
                    return start
        return None

    def periods(self, start: int, end: int) -> Periods:
        """Opening periods inside `start` to `end`, cut at both."""
        self.cover(start, end)
        i = bisect_right(self._ends, start)
        result: Periods = []
        while i < len(self._starts) and self._starts[i] < end:
            result.append((max(start, self._starts[i]), min(end, self._ends[i])))
            i += 1
        return result

    def _reach(self, at: int, seconds: int, direction: int) -> Iterator[None]:
        """Cover what is near, then a year further, then twice as far, up to `_HORIZON` beyond `seconds`."""
        if seconds > _LAST - _FIRST:
            return
        far, farthest = 0, seconds + _HORIZON
        while True:
            end = min(max(at + direction * far, min(at, _FIRST)), max(at, _LAST))
            self.cover(min(at, end), max(at, end))
            yield
            if far == farthest:
                return
            far = min(max(_YEAR, far * 2), farthest)


def _year_of(at: int) -> int:
    """The year, or its neighbour for an instant within two days of its end."""
    return 1970 + at // 31_556_952


def _first_second(year: int) -> int:
    """1 January of `year`, UTC."""
    past = year - 1
    return ((past * 365 + past // 4 - past // 100 + past // 400) - 719_162) * DAY
