"""Readers of what hangs on tickets, time entries and agreements, and of projects."""

from __future__ import annotations

from psa_evidence.records import (
    AgreementAdjustment,
    AgreementExclusion,
    AgreementRate,
    AttachedConfiguration,
    Project,
    ProjectPhase,
    ProjectTicket,
    RecordHistory,
    Site,
    Task,
    TimeAudit,
)
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import Ref, ident, key, spoken, text_id
from psa_evidence_connectwise.payloads_details import (
    AdjustmentRow,
    AgreementWorkRoleRow,
    AgreementWorkTypeRow,
    AttachedRow,
    AuditRow,
    PhaseRow,
    ProjectRow,
    ProjectTicketRow,
    SiteRow,
    TaskRow,
    TimeAuditRow,
    WorkRoleExclusionRow,
    WorkTypeExclusionRow,
)
from psa_evidence_connectwise.read_system import zone_of
from psa_evidence_connectwise.reading import Broken, Reading, parent_of, read


def task(raw: RawRecord, reading: Reading) -> Task:
    row, source = read(raw, TaskRow, reading)
    on = text_id(row.ticket_id) or parent_of(raw, "ticket") or parent_of(raw, "project_ticket")
    if on is None:
        raise Broken("names no ticket")
    return Task(
        source=source,
        id=str(row.id),
        ticket_id=on,
        text=row.notes or row.summary or "",
        closed=row.closed_flag,
        position=row.priority,
        member=ident(row.member),
        resolution=row.resolution,
    )


def attached(raw: RawRecord, reading: Reading) -> AttachedConfiguration:
    row, source = read(raw, AttachedRow, reading)
    on = parent_of(raw, "ticket") or parent_of(raw, "project_ticket")
    if on is None:
        raise Broken("names no ticket")
    return AttachedConfiguration(
        source=source, id=raw.id, ticket_id=on, configuration_id=str(row.id), name=row.device_identifier or row.name
    )


def time_audit(raw: RawRecord, reading: Reading) -> TimeAudit:
    row, source = read(raw, TimeAuditRow, reading)
    on = parent_of(raw, "time_entry")
    if on is None:
        raise Broken("names no time entry")
    return TimeAudit(
        source=source,
        id=str(row.id),
        time_entry_id=on,
        at=row.info.date_entered or row.info.last_updated,
        by=ident(row.member) or row.info.entered_by or row.info.updated_by,
        kind=row.type,
        message=row.message or "",
        old=row.old_value,
        new=row.new_value if row.new_value is not None else row.value,
        channel=row.source,
    )


def adjustment(raw: RawRecord, reading: Reading) -> AgreementAdjustment:
    row, source = read(raw, AdjustmentRow, reading)
    return AgreementAdjustment(
        source=source,
        id=str(row.id),
        agreement_id=_agreement(raw, row.agreement_id),
        amount=row.amount,
        description=row.description or "",
        effective=row.effective_date,
    )


def work_type_rate(raw: RawRecord, reading: Reading) -> AgreementRate:
    row, source = read(raw, AgreementWorkTypeRow, reading)
    return AgreementRate(
        source=source,
        id=str(row.id),
        agreement_id=_agreement(raw, row.agreement_id, row.agreement),
        of="work type",
        name=spoken(row.work_type),
        rate_type=row.rate_type,
        rate=row.rate,
        billing=row.bill_time,
        limit=row.agreement_limit,
        effective=row.effective_date,
        ending=row.ending_date,
    )


def work_role_rate(raw: RawRecord, reading: Reading) -> AgreementRate:
    row, source = read(raw, AgreementWorkRoleRow, reading)
    return AgreementRate(
        source=source,
        id=str(row.id),
        agreement_id=_agreement(raw, row.agreement_id, row.agreement),
        of="work role",
        name=spoken(row.work_role),
        rate_type=row.rate_type,
        rate=row.rate,
        limit=row.limit_to,
        effective=row.effective_date,
        ending=row.ending_date,
    )


def work_type_exclusion(raw: RawRecord, reading: Reading) -> AgreementExclusion:
    row, source = read(raw, WorkTypeExclusionRow, reading)
    on = _agreement(raw, row.agreement_id)
    return AgreementExclusion(
        source=source, id=str(row.id), agreement_id=on, of="work type", name=spoken(row.work_type)
    )


def work_role_exclusion(raw: RawRecord, reading: Reading) -> AgreementExclusion:
    row, source = read(raw, WorkRoleExclusionRow, reading)
    on = _agreement(raw, row.agreement_id)
    return AgreementExclusion(
        source=source, id=str(row.id), agreement_id=on, of="work role", name=spoken(row.work_role)
    )


def _agreement(raw: RawRecord, number: int | None, reference: Ref | None = None) -> str:
    on = text_id(number) or key(reference) or parent_of(raw, "agreement")
    if on is None:
        raise Broken("names no agreement")
    return on


def site(raw: RawRecord, reading: Reading) -> Site:
    row, source = read(raw, SiteRow, reading)
    return Site(
        source=source,
        id=str(row.id),
        client_id=key(row.company) or parent_of(raw, "client"),
        name=row.name,
        calendar_id=key(row.calendar),
        time_zone=zone_of(row.time_zone, source, reading),
    )


def project(raw: RawRecord, reading: Reading) -> Project:
    row, source = read(raw, ProjectRow, reading)
    return Project(
        source=source,
        id=str(row.id),
        name=row.name,
        client_id=key(row.company),
        status=spoken(row.status),
        manager=ident(row.manager),
        closed=row.closed_flag,
        agreement_id=key(row.agreement),
        starts_on=row.estimated_start,
        ends_on=row.estimated_end,
        actual_hours=row.actual_hours,
    )


def phase(raw: RawRecord, reading: Reading) -> ProjectPhase:
    row, source = read(raw, PhaseRow, reading)
    on = text_id(row.project_id) or parent_of(raw, "project")
    if on is None:
        raise Broken("names no project")
    return ProjectPhase(
        source=source,
        id=str(row.id),
        project_id=on,
        description=row.description or "",
        status=spoken(row.status),
        starts_on=row.start_date or row.scheduled_start,
        ends_on=row.end_date or row.scheduled_end,
    )


def project_ticket(raw: RawRecord, reading: Reading) -> ProjectTicket:
    row, source = read(raw, ProjectTicketRow, reading)
    return ProjectTicket(
        source=source,
        id=str(row.id),
        summary=row.summary,
        client_id=key(row.company),
        project_id=key(row.project),
        phase_id=key(row.phase),
        status=spoken(row.status),
        owner=ident(row.owner),
        closed=row.closed_flag,
        closed_at=row.closed_date,
        entered_at=row.info.date_entered,
        actual_hours=row.actual_hours,
    )


def record_history(raw: RawRecord, reading: Reading) -> RecordHistory:
    row, source = read(raw, AuditRow, reading)
    if not raw.parent:
        raise Broken("names no record")
    if row.text is None and row.entered_date is None:
        raise Broken("says nothing")
    kind = " / ".join(part for part in (row.audit_type, row.audit_sub_type) if part)
    return RecordHistory(
        source=source,
        id=raw.id,
        of=raw.parent,
        text=row.text or "",
        at=row.entered_date,
        by=row.entered_by,
        kind=kind or None,
        channel=row.audit_source,
    )
