"""From raw records to typed ones: pure, whole, in a fixed order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from psa_evidence.records import Kind, Member, Opportunity, RecordSet, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise import read_business, read_details, read_promises, read_service
from psa_evidence_connectwise.history import read_history
from psa_evidence_connectwise.payloads_business import OpportunityNoteRow
from psa_evidence_connectwise.read_system import system, zone_setups
from psa_evidence_connectwise.reading import Broken, Reading, parent_of, read

R = TypeVar("R")
Reader = Callable[[RawRecord, Reading], Any]

READERS: dict[Kind, tuple[Reader, str]] = {
    "activity": (read_business.activity, "activities"),
    "addition": (read_promises.addition, "additions"),
    "adjustment": (read_details.adjustment, "adjustments"),
    "agreement": (read_promises.agreement, "agreements"),
    "agreement_work_role": (read_details.work_role_rate, "rates"),
    "agreement_work_type": (read_details.work_type_rate, "rates"),
    "api_member": (read_business.api_member, "members"),
    "board": (read_promises.board, "boards"),
    "calendar": (read_promises.calendar, "calendars"),
    "client": (read_business.client, "clients"),
    "configuration": (read_business.configuration, "configurations"),
    "contact": (read_business.contact, "contacts"),
    "document": (read_business.document, "documents"),
    "holiday": (read_promises.holiday, "holidays"),
    "invoice": (read_business.invoice, "invoices"),
    "member": (read_business.member, "members"),
    "note": (read_service.message, "messages"),
    "payment": (read_business.payment, "payments"),
    "permission": (read_business.permission, "permissions"),
    "priority": (read_promises.priority, "priorities"),
    "project": (read_details.project, "projects"),
    "project_phase": (read_details.phase, "project_phases"),
    "project_ticket": (read_details.project_ticket, "project_tickets"),
    "record_history": (read_details.record_history, "record_history"),
    "schedule_entry": (read_service.schedule_entry, "schedule_entries"),
    "site": (read_details.site, "sites"),
    "sla": (read_promises.sla, "sla_policies"),
    "sla_target": (read_promises.sla_target, "sla_targets"),
    "status": (read_promises.status, "statuses"),
    "survey_result": (read_service.survey_result, "survey_results"),
    "task": (read_details.task, "tasks"),
    "ticket": (read_service.ticket, "tickets"),
    "ticket_configuration": (read_details.attached, "attached"),
    "time_audit": (read_details.time_audit, "time_audits"),
    "time_entry": (read_service.time_entry, "time_entries"),
    "work_role_exclusion": (read_details.work_role_exclusion, "exclusions"),
    "work_type_exclusion": (read_details.work_type_exclusion, "exclusions"),
}

WHEN = {
    "activities": "starts_at", "additions": "effective", "adjustments": "effective", "agreements": "start",
    "configurations": "entered_at",
    "documents": "entered_at", "holidays": "day", "invoices": "issued_on", "messages": "at",
    "opportunities": "entered_at", "payments": "paid_on", "project_tickets": "entered_at", "record_history": "at",
    "time_audits": "at", "schedule_entries": "starts_at", "survey_results": "at",
    "tickets": "entered_at", "time_entries": "started_at",
}  # fmt: skip
"""What each kind is ordered by before its id; the others have no time."""


def interpret(raw: Iterable[RawRecord]) -> RecordSet:
    """See `psa_evidence.spi.Connector.interpret`. A record handed in twice is read once."""
    by_kind: dict[str, dict[tuple[str, str], RawRecord]] = defaultdict(dict)
    for one in raw:
        same = by_kind[one.kind].setdefault((one.id, one.sha256), one)
        if (one.captured_at, one.capture) < (same.captured_at, same.capture):
            by_kind[one.kind][(one.id, one.sha256)] = one
    reading = Reading()
    reading.zones = zone_setups(by_kind["time_zone"].values(), reading)
    found: dict[str, list[Any]] = defaultdict(list)
    for kind, (reader, name) in READERS.items():
        for one in by_kind[kind].values():
            try:
                found[name].append(reader(one, reading))
            except Broken as problem:
                reading.broken(one, problem)
    found["members"] = _with_keys(found["members"])
    found["opportunities"] = _opportunities(by_kind, reading)
    about = system([one for kind in ("system_info", "my_company") for one in by_kind[kind].values()], reading)
    found["history"], found["changes"] = read_history(list(by_kind["history"].values()), found, reading)
    ordered: dict[str, Any] = {
        name: tuple(records) if name in {"history", "changes"} else tuple(sorted(records, key=_order(WHEN.get(name))))
        for name, records in found.items()
    }
    unread = sorted(set(reading.unread), key=lambda one: (source_order(one.source), one.reason))
    return RecordSet(system=about, unread=tuple(unread), **ordered)


def _with_keys(members: list[Member]) -> list[Member]:
    """Whoever is listed as a key anywhere is one everywhere: the PSA may list it among its members too."""
    keys = {member.identifier.casefold() for member in members if member.api}
    return [replace(one, api=True) if one.identifier.casefold() in keys else one for one in members]


def _opportunities(by_kind: dict[str, dict[tuple[str, str], RawRecord]], reading: Reading) -> list[Opportunity]:
    notes: dict[str, list[tuple[int, str, OpportunityNoteRow]]] = defaultdict(list)
    for one in by_kind["opportunity_note"].values():
        try:
            note, _ = read(one, OpportunityNoteRow, reading)
            on = parent_of(one, "opportunity") or str(note.opportunity_id or "")
            notes[on].append((note.id, one.sha256, note))
        except Broken as problem:
            reading.broken(one, problem)
    found = []
    for one in by_kind["opportunity"].values():
        below = tuple(note for _, _, note in sorted(notes[one.id], key=lambda item: item[:2]))
        try:
            found.append(read_business.opportunity(one, reading, below))
        except Broken as problem:
            reading.broken(one, problem)
    return found


def id_order(text: str) -> tuple[int, int, str]:
    """Numeric ids by number, others after them by text."""
    return (0, int(text), "") if text.isascii() and text.isdecimal() and len(text) < 30 else (1, 0, text)


def source_order(source: SourceRef) -> tuple[str, tuple[int, int, str], str]:
    return source.kind, id_order(source.id), source.sha256


def _order(when: str | None) -> Callable[[Any], Any]:
    if when is None:
        return lambda record: (id_order(record.id), record.source.sha256)

    def order(record: Any) -> Any:
        value = getattr(record, when)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return value is None, value or datetime.max.replace(tzinfo=UTC), id_order(record.id), record.source.sha256

    return order
