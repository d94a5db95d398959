"""The PSA's own figure of a stage, quoted: nothing is computed of our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from psa_evidence.records import PsaSla, Stage, Ticket
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.results import StageResult, Verdict
from psa_evidence.sla.terms import STAGES

_FIELDS: Final[dict[Stage, tuple[str, str]]] = {
    "response": ("respondMinutes + respondedSkippedMinutes", "dateResponded"),
    "plan": ("respondMinutes + resPlanMinutes + resplanSkippedMinutes", "dateResplan"),
    "resolution": ("respondMinutes + resPlanMinutes + resolveMinutes", "dateResolved"),
}


_FLAG: Final[dict[bool | None, tuple[str, ...]]] = {
    None: (),
    True: ("The PSA's flag isInSla is true; it is no proof.",),
    False: ("The PSA's flag isInSla is false; it is no proof.",),
}


def psa_readings(
    ticket: Ticket, targets: Sequence[int | None], policy: str | None, as_of: datetime
) -> Iterator[StageResult]:
    """The PSA's own figure of each stage: its minutes are segments, added up as its reports do.

    `targets` are those of the three stages in the PSA's settings, in seconds. The PSA's flag `isInSla` is quoted and
    proves nothing.
    """
    psa, ticket_id, priority = ticket.psa, ticket.id, ticket.priority_name
    notes = _FLAG[psa.in_sla]
    for stage, target in zip(STAGES, targets, strict=True):
        minutes, ended, goal = _psa_figures(stage, psa)
        elapsed = None if minutes is None or ended is None else minutes * 60
        waiting = None if psa.waiting_minutes is None or stage != "resolution" else psa.waiting_minutes * 60
        verdict: Verdict
        if target and elapsed is not None:
            verdict = "met" if elapsed <= target else "missed"
            yield StageResult(
                ticket_id, stage, "psa", verdict, _minutes, priority, policy, None, target, elapsed, waiting, goal,
                ended, (), notes,
            )  # fmt: skip
        else:
            verdict, reason = _without_figure(stage, target, ended, goal, as_of)
            yield StageResult(
                ticket_id, stage, "psa", verdict, reason, priority, policy, None, target, elapsed, waiting, goal,
                ended, (), notes,
            )  # fmt: skip


def _minutes(result: StageResult) -> str:
    minutes = (result.elapsed_seconds or 0) // 60
    return f"{_FIELDS[result.stage][0]} = {minutes} min, target {duration(result.target_seconds or 0)}"


def _without_figure(
    stage: Stage, target: int | None, ended: datetime | None, goal: datetime | None, as_of: datetime
) -> tuple[Verdict, str]:
    fields, date_field = _FIELDS[stage]
    if not target:
        return "no target", "the PSA's settings hold no target for this stage"
    if ended is None:
        reason = f"the PSA gives no {date_field}"
        if goal is None:
            return "not determined", reason
        if goal < as_of:
            return "missed", f"{reason}; its goal {instant(goal)} is past"
        return "not determined", f"{reason}; its goal is {instant(goal)}"
    if goal is None:
        return "not determined", f"the PSA gives neither {fields} nor a goal for this stage"
    verdict: Verdict = "met" if ended <= goal else "missed"
    return verdict, f"the PSA gives no minutes; {date_field} {instant(ended)}, its goal {instant(goal)}"


def _psa_figures(stage: Stage, psa: PsaSla) -> tuple[int | None, datetime | None, datetime | None]:
    """Minutes since entry, when the stage ended, its goal."""
    first, second, third = psa.respond_minutes, psa.plan_minutes, psa.resolve_minutes
    if stage == "response":
        minutes = None if first is None else first + (psa.respond_skipped_minutes or 0)
        return minutes, psa.responded_at, psa.respond_by
    if stage == "plan":
        minutes = None if first is None or second is None else first + second + (psa.plan_skipped_minutes or 0)
        return minutes, psa.planned_at, psa.plan_by
    minutes = None if first is None or second is None or third is None else first + second + third
    return minutes, psa.resolved_at, psa.resolve_by
