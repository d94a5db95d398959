"""What hangs on tickets, time entries and agreements, and what belongs to projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from psa_evidence.records.source import SourceRef

RateOf = Literal["work type", "work role"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A step of a ticket's check list."""

    source: SourceRef
    id: str
    ticket_id: str
    text: str
    closed: bool | None = None
    position: int | None = None
    member: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedConfiguration:
    """A device that a ticket is about. `id` is the ticket's and the device's together."""

    source: SourceRef
    id: str
    ticket_id: str
    configuration_id: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAudit:
    """One change to a time entry; `old` and `new` as the PSA wrote them."""

    source: SourceRef
    id: str
    time_entry_id: str
    at: datetime | None
    by: str | None
    kind: str | None
    message: str
    old: str | None = None
    new: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAdjustment:
    """A correction of what an agreement still holds; `amount` in its units."""

    source: SourceRef
    id: str
    agreement_id: str
    amount: float | None
    description: str = ""
    effective: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRate:
    """How an agreement bills a work type or role. `rate` is a multiplier or an amount, as `rate_type` says."""

    source: SourceRef
    id: str
    agreement_id: str
    of: RateOf
    name: str | None
    rate_type: str | None = None
    rate: float | None = None
    billing: str | None = None
    limit: float | None = None
    effective: date | None = None
    ending: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementExclusion:
    """A work type or role that an agreement does not cover."""

    source: SourceRef
    id: str
    agreement_id: str
    of: RateOf
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """An address of a client, which may have hours and a zone of its own."""

    source: SourceRef
    id: str
    client_id: str | None
    name: str
    calendar_id: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    source: SourceRef
    id: str
    name: str
    client_id: str | None
    status: str | None = None
    manager: str | None = None
    closed: bool | None = None
    agreement_id: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    actual_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPhase:
    source: SourceRef
    id: str
    project_id: str
    description: str
    status: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTicket:
    """Work within a project. It shares the numbers of service tickets and has no SLA."""

    source: SourceRef
    id: str
    summary: str
    client_id: str | None
    project_id: str | None = None
    phase_id: str | None = None
    status: str | None = None
    owner: str | None = None
    closed: bool | None = None
    closed_at: datetime | None = None
    entered_at: datetime | None = None
    actual_hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHistory:
    """A line of the audit trail of a record that is no service ticket, verbatim. `of` is that record's key."""

    source: SourceRef
    id: str
    of: str
    text: str
    at: datetime | None
    by: str | None = None
    kind: str | None = None
    channel: str | None = None
