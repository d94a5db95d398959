"""When tickets come in: busy mornings, quiet nights, fewer on weekends and holidays, a little more each year.

A ticket's number alone gives its instant and the other way round, so that no list of tickets is ever needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate

from psa_evidence.simulator.world.dice import fraction
from psa_evidence.simulator.world.holidays import united_states
from psa_evidence.simulator.world.instants import DAY, NEW_YORK, NOW, START

_HOURS = (1, 1, 1, 1, 2, 4, 10, 34, 86, 100, 84, 70, 58, 72, 82, 76, 66, 44, 22, 13, 9, 6, 3, 2)
_HOUR_MARKS = tuple(accumulate(_HOURS, initial=0))
_FUTURE_DAYS = 1500
_HOLIDAYS = frozenset(day.day for day in united_states() if day.closed is None)


def _weight(day: date, seed: int) -> float:
    mood = 0.75 + 0.5 * fraction(seed, "day", day)
    if day in _HOLIDAYS:
        return 0.1 * mood
    weekday = (1.25, 1.05, 1.0, 0.95, 0.85, 0.13, 0.08)[day.weekday()]
    season = 0.8 if day.month in (7, 12) else 1.0
    return weekday * season * mood


class Arrivals:
    """`tickets` of them lie between the world's first instant and its first `now`; more come after."""

    def __init__(self, seed: int, tickets: int) -> None:
        self._seed = seed
        first = datetime.fromtimestamp(START, NEW_YORK).date()
        self._midnights = [
            int(datetime.combine(first + timedelta(days=n), datetime.min.time(), NEW_YORK).timestamp())
            for n in range((NOW - START) // DAY + _FUTURE_DAYS)
        ]
        weights = [_weight(first + timedelta(days=n), seed) for n in range(len(self._midnights))]
        self._marks = list(accumulate(weights, initial=0.0))
        self._origin = self._position(START)
        self._rate = tickets / (self._position(NOW) - self._origin)

    def _position(self, at: int) -> float:
        """Weight passed by `at`."""
        day = bisect_right(self._midnights, at) - 1
        hours = min((at - self._midnights[day]) / 3600, 23.999999)
        hour = int(hours)
        part = (_HOUR_MARKS[hour] + (hours - hour) * _HOURS[hour]) / _HOUR_MARKS[-1]
        return self._marks[day] + part * (self._marks[day + 1] - self._marks[day])

    def instant(self, index: int) -> int:
        """When ticket number `index` (from 0) came in; strictly growing but for ties within a second."""
        place = self._origin + (index + 0.15 + 0.7 * fraction(self._seed, "arrival", index)) / self._rate
        day = bisect_right(self._marks, place) - 1
        part = (place - self._marks[day]) / (self._marks[day + 1] - self._marks[day]) * _HOUR_MARKS[-1]
        hour = min(bisect_right(_HOUR_MARKS, part) - 1, 23)
        return self._midnights[day] + int(3600 * (hour + (part - _HOUR_MARKS[hour]) / _HOURS[hour]))

    def count(self, now: int) -> int:
        """How many have come by `now`."""
        guess = max(0, int((self._position(now) - self._origin) * self._rate) - 3)
        return guess + bisect_left(range(8), True, key=lambda n: self.instant(guess + n) > now)
