"""Readers of what was promised and how it is measured: boards, statuses, SLAs, calendars, agreements."""

from __future__ import annotations

from typing import get_args

from psa_evidence.records import (
    Agreement,
    AgreementAddition,
    BasedOn,
    Board,
    BusinessCalendar,
    Escalation,
    Goal,
    Holiday,
    Priority,
    SlaPolicy,
    SlaTarget,
    SourceRef,
    Span,
    Status,
)
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import (
    BoardRow,
    CalendarRow,
    HolidayRow,
    PriorityRow,
    SlaPriorityRow,
    SlaRow,
    StatusRow,
    TargetRow,
    ident,
    key,
    spoken,
    text_id,
)
from psa_evidence_connectwise.payloads_business import AdditionRow, AgreementRow
from psa_evidence_connectwise.reading import Broken, Reading, parent_of, read
from psa_evidence_connectwise.values import seconds, span

_ESCALATIONS: dict[str, Escalation] = {name: name for name in get_args(Escalation)}
_BASES: dict[str, BasedOn] = {name: name for name in get_args(BasedOn)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def board(raw: RawRecord, reading: Reading) -> Board:
    row, source = read(raw, BoardRow, reading)
    return Board(source=source, id=str(row.id), name=row.name, project=row.project_flag)


def status(raw: RawRecord, reading: Reading) -> Status:
    row, source = read(raw, StatusRow, reading)
    on = key(row.board) or text_id(row.parent_id) or parent_of(raw, "board")
    if on is None:
        raise Broken("names no board")
    escalation = _ESCALATIONS.get(row.escalation_status or "")
    if row.escalation_status and escalation is None:
        reading.miss(source, None, "field escalationStatus holds a word this version does not know")
    return Status(
        source=source,
        id=str(row.id),
        board_id=on,
        name=row.name,
        escalation=escalation,
        closed=row.closed_status,
        inactive=row.inactive,
        updated_at=row.info.last_updated,
        updated_by=row.info.updated_by,
    )


def priority(raw: RawRecord, reading: Reading) -> Priority:
    row, source = read(raw, PriorityRow, reading)
    return Priority(
        source=source,
        id=str(row.id),
        name=row.name,
        sort=row.sort_order,
        level=row.level,
        updated_at=row.info.last_updated,
        updated_by=row.info.updated_by,
    )


def sla(raw: RawRecord, reading: Reading) -> SlaPolicy:
    row, source = read(raw, SlaRow, reading)
    based_on = _BASES.get(row.based_on or "")
    if row.based_on and based_on is None:
        reading.miss(source, None, "field basedOn holds a word this version does not know")
    return SlaPolicy(
        source=source,
        id=str(row.id),
        name=row.name,
        based_on=based_on,
        calendar_id=key(row.custom_calendar),
        goal=_goal(row, source, reading),
        default=row.default_flag,
    )


def sla_target(raw: RawRecord, reading: Reading) -> SlaTarget:
    row, source = read(raw, SlaPriorityRow, reading)
    on = key(row.sla) or text_id(row.parent_id) or parent_of(raw, "sla")
    priority_id = key(row.priority)
    if on is None or priority_id is None:
        raise Broken("names no SLA or no priority")
    return SlaTarget(
        source=source, id=str(row.id), sla_id=on, priority_id=priority_id, goal=_goal(row, source, reading)
    )


def _goal(row: TargetRow, source: SourceRef, reading: Reading) -> Goal:
    def target(name: str, hours: float | None) -> int | None:
        try:
            return seconds(hours)
        except ValueError:
            reading.miss(source, None, f"field {name} is not a number of hours")
            return None

    return Goal(
        response=target("respondHours", row.respond_hours),
        plan=target("planWithin", row.plan_within),
        resolution=target("resolutionHours", row.resolution_hours),
        response_percent=row.respond_percent,
        plan_percent=row.plan_within_percent,
        resolution_percent=row.resolution_percent,
    )


def calendar(raw: RawRecord, reading: Reading) -> BusinessCalendar:
    """Raises Broken when the hours of a day cannot be read: taken as closed, the day would stop the clock, and targets
    would be met that nobody can say were."""
    row, source = read(raw, CalendarRow, reading)
    week: list[tuple[Span, ...]] = []
    problems: list[str] = []
    unread = {problem.reason for problem in reading.unread if problem.source == source}
    for day in _DAYS:
        try:
            if unread & {f"field {day}{end} cannot be read" for end in ("StartTime", "EndTime")}:
                raise ValueError("not a time of day")  # noqa: TRY301 - as what is written otherwise is
            hours = span(getattr(row, f"{day}_start_time"), getattr(row, f"{day}_end_time"))
        except ValueError as problem:
            problems.append(f"{day}: {problem}")
            continue
        week.append((hours,) if hours else ())
    if problems:
        raise Broken(f"opening hours of {'; '.join(problems)}; so nothing is determined that this calendar measures")
    return BusinessCalendar(
        source=source, id=str(row.id), name=row.name, week=tuple(week), holiday_list_id=key(row.holiday_list)
    )


def holiday(raw: RawRecord, reading: Reading) -> Holiday:
    row, source = read(raw, HolidayRow, reading)
    on = key(row.holiday_list) or parent_of(raw, "holiday_list")
    if on is None or row.date is None:
        raise Broken("names no list or no day")
    closed: tuple[Span, ...] | None = None
    if row.all_day_flag is False:
        try:
            hours = span(row.time_start, row.time_end)
            closed = (hours,) if hours else None
        except ValueError as problem:
            reading.miss(source, None, f"hours of the holiday: {problem}; taken as the whole day")
    return Holiday(source=source, id=str(row.id), list_id=on, name=row.name, day=row.date, closed=closed)


def agreement(raw: RawRecord, reading: Reading) -> Agreement:
    row, source = read(raw, AgreementRow, reading)
    return Agreement(
        source=source,
        id=str(row.id),
        client_id=key(row.company),
        name=row.name,
        type_name=spoken(row.type),
        start=row.start_date,
        end=row.end_date,
        open_ended=row.no_ending_date_flag,
        cancelled=row.cancelled_flag,
        cancelled_on=row.date_cancelled,
        cancel_reason=row.reason_cancelled,
        status=row.agreement_status,
        sla_id=key(row.sla),
        bill_amount=row.bill_amount,
        currency=row.currency.spoken if row.currency else None,
        application_units=row.application_units,
        application_limit=row.application_limit,
        unlimited=row.application_unlimited_flag,
        updated_at=row.info.last_updated,
        entered_by=row.info.entered_by,
    )


def addition(raw: RawRecord, reading: Reading) -> AgreementAddition:
    row, source = read(raw, AdditionRow, reading)
    on = text_id(row.agreement_id) or parent_of(raw, "agreement")
    if on is None:
        raise Broken("names no agreement")
    return AgreementAddition(
        source=source,
        id=str(row.id),
        agreement_id=on,
        product=ident(row.product),
        description=row.description,
        quantity=row.quantity,
        unit_price=row.unit_price,
        effective=row.effective_date,
        cancelled=row.cancelled_date,
    )
