"""The API's objects as far as this version reads them. Everything is optional but the id: absent is not invented."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from psa_evidence_connectwise.values import Day, Instant


class Payload(BaseModel):
    """Names in snake_case stand for the API's camelCase. Fields not named here are kept in the raw record."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="ignore", frozen=True, coerce_numbers_to_str=True, protected_namespaces=()
    )


class Ref(Payload):
    """A reference to another object."""

    id: int | None = None
    name: str | None = None
    identifier: str | None = None


class Info(Payload):
    last_updated: Instant = None
    updated_by: str | None = None
    date_entered: Instant = None
    entered_by: str | None = None


class Row(Payload):
    id: int
    info: Info = Field(default=Info(), alias="_info")


class TicketRow(Row):
    summary: str = ""
    record_type: str | None = None
    board: Ref | None = None
    status: Ref | None = None
    priority: Ref | None = None
    company: Ref | None = None
    contact: Ref | None = None
    contact_name: str | None = None
    type: Ref | None = None
    owner: Ref | None = None
    resources: str | None = None
    source: Ref | None = None
    agreement: Ref | None = None
    sla: Ref | None = None
    date_entered: Instant = None
    entered_by: str | None = None
    closed_date: Instant = None
    closed_flag: bool | None = None
    parent_ticket_id: int | None = None
    merged_parent_ticket: Ref | None = None
    actual_hours: float | None = None
    sla_status: str | None = None
    is_in_sla: bool | None = None
    respond_minutes: int | None = None
    res_plan_minutes: int | None = None
    resolve_minutes: int | None = None
    responded_skipped_minutes: int | None = None
    resplan_skipped_minutes: int | None = None
    minutes_waiting: int | None = None
    date_responded: Instant = None
    date_resplan: Instant = None
    date_resolved: Instant = None
    respond_by_goal: Instant = Field(default=None, alias="respondByGoalUTC")
    resplan_goal: Instant = Field(default=None, alias="resplanGoalUTC")
    resolution_goal: Instant = Field(default=None, alias="resolutionGoalUTC")


class NoteRow(Row):
    """ServiceTicketNote (allNotes) and ServiceNote (notes)."""

    note_type: str | None = None
    ticket: Ref | None = None
    ticket_id: int | None = None
    text: str | None = None
    detail_description_flag: bool | None = None
    internal_analysis_flag: bool | None = None
    resolution_flag: bool | None = None
    internal_flag: bool | None = None
    external_flag: bool | None = None
    time_start: Instant = None
    date_created: Instant = None
    created_by: str | None = None
    original_author: str | None = None
    member: Ref | None = None
    contact: Ref | None = None


class TimeRow(Row):
    company: Ref | None = None
    charge_to_id: int | None = None
    charge_to_type: str | None = None
    ticket: Ref | None = None
    member: Ref | None = None
    work_type: Ref | None = None
    agreement: Ref | None = None
    time_start: Instant = None
    time_end: Instant = None
    actual_hours: float | None = None
    billable_option: str | None = None
    notes: str | None = None
    internal_notes: str | None = None
    entered_by: str | None = None
    date_entered: Instant = None
    invoice: Ref | None = None


class BoardRow(Row):
    name: str = ""
    project_flag: bool | None = None


class StatusRow(Row):
    name: str = ""
    board: Ref | None = None
    parent_id: int | None = None
    closed_status: bool | None = None
    inactive: bool | None = None
    escalation_status: str | None = None


class PriorityRow(Row):
    name: str = ""
    sort_order: int | None = None
    level: str | None = None


class TargetRow(Row):
    """What an SLA and its row for a priority share. Hours are decimals."""

    respond_hours: float | None = None
    respond_percent: int | None = None
    plan_within: float | None = None
    plan_within_percent: int | None = None
    resolution_hours: float | None = None
    resolution_percent: int | None = None


class SlaRow(TargetRow):
    name: str = ""
    based_on: str | None = None
    custom_calendar: Ref | None = None
    default_flag: bool | None = None


class SlaPriorityRow(TargetRow):
    priority: Ref | None = None
    sla: Ref | None = None
    parent_id: int | None = None


class CalendarRow(Row):
    name: str = ""
    holiday_list: Ref | None = None
    monday_start_time: str | None = None
    monday_end_time: str | None = None
    tuesday_start_time: str | None = None
    tuesday_end_time: str | None = None
    wednesday_start_time: str | None = None
    wednesday_end_time: str | None = None
    thursday_start_time: str | None = None
    thursday_end_time: str | None = None
    friday_start_time: str | None = None
    friday_end_time: str | None = None
    saturday_start_time: str | None = None
    saturday_end_time: str | None = None
    sunday_start_time: str | None = None
    sunday_end_time: str | None = None


class HolidayRow(Row):
    name: str = ""
    all_day_flag: bool | None = None
    date: Day = None
    time_start: str | None = None
    time_end: str | None = None
    holiday_list: Ref | None = None


class ScheduleRow(Row):
    object_id: int | None = None
    type: Ref | None = None
    member: Ref | None = None
    date_start: Instant = None
    date_end: Instant = None
    done_flag: bool | None = None
    acknowledged_date: Instant = None


class SurveyResultRow(Row):
    survey_id: int | None = None
    ticket_id: int | None = None
    company: Ref | None = None
    total_points: int | None = None
    footer_response: str | None = None


class SystemRow(Payload):
    version: str | None = None
    is_cloud: bool | None = None
    server_time_zone: str | None = None


class MyCompanyRow(Payload):
    server_time_zone: Ref | None = None
    default_calendar: Ref | None = None


class TimeZoneRow(Row):
    name: str | None = None
    time_zone: Ref | None = None


class PermissionRow(Payload):
    module_name: str | None = None
    module_description: str | None = None
    module_function_name: str | None = None
    module_function_description: str | None = None
    inquire_level: str | None = None


def spoken(reference: Ref | None) -> str | None:
    """How people call what is referred to."""
    return (reference.name or reference.identifier) if reference else None


def ident(reference: Ref | None) -> str | None:
    """The login-like identifier of a member, else the name."""
    return (reference.identifier or reference.name) if reference else None


def key(reference: Ref | None) -> str | None:
    return None if reference is None or reference.id is None else str(reference.id)


def text_id(number: int | None) -> str | None:
    return None if number is None else str(number)
