"""The ledgers of one ticket: one that honours the pauses (for each way in which stages pause), and the strict one."""

from __future__ import annotations

from psa_evidence.records import Stage
from psa_evidence.sla.opentable import OpenTable
from psa_evidence.sla.results import Interval
from psa_evidence.sla.spelling import SpelledOut
from psa_evidence.sla.stages import Course
from psa_evidence.sla.terms import STAGES


class Clocks:
    """With `detailed` the intervals are cut at each opening and closing. Also tells, as a ledger does, the intervals
    and due times of the strict reading, whose own ledger is made only when it is asked for."""

    __slots__ = ("_counts", "_course", "_detailed", "_made", "_same", "_table")

    def __init__(self, table: OpenTable, course: Course, *, same_pauses: bool, detailed: bool) -> None:
        self._table, self._course, self._same, self._detailed = table, course, same_pauses, detailed
        self._counts = table.counts(course.history.bounds)
        self._made: dict[Stage | None, SpelledOut] = {}

    def honouring(self, stage: Stage) -> SpelledOut:
        """The ledger on which a stage is counted, pauses honoured."""
        return self._made.get(stage) or self._make(stage)

    @property
    def strict(self) -> SpelledOut:
        """The ledger that honours no pause."""
        ledger = self._made.get(None)
        if ledger is None:
            bounds, counts = self._course.history.bounds, self._counts
            ledger = SpelledOut(self._table, (bounds[0], bounds[-1]), (counts[0], counts[-1]), _RUNS, None)
            ledger.told(None, 0, detailed=self._detailed)
            self._made[None] = ledger
        return ledger

    def intervals(self, end: int) -> tuple[Interval, ...]:
        return self.strict.intervals(end)

    def due(self, target: int, met: int | None) -> int | None:
        return self.strict.due(target, met)

    def _make(self, for_stage: Stage) -> SpelledOut:
        course, stage = self._course, STAGES.index(for_stage)
        own = course.history.doubts
        states: list[bool | None] = [meaning.pauses[stage] for meaning in course.meanings]
        doubts: list[str] | None = None
        if own is not None or None in states:
            own = own or [""] * len(states)
            doubts = [unsure or meaning.doubt(stage) for unsure, meaning in zip(own, course.meanings, strict=True)]
            states = [None if unsure else state for unsure, state in zip(own, states, strict=True)]
        ledger = SpelledOut(self._table, course.history.bounds, self._counts, states, doubts)
        ledger.told(course, stage, detailed=self._detailed)
        self._made.update(dict.fromkeys(STAGES if self._same else (for_stage,), ledger))
        return ledger


_RUNS = (False,)
