"""Money, advice, assets, papers: what else a dispute asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psa_evidence.records.source import Kind, SourceRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """Amounts in the currency of the invoice. `ticket_id` is the ticket that it says it is for."""

    source: SourceRef
    id: str
    number: str
    client_id: str | None
    kind: str | None = None
    issued_on: date | None = None
    due_on: date | None = None
    total: float | None = None
    balance: float | None = None
    paid: float | None = None
    agreement_id: str | None = None
    status: str | None = None
    currency: str | None = None
    ticket_id: str | None = None
    reference: str = ""
    comment: str = ""
    entered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    source: SourceRef
    id: str
    invoice_id: str
    amount: float | None
    paid_on: date | None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """A recommendation or a quote, and what the client said."""

    source: SourceRef
    id: str
    name: str
    client_id: str | None
    contact: str | None = None
    status: str | None = None
    stage: str | None = None
    won: bool | None = None
    lost: bool | None = None
    closed_at: datetime | None = None
    entered_at: datetime | None = None
    notes: str = ""
    reason: str | None = None
    entered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A call, a visit, a letter, a reminder."""

    source: SourceRef
    id: str
    name: str
    kind: str | None
    client_id: str | None
    contact: str | None = None
    member: str | None = None
    status: str | None = None
    opportunity_id: str | None = None
    ticket_id: str | None = None
    agreement_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    closed_at: datetime | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    source: SourceRef
    id: str
    name: str
    kind: str | None
    client_id: str | None
    status: str | None = None
    active: bool | None = None
    vendor: str | None = None
    installed_on: date | None = None
    entered_at: datetime | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Metadata of a document; its bytes are the raw record `attachment/<id>`, when they could be had."""

    source: SourceRef
    id: str
    title: str
    file_name: str | None
    record_type: str | None
    record_id: str | None
    size: int | None = None
    link: bool | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInfo:
    """The PSA itself. `time_zone` is the IANA zone of its server or default, None when it names none we know."""

    source: SourceRef
    version: str | None
    cloud: bool | None
    time_zone: str | None
    default_calendar_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What the key may read: level is None, My or All, as the PSA says it.

    `hides` is the kind of record of which, at that level, others exist that were not shown; None when there is none.
    """

    source: SourceRef
    id: str
    module: str
    function: str
    inquire: str | None
    hides: Kind | None = None
