"""All results of all tickets: three stages by three readings, and where the PSA's figures differ from ours."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from psa_evidence.records import Change, Lacking, RecordSet, Ticket
from psa_evidence.sla.cases import Judgement, cases
from psa_evidence.sla.choosing import CalendarChoice
from psa_evidence.sla.clocks import Clocks
from psa_evidence.sla.differences import compare
from psa_evidence.sla.display import instant, quoted
from psa_evidence.sla.grouping import ByTicket
from psa_evidence.sla.instants import seconds_of
from psa_evidence.sla.policy import Rulebook, Rulebooks, Settings
from psa_evidence.sla.psa_figure import psa_readings
from psa_evidence.sla.readings import NO_TARGET, Case, judge
from psa_evidence.sla.response import People, first_answer
from psa_evidence.sla.results import Reading, StageResult, TicketSla, Verdict
from psa_evidence.sla.stages import Course, plan_end, resolution_end, response_end
from psa_evidence.sla.terms import STAGES, ContractTerms
from psa_evidence.sla.timeline import trace, value_of
from psa_evidence.sla.unseen import Unseen

READINGS: Final[tuple[Reading, ...]] = ("psa", "contract", "strict")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def evaluate(
    records: RecordSet,
    *,
    as_of: datetime,
    time_zone: str | None = None,
    contract: ContractTerms | None = None,
    settings: Settings = (),
    lacking: Sequence[Lacking] = (),
    every_open_period: bool = False,
) -> tuple[TicketSla, ...]:
    """Results of every ticket, in the order of the records.

    `as_of` is the instant up to which the records tell; `time_zone` the contract's IANA zone for the PSA's calendars
    (else the client's own for the client's calendar, the PSA's for every other); `settings` earlier captures of the
    settings (rule 11), each with its instant: targets are those in force at a ticket's entry, a calendar counts as it
    was on each day. `lacking` is what could not be captured: what may stand there is not taken as absent. With
    `every_open_period` the intervals are cut at each opening and closing, which is long for a
    long ticket.
    Raises ConfigurationError for an unknown zone in the contract's calendar; a ticket never raises.
    """
    books = Rulebooks(records, contract, time_zone, settings, as_of)
    with _no_collection():
        engine = _Engine(records, as_of, books, Unseen(records.permissions, lacking), every_open_period)
        return tuple([engine.ticket(ticket) for ticket in records.tickets])


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: of the millions of small objects made here none is in one, and all are kept.

    Afterwards they count as old ones, so that the next search for young ones does not walk through them all.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()


class _Engine:
    def __init__(
        self, records: RecordSet, as_of: datetime, books: Rulebooks, unseen: Unseen, every_open_period: bool
    ) -> None:
        self._as_of, self._until = as_of, seconds_of(as_of)
        self._books, self._of = books, ByTicket(records)
        self._how = Judgement(self._until, books.contract.priority_rule)
        self._detailed = every_open_period
        self._unseen = unseen
        self._people = People(records.members, books.contract.automatic_identities)

    def ticket(self, ticket: Ticket) -> TicketSla:
        of, until, ticket_id = self._of, self._until, ticket.id
        out = self._outside(ticket, of.endings.get(ticket_id, ()))
        if out is not None or ticket.entered_at is None:
            verdict, reason = out or ("not determined", "the records do not show when the ticket was entered")
            return _all(ticket, verdict, reason)
        entered = seconds_of(ticket.entered_at)
        rules = self._books.at(ticket.entered_at)
        governing = rules.governing(ticket)
        meaning_of = rules.meanings.on(ticket.board_id)
        changes = of.statuses.get(ticket_id, ())
        statuses = trace(
            changes, entered=entered, until=until, current=value_of(ticket.status_id, ticket.status_name),
            began=of.began(ticket_id), unread=of.unread(ticket_id, "status"),
        )  # fmt: skip
        priorities = trace(
            of.priorities.get(ticket_id, ()), entered=entered, until=until,
            current=value_of(ticket.priority_id, ticket.priority_name), began=statuses.began,
            unread=of.unread(ticket_id, "priority"),
        )  # fmt: skip
        if lost := self._unseen.history(ticket_id):
            statuses, priorities = statuses.doubted(lost), priorities.doubted(lost)
        course = Course(statuses, meaning_of)
        answer = first_answer(
            entered, of.messages.get(ticket_id, ()), of.work.get(ticket_id, ()), changes, self._people, meaning_of,
            until,
        )  # fmt: skip
        ends = (
            response_end(answer, course, self._unseen.acts(ticket_id)), plan_end(course),
            resolution_end(course, ticket, until, meaning_of),
        )  # fmt: skip
        choice = governing.choice
        clocks = None
        if choice.hours is not None:
            clocks = Clocks(choice.hours.table, course, same_pauses=rules.same_pauses, detailed=self._detailed)
        results: list[StageResult] = []
        policy = governing.policy if governing.policy is not None else ticket.sla_name
        figures = psa_readings(ticket, governing.psa_goal, policy, self._as_of)
        unknown = self._unknown(ticket, rules)
        for psa, case in zip(figures, cases(ticket, governing, policy, ends, priorities, self._how), strict=True):
            if unknown:
                results.append(_unjudged(psa, unknown))
                if not all(rules.targets.promises(case.stage, value.name) for value in priorities.values):
                    results += [_without_target(case, reading, unknown) for reading in READINGS[1:]]
                    continue
            else:
                results.append(psa)
            if clocks is None:
                results += [_without_calendar(case, reading, choice) for reading in READINGS[1:]]
            else:
                results += judge(case, clocks)
        return TicketSla(ticket_id, tuple(results), compare(ticket, results, answer, choice.hours))

    def _unknown(self, ticket: Ticket, rules: Rulebook) -> str:
        """Why the settings' targets are not known; empty when they are, or when there is no SLA that could have any."""
        sla_id = rules.sla_id_of(ticket)
        if sla_id is None:
            return ""
        if not rules.targets.knows(sla_id):
            return f"the settings do not show the SLA {quoted(ticket.sla_name or sla_id)} that governs the ticket"
        return "" if rules.targets.has_rows(sla_id) else self._unseen.targets(sla_id)

    def _outside(self, ticket: Ticket, changes: Sequence[Change]) -> tuple[Verdict, str] | None:
        if ticket.merged_into_id is not None:
            return "excluded", f"merged into {ticket.merged_into_id}"
        for change in changes:
            if change.field == "deleted" and change.at <= self._as_of:
                return "excluded", f"deleted in the PSA {instant(change.at)}"
            if change.field == "merged" and change.at <= self._as_of and change.new not in (None, ticket.id):
                return "excluded", f"merged into {change.new}"
        if ticket.entered_at is None:
            return None
        if ticket.entered_at > self._as_of:
            return "excluded", f"entered after {instant(self._as_of)}"
        if not _FIRST_YEAR <= ticket.entered_at.year < _LAST_YEAR:
            return "not determined", f"the time of entry lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}"
        return None


def _all(ticket: Ticket, verdict: Verdict, reason: str) -> TicketSla:
    """The same verdict for every stage and reading."""
    results = tuple(
        StageResult(ticket.id, stage, reading, verdict, reason, ticket.priority_name, ticket.sla_name)
        for stage in STAGES
        for reading in READINGS
    )
    return TicketSla(ticket_id=ticket.id, results=results)


def _unjudged(psa: StageResult, reason: str) -> StageResult:
    """The PSA's own figures of a stage, without a target to hold them to."""
    return StageResult(
        ticket_id=psa.ticket_id, stage=psa.stage, reading="psa", verdict="not determined", reason=reason,
        priority=psa.priority, policy=psa.policy, elapsed_seconds=psa.elapsed_seconds,
        paused_seconds=psa.paused_seconds, due_at=psa.due_at, met_at=psa.met_at, notes=psa.notes,
    )  # fmt: skip


def _without_target(case: Case, reading: Reading, reason: str) -> StageResult:
    return StageResult(
        ticket_id=case.ticket_id, stage=case.stage, reading=reading, verdict="not determined", reason=reason,
        priority=case.priority, policy=case.policy, calendar=case.calendar, met_at=case.end.at, notes=case.notes,
    )  # fmt: skip


def _without_calendar(case: Case, reading: Reading, choice: CalendarChoice) -> StageResult:
    promised = case.promised
    return StageResult(
        ticket_id=case.ticket_id,
        stage=case.stage,
        reading=reading,
        verdict="not determined" if promised else "no target",
        reason=choice.reason if promised else NO_TARGET,
        priority=case.priority,
        policy=case.policy,
        calendar=choice.name,
        target_seconds=case.targets[0],
        met_at=case.end.at,
        notes=case.notes,
    )
