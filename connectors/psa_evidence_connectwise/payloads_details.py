"""The API's objects about tasks, audits of time entries, terms of agreements and projects, as far as they are read."""

from __future__ import annotations

from psa_evidence_connectwise.payloads import Payload, Ref, Row
from psa_evidence_connectwise.values import Day, Instant


class TaskRow(Row):
    ticket_id: int | None = None
    notes: str | None = None
    summary: str | None = None
    closed_flag: bool | None = None
    priority: int | None = None
    member: Ref | None = None
    resolution: str | None = None


class AttachedRow(Row):
    """A reference to a configuration, as `tickets/{id}/configurations` sends it."""

    device_identifier: str | None = None
    name: str | None = None


class TimeAuditRow(Row):
    member: Ref | None = None
    source: str | None = None
    type: str | None = None
    message: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    value: str | None = None


class AdjustmentRow(Row):
    agreement_id: int | None = None
    amount: float | None = None
    description: str | None = None
    effective_date: Day = None


class AgreementWorkTypeRow(Row):
    agreement_id: int | None = None
    agreement: Ref | None = None
    work_type: Ref | None = None
    rate_type: str | None = None
    rate: float | None = None
    bill_time: str | None = None
    agreement_limit: float | None = None
    effective_date: Day = None
    ending_date: Day = None


class AgreementWorkRoleRow(Row):
    agreement_id: int | None = None
    agreement: Ref | None = None
    work_role: Ref | None = None
    rate_type: str | None = None
    rate: float | None = None
    limit_to: float | None = None
    effective_date: Day = None
    ending_date: Day = None


class WorkTypeExclusionRow(Row):
    agreement_id: int | None = None
    work_type: Ref | None = None


class WorkRoleExclusionRow(Row):
    agreement_id: int | None = None
    work_role: Ref | None = None


class SiteRow(Row):
    name: str = ""
    company: Ref | None = None
    calendar: Ref | None = None
    time_zone: Ref | None = None


class ProjectRow(Row):
    name: str = ""
    company: Ref | None = None
    status: Ref | None = None
    manager: Ref | None = None
    closed_flag: bool | None = None
    agreement: Ref | None = None
    estimated_start: Day = None
    estimated_end: Day = None
    actual_hours: float | None = None


class PhaseRow(Row):
    project_id: int | None = None
    description: str | None = None
    status: Ref | None = None
    start_date: Day = None
    end_date: Day = None
    scheduled_start: Day = None
    scheduled_end: Day = None


class ProjectTicketRow(Row):
    summary: str = ""
    company: Ref | None = None
    project: Ref | None = None
    phase: Ref | None = None
    status: Ref | None = None
    owner: Ref | None = None
    closed_flag: bool | None = None
    closed_date: Instant = None
    actual_hours: float | None = None


class AuditRow(Payload):
    """A line of any record's audit trail: it has no id."""

    text: str | None = None
    entered_date: Instant = None
    entered_by: str | None = None
    audit_type: str | None = None
    audit_sub_type: str | None = None
    audit_source: str | None = None
