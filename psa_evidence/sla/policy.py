"""Which SLA, targets, calendar and status meanings govern a ticket, and which words of the statement say so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psa_evidence.errors import EvidenceError
from psa_evidence.records import BusinessCalendar, Escalation, Goal, RecordSet, SlaPolicy, Stage, Ticket
from psa_evidence.sla.calendar import BusinessHours, ClosedDay
from psa_evidence.sla.display import duration
from psa_evidence.sla.terms import ContractTerms

Settings = Sequence[tuple[datetime, RecordSet]]
"""Earlier captures of the settings: when captured, and what was captured."""

StatusKey = tuple[str | None, str | None, str | None]
"""A status by id and name, and the board of its ticket."""

_RANK: Final = {"Responded": 1, "ResolutionPlan": 2, "Resolved": 3}

STAGES: tuple[Stage, ...] = ("response", "plan", "resolution")


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """Either the hours that govern, or the reason why they are not known."""

    hours: BusinessHours | None
    name: str | None
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """What was promised for one priority: by the contract where it says so, and by the PSA's settings."""

    goal: Goal
    psa_goal: Goal
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status means to the clock; `escalation` None is unknown, because of `reason`."""

    escalation: Escalation | None
    closed: bool
    reason: str = ""
    rank: int = 0
    """How far the status says the work is: 1 responded, 2 planned, 3 resolved or closed."""


class Rulebook:
    """The settings of one capture, with the contract's terms over them. Answers are remembered."""

    def __init__(self, records: RecordSet, contract: ContractTerms | None, time_zone: str | None, note: str) -> None:
        self.contract = contract or ContractTerms()
        self.note = note
        self._zone = time_zone
        self._system = records.system
        self._policies = {policy.id: policy for policy in records.sla_policies}
        self._targets = {(row.sla_id, row.priority_id): row.goal for row in records.sla_targets}
        self._agreements = {agreement.id: agreement for agreement in records.agreements}
        self._calendars = {calendar.id: calendar for calendar in records.calendars}
        self._clients = {client.id: client for client in records.clients}
        self._holidays: dict[str, list[ClosedDay]] = {}
        for holiday in records.holidays:
            closed = ClosedDay.on(holiday.day, spans=holiday.closed, name=holiday.name)
            self._holidays.setdefault(holiday.list_id, []).append(closed)
        self._statuses = {status.id: status for status in records.statuses}
        self._status_names: dict[str, list[str]] = {}
        for status in records.statuses:
            self._status_names.setdefault(status.name.strip().casefold(), []).append(status.id)
        self._priorities = {priority.id: priority.name for priority in records.priorities}
        self._priority_ids = {priority.name.strip().casefold(): priority.id for priority in records.priorities}
        self._hours: dict[tuple[str, str], BusinessHours] = {}
        self._choices: dict[tuple[str | None, str | None], CalendarChoice] = {}
        self._goals: dict[tuple[str | None, str | None, str | None], Targets] = {}
        self._meanings: dict[StatusKey, Meaning] = {}
        self._clock: dict[tuple[Stage, str | None, int], tuple[bool, str, str]] = {}
        self._pausing: dict[Stage, frozenset[str]] | None = None
        if self.contract.pausing_statuses is not None:
            self._pausing = {
                stage: frozenset(name.strip().casefold() for name in names)
                for stage, names in self.contract.pausing_statuses.items()
            }

    def sla_of(self, ticket: Ticket) -> SlaPolicy | None:
        """The ticket's own SLA, else its agreement's."""
        sla_id = self.sla_id_of(ticket)
        return self._policies.get(sla_id) if sla_id is not None else None

    def sla_id_of(self, ticket: Ticket) -> str | None:
        if ticket.sla_id is not None:
            return ticket.sla_id
        agreement = self._agreements.get(ticket.agreement_id or "")
        return agreement.sla_id if agreement else None

    def targets(self, sla_id: str | None, priority_id: str | None, priority: str | None) -> Targets:
        """Targets for a priority: the SLA's row for it overrides the SLA's own goal, the contract overrides both."""
        key = (sla_id, priority_id, priority)
        if key not in self._goals:
            self._goals[key] = self._make_targets(*key)
        return self._goals[key]

    def _make_targets(self, sla_id: str | None, priority_id: str | None, priority: str | None) -> Targets:
        policy = self._policies.get(sla_id or "")
        if priority_id is None and priority is not None:
            priority_id = self._priority_ids.get(priority.strip().casefold())
        if priority is None and priority_id is not None:
            priority = self._priorities.get(priority_id)
        base = policy.goal if policy else Goal()
        row = self._targets.get((sla_id or "", priority_id or ""))
        psa = _over(row, base) if row else base
        promised = self.contract.goal_for(priority)
        if promised is None:
            return Targets(goal=psa, psa_goal=psa)
        goal = _over(promised, psa)
        notes = [
            f"The contract promises {stage} in {_time(ours)}; the PSA's settings say {_time(theirs)}."
            for stage in STAGES
            if (ours := getattr(goal, stage)) != (theirs := getattr(psa, stage))
        ]
        return Targets(goal=goal, psa_goal=psa, notes=tuple(notes))

    def all_targets(self, sla_id: str | None, stage: Stage) -> tuple[int | None, ...]:
        """Every target of a stage that some priority would bring, smallest first."""
        names: list[tuple[str | None, str | None]] = [*self._priorities.items()] or [(None, None)]
        found = {getattr(self.targets(sla_id, i, name).goal, stage) for i, name in names}
        return tuple(sorted(found, key=lambda seconds: seconds or 0))

    def calendar(self, ticket: Ticket) -> CalendarChoice:
        """The contract's calendar, else the one that the SLA is based on."""
        key = (self.sla_id_of(ticket), ticket.client_id)
        if key not in self._choices:
            own = self._psa_calendar(*key)
            ours = self.contract.calendar
            self._choices[key] = own if ours is None else self._contract_calendar(ours, own)
        return self._choices[key]

    def _contract_calendar(self, ours: BusinessHours, own: CalendarChoice) -> CalendarChoice:
        name = self.contract.calendar_name or "the contract's hours"
        notes: tuple[str, ...] = ()
        if own.hours is not None and not _same_hours(own.hours, ours):
            notes = (f"The contract's calendar is {name}; the PSA's settings name {own.name}.",)
        return CalendarChoice(ours, name, notes=notes)

    def _psa_calendar(self, sla_id: str | None, client_id: str | None) -> CalendarChoice:
        policy = self._policies.get(sla_id or "")
        if policy is None:
            return CalendarChoice(None, None, "no SLA names a calendar")
        client = self._clients.get(client_id or "")
        theirs = client.time_zone if client else None
        ours = self._system.time_zone if self._system else None
        zone = self._zone or (theirs or ours if policy.based_on == "Customer" else ours or theirs)
        if policy.based_on == "AllHours":
            return CalendarChoice(self._always(zone or "UTC"), "All hours (24x7)")
        calendar_id, whose = policy.calendar_id, f"SLA {policy.name}"
        if policy.based_on == "MyCalendar":
            calendar_id, whose = (self._system.default_calendar_id if self._system else None), "the MSP"
        elif policy.based_on == "Customer":
            calendar_id, whose = (client.calendar_id if client else None), "the client"
        elif policy.based_on is None and calendar_id is None:
            return CalendarChoice(None, None, f"no calendar known: SLA {policy.name} does not say which hours count")
        calendar = self._calendars.get(calendar_id or "")
        if calendar is None:
            return CalendarChoice(None, None, f"no calendar known: the records show none for {whose}")
        if zone is None:
            return CalendarChoice(None, calendar.name, "no time zone known")
        try:
            return CalendarChoice(self._make_hours(calendar, zone), f"{calendar.name} ({zone})")
        except (EvidenceError, ValueError) as error:
            return CalendarChoice(None, calendar.name, f"the calendar cannot be used: {error}")

    def _always(self, zone: str) -> BusinessHours:
        if ("", zone) not in self._hours:
            try:
                self._hours["", zone] = BusinessHours.always(zone)
            except EvidenceError:
                self._hours["", zone] = BusinessHours.always()
        return self._hours["", zone]

    def _make_hours(self, calendar: BusinessCalendar, zone: str) -> BusinessHours:
        key = (calendar.id, zone)
        if key not in self._hours:
            closed = tuple(self._holidays.get(calendar.holiday_list_id or "", ()))
            self._hours[key] = BusinessHours(week=calendar.week, zone=zone, closed=closed)
        return self._hours[key]

    def meaning(self, status: StatusKey) -> Meaning:
        """What a status means: by id, else by name (on the ticket's board when several boards have it)."""
        found = self._meanings.get(status)
        if found is None:
            found = self._meanings[status] = self._make_meaning(*status)
        return found

    def _make_meaning(self, status_id: str | None, name: str | None, board_id: str | None) -> Meaning:
        if status_id is not None and status_id in self._statuses:
            found = [self._statuses[status_id]]
        else:
            found = [self._statuses[i] for i in self._status_names.get((name or "").strip().casefold(), ())]
        found = [status for status in found if status.board_id == board_id] or found
        if not found:
            return Meaning(None, closed=False, reason=f"the settings do not show a status {name or status_id!r}")
        kinds = {(status.escalation, bool(status.closed)) for status in found}
        if len(kinds) > 1:
            return Meaning(None, closed=False, reason=f"boards differ in what status {name!r} means")
        escalation, closed = kinds.pop()
        reason = "" if escalation else f"the settings do not say what status {found[0].name!r} means to the clock"
        rank = 3 if closed else _RANK.get(escalation or "", 0)
        return Meaning(escalation, closed, reason, rank)

    def clock(self, stage: Stage, name: str | None, meaning: Meaning) -> tuple[bool, str, str]:
        """Whether a status stops the clock of a stage, what is in doubt of that, and the words for the statement."""
        key = (stage, name, id(meaning))
        found = self._clock.get(key)
        if found is None:
            paused = self._pauses(stage, name, meaning)
            if paused is None:
                doubt = meaning.reason or "the status is not known"
                found = False, doubt, f"status {name!r}, in doubt ({doubt}): counted"
            else:
                found = paused, "", f"status {name!r} stops the clock" if paused else f"status {name!r}"
            self._clock[key] = found
        return found

    def _pauses(self, stage: Stage, name: str | None, meaning: Meaning) -> bool | None:
        if self._pausing is not None and stage in self._pausing:
            return None if name is None else name.strip().casefold() in self._pausing[stage]
        if meaning.escalation is None:
            return False if meaning.closed else None
        return meaning.escalation == "NoEscalation"

    @property
    def same_pauses(self) -> bool:
        """Whether all stages pause alike."""
        return self._pausing is None or (len(self._pausing) == 3 and len(set(self._pausing.values())) == 1)


