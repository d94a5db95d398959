"""The clock of a ticket as a ledger: intervals that are counted, paused or closed, and their running totals.

One ledger serves all stages that pause alike; a stage takes the part up to its end. Where the history leaves open
whether the clock ran, the seconds are counted and remembered as open, so that both bounds are known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from psa_evidence.records import SourceRef
from psa_evidence.sla.calendar import BusinessHours, instant_of
from psa_evidence.sla.results import Interval


class Entry(NamedTuple):
    """From `start` to `end` the clock ran, stood, or (`doubt`) the records leave open which."""

    start: int
    end: int
    paused: bool
    doubt: str
    why: str
    source: SourceRef | None


class Account(NamedTuple):
    """A stage's part of the ledger, in open seconds. `elapsed` includes `open_seconds`, which are in doubt."""

    intervals: tuple[Interval, ...]
    elapsed: int
    paused: int
    open_seconds: int
    doubts: tuple[str, ...]


class Ledger:
    """Entries follow each other without gap from the ticket's entry on."""

    __slots__ = ("_counted", "_doubtful", "_ends", "_entries", "_hours", "_intervals", "_paused")

    def __init__(self, entries: Sequence[Entry], hours: BusinessHours) -> None:
        self._hours = hours
        self._entries = entries
        self._ends = [entry.end for entry in entries]
        self._intervals: list[Interval] = []
        self._counted, self._paused, self._doubtful = [0], [0], [0]
        counted = paused = doubtful = 0
        if not entries:
            return
        counts = hours.open_counts([entries[0].start, *self._ends])
        start = instant_of(entries[0].start)
        for entry, before, after in zip(entries, counts, counts[1:], strict=False):
            end = instant_of(entry.end)
            seconds = after - before
            self._intervals.append(_interval(entry, start, end, seconds))
            if entry.paused:
                paused += seconds
            else:
                counted += seconds
                if entry.doubt:
                    doubtful += seconds
            self._counted.append(counted)
            self._paused.append(paused)
            self._doubtful.append(doubtful)
            start = end

    def upto(self, end: int) -> Account:
        """The account from entry to `end`."""
        entries, ends = self._entries, self._ends
        if not ends or end <= entries[0].start:
            return Account((), 0, 0, 0, ())
        i = bisect_left(ends, end)
        if i == len(ends):
            i, end = i - 1, ends[-1]
        entry, intervals = entries[i], self._intervals[: i + 1]
        counted, paused, doubtful = self._counted[i + 1], self._paused[i + 1], self._doubtful[i + 1]
        if end < ends[i]:
            seconds = self._hours.open_seconds(entry.start, end)
            intervals[-1] = _interval(entry, intervals[-1].start, instant_of(end), seconds)
            counted, paused, doubtful = self._counted[i], self._paused[i], self._doubtful[i]
            if entry.paused:
                paused += seconds
            else:
                counted += seconds
                doubtful += seconds if entry.doubt else 0
        doubts = tuple(dict.fromkeys(e.doubt for e in entries[: i + 1] if e.doubt)) if doubtful else ()
        return Account(tuple(intervals), counted, paused, doubtful, doubts)

    def run_on(self, end: int, seconds: int) -> int | None:
        """When `seconds` more are used up after a stage's end: what stands still later moves nothing."""
        return self._hours.due(end, seconds)

    def due(self, target: int) -> int | None:
        """When `target` seconds are used up; None while the clock stands still at the ledger's end."""
        i = bisect_left(self._counted, target) - 1
        if 0 <= i < len(self._entries):
            return self._hours.due(self._entries[i].start, target - self._counted[i])
        if not self._entries or self._entries[-1].paused:
            return None
        return self._hours.due(self._ends[-1], target - self._counted[-1])

    @property
    def standing(self) -> bool:
        """Whether the clock stands still at the ledger's end."""
        return bool(self._entries) and self._entries[-1].paused


def _interval(entry: Entry, start: datetime, end: datetime, seconds: int) -> Interval:
    _, _, paused, _, why, source = entry
    if paused:
        return Interval(start=start, end=end, state="paused", seconds=0, why=why, source=source)
    if seconds:
        return Interval(start=start, end=end, state="counted", seconds=seconds, why=why, source=source)
    return Interval(start=start, end=end, state="closed", seconds=0, why=f"{why}; outside opening hours", source=source)


def every_opening(intervals: Iterable[Interval], hours: BusinessHours) -> tuple[Interval, ...]:
    """The same intervals cut at each opening and closing: a counted one is then as long as its seconds."""
    result: list[Interval] = []
    for interval in intervals:
        if interval.state == "closed":
            result.append(interval)
            continue
        at = interval.start
        for low, high in hours.periods(interval.start, interval.end):
            if at < low:
                result.append(_part(interval, at, low, closed=True))
            result.append(_part(interval, low, high, closed=False))
            at = high
        if at < interval.end:
            result.append(_part(interval, at, interval.end, closed=True))
    return tuple(result)


def _part(whole: Interval, start: datetime, end: datetime, *, closed: bool) -> Interval:
    if closed:
        why = f"{whole.why}; outside opening hours"
        return Interval(start=start, end=end, state="closed", seconds=0, why=why, source=whole.source)
    seconds = int((end - start).total_seconds()) if whole.state == "counted" else 0
    return Interval(start=start, end=end, state=whole.state, seconds=seconds, why=whole.why, source=whole.source)
