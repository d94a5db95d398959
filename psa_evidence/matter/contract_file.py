"""The table `[contract]` of a matter file: targets, hours, holidays, pauses as the contract states them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from psa_evidence.matter import durations, hours
from psa_evidence.matter.clauses import Clauses, Term
from psa_evidence.matter.matter import Contract, PriorityRule, Promise, Yearly
from psa_evidence.matter.sections import QuotedSection, Section, Text, zone
from psa_evidence.records import Goal, Span, Stage

_YEARLY: Final = re.compile(r"(\d\d)-(\d\d)\Z")
_STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
_GOAL: Final = {*_STAGES, *(f"{stage}_percent" for stage in _STAGES)}


def _duration(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"must be {durations.ALLOWED}, in quotes")  # noqa: TRY004 - pydantic reads ValueError
    return durations.seconds(value)


def _spans(value: object) -> object:
    return hours.spans(value)


def _holiday(value: object) -> date | Yearly:
    """A day, or `MM-DD` in quotes: that day of every year. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    match = _YEARLY.match(value) if isinstance(value, str) else None
    try:
        if match is not None:
            return Yearly(date(2024, int(match[1]), int(match[2])).month, int(match[2]))
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("must be a date such as 2025-12-25, or '12-25' in quotes for that day of every year")


Holiday = Annotated[Any, PlainValidator(_holiday)]
Duration = Annotated[int, BeforeValidator(_duration)]
Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]
Percent = Annotated[int, Field(ge=1, le=100)]


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError("must be three capitals such as 'USD' or 'EUR' (ISO 4217)")
    return text


class GoalSection(Section):
    response: Duration | None = None
    plan: Duration | None = None
    resolution: Duration | None = None
    response_percent: Percent | None = None
    plan_percent: Percent | None = None
    resolution_percent: Percent | None = None
    clause: Text | None = None
    response_clause: Text | None = None
    plan_clause: Text | None = None
    resolution_clause: Text | None = None

    @model_validator(mode="after")
    def _of_a_target(self) -> GoalSection:
        for stage in _STAGES:
            if getattr(self, f"{stage}_clause") is not None and getattr(self, stage) is None:
                raise ValueError(f"'{stage}_clause' needs '{stage}': a clause belongs to a target that is stated")
        if self.clause is not None and all(getattr(self, stage) is None for stage in _STAGES):
            raise ValueError("'clause' needs 'response', 'plan' or 'resolution': it belongs to a target that is stated")
        return self


class HoursSection(Section):
    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()
    sunday: Spans = ()


class LaterSection(Section):
    day: date
    hours: HoursSection | Literal["24x7"]


class PausesSection(Section):
    response: tuple[Text, ...] = ()
    plan: tuple[Text, ...] = ()
    resolution: tuple[Text, ...] = ()


class ClausesSection(Section):
    """By the key of the term in `[contract]`; `goals` is for every target that names no clause of its own."""

    goals: Text | None = None
    time_zone: Text | None = None
    hours: Text | None = None
    hours_from: Text | None = None
    special_hours: Text | None = None
    holidays: Text | None = None
    pauses: Text | None = None
    automatic: Text | None = None
    priority_rule: Text | None = None


class ContractSection(Section):
    reference: Annotated[str, Field(max_length=400)] = ""
    time_zone: Annotated[str, AfterValidator(zone)] | None = None
    goals: dict[Text, GoalSection] = Field(default_factory=dict)
    hours: HoursSection | Literal["24x7"] | None = None
    hours_from: tuple[LaterSection, ...] = ()
    special_hours: dict[date, Spans] = Field(default_factory=dict)
    holidays: tuple[Holiday, ...] | None = None
    pauses: PausesSection | None = None
    automatic: tuple[Text, ...] = ()
    priority_rule: PriorityRule | None = None
    clauses: ClausesSection = ClausesSection()
    remedies: tuple[QuotedSection, ...] = ()
    exclusions: tuple[QuotedSection, ...] = ()
    client_duties: tuple[QuotedSection, ...] = ()
    signature: Annotated[str, Field(max_length=400)] = ""
    currency: Annotated[str, AfterValidator(_currency)] = ""

    @model_validator(mode="after")
    def _hours_first(self) -> ContractSection:
        if self.hours is None and (self.hours_from or self.special_hours or self.holidays):
            raise ValueError("'holidays', 'special_hours' and 'hours_from' need 'hours': they count together with it")
        days = [later.day for later in self.hours_from]
        if len(set(days)) != len(days):
            raise ValueError("two tables 'hours_from' name the same day")
        return self

    @model_validator(mode="after")
    def _clauses_of_terms(self) -> ContractSection:
        for key in sorted(self.clauses.model_fields_set):
            if key not in self.model_fields_set:
                raise ValueError(f"'clauses.{key}' needs '{key}': a clause belongs to a term that is stated")
        return self


def contract_of(section: ContractSection) -> Contract:
    """The table as plain values."""
    pauses: tuple[tuple[Stage, tuple[str, ...]], ...] | None = None
    if section.pauses is not None:
        pauses = (
            ("response", section.pauses.response),
            ("plan", section.pauses.plan),
            ("resolution", section.pauses.resolution),
        )
    days = [day for day in section.holidays or () if not isinstance(day, Yearly)]
    return Contract(
        reference=section.reference,
        time_zone=section.time_zone,
        goals=tuple((priority, Goal(**goal.model_dump(include=_GOAL))) for priority, goal in section.goals.items()),
        week=None if section.hours is None else _week(section.hours),
        later=tuple(sorted((each.day, _week(each.hours)) for each in section.hours_from)),
        special=tuple(sorted(section.special_hours.items())),
        holidays=None if section.holidays is None else tuple(sorted(set(days))),
        yearly=tuple(sorted({day for day in section.holidays or () if isinstance(day, Yearly)})),
        pauses=pauses,
        automatic=section.automatic,
        priority_rule=section.priority_rule,
        clauses=_clauses(section),
        remedies=quoted(section.remedies),
        exclusions=quoted(section.exclusions),
        client_duties=quoted(section.client_duties),
        signature=section.signature,
        currency=section.currency,
    )


def quoted(sections: tuple[QuotedSection, ...]) -> tuple[Promise, ...]:
    return tuple(Promise(clause=each.clause, text=each.text) for each in sections)


def _clauses(section: ContractSection) -> Clauses:
    """The clause of a target is its stage's, else its priority's, else that of all."""
    goals: list[tuple[str, Stage, str]] = []
    for priority, goal in section.goals.items():
        for stage in _STAGES:
            clause = getattr(goal, f"{stage}_clause") or goal.clause or section.clauses.goals
            if clause is not None and getattr(goal, stage) is not None:
                goals.append((priority, stage, clause))
    named: list[tuple[Term, str]] = [
        (term, clause) for term in get_args(Term) if (clause := getattr(section.clauses, term)) is not None
    ]
    return Clauses(terms=tuple(named), goals=tuple(goals))


def _week(section: HoursSection | str) -> tuple[tuple[Span, ...], ...]:
    if isinstance(section, str):
        return ((Span(start=0, end=hours.DAY),),) * 7
    return tuple(getattr(section, day) for day in hours.DAYS)
