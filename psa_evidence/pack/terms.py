"""The contract of a matter file as terms of the SLA engine."""

from __future__ import annotations

from typing import Final

from psa_evidence.matter import Contract, Matter
from psa_evidence.sla import BusinessHours, ClosedDay, ContractTerms, Version
from psa_evidence.sla.terms import PriorityRule

_RULES: Final[dict[str, PriorityRule]] = {
    "at entry": "entry",
    "at stage end": "stage end",
    "each its share": "share",
}


def contract_terms(matter: Matter) -> ContractTerms | None:
    """None when the matter file states no contract: then the PSA's settings govern."""
    contract = matter.contract
    if contract is None:
        return None
    hours = _calendar(matter, contract)
    return ContractTerms(
        goals=dict(contract.goals),
        calendar=hours,
        calendar_name="hours of the matter file" if hours is not None else "",
        pausing_statuses=None if contract.pauses is None else {s: frozenset(names) for s, names in contract.pauses},
        priority_rule=_RULES[contract.priority_rule or "at stage end"],
        automatic_identities=frozenset(contract.automatic),
    )


def calendar_zone(matter: Matter) -> str | None:
    """The zone that the contract states for calendars; None leaves it to the client's and the PSA's own settings.

    The matter's zone is not taken for it: that one says how days and months are counted and times are printed.
    """
    return matter.contract.time_zone if matter.contract is not None else None


def _calendar(matter: Matter, contract: Contract) -> BusinessHours | None:
    if contract.week is None:
        return None
    yearly = tuple(ClosedDay(month=each.month, day=each.day) for each in contract.yearly)
    return BusinessHours(
        week=contract.week,
        zone=contract.time_zone or matter.time_zone,
        closed=tuple(ClosedDay.on(day) for day in contract.holidays or ()) + yearly,
        overrides=dict(contract.special),
        later=tuple(Version(day, week) for day, week in contract.later),
    )
