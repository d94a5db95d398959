"""The verdict of one stage by one reading: the contract's, the strict one, and the PSA's own.

A verdict is given only when it holds for every history that the records allow; otherwise it is `not determined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from psa_evidence.records import PsaSla, Stage
from psa_evidence.sla.calendar import instant_of
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.ledger import Account, Ledger
from psa_evidence.sla.results import Reading, StageResult, Verdict
from psa_evidence.sla.stages import End


class Share(NamedTuple):
    """Up to `end` (whole seconds) a priority with `target` governed."""

    end: int
    target: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One stage of one ticket, ready to be judged. `targets` are all that may govern; the first is the likely one.

    `shares` is set when each priority's target counts for its own share.
    """

    ticket_id: str
    stage: Stage
    priority: str | None
    policy: str | None
    calendar: str | None
    targets: tuple[int | None, ...]
    doubt: str
    end: End
    as_of: int
    shares: tuple[Share, ...] = ()
    notes: tuple[str, ...] = ()


def judge(case: Case, reading: Reading, ledger: Ledger) -> StageResult:
    """The contract or the strict reading, by the ledger that honours its pauses."""
    end = case.end
    target = case.targets[0]
    account = ledger.upto(case.as_of if end.at is None else end.at)
    due = None
    if case.shares:
        due = _shared_due(case.shares, ledger, end.at)
    elif target and end.at is not None and account.elapsed < target:
        due = ledger.run_on(end.at, target - account.elapsed)
    elif target:
        due = ledger.due(target)
    if not target and not any(case.targets):
        verdict: Verdict = "no target"
        reason = "no target is promised for this stage"
    else:
        verdict, reason = _verdict(case, ledger, account, due)
    return StageResult(
        ticket_id=case.ticket_id,
        stage=case.stage,
        reading=reading,
        verdict=verdict,
        reason=reason,
        priority=case.priority,
        policy=case.policy,
        calendar=case.calendar,
        target_seconds=target,
        elapsed_seconds=account.elapsed,
        paused_seconds=account.paused,
        due_at=None if due is None else instant_of(due),
        met_at=None if end.at is None else instant_of(end.at),
        intervals=account.intervals,
        notes=case.notes + end.notes if end.notes else case.notes,
    )


def _verdict(case: Case, ledger: Ledger, account: Account, due: int | None) -> tuple[Verdict, str]:
    end = case.end
    certain = end.latest == end.at == end.earliest and not account.open_seconds
    if certain and end.at is not None and len(case.targets) == 1 and not case.shares:
        return _plain(case.targets[0] or 0, account.elapsed, due)
    low = account if certain or end.earliest is None else ledger.upto(end.earliest)
    high = account if certain or end.latest is None else ledger.upto(end.latest)
    verdicts = {_bounds(case, target, low, high, ledger) for target in case.targets}
    verdict = verdicts.pop() if len(verdicts) == 1 else None
    target = case.targets[0]
    if verdict == "met":
        left = "" if case.shares or target is None else f", {duration(target - high.elapsed)} left"
        return "met", f"{duration(account.elapsed)} of open time{left}"
    if verdict == "missed":
        over = "" if case.shares or target is None else f" by {duration(account.elapsed - target)}"
        still = "" if end.at is not None else f"; still open at {_at(case.as_of)}"
        return "missed", f"missed{over}; due {_at(due)}{still}"
    if verdict == "no target":
        return "no target", "no target is promised for this stage"
    if len(case.targets) > 1 and verdict is None:
        return "not determined", f"the priority is not known: {case.doubt}"
    doubts = tuple(dict.fromkeys(text for text in (end.doubt, *account.doubts) if text))
    if end.at is None and not doubts:
        if due is None:
            return (
                "not determined",
                f"still open at {_at(case.as_of)}; the clock is paused, {_left(target, account)} left",
            )
        return "not determined", f"still open at {_at(case.as_of)}; due {_at(due)}"
    return "not determined", "; ".join(doubts) or "the records leave the end of this stage open"


def _plain(target: int, elapsed: int, due: int | None) -> tuple[Verdict, str]:
    """The verdict where nothing is in doubt."""
    if elapsed <= target:
        return "met", f"{duration(elapsed)} of open time, {duration(target - elapsed)} left"
    return "missed", f"missed by {duration(elapsed - target)}; due {_at(due)}"


def _bounds(case: Case, target: int | None, low: Account, high: Account, ledger: Ledger) -> Verdict | None:
    """What holds for the whole range; None when the range leaves it open."""
    if case.shares:
        used = (
            _used(case.shares, ledger, high.elapsed, least=False),
            _used(case.shares, ledger, low.elapsed, least=True),
        )
        if case.end.latest is not None and used[0] <= 1:
            return "met"
        return "missed" if used[1] > 1 else None
    if not target:
        return "no target"
    if case.end.latest is not None and high.elapsed <= target:
        return "met"
    return "missed" if low.elapsed - low.open_seconds > target else None


def _used(shares: Sequence[Share], ledger: Ledger, elapsed: int, *, least: bool) -> Fraction:
    """The part of the promise that `elapsed` seconds use up, each priority's target for its own share."""
    used, before = Fraction(0), 0
    for i, share in enumerate(shares):
        account = ledger.upto(share.end)
        counted = account.elapsed - (account.open_seconds if least else 0)
        upto = min(counted, elapsed) if i < len(shares) - 1 else elapsed
        if share.target:
            used += Fraction(max(upto - before, 0), share.target)
        before = max(before, upto)
    return used


def _shared_due(shares: Sequence[Share], ledger: Ledger, end: int | None) -> int | None:
    left, before = Fraction(1), 0
    for i, share in enumerate(shares):
        counted = ledger.upto(share.end).elapsed
        if share.target:
            need = int(left * share.target)
            if before + need <= counted or i == len(shares) - 1:
                elapsed = ledger.upto(end).elapsed if end is not None else before + need
                if end is not None and elapsed < before + need:
                    return ledger.run_on(end, before + need - elapsed)
                return ledger.due(before + need) if before + need else None
            left -= Fraction(counted - before, share.target)
        before = counted
    return None


def _left(target: int | None, account: Account) -> str:
    return duration((target or 0) - account.elapsed)


def _at(seconds: int | None) -> str:
    return "never: the calendar does not open" if seconds is None else instant(instant_of(seconds))


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
    return StageResult(
        ticket_id=ticket_id,
        stage=stage,
        reading="psa",
        verdict=verdict,
        reason=reason,
        priority=priority,
        policy=policy,
        target_seconds=target,
        elapsed_seconds=elapsed if ended is not None else None,
        paused_seconds=None if psa.waiting_minutes is None or stage != "resolution" else psa.waiting_minutes * 60,
        due_at=goal,
        met_at=ended,
        notes=notes,
    )


def _psa_figures(stage: Stage, psa: PsaSla) -> tuple[int | None, datetime | None, datetime | None]:
    """Minutes since entry, when the stage ended, its goal."""
    if stage == "response":
        return _sum(psa.respond_minutes, optional=psa.respond_skipped_minutes), psa.responded_at, psa.respond_by
    if stage == "plan":
        minutes = _sum(psa.respond_minutes, psa.plan_minutes, optional=psa.plan_skipped_minutes)
        return minutes, psa.planned_at, psa.plan_by
    minutes = _sum(psa.respond_minutes, psa.plan_minutes, psa.resolve_minutes)
    return minutes, psa.resolved_at, psa.resolve_by


def _sum(*needed: int | None, optional: int | None = None) -> int | None:
    if any(part is None for part in needed):
        return None
    return sum(part or 0 for part in needed) + (optional or 0)
