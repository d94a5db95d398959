"""The ledgers of one ticket: one that honours the pauses (for each way in which stages pause), and the strict one."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.records import Stage
from psa_evidence.sla.ledger import Entry, Ledger
from psa_evidence.sla.policy import CalendarChoice, Rulebook
from psa_evidence.sla.stages import Step


class Clocks:
    """Made once for each ticket that has a calendar; `choice.hours` must be known when a ledger is asked for."""

    __slots__ = ("_choice", "_entered", "_made", "_rules", "_steps", "_until")

    def __init__(
        self, rules: Rulebook, choice: CalendarChoice, steps: Sequence[Step], entered: int, until: int
    ) -> None:
        self._rules, self._choice, self._steps = rules, choice, steps
        self._entered, self._until = entered, until
        self._made: dict[str, Ledger] = {}

    def honouring(self, stage: Stage) -> Ledger:
        """The ledger on which a stage is counted, pauses honoured."""
        key = "all" if self._rules.same_pauses else stage
        ledger = self._made.get(key)
        if ledger is None:
            ledger = self._made[key] = self._make([self._entry(stage, step) for step in self._steps])
        return ledger

    @property
    def strict(self) -> Ledger:
        """The ledger that honours no pause."""
        ledger = self._made.get("strict")
        if ledger is None:
            entry = Entry(self._entered, self._until, False, "", "open time; no pause honoured", None)
            ledger = self._made["strict"] = self._make([entry])
        return ledger

    def _make(self, entries: Sequence[Entry]) -> Ledger:
        if self._choice.hours is None:
            raise ValueError("a ledger needs opening hours")
        return Ledger(entries, self._choice.hours)

    def _entry(self, stage: Stage, step: Step) -> Entry:
        part, meaning, _ = step
        if part.doubt:
            name = part.value.name or part.value.id
            shown = f"status {name!r}" if name else "status not known"
            why = f"{shown}, in doubt ({part.doubt}): counted"
            return Entry(part.start, part.end, False, part.doubt, why, part.source)
        paused, doubt, why = self._rules.clock(stage, part.value.name or part.value.id, meaning)
        return Entry(part.start, part.end, paused, doubt, why, part.source)
