"""Which calendar governs a ticket, and its hours through time: each day by the settings captured last before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psa_evidence.errors import EvidenceError
from psa_evidence.records import BusinessCalendar, RecordSet
from psa_evidence.sla.calendar import BusinessHours
from psa_evidence.sla.instants import local_instant, seconds_of
from psa_evidence.sla.opening import ClosedDay, Version
from psa_evidence.sla.terms import ContractTerms


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """Either the hours that govern, or the reason why they are not known.

    `changes` are the instants (whole seconds since 1970) from which other hours count, each with its note.
    """

    hours: BusinessHours | None
    name: str | None
    reason: str = ""
    notes: tuple[str, ...] = ()
    changes: tuple[tuple[int, str], ...] = ()


class CalendarHistory:
    """A calendar of the PSA as it was through all captures of the settings, oldest first."""

    def __init__(self, captures: Sequence[tuple[datetime, RecordSet]]) -> None:
        self._captures: list[tuple[datetime, dict[str, tuple[BusinessCalendar, tuple[ClosedDay, ...]]]]] = []
        for at, records in captures:
            lists: dict[str, list[ClosedDay]] = {}
            for holiday in records.holidays:
                closed = ClosedDay.on(holiday.day, spans=holiday.closed, name=holiday.name)
                lists.setdefault(holiday.list_id, []).append(closed)
            found = {
                calendar.id: (calendar, tuple(lists.get(calendar.holiday_list_id or "", ())))
                for calendar in records.calendars
            }
            self._captures.append((at, found))
        self._made: dict[tuple[str, str], tuple[BusinessHours, tuple[tuple[int, str], ...]]] = {}

    def hours(self, calendar_id: str, zone: str) -> tuple[BusinessHours, tuple[tuple[int, str], ...]]:
        """The hours, and the instants from which others count. Raises ConfigurationError for impossible hours."""
        key = (calendar_id, zone)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, calendar_id: str, zone: str) -> tuple[BusinessHours, tuple[tuple[int, str], ...]]:
        shown = [(at, *found[calendar_id]) for at, found in self._captures if calendar_id in found]
        _, first, closed = shown[0]
        later: list[Version] = []
        changes: list[tuple[int, str]] = []
        week, list_now = first.week, frozenset(closed)
        for at, calendar, closings in shown[1:]:
            if calendar.week == week and frozenset(closings) == list_now:
                continue
            day = at.astimezone(ZoneInfo(zone)).date()
            later = [version for version in later if version.first != day]
            later.append(Version(day, calendar.week, closings))
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a local time, made an instant next
            what = "hours" if calendar.week != week else "closed days"
            note = f"The PSA's calendar {calendar.name} has other {what} from {day} on, when they were captured."
            changes.append((seconds_of(local_instant(midnight, zone)), note))
            week, list_now = calendar.week, frozenset(closings)
        hours = BusinessHours(week=first.week, zone=zone, closed=closed, later=tuple(later))
        return hours, tuple(changes)


class CalendarBook:
    """The choice by the settings of one capture: the contract's calendar, else the one that the SLA is based on."""

    def __init__(
        self, records: RecordSet, contract: ContractTerms, time_zone: str | None, history: CalendarHistory
    ) -> None:
        self._contract, self._zone, self._history = contract, time_zone, history
        self._system = records.system
        self._policies = {policy.id: policy for policy in records.sla_policies}
        self._calendars = {calendar.id: calendar for calendar in records.calendars}
        self._clients = {client.id: client for client in records.clients}
        self._around_the_clock: dict[str, BusinessHours] = {}

    def choose(self, sla_id: str | None, client_id: str | None) -> CalendarChoice:
        """The calendar for tickets of a client under an SLA."""
        own = self.of_the_psa(sla_id, client_id)
        ours = self._contract.calendar
        if ours is None:
            return own
        name = self._contract.calendar_name or "the contract's hours"
        notes: tuple[str, ...] = ()
        if own.hours is not None and not _same_hours(own.hours, ours):
            notes = (f"The contract's calendar is {name}; the PSA's settings name {own.name}.",)
        return CalendarChoice(ours, name, notes=notes)

    def of_the_psa(self, sla_id: str | None, client_id: str | None) -> CalendarChoice:
        """The calendar that the PSA's settings name, whatever the contract says."""
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
            hours, changes = self._history.hours(calendar.id, zone)
        except (EvidenceError, ValueError, OSError) as error:
            return CalendarChoice(None, calendar.name, f"the calendar cannot be used: {error}")
        return CalendarChoice(hours, f"{calendar.name} ({zone})", changes=changes)

    def _always(self, zone: str) -> BusinessHours:
        if zone not in self._around_the_clock:
            try:
                self._around_the_clock[zone] = BusinessHours.always(zone)
            except EvidenceError:
                self._around_the_clock[zone] = BusinessHours.always()
        return self._around_the_clock[zone]


def _same_hours(a: BusinessHours, b: BusinessHours) -> bool:
    return (a.week, a.zone, set(a.closed), dict(a.overrides), a.later) == (
        b.week, b.zone, set(b.closed), dict(b.overrides), b.later,
    )  # fmt: skip
