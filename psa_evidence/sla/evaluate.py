"""All results of all tickets: three stages by three readings, and where the PSA's figures differ from ours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Protocol, TypeVar

from psa_evidence.records import Change, Message, RecordSet, Stage, Ticket, TimeEntry
from psa_evidence.sla.calendar import BusinessHours, instant_of, seconds_of
from psa_evidence.sla.clocks import Clocks
from psa_evidence.sla.differences import compare
from psa_evidence.sla.display import instant
from psa_evidence.sla.ledger import every_opening
from psa_evidence.sla.policy import STAGES, CalendarChoice, Meaning, Rulebook, Rulebooks, Settings
from psa_evidence.sla.readings import Case, Share, judge, psa_reading
from psa_evidence.sla.response import People, first_answer
from psa_evidence.sla.results import Reading, StageResult, TicketSla, Verdict
from psa_evidence.sla.stages import End, Step, plan_end, resolution_end, response_end
from psa_evidence.sla.terms import ContractTerms, PriorityRule
from psa_evidence.sla.timeline import NOTHING, Segment, Value, trace

_FIELD_WORD = re.compile(r"\b(status|priority|board|owner|agreement|sla|merge)\b")
READINGS: tuple[Reading, ...] = ("psa", "contract", "strict")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def evaluate(
    records: RecordSet,
    *,
    as_of: datetime,
    time_zone: str | None = None,
    contract: ContractTerms | None = None,
    settings: Settings = (),
    every_open_period: bool = False,
) -> tuple[TicketSla, ...]:
    """Results of every ticket, in the order of the records.

    `as_of` is the instant up to which the records tell; `time_zone` the contract's IANA zone for the PSA's calendars
    (else the client's own for the client's calendar, the PSA's for every other); `settings` earlier captures of the
    settings (rule 11). With
    `every_open_period` the intervals are cut at each opening and closing, which is long for a long ticket.
    Raises ConfigurationError for an unknown zone in the contract's calendar; a ticket never raises.
    """
    engine = _Engine(records, as_of, Rulebooks(records, contract, time_zone, settings), every_open_period)
    return tuple([engine.ticket(ticket) for ticket in records.tickets])


class _Of(Protocol):
    @property
    def ticket_id(self) -> str | None: ...


_T = TypeVar("_T", bound=_Of)


def _by_ticket(items: Iterable[_T]) -> dict[str, list[_T]]:
    result: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        if item.ticket_id is not None:
            result[item.ticket_id].append(item)
    return dict(result)


class _Engine:
    def __init__(self, records: RecordSet, as_of: datetime, books: Rulebooks, every_open_period: bool) -> None:
        self._as_of, self._until = as_of, seconds_of(as_of)
        self._books = books
        self._detail = every_open_period
        self._status_changes = _by_ticket(change for change in records.changes if change.field == "status")
        self._priority_changes = _by_ticket(change for change in records.changes if change.field == "priority")
        self._endings = _by_ticket(change for change in records.changes if change.field in ("deleted", "merged"))
        self._messages: dict[str, list[Message]] = _by_ticket(records.messages)
        self._work: dict[str, list[TimeEntry]] = _by_ticket(records.time_entries)
        self._began: dict[str, int] = {}
        lines = {entry.source.key: entry for entry in records.history}
        for at, ticket_id in [
            *((entry.at, entry.ticket_id) for entry in records.history),
            *((change.at, change.ticket_id) for change in records.changes),
        ]:
            if at is not None:
                seconds = seconds_of(at)
                if seconds < self._began.get(ticket_id, seconds + 1):
                    self._began[ticket_id] = seconds
        self._unread: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
        for unread in records.unread:
            if unread.ticket_id is not None and unread.source.kind == "history":
                line = lines.get(unread.source.key)
                moment = None if line is None or line.at is None else seconds_of(line.at)
                for field in _may_concern(unread.reason):
                    self._unread[unread.ticket_id, field].append(moment)
        contract = books.at(as_of).contract
        self._rule = contract.priority_rule
        self._people = People(records.members, contract.automatic_identities)

    def ticket(self, ticket: Ticket) -> TicketSla:
        out = self._outside(ticket, self._endings.get(ticket.id, ()))
        if out is not None or ticket.entered_at is None:
            verdict, reason = out or ("not determined", "the records do not show when the ticket was entered")
            return _all(ticket, verdict, reason)
        entered = seconds_of(ticket.entered_at)
        rules = self._books.at(ticket.entered_at)
        policy = rules.sla_of(ticket)
        choice = rules.calendar(ticket)
        changes = self._status_changes.get(ticket.id, ())
        statuses = self._trace(changes, "status", entered, Value(ticket.status_id, ticket.status_name), ticket.id)
        current = Value(ticket.priority_id, ticket.priority_name)
        priorities = self._trace(self._priority_changes.get(ticket.id, ()), "priority", entered, current, ticket.id)
        steps = [_step(part, rules.meaning((*part.value, ticket.board_id))) for part in statuses]
        answer = first_answer(
            ticket, entered, self._messages.get(ticket.id, ()), self._work.get(ticket.id, ()), changes,
            self._people, rules, self._until,
        )  # fmt: skip

        def meaning_of(value: Value) -> Meaning:
            return rules.meaning((*value, ticket.board_id))

        ends = (response_end(answer, steps), plan_end(steps), resolution_end(steps, ticket, self._until, meaning_of))
        clocks = Clocks(rules, choice, steps, entered, self._until)
        results: list[StageResult] = []
        sla_id = rules.sla_id_of(ticket)
        psa_targets = rules.targets(sla_id, ticket.priority_id, ticket.priority_name).psa_goal
        name = policy.name if policy else ticket.sla_name
        for stage, end in zip(STAGES, ends, strict=True):
            own = psa_reading(
                ticket.id, stage, ticket.psa, getattr(psa_targets, stage),
                priority=ticket.priority_name, policy=name, as_of=self._as_of,
            )  # fmt: skip
            results.append(own)
            case = self._case(ticket, rules, choice, sla_id, name, stage, end, priorities)
            if choice.hours is None:
                results += [_without_calendar(case, reading, choice) for reading in ("contract", "strict")]
                continue
            own_reading = judge(case, "contract", clocks.honouring(stage)), judge(case, "strict", clocks.strict)
            results += [_detailed(each, choice.hours) for each in own_reading] if self._detail else own_reading
        return TicketSla(
            ticket_id=ticket.id,
            results=tuple(results),
            differences=compare(ticket, results, answer, choice.hours),
        )

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

    def _trace(
        self, changes: Sequence[Change], field: str, entered: int, current: Value, ticket_id: str
    ) -> tuple[Segment, ...]:
        return trace(
            changes,
            entered=entered,
            until=self._until,
            current=current,
            began=self._began.get(ticket_id),
            unread=self._unread.get((ticket_id, field), ()),
        )

    def _case(
        self, ticket: Ticket, rules: Rulebook, choice: CalendarChoice, sla_id: str | None, name: str | None,
        stage: Stage, end: End, priorities: Sequence[Segment],
    ) -> Case:  # fmt: skip
        at = self._until if end.at is None else end.at
        governing = priorities[0]
        if self._rule != "entry":
            for part in priorities:
                if part.start < at:
                    governing = part
        value = governing.value
        promised = rules.targets(sla_id, value.id, value.name)
        targets: tuple[int | None, ...] = (getattr(promised.goal, stage),)
        if governing.doubt or value == NOTHING:
            targets = tuple(dict.fromkeys((*targets, *rules.all_targets(sla_id, stage))))
        notes = promised.notes + choice.notes + (rules.note,)
        shares: tuple[Share, ...] = ()
        if len(priorities) > 1:
            notes += _priority_notes(priorities, at, self._rule)
            if self._rule == "share":
                shares = tuple(
                    Share(part.end, getattr(rules.targets(sla_id, part.value.id, part.value.name).goal, stage))
                    for part in priorities
                    if part.start < at or part is priorities[0]
                )
                shares = shares if len(shares) > 1 else ()
        return Case(
            ticket_id=ticket.id,
            stage=stage,
            priority=value.name or ticket.priority_name,
            policy=name,
            calendar=choice.name,
            targets=targets,
            doubt=governing.doubt or "the records do not name it",
            end=end,
            as_of=self._until,
            shares=shares,
            notes=notes,
        )


def _may_concern(reason: str) -> list[str]:
    """The fields that a line not understood may have changed: those its reason names, or all when it names none."""
    named = set(_FIELD_WORD.findall(reason.lower()))
    return [field for field in ("status", "priority") if not named or field in named]


def _step(part: Segment, meaning: Meaning) -> Step:
    return Step(part, meaning, part.doubt or meaning.reason)


def _detailed(result: StageResult, hours: BusinessHours) -> StageResult:
    return replace(result, intervals=every_opening(result.intervals, hours))


def _all(ticket: Ticket, verdict: Verdict, reason: str) -> TicketSla:
    """The same verdict for every stage and reading."""
    results = tuple(
        StageResult(
            ticket_id=ticket.id, stage=stage, reading=reading, verdict=verdict, reason=reason,
            priority=ticket.priority_name, policy=ticket.sla_name,
        )
        for stage in STAGES
        for reading in READINGS
    )  # fmt: skip
    return TicketSla(ticket_id=ticket.id, results=results)


def _without_calendar(case: Case, reading: Reading, choice: CalendarChoice) -> StageResult:
    promised = any(case.targets)
    return StageResult(
        ticket_id=case.ticket_id,
        stage=case.stage,
        reading=reading,
        verdict="not determined" if promised else "no target",
        reason=choice.reason if promised else "no target is promised for this stage",
        priority=case.priority,
        policy=case.policy,
        calendar=choice.name,
        target_seconds=case.targets[0],
        met_at=None if case.end.at is None else instant_of(case.end.at),
        notes=case.notes + case.end.notes,
    )


def _priority_notes(priorities: Sequence[Segment], until: int, rule: PriorityRule) -> tuple[str, ...]:
    governs = {
        "stage end": "the target of the priority at the stage's end governs",
        "entry": "the target of the priority at entry governs",
        "share": "each priority's target counts for its own share",
    }[rule]
    return tuple(
        f"Priority changed from {a.value.name!r} to {b.value.name!r} {instant(instant_of(b.start))}: {governs}."
        for a, b in pairwise(priorities)
        if b.start < until and a.value.same(b.value) is not True
    )
