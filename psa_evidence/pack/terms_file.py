"""`data/terms.json`: what the figures of a pack rest on beside its records, so that anybody can compute them again.

Period, zone, agreement, the contract as the matter file states it, and when the settings were captured: what the report
prints of them, with the numbers of its clauses. Nothing else of the matter file: no rule of a copy, no party, no words
of a clause. The form stands in docs/format/terms.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from psa_evidence.errors import VerificationError
from psa_evidence.format.canonical import FormatError, canonical, parse
from psa_evidence.matter import Clauses, Contract, Copy, Matter, Term
from psa_evidence.matter.matter import PriorityRule, Yearly
from psa_evidence.records import Goal, Span, Stage

FILE: Final = "data/terms.json"
FORMAT: Final = "psa-evidence/terms/2"
WITHOUT_VERSIONS: Final = "psa-evidence/terms/1"
"""Of packs that bring the newest version of each setting only: `other` has keys."""

Hours = tuple[tuple[int, int], ...]
"""Of a day: from and to, in seconds after local midnight."""
Week = tuple[Hours, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Later(_Strict):
    first_day: date
    week: Week = Field(min_length=7, max_length=7)


class _Special(_Strict):
    day: date
    hours: Hours


class _Goal(_Strict):
    priority: str
    response: int | None
    plan: int | None
    resolution: int | None
    response_percent: int | None
    plan_percent: int | None
    resolution_percent: int | None


class _Yearly(_Strict):
    month: int
    day: int


class _GoalClause(_Strict):
    priority: str
    stage: Stage
    clause: str


class _Clauses(_Strict):
    goals: tuple[_GoalClause, ...]
    terms: Mapping[Term, str]


class _Contract(_Strict):
    reference: str
    time_zone: str | None
    goals: tuple[_Goal, ...]
    week: Week | None = Field(min_length=7, max_length=7)
    later: tuple[_Later, ...]
    special: tuple[_Special, ...]
    holidays: tuple[date, ...] | None
    yearly: tuple[_Yearly, ...]
    pauses: Mapping[Stage, tuple[str, ...]] | None
    automatic: tuple[str, ...]
    priority_rule: PriorityRule | None
    clauses: _Clauses | None = None


class _Other(_Strict):
    record: str
    known: bool
    native: str | None


class _Settings(_Strict):
    at: AwareDatetime
    other: tuple[str | _Other, ...]


class _Terms(_Strict):
    format: str
    matter: str
    matter_copy: Copy = Field(alias="copy")
    client: str
    connection: str
    agreement: str | None
    first_day: date
    last_day: date
    time_zone: str
    contract: _Contract | None
    settings: tuple[_Settings, ...]


@dataclass(frozen=True, slots=True)
class OtherSetting:
    """A setting that a capture knew in another version than the newest, whose file `native` is (None: not in the
    pack), or that it did not know."""

    record: str
    known: bool = True
    native: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether the pack has all that the capture knew of it."""
        return not self.known or self.native is not None


SettingsOther = tuple[tuple[datetime, tuple[OtherSetting, ...]], ...]
"""When each capture of the settings was complete, oldest first, and those that it knew otherwise."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`matter` as far as figures rest on it."""

    matter: Matter
    settings: SettingsOther


def terms_document(matter: Matter, *, client: str, settings: SettingsOther) -> bytes:
    """The canonical bytes; `client` is the client's id in the PSA."""
    contract = matter.contract
    return canonical(
        {
            "format": FORMAT, "matter": matter.name, "copy": matter.copy, "client": client,
            "connection": matter.connection, "agreement": matter.agreement, "first_day": str(matter.first_day),
            "last_day": str(matter.last_day), "time_zone": matter.time_zone,
            "contract": _stated(contract) if contract is not None else None,
            "settings": [
                {"at": _instant(at), "other": [
                    {"record": each.record, "known": each.known, "native": each.native} for each in other
                ]}
                for at, other in settings
            ],
        }
    )  # fmt: skip


