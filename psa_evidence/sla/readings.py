"""The verdict of one stage by one reading: the contract's, the strict one, and the PSA's own.

A verdict is given only when it holds for every history that the records allow; otherwise it is `not determined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from psa_evidence.records import Stage
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.ledger import Account, Ledger
from psa_evidence.sla.results import Reading, StageResult, Verdict
from psa_evidence.sla.spelling import SpelledOut
from psa_evidence.sla.stages import End


class Share(NamedTuple):
    """Up to `end` (whole seconds) a priority with `target` governed."""

    end: int
    target: int | None


class Case(NamedTuple):
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
    shares: tuple[Share, ...]
    notes: tuple[str, ...]


def judge(case: Case, reading: Reading, ledger: SpelledOut) -> StageResult:
    """The contract or the strict reading, by the ledger that honours its pauses."""
    ticket_id, stage, priority, policy, calendar, targets, _, end, as_of, shares, notes = case
    target = targets[0]
    account = ledger.upto(as_of if end.at is None else end.at)
    elapsed = account.elapsed
    due = None
    if shares:
        due = _shared_due(shares, ledger, end.at)
    elif target:
        due = ledger.due(target) if end.at is None or elapsed >= target else ledger.run_on(account, target - elapsed)
    verdict: Verdict
    reason: str | None
    if not target and not any(targets):
        verdict, reason = "no target", "no target is promised for this stage"
    elif (
        end.latest == end.at == end.earliest
        and not account.open_seconds and end.at is not None and len(targets) == 1 and not shares
    ):  # fmt: skip
        verdict, reason = "met" if elapsed <= (target or 0) else "missed", None
    else:
        verdict, reason = _verdict(case, ledger, account, due)
    return StageResult(
        ticket_id, stage, reading, verdict, reason, priority, policy, calendar, target, elapsed, account.paused,
        due, end.at, ledger, notes, as_of if end.at is None else end.at,
    )  # fmt: skip


def _verdict(case: Case, ledger: Ledger, account: Account, due: int | None) -> tuple[Verdict, str]:
    end = case.end
    certain = end.latest == end.at == end.earliest and not account.open_seconds
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
    doubts = tuple(dict.fromkeys(text for text in (end.doubt, *ledger.doubts(account)) if text))
    if end.at is None and not doubts:
        if due is None:
            return (
                "not determined",
                f"still open at {_at(case.as_of)}; the clock is paused, {_left(target, account)} left",
            )
        return "not determined", f"still open at {_at(case.as_of)}; due {_at(due)}"
    return "not determined", "; ".join(doubts) or "the records leave the end of this stage open"


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
                account = None if end is None else ledger.upto(end)
                if account is not None and account.elapsed < before + need:
                    return ledger.run_on(account, before + need - account.elapsed)
                return ledger.due(before + need) if before + need else None
            left -= Fraction(counted - before, share.target)
        before = counted
    return None


def _left(target: int | None, account: Account) -> str:
    return duration((target or 0) - account.elapsed)


def _at(seconds: int | None) -> str:
    return "never: the calendar does not open" if seconds is None else instant(instant_of(seconds))
