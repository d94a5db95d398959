"""What the contract says of the clock, where it overrides the PSA's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from psa_evidence.records import Goal, Stage
from psa_evidence.sla.calendar import BusinessHours

STAGES: Final[tuple[Stage, Stage, Stage]] = ("response", "plan", "resolution")

PriorityRule = Literal["stage end", "entry", "share"]
"""Whose target governs a ticket whose priority changed: the one at the stage's end, at entry, or each for its share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """Every part is optional; a part not given is left to the PSA's settings.

    `goals` maps a priority's name (`*`: any other) to targets in seconds; `pausing_statuses` names, per stage, the
    statuses that stop the clock (None: those whose escalation is `NoEscalation`); `automatic_identities` are member
    identifiers whose acts are no human response.
    """

    goals: Mapping[str, Goal] = field(default_factory=dict)
    calendar: BusinessHours | None = None
    calendar_name: str = ""
    pausing_statuses: Mapping[Stage, frozenset[str]] | None = None
    priority_rule: PriorityRule = "stage end"
    automatic_identities: frozenset[str] = frozenset()

    def goal_for(self, priority: str | None) -> Goal | None:
        """The contract's targets for a priority, matched by name without regard to case."""
        wanted = (priority or "").strip().casefold()
        for name, goal in self.goals.items():
            if name.strip().casefold() == wanted:
                return goal
        return self.goals.get("*")
