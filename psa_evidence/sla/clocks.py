"""The ledgers of one ticket: one that honours the pauses (for each way in which stages pause), and the strict one."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.records import SourceRef
from psa_evidence.sla.ledger import Ledger
from psa_evidence.sla.opentable import OpenTable
from psa_evidence.sla.stages import Step


class Clocks:
    """`steps` follow each other without gap from the entry; the last ends at `until`. Stages go by number, 0 to 2."""

    __slots__ = ("_bounds", "_counts", "_made", "_same", "_steps", "_table", "strict")

    def __init__(self, table: OpenTable, steps: Sequence[Step], until: int, *, same_pauses: bool) -> None:
        self._table, self._steps, self._same = table, steps, same_pauses
        self._bounds = [step[0][0] for step in steps]
        self._bounds.append(until)
        self._counts = table.counts(self._bounds)
        self._made: dict[int, Ledger] = {}
        whole, ends = (self._bounds[0], until), (self._counts[0], self._counts[-1])
        self.strict = Ledger(table, whole, ends, _RUNS, None, _strictly)
        """The ledger that honours no pause."""

    def honouring(self, stage: int) -> Ledger:
        """The ledger on which a stage is counted, pauses honoured."""
        key = 0 if self._same else stage
        ledger = self._made.get(key)
        if ledger is None:
            ledger = self._made[key] = self._make(key)
        return ledger

    def _make(self, stage: int) -> Ledger:
        steps = self._steps
        states = [None if step[0][3] else step[1].pauses[stage] for step in steps]
        paused = [bool(state) for state in states]
        doubts: list[str] | None = None
        if None in states:
            doubts = [segment.doubt or meaning.doubt(stage) for segment, meaning, _ in steps]

        def words(i: int) -> tuple[str, SourceRef | None]:
            return _words(steps[i], stage)

        return Ledger(self._table, self._bounds, self._counts, paused, doubts, words)


_RUNS = (False,)


def _strictly(_: int) -> tuple[str, SourceRef | None]:
    return "open time; no pause honoured", None


def _words(step: Step, stage: int) -> tuple[str, SourceRef | None]:
    segment, meaning, _ = step
    name = segment.value.name or segment.value.id
    if segment.doubt:
        shown = f"status {name!r}" if name else "status not known"
        return f"{shown}, in doubt ({segment.doubt}): counted", segment.source
    if doubt := meaning.doubt(stage):
        return f"status {name!r}, in doubt ({doubt}): counted", segment.source
    return f"status {name!r} stops the clock" if meaning.pauses[stage] else f"status {name!r}", segment.source
