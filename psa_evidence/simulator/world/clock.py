"""The simulator's own business clock. Written apart from the product's, so that one can convict the other.

Opening hours become a sorted list of spans of real seconds once; after that, counting and adding are two
look-ups, however long the span is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psa_evidence.simulator.world.instants import NEW_YORK, NOW, START

_FIRST = datetime.fromtimestamp(START, NEW_YORK).date() - timedelta(days=40)
_LAST = datetime.fromtimestamp(NOW, NEW_YORK).date() + timedelta(days=1600)

Hours = tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class DayOff:
    """A holiday: the whole day, or closed between two wall times."""

    day: date
    name: str
    closed: tuple[time, time] | None = None


class Clock:
    """Counts open seconds. An instant exactly at closing time belongs to the span that ends there."""

    def __init__(self, week: Sequence[Hours], days_off: Mapping[date, DayOff], zone: ZoneInfo) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        """Open seconds of all spans before this one."""
        total = 0
        day = _FIRST
        while day < _LAST:
            for opens, closes in _open(week[day.weekday()], days_off.get(day)):
                start = int(datetime.combine(day, opens, zone).timestamp())
                end = int(datetime.combine(day, closes, zone).timestamp())
                if end > start:
                    self._starts.append(start)
                    self._ends.append(end)
                    self._before.append(total)
                    total += end - start
            day += timedelta(days=1)

    def mark(self, at: int) -> int:
        """Open seconds since the beginning of the calendar."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        return self._before[index] + min(at, self._ends[index]) - self._starts[index]

    def elapsed(self, start: int, end: int) -> int:
        return self.mark(end) - self.mark(start)

    def add(self, start: int, seconds: int) -> int:
        """The instant at which `seconds` (> 0) of open time have passed since `start`."""
        goal = self.mark(start) + seconds
        index = bisect_right(self._before, goal) - 1
        if index > 0 and self._before[index] == goal:
            index -= 1
        return self._starts[index] + goal - self._before[index]

    def is_open(self, at: int) -> bool:
        index = bisect_right(self._starts, at) - 1
        return index >= 0 and at < self._ends[index]


class AllHours(Clock):
    """Never closed."""

    def __init__(self) -> None:
        super().__init__([None] * 7, {}, NEW_YORK)

    def mark(self, at: int) -> int:
        return at

    def add(self, start: int, seconds: int) -> int:
        return start + seconds

    def is_open(self, at: int) -> bool:  # noqa: ARG002  the answer is the same for every instant
        return True


def _open(hours: Hours, off: DayOff | None) -> list[tuple[time, time]]:
    if hours is None:
        return []
    if off is None:
        return [hours]
    if off.closed is None:
        return []
    opens, closes = hours
    return [(opens, min(off.closed[0], closes)), (max(off.closed[1], opens), closes)]
