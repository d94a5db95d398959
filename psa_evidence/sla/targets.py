"""What was promised for a priority: the SLA's row over the SLA's own goal, the contract over both."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.records import Goal, RecordSet, Stage
from psa_evidence.sla.display import duration
from psa_evidence.sla.terms import STAGES, ContractTerms


@dataclass(frozen=True, slots=True)
class Targets:
    """By the contract where it says so, and by the PSA's settings. `notes` name where the two differ."""

    goal: Goal
    psa_goal: Goal
    notes: tuple[str, ...] = ()


class TargetBook:
    """The targets of one capture's settings. Answers are remembered."""

    def __init__(self, records: RecordSet, contract: ContractTerms) -> None:
        self._contract = contract
        self._policies = {policy.id: policy for policy in records.sla_policies}
        self._rows = {(row.sla_id, row.priority_id): row.goal for row in records.sla_targets}
        self._names = {priority.id: priority.name for priority in records.priorities}
        self._ids = {priority.name.strip().casefold(): priority.id for priority in records.priorities}
        self._rowed = {row.sla_id for row in records.sla_targets}
        self._known: dict[tuple[str | None, str | None, str | None], Targets] = {}

    def targets(self, sla_id: str | None, priority_id: str | None, priority: str | None) -> Targets:
        """For a priority by id, name or both; an SLA not known promises nothing."""
        key = (sla_id, priority_id, priority)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._make(*key)
        return found

    def knows(self, sla_id: str | None) -> bool:
        """Whether the settings show this SLA. None of them has none to show."""
        return sla_id is None or sla_id in self._policies

    def has_rows(self, sla_id: str | None) -> bool:
        """Whether they show a target of it for any single priority."""
        return sla_id in self._rowed

    def promises(self, stage: Stage, priority: str | None) -> bool:
        """Whether the contract states a target of the stage, so that those of the settings do not matter."""
        goal = self._contract.goal_for(priority)
        return goal is not None and getattr(goal, stage) is not None

    def all_targets(self, sla_id: str | None, stage: Stage) -> tuple[int | None, ...]:
        """Every target of a stage that some priority would bring, smallest first."""
        names: list[tuple[str | None, str | None]] = [*self._names.items()] or [(None, None)]
        found = {getattr(self.targets(sla_id, i, name).goal, stage) for i, name in names}
        return tuple(sorted(found, key=lambda seconds: seconds or 0))

    def _make(self, sla_id: str | None, priority_id: str | None, priority: str | None) -> Targets:
        policy = self._policies.get(sla_id or "")
        if priority_id is None and priority is not None:
            priority_id = self._ids.get(priority.strip().casefold())
        if priority is None and priority_id is not None:
            priority = self._names.get(priority_id)
        base = policy.goal if policy else Goal()
        row = self._rows.get((sla_id or "", priority_id or ""))
        psa = _over(row, base) if row else base
        promised = self._contract.goal_for(priority)
        if promised is None:
            return Targets(goal=psa, psa_goal=psa)
        goal = _over(promised, psa)
        notes = [
            f"The contract promises {stage} in {_time(ours)}; the PSA's settings say {_time(theirs)}."
            for stage in STAGES
            if (ours := getattr(goal, stage)) != (theirs := getattr(psa, stage))
        ]
        return Targets(goal=goal, psa_goal=psa, notes=tuple(notes))


def _over(upper: Goal, lower: Goal) -> Goal:
    """`upper` where it says something, else `lower`."""
    return Goal(
        response=lower.response if upper.response is None else upper.response,
        plan=lower.plan if upper.plan is None else upper.plan,
        resolution=lower.resolution if upper.resolution is None else upper.resolution,
        response_percent=lower.response_percent if upper.response_percent is None else upper.response_percent,
        plan_percent=lower.plan_percent if upper.plan_percent is None else upper.plan_percent,
        resolution_percent=lower.resolution_percent if upper.resolution_percent is None else upper.resolution_percent,
    )


def _time(seconds: int | None) -> str:
    return duration(seconds) if seconds else "no target"
