"""A ledger that can be spelled out as intervals, whole or cut at each opening and closing, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from psa_evidence.records import SourceRef
from psa_evidence.sla.display import quoted
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.ledger import Ledger
from psa_evidence.sla.results import Interval, State
from psa_evidence.sla.stages import Course

_Cut = tuple[int, State, int]
"""Until when, and how many seconds were counted."""


class SpelledOut(Ledger):
    """Makes the intervals when they are asked for."""

    __slots__ = ("_course", "_detailed", "_stage")

    _course: Course | None
    _stage: int
    _detailed: bool

    def told(self, course: Course | None, stage: int, *, detailed: bool) -> None:
        """The course that gives the reasons, None for the strict reading; `detailed`: a counted interval is as long as
        its seconds."""
        self._course, self._stage, self._detailed = course, stage, detailed

    def intervals(self, end: int) -> tuple[Interval, ...]:
        """From the entry to `end`, without gap."""
        account = self.upto(end)
        found: list[Interval] = []
        for i in range(account.last + 1):
            low = self.bounds[i]
            high = account.end if i == account.last else self.bounds[i + 1]
            cut = self._detail(i, low, high) if self._detailed else self._whole(i, low, high)
            why, source = self._words(i)
            closed = f"{why}; outside opening hours"
            at = instant_of(low)
            for until, state, seconds in cut:
                start, at = at, instant_of(until)
                found.append(Interval(start, at, state, seconds, closed if state == "closed" else why, source))
        return tuple(found)

    def _whole(self, i: int, start: int, end: int) -> Iterator[_Cut]:
        if self.paused[i]:
            yield end, "paused", 0
            return
        seconds = self.table.elapsed(start, end)
        yield end, "counted" if seconds else "closed", seconds

    def _detail(self, i: int, start: int, end: int) -> Iterator[_Cut]:
        paused = self.paused[i]
        at = start
        for low, high in self.table.periods(start, end):
            if at < low:
                yield low, "closed", 0
            yield (high, "paused", 0) if paused else (high, "counted", high - low)
            at = high
        if at < end:
            yield end, "closed", 0

    def _words(self, i: int) -> tuple[str, SourceRef | None]:
        """Why the clock ran or stood in entry i, and the line of the history that says so."""
        if self._course is None:
            return "open time; no pause honoured", None
        history, meaning = self._course.history, self._course.meanings[i]
        name, source = history.values[i].name or history.values[i].id, history.source(i)
        if history.doubts and history.doubts[i]:
            shown = f"status {quoted(name)}" if name else "status not known"
            return f"{shown}, in doubt ({history.doubts[i]}): counted", source
        if doubt := meaning.doubt(self._stage):
            return f"status {quoted(name)}, in doubt ({doubt}): counted", source
        stops = " stops the clock" if meaning.pauses[self._stage] else ""
        return f"status {quoted(name)}{stops}", source
