"""What was done: tickets and what hangs on them. All datetimes are aware, UTC; texts are as received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psa_evidence.records.parties import Side
from psa_evidence.records.source import SourceRef

Escalation = Literal["NotResponded", "Responded", "ResolutionPlan", "Resolved", "NoEscalation"]
"""What a status means to the SLA clock (BoardStatus.escalationStatus of the ConnectWise API)."""

Stage = Literal["response", "plan", "resolution"]

Channel = Literal["e-mail", "portal", "time entry", "meeting"]
"""How a message came into the PSA, where its record says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    source: SourceRef
    id: str
    name: str
    project: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    source: SourceRef
    id: str
    board_id: str
    name: str
    escalation: Escalation | None = None
    closed: bool | None = None
    inactive: bool | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    source: SourceRef
    id: str
    name: str
    sort: int | None = None
    level: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PsaSla:
    """The PSA's own SLA figures for one ticket, verbatim. Minutes are segments, not cumulative."""

    status: str | None = None
    in_sla: bool | None = None
    respond_minutes: int | None = None
    plan_minutes: int | None = None
    resolve_minutes: int | None = None
    respond_skipped_minutes: int | None = None
    plan_skipped_minutes: int | None = None
    waiting_minutes: int | None = None
    responded_at: datetime | None = None
    planned_at: datetime | None = None
    resolved_at: datetime | None = None
    respond_by: datetime | None = None
    plan_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    source: SourceRef
    id: str
    client_id: str | None
    summary: str
    record_type: str | None = None
    board_id: str | None = None
    status_id: str | None = None
    status_name: str | None = None
    priority_id: str | None = None
    priority_name: str | None = None
    type_name: str | None = None
    contact_id: str | None = None
    contact_name: str | None = None
    owner: str | None = None
    resources: tuple[str, ...] = ()
    channel: str | None = None
    agreement_id: str | None = None
    agreement_name: str | None = None
    sla_id: str | None = None
    sla_name: str | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None
    updated_at: datetime | None = None
    closed_at: datetime | None = None
    closed: bool | None = None
    parent_id: str | None = None
    merged_into_id: str | None = None
    actual_hours: float | None = None
    psa: PsaSla = PsaSla()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A note or an e-mail on a ticket. `internal` notes were never shown to the client.

    `at` is when it was said, or the work that it tells of began; `entered_at` when it was typed in, which is later for
    work. `from_time_entry`: the text of a time entry, which a PSA lists among the notes as well. `entered_by` is
    an identifier, as in the audit trail; `author` a name.
    """

    source: SourceRef
    id: str
    ticket_id: str
    text: str
    at: datetime | None
    author: str | None = None
    side: Side = "unknown"
    internal: bool | None = None
    resolution: bool | None = None
    discussion: bool | None = None
    from_time_entry: bool = False
    channel: Channel | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """Work as recorded. `hours` is the PSA's own figure; `entered_at` is when it was typed in."""

    source: SourceRef
    id: str
    ticket_id: str | None
    client_id: str | None
    member: str | None
    started_at: datetime | None
    ended_at: datetime | None
    hours: float | None
    entered_at: datetime | None
    entered_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    billable: str | None = None
    work_type: str | None = None
    agreement_id: str | None = None
    notes: str = ""
    internal_notes: str = ""
    invoice_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line of a record's audit trail, verbatim. `mailed_to` are the addresses to which it says that an e-mail was
    sent, in small letters."""

    source: SourceRef
    id: str
    ticket_id: str
    text: str
    at: datetime | None
    by: str | None = None
    audit_type: str | None = None
    audit_subtype: str | None = None
    audit_source: str | None = None
    mailed_to: tuple[str, ...] = ()


ChangeField = Literal["status", "priority", "board", "owner", "agreement", "sla", "created", "merged", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A history entry that was understood: `field` went from `old` (when the text says so) to `new`.

    For `status`, `board` and `priority` the ids are given when exactly one known name matches; otherwise None.
    `by` is the member identifier as recorded; `automatic` is True when an integration or a workflow acted.
    """

    source: SourceRef
    ticket_id: str
    at: datetime
    field: ChangeField
    old: str | None
    new: str | None
    old_id: str | None = None
    new_id: str | None = None
    by: str | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A raw record, or a part of one, that could not be interpreted; counted and listed, never dropped."""

    source: SourceRef
    ticket_id: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntry:
    source: SourceRef
    id: str
    kind: str | None
    object_id: str | None
    member: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    done: bool | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResult:
    source: SourceRef
    id: str
    survey_id: str
    ticket_id: str | None
    client_id: str | None
    points: int | None
    comment: str | None = None
    at: datetime | None = None
