"""The ledgers of one ticket: one that honours the pauses (for each way in which stages pause), and the strict one."""

from __future__ import annotations

from psa_evidence.sla.opentable import OpenTable
from psa_evidence.sla.spelling import SpelledOut
from psa_evidence.sla.stages import Course


class Clocks:
    """Stages go by number, 0 to 2. With `detailed` the intervals are cut at each opening and closing."""

    __slots__ = ("_counts", "_course", "_detailed", "_made", "_same", "_table", "strict")

    def __init__(self, table: OpenTable, course: Course, *, same_pauses: bool, detailed: bool) -> None:
        self._table, self._course, self._same, self._detailed = table, course, same_pauses, detailed
        bounds = course.history.bounds
        counts = self._counts = table.counts(bounds)
        self._made: dict[int, SpelledOut] = {}
        ends = bounds[0], bounds[-1]
        self.strict = SpelledOut(table, ends, (counts[0], counts[-1]), _RUNS, None)
        self.strict.told(None, 0, detailed=detailed)
        """The ledger that honours no pause."""

    def honouring(self, stage: int) -> SpelledOut:
        """The ledger on which a stage is counted, pauses honoured."""
        key = 0 if self._same else stage
        ledger = self._made.get(key)
        if ledger is None:
            ledger = self._made[key] = self._make(key)
        return ledger

    def _make(self, stage: int) -> SpelledOut:
        course = self._course
        own = course.history.doubts
        states: list[bool | None] = [meaning.pauses[stage] for meaning in course.meanings]
        doubts: list[str] | None = None
        if own is not None or None in states:
            own = own or [""] * len(states)
            doubts = [unsure or meaning.doubt(stage) for unsure, meaning in zip(own, course.meanings, strict=True)]
            states = [None if unsure else state for unsure, state in zip(own, states, strict=True)]
        ledger = SpelledOut(self._table, course.history.bounds, self._counts, states, doubts)
        ledger.told(course, stage, detailed=self._detailed)
        return ledger


_RUNS = (False,)
