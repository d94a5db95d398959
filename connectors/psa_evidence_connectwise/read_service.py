"""Readers of what was done: tickets, notes, time, schedule, surveys. One raw record in, one record out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from psa_evidence.records import (
    Channel,
    Message,
    PsaSla,
    ScheduleEntry,
    Side,
    SurveyResult,
    Ticket,
    TimeEntry,
)
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.machines import is_machine
from psa_evidence_connectwise.payloads import (
    NoteRow,
    ScheduleRow,
    SurveyResultRow,
    TicketRow,
    TimeRow,
    ident,
    key,
    spoken,
    text_id,
)
from psa_evidence_connectwise.reading import Broken, Reading, parent_of, read

_KINDS: Final[Mapping[str, Channel]] = {"TimeEntryNote": "time entry", "MeetingNote": "meeting"}
_GATES: Final[Mapping[str, Channel]] = {
    "emailconnector": "e-mail", "portal": "portal", "customerportal": "portal",
}  # fmt: skip
"""Names under which the PSA itself enters what comes in: no person has them."""


def ticket(raw: RawRecord, reading: Reading) -> Ticket:
    row, source = read(raw, TicketRow, reading)
    return Ticket(
        source=source,
        id=str(row.id),
        client_id=key(row.company),
        summary=row.summary,
        record_type=row.record_type,
        board_id=key(row.board),
        status_id=key(row.status),
        status_name=spoken(row.status),
        priority_id=key(row.priority),
        priority_name=spoken(row.priority),
        type_name=spoken(row.type),
        contact_id=key(row.contact),
        contact_name=row.contact_name or spoken(row.contact),
        owner=ident(row.owner),
        resources=tuple(name for part in (row.resources or "").split(",") if (name := part.strip())),
        channel=spoken(row.source),
        agreement_id=key(row.agreement),
        agreement_name=spoken(row.agreement),
        sla_id=key(row.sla),
        sla_name=spoken(row.sla),
        entered_at=row.date_entered or row.info.date_entered,
        entered_by=row.entered_by or row.info.entered_by,
        updated_at=row.info.last_updated,
        closed_at=row.closed_date,
        closed=row.closed_flag,
        parent_id=text_id(row.parent_ticket_id),
        merged_into_id=key(row.merged_parent_ticket),
        actual_hours=row.actual_hours,
        psa=PsaSla(
            status=row.sla_status,
            in_sla=row.is_in_sla,
            respond_minutes=row.respond_minutes,
            plan_minutes=row.res_plan_minutes,
            resolve_minutes=row.resolve_minutes,
            respond_skipped_minutes=row.responded_skipped_minutes,
            plan_skipped_minutes=row.resplan_skipped_minutes,
            waiting_minutes=row.minutes_waiting,
            responded_at=row.date_responded,
            planned_at=row.date_resplan,
            resolved_at=row.date_resolved,
            respond_by=row.respond_by_goal,
            plan_by=row.resplan_goal,
            resolve_by=row.resolution_goal,
        ),
    )


def message(raw: RawRecord, reading: Reading) -> Message:
    row, source = read(raw, NoteRow, reading)
    on = key(row.ticket) or text_id(row.ticket_id) or parent_of(raw, "ticket")
    if on is None:
        raise Broken("names no ticket")
    return Message(
        source=source,
        id=raw.id,
        ticket_id=on,
        text=row.text or "",
        at=row.time_start or row.date_created or row.info.date_entered,
        author=spoken(row.member) or spoken(row.contact) or row.original_author or row.created_by
        or row.info.entered_by,
        side=_side(row),
        internal=_internal(row),
        resolution=row.resolution_flag,
        discussion=row.detail_description_flag,
        from_time_entry=row.note_type == "TimeEntryNote",
        channel=_channel(row),
        entered_at=row.date_created or row.info.date_entered,
        entered_by=row.original_author or row.created_by or row.info.entered_by,
        updated_at=row.info.last_updated,
        updated_by=row.info.updated_by,
    )  # fmt: skip


def _side(row: NoteRow) -> Side:
    """A member writes for the MSP, a contact for the client. Both or neither says nothing by itself."""
    if row.member is not None and row.contact is None:
        return "msp"
    if row.contact is not None and row.member is None:
        return "client"
    if row.member is None and is_machine(row.original_author or row.created_by or row.info.entered_by, None):
        return "system"
    return "unknown"


def _channel(row: NoteRow) -> Channel | None:
    """As its kind or the name under which it was entered says. The API names no channel of a note."""
    if (kind := _KINDS.get(row.note_type or "")) is not None:
        return kind
    by = row.original_author or row.created_by or row.info.entered_by or ""
    return _GATES.get(by.replace(" ", "").casefold())


def _internal(row: NoteRow) -> bool | None:
    """Never shown to the client: internal, and neither discussion nor resolution nor external. None when not told."""
    if row.detail_description_flag or row.external_flag or row.resolution_flag:
        return False
    if row.internal_analysis_flag or row.internal_flag:
        return True
    told = (row.internal_analysis_flag, row.internal_flag, row.detail_description_flag)
    return None if all(flag is None for flag in told) else False


def time_entry(raw: RawRecord, reading: Reading) -> TimeEntry:
    row, source = read(raw, TimeRow, reading)
    on = key(row.ticket)
    if on is None and row.charge_to_type in {"ServiceTicket", "ProjectTicket"}:
        on = text_id(row.charge_to_id)
    return TimeEntry(
        source=source,
        id=str(row.id),
        ticket_id=on,
        client_id=key(row.company),
        member=ident(row.member),
        started_at=row.time_start,
        ended_at=row.time_end,
        hours=row.actual_hours,
        entered_at=row.date_entered or row.info.date_entered,
        entered_by=row.entered_by or row.info.entered_by,
        updated_at=row.info.last_updated,
        updated_by=row.info.updated_by,
        billable=row.billable_option,
        work_type=spoken(row.work_type),
        agreement_id=key(row.agreement),
        notes=row.notes or "",
        internal_notes=row.internal_notes or "",
        invoice_id=key(row.invoice),
    )


def schedule_entry(raw: RawRecord, reading: Reading) -> ScheduleEntry:
    row, source = read(raw, ScheduleRow, reading)
    return ScheduleEntry(
        source=source,
        id=str(row.id),
        kind=ident(row.type),
        object_id=text_id(row.object_id),
        member=ident(row.member),
        starts_at=row.date_start,
        ends_at=row.date_end,
        done=row.done_flag,
        acknowledged_at=row.acknowledged_date,
    )


def survey_result(raw: RawRecord, reading: Reading) -> SurveyResult:
    row, source = read(raw, SurveyResultRow, reading)
    return SurveyResult(
        source=source,
        id=str(row.id),
        survey_id=text_id(row.survey_id) or parent_of(raw, "survey") or "",
        ticket_id=text_id(row.ticket_id),
        client_id=key(row.company),
        points=row.total_points,
        comment=row.footer_response,
        at=row.info.date_entered or row.info.last_updated,
    )
