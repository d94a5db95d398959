"""The settings that govern a ticket, compiled once for each SLA, client and priority."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psa_evidence.records import RecordSet, Ticket
from psa_evidence.sla.choosing import CalendarBook, CalendarChoice, CalendarHistory
from psa_evidence.sla.display import quoted
from psa_evidence.sla.meanings import Meanings
from psa_evidence.sla.targets import TargetBook
from psa_evidence.sla.terms import STAGES, ContractTerms
from psa_evidence.sla.timeline import Value

Settings = Sequence[tuple[datetime, RecordSet]]
"""Earlier captures of the settings: when captured, and what was captured."""


class Promised(NamedTuple):
    """All targets of a stage that may govern, in seconds, the likely one first; and notes for the statement."""

    targets: tuple[int | None, ...]
    notes: tuple[str, ...]


class Governing:
    """What governs the tickets of a client under one SLA."""

    __slots__ = ("_book", "_known", "_notes", "choice", "policy", "psa_goal", "sla_id")

    def __init__(
        self, book: TargetBook, sla_id: str | None, policy: str | None, choice: CalendarChoice, current: Value,
        notes: tuple[str, ...],
    ) -> None:  # fmt: skip
        self.sla_id, self.policy, self.choice = sla_id, policy, choice
        goal = book.targets(sla_id, *current).psa_goal
        self.psa_goal = goal.response, goal.plan, goal.resolution
        """The PSA's own targets of the three stages for the priority that the ticket has now."""
        self._book = book
        self._notes = (*choice.notes, *notes)
        self._known: dict[tuple[Value, bool], tuple[Promised, Promised, Promised]] = {}

    def promised(self, priority: Value, *, doubtful: bool) -> tuple[Promised, Promised, Promised]:
        """What was promised for the three stages under a priority; under any that there is, when it is in doubt."""
        key = (priority, doubtful)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._make(priority, doubtful)
        return found

    def _make(self, priority: Value, doubtful: bool) -> tuple[Promised, Promised, Promised]:
        likely = self._book.targets(self.sla_id, *priority)
        stages = []
        for stage in STAGES:
            targets: tuple[int | None, ...] = (getattr(likely.goal, stage),)
            if doubtful:
                targets = tuple(dict.fromkeys((*targets, *self._book.all_targets(self.sla_id, stage))))
            stages.append(Promised(targets, likely.notes + self._notes))
        return stages[0], stages[1], stages[2]


class Rulebook:
    """The settings of one capture, with the contract's terms over them. Answers are remembered."""

    def __init__(
        self, records: RecordSet, contract: ContractTerms, time_zone: str | None, note: str, history: CalendarHistory
    ) -> None:
        self.targets = TargetBook(records, contract)
        self.calendars = CalendarBook(records, contract, time_zone, history)
        self.meanings = Meanings(records.statuses, contract.pausing_statuses)
        self.same_pauses = self.meanings.same_pauses
        self._notes = (note, *_unknown_names(records, contract))
        self._policies = {policy.id: policy.name for policy in records.sla_policies}
        self._agreements = {agreement.id: agreement.sla_id for agreement in records.agreements}
        self._choices: dict[tuple[str | None, str | None], CalendarChoice] = {}
        self._governing: dict[tuple[str | None, str | None, str | None, str | None], Governing] = {}

    def sla_id_of(self, ticket: Ticket) -> str | None:
        """The ticket's own SLA, else its agreement's."""
        if ticket.sla_id is not None:
            return ticket.sla_id
        return self._agreements.get(ticket.agreement_id or "")

    def governing(self, ticket: Ticket) -> Governing:
        """What governs a ticket by its SLA, client and present priority."""
        sla_id = self.sla_id_of(ticket)
        key = (sla_id, ticket.client_id, ticket.priority_id, ticket.priority_name)
        found = self._governing.get(key)
        if found is None:
            current = Value(ticket.priority_id, ticket.priority_name)
            choice = self._choices.get(key[:2])
            if choice is None:
                choice = self._choices[key[:2]] = self.calendars.choose(*key[:2])
            policy = self._policies.get(sla_id or "")
            found = self._governing[key] = Governing(self.targets, sla_id, policy, choice, current, self._notes)
        return found


def _unknown_names(records: RecordSet, contract: ContractTerms) -> tuple[str, ...]:
    """Statuses and priorities of the contract that these settings do not show: a slip of the pen, or renamed since."""
    statuses = {status.name.strip().casefold() for status in records.statuses}
    priorities = {priority.name.strip().casefold() for priority in records.priorities} | {"*"}
    pausing = {name for names in (contract.pausing_statuses or {}).values() for name in names}
    return (
        *(
            f"The contract names {quoted(name)} as a status that stops the clock; these settings show no such status."
            for name in sorted(pausing)
            if name.strip().casefold() not in statuses
        ),
        *(
            f"The contract has targets for a priority {quoted(name)}; these settings show no such priority."
            for name in sorted(contract.goals)
            if name.strip().casefold() not in priorities
        ),
    )


class Rulebooks:
    """Rule 11: the settings in force are those captured last before a ticket was entered, else the earliest known ones.

    A calendar that changed later counts as it was on each day.
    """

    def __init__(
        self, records: RecordSet, contract: ContractTerms | None, time_zone: str | None, settings: Settings,
        as_of: datetime,
    ) -> None:  # fmt: skip
        self.contract = contract or ContractTerms()
        ordered = sorted(settings, key=lambda item: item[0])
        history = CalendarHistory([*ordered, (max([as_of, *(at for at, _ in ordered)]), records)])
        self._times = [at for at, _ in ordered]
        self._books = [
            Rulebook(
                earlier, self.contract, time_zone,
                f"Targets and calendar are those of the settings captured {at:%Y-%m-%d}.", history,
            )
            for at, earlier in ordered
        ]  # fmt: skip
        note = "No settings captured before this ticket was entered are at hand: those at capture are used."
        if ordered:
            at, records = ordered[0]
            note = (
                "No settings captured before this ticket was entered are at hand: the earliest known ones, captured "
                f"{at:%Y-%m-%d}, are used."
            )
        self._first = Rulebook(records, self.contract, time_zone, note, history)

    def at(self, entered: datetime | None) -> Rulebook:
        """The settings in force at an entry; the earliest known for a ticket without time of entry."""
        if not self._times or entered is None:
            return self._first
        i = bisect_right(self._times, entered) - 1
        return self._books[i] if i >= 0 else self._first
