"""The PSA's own figure of a stage, quoted: nothing is computed of our own."""

from __future__ import annotations

from datetime import datetime

from psa_evidence.records import PsaSla, Stage
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.results import StageResult, Verdict

_FIELDS = {
    "response": ("respondMinutes + respondedSkippedMinutes", "dateResponded"),
    "plan": ("respondMinutes + resPlanMinutes + resplanSkippedMinutes", "dateResplan"),
    "resolution": ("respondMinutes + resPlanMinutes + resolveMinutes", "dateResolved"),
}


def psa_reading(
    ticket_id: str, stage: Stage, psa: PsaSla, target: int | None, *, priority: str | None, policy: str | None,
    as_of: datetime,
) -> StageResult:  # fmt: skip
    """The PSA's own figure: its minutes are segments, added up as its reports do; nothing is computed of our own.

    `target` is in seconds, of the PSA's settings. The PSA's flag `isInSla` is quoted and proves nothing.
    """
    minutes, ended, goal = _psa_figures(stage, psa)
    fields, date_field = _FIELDS[stage]
    elapsed = None if minutes is None else minutes * 60
    verdict: Verdict = "not determined"
    if not target:
        verdict, reason = "no target", "the PSA's settings hold no target for this stage"
    elif ended is None:
        reason = f"the PSA gives no {date_field}"
        if goal is not None and goal < as_of:
            verdict, reason = "missed", f"{reason}; its goal {instant(goal)} is past"
        elif goal is not None:
            reason = f"{reason}; its goal is {instant(goal)}"
    elif elapsed is not None:
        verdict = "met" if elapsed <= target else "missed"
        reason = f"{fields} = {minutes} min, target {duration(target)}"
    elif goal is not None:
        verdict = "met" if ended <= goal else "missed"
        reason = f"the PSA gives no minutes; {date_field} {instant(ended)}, its goal {instant(goal)}"
    else:
        reason = f"the PSA gives neither {fields} nor a goal for this stage"
    notes = () if psa.in_sla is None else (f"The PSA's flag isInSla is {str(psa.in_sla).lower()}; it is no proof.",)
    waiting = None if psa.waiting_minutes is None or stage != "resolution" else psa.waiting_minutes * 60
    return StageResult(
        ticket_id, stage, "psa", verdict, reason, priority, policy, None, target,
        elapsed if ended is not None else None, waiting, goal, ended, (), notes,
    )  # fmt: skip


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
