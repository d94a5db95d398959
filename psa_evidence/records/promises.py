"""What was promised: SLAs, targets, calendars, agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from psa_evidence.records.source import SourceRef

BasedOn = Literal["AllHours", "MyCalendar", "Customer", "Custom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Targets in seconds of open time, and the share of tickets (percent) that must meet them. None is no target."""

    response: int | None = None
    plan: int | None = None
    resolution: int | None = None
    response_percent: int | None = None
    plan_percent: int | None = None
    resolution_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    source: SourceRef
    id: str
    name: str
    based_on: BasedOn | None
    calendar_id: str | None
    goal: Goal
    default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaTarget:
    """The row of an SLA for one priority; it overrides the SLA's own goal."""

    source: SourceRef
    id: str
    sla_id: str
    priority_id: str
    goal: Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Open from `start` to `end`, in seconds after local midnight (`end` may pass 86400)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """Weekly opening hours; index 0 is Monday. The PSA names no zone: see `SystemInfo.time_zone`."""

    source: SourceRef
    id: str
    name: str
    week: tuple[tuple[Span, ...], ...]
    holiday_list_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """`closed` is None for the whole day, else the spans cut out of it."""

    source: SourceRef
    id: str
    list_id: str
    name: str
    day: date
    closed: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    source: SourceRef
    id: str
    client_id: str | None
    name: str
    type_name: str | None = None
    start: date | None = None
    end: date | None = None
    open_ended: bool | None = None
    cancelled: bool | None = None
    cancelled_on: date | None = None
    cancel_reason: str | None = None
    status: str | None = None
    sla_id: str | None = None
    bill_amount: float | None = None
    currency: str | None = None
    application_units: str | None = None
    application_limit: float | None = None
    unlimited: bool | None = None
    updated_at: datetime | None = None
    entered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementAddition:
    source: SourceRef
    id: str
    agreement_id: str
    product: str | None
    description: str | None
    quantity: float | None
    unit_price: float | None
    effective: date | None = None
    cancelled: date | None = None