class Rulebooks:
    """Rule 11: the settings in force are those captured last before a ticket was entered, else those at capture."""

    def __init__(
        self, records: RecordSet, contract: ContractTerms | None, time_zone: str | None, settings: Settings
    ) -> None:
        ordered = sorted(settings, key=lambda item: item[0])
        self._times = [at for at, _ in ordered]
        self._books = [
            Rulebook(
                earlier, contract, time_zone, f"Targets and calendar are those of the settings captured {at:%Y-%m-%d}."
            )
            for at, earlier in ordered
        ]
        note = "No settings captured before this ticket was entered are at hand: those at capture are used."
        self._now = Rulebook(records, contract, time_zone, note)

    def at(self, entered: datetime) -> Rulebook:
        i = bisect_right(self._times, entered) - 1
        return self._books[i] if i >= 0 else self._now


def _over(upper: Goal, lower: Goal) -> Goal:
    """`upper` where it says something, else `lower`."""
    return Goal(
        response=lower.response if upper.response is None else upper.response,
        plan=lower.plan if upper.plan is None else upper.plan,
        resolution=lower.resolution if upper.resolution is None else upper.resolution,
        response_percent=lower.response_percent if upper.response_percent is None else upper.response_percent,
        plan_percent=lower.plan_percent if upper.plan_percent is None else upper.plan_percent,
        resolution_percent=lower.resolution_percent if upper.resolution_percent is None else upper.resolution_percent,
    )


def _same_hours(a: BusinessHours, b: BusinessHours) -> bool:
    return (a.week, a.zone, set(a.closed), dict(a.overrides), a.later) == (
        b.week, b.zone, set(b.closed), dict(b.overrides), b.later,
    )  # fmt: skip


def _time(seconds: int | None) -> str:
    return duration(seconds) if seconds else "no target"