def terms_of(data: bytes) -> Terms:
    """Raises VerificationError when the file cannot be read as one."""
    try:
        terms = _Terms.model_validate(parse(data))
    except (FormatError, ValidationError) as error:
        raise VerificationError(
            "The pack cannot be made again.", why=f"{FILE} cannot be read.",
            next_step="Check the pack with psa-evidence verify first, or name the matter file with --matter.",
        ) from error  # fmt: skip
    contract = terms.contract
    for zone in (terms.time_zone, None if contract is None else contract.time_zone):
        if zone is not None and not _is_zone(zone):
            raise VerificationError(
                "The pack cannot be made again.", why=f"{FILE} names a time zone that is not known here.",
                next_step="Check the pack with psa-evidence verify first, or name the matter file with --matter.",
            )  # fmt: skip
    if terms.format not in {FORMAT, WITHOUT_VERSIONS}:
        raise VerificationError(
            "The pack cannot be made again.", why=f"Its {FILE} is of another format.",
            next_step="Use the version of psa-evidence that the pack names, or a newer one.",
        )  # fmt: skip
    matter = Matter(
        name=terms.matter, client=terms.client, connection=terms.connection, agreement=terms.agreement,
        first_day=terms.first_day, last_day=terms.last_day, time_zone=terms.time_zone, copy=terms.matter_copy,
        contract=_contract(terms.contract) if terms.contract is not None else None,
    )  # fmt: skip
    return Terms(matter, tuple((each.at, tuple(map(_other, each.other))) for each in terms.settings))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _other(stated: str | _Other) -> OtherSetting:
    if isinstance(stated, str):
        return OtherSetting(stated)
    return OtherSetting(stated.record, stated.known, stated.native)


def _stated(contract: Contract) -> dict[str, Any]:
    return {
        "reference": contract.reference,
        "time_zone": contract.time_zone,
        "goals": [
            {
                "priority": name, "response": goal.response, "plan": goal.plan, "resolution": goal.resolution,
                "response_percent": goal.response_percent, "plan_percent": goal.plan_percent,
                "resolution_percent": goal.resolution_percent,
            }
            for name, goal in contract.goals
        ],
        "week": _hours_of(contract.week) if contract.week is not None else None,
        "later": [{"first_day": str(day), "week": _hours_of(week)} for day, week in contract.later],
        "special": [{"day": str(day), "hours": _hours_of([spans])[0]} for day, spans in contract.special],
        "holidays": [str(day) for day in contract.holidays] if contract.holidays is not None else None,
        "yearly": [{"month": each.month, "day": each.day} for each in contract.yearly],
        "pauses": {stage: list(names) for stage, names in contract.pauses} if contract.pauses is not None else None,
        "automatic": list(contract.automatic),
        "priority_rule": contract.priority_rule,
        **({"clauses": _stated_clauses(contract.clauses)} if contract.clauses else {}),
    }  # fmt: skip


def _stated_clauses(clauses: Clauses) -> dict[str, Any]:
    return {
        "goals": [{"priority": name, "stage": stage, "clause": clause} for name, stage, clause in clauses.goals],
        "terms": dict(clauses.terms),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _hours_of(week: Any) -> list[list[list[int]]]:
    return [[[span.start, span.end] for span in day] for day in week]


def _contract(stated: _Contract) -> Contract:
    return Contract(
        reference=stated.reference,
        time_zone=stated.time_zone,
        goals=tuple((g.priority, Goal(**g.model_dump(exclude={"priority"}))) for g in stated.goals),
        week=_spans(stated.week) if stated.week is not None else None,
        later=tuple((each.first_day, _spans(each.week)) for each in stated.later),
        special=tuple((each.day, _spans([each.hours])[0]) for each in stated.special),
        holidays=stated.holidays,
        yearly=tuple(Yearly(each.month, each.day) for each in stated.yearly),
        pauses=tuple(stated.pauses.items()) if stated.pauses is not None else None,
        automatic=stated.automatic,
        priority_rule=stated.priority_rule,
        clauses=_clauses(stated.clauses) if stated.clauses is not None else Clauses(),
    )


def _clauses(stated: _Clauses) -> Clauses:
    return Clauses(
        terms=tuple((term, stated.terms[term]) for term in get_args(Term) if term in stated.terms),
        goals=tuple((each.priority, each.stage, each.clause) for each in stated.goals),
    )


def _spans(week: Any) -> tuple[tuple[Span, ...], ...]:
    return tuple(tuple(Span(start=start, end=end) for start, end in day) for day in week)
