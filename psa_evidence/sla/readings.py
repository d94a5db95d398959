"""The verdict of one stage by one reading: the contract's, the strict one, and the PSA's own.

A verdict is given only when it holds for every history that the records allow; otherwise it is `not determined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from types import EllipsisType
from typing import Final, NamedTuple

from psa_evidence.records import Stage
from psa_evidence.sla.clocks import Clocks
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.ledger import Account, Ledger
from psa_evidence.sla.results import Reading, StageResult, Verdict
from psa_evidence.sla.spelling import SpelledOut
from psa_evidence.sla.stages import End

NO_TARGET: Final = "no target is promised for this stage"


class Share(NamedTuple):
    """Up to `end` (whole seconds) a priority governed. `targets` are all that it may bring; the first is the likely
    one."""

    end: int
    targets: tuple[int | None, ...]

    @property
    def shortest(self) -> int | None:
        """By which most of the promise is used up; None when there is none."""
        return min((target for target in self.targets if target), default=None)

    @property
    def longest(self) -> int | None:
        """By which least of it is."""
        known = [target for target in self.targets if target]
        return max(known) if len(known) == len(self.targets) else None


class Case(NamedTuple):
    """One stage of one ticket, ready to be judged. `targets` are all that may govern; the first is the likely one.
    `doubt` says why there are several. `shares` is set when each priority's target counts for its own share.
    """

    ticket_id: str
    stage: Stage
    priority: str | None
    policy: str | None
    calendar: str | None
    notes: tuple[str, ...]
    targets: tuple[int | None, ...]
    doubt: str
    end: End
    as_of: int
    shares: tuple[Share, ...]

    @property
    def promised(self) -> bool:
        """Whether there may be a target. One that a share brought is not undone by a later priority without one."""
        return any(any(share.targets) for share in self.shares) if self.shares else any(self.targets)


def judge(case: Case, clocks: Clocks) -> tuple[StageResult, StageResult]:
    """The contract and the strict reading."""
    end, targets = case.end, case.targets
    met, target = end.at, targets[0]
    if met is None or not met == end.latest == end.earliest or len(targets) > 1 or case.shares:
        return _open(case, clocks)
    honouring = clocks.honouring(case.stage)
    elapsed, paused, open_seconds, *_ = honouring.upto(met)
    if open_seconds:
        return _open(case, clocks)
    whole = elapsed + paused
    contract: Verdict = "met"
    strict: Verdict = "met"
    due: EllipsisType | None = ...
    if not target:
        contract, strict, due = "no target", "no target", None
    else:
        if elapsed > target:
            contract = "missed"
        if whole > target:
            strict = "missed"
    ticket_id, stage, priority, policy, calendar, notes = case[:6]
    return (
        StageResult(
            ticket_id, stage, "contract", contract, _plain, priority, policy, calendar, target, elapsed, paused, due,
            met, honouring, notes, met,
        ),
        StageResult(
            ticket_id, stage, "strict", strict, _plain, priority, policy, calendar, target, whole, 0, due, met,
            clocks, notes, met,
        ),
    )  # fmt: skip


def _plain(result: StageResult) -> str:
    """The reason of a stage whose end and target are certain."""
    target, elapsed = result.target_seconds or 0, result.elapsed_seconds or 0
    if result.verdict == "no target":
        return NO_TARGET
    if result.verdict == "met":
        return f"{duration(elapsed)} of open time, {duration(target - elapsed)} left"
    due = "never: the calendar does not open" if result.due_at is None else instant(result.due_at)
    return f"missed by {duration(elapsed - target)}; due {due}"


def _open(case: Case, clocks: Clocks) -> tuple[StageResult, StageResult]:
    """The same where the records leave something open: the end, the target, or whether the clock ran."""
    return (
        _weighed(case, "contract", clocks.honouring(case.stage)),
        _weighed(case, "strict", clocks.strict),
    )


def _weighed(case: Case, reading: Reading, ledger: SpelledOut) -> StageResult:
    met, target = case.end.at, case.targets[0]
    until = case.as_of if met is None else met
    account = ledger.upto(until)
    due = None
    if case.shares:
        due = _shared_due(case.shares, ledger, met)
    elif target:
        due = ledger.due(target, met)
    verdict: Verdict = "no target"
    reason = NO_TARGET
    if case.promised:
        verdict, reason = _verdict(case, ledger, account, due)
    return StageResult(
        case.ticket_id, case.stage, reading, verdict, reason, case.priority, case.policy, case.calendar, target,
        account.elapsed, account.paused, due, met, ledger, case.notes, until,
    )  # fmt: skip


def _verdict(case: Case, ledger: Ledger, account: Account, due: int | None) -> tuple[Verdict, str]:
    end = case.end
    certain = end.latest == end.at == end.earliest and not account.open_seconds
    low = account if certain or end.earliest is None else ledger.upto(end.earliest)
    high = account if certain or end.latest is None else ledger.upto(end.latest)
    verdicts = {_bounds(case, target, low, high, ledger) for target in case.targets}
    verdict = verdicts.pop() if len(verdicts) == 1 else None
    target = None if case.shares else case.targets[0]
    """What is left of several targets is no number of seconds."""
    if verdict == "met":
        left = "" if target is None else f", {duration(target - high.elapsed)} left"
        return "met", f"{duration(account.elapsed)} of open time{left}"
    if verdict == "missed":
        over = "" if target is None else f" by {duration(account.elapsed - target)}"
        still = "" if end.at is not None else f"; still open at {_at(case.as_of)}"
        return "missed", f"missed{over}; due {_at(due)}{still}"
    if len(case.targets) > 1 and verdict is None:
        return "not determined", case.doubt
    doubts = tuple(dict.fromkeys(text for text in (end.doubt, *ledger.doubts(account)) if text))
    if end.at is None and not doubts:
        if case.shares and not case.shares[-1].targets[0]:
            return "not determined", f"still open at {_at(case.as_of)}; the priority it has now brings no target"
        if due is None:
            left = "" if target is None else f", {duration(target - account.elapsed)} left"
            return "not determined", f"still open at {_at(case.as_of)}; the clock is paused{left}"
        return "not determined", f"still open at {_at(case.as_of)}; due {_at(due)}"
    return "not determined", "; ".join(doubts) or "the records leave the end of this stage open"


def _bounds(case: Case, target: int | None, low: Account, high: Account, ledger: Ledger) -> Verdict | None:
    """What holds for the whole range; None when the range leaves it open."""
    if case.shares:
        if case.end.latest is not None and _used(case.shares, ledger, high, least=False) <= 1:
            return "met"
        return "missed" if _used(case.shares, ledger, low, least=True) > 1 else None
    if not target:
        return "no target"
    if case.end.latest is not None and high.elapsed <= target:
        return "met"
    return "missed" if low.elapsed - low.open_seconds > target else None


def _used(shares: Sequence[Share], ledger: Ledger, account: Account, *, least: bool) -> Fraction:
    """The part of the promise that an account uses up, each priority's target for its own share; the least or the most
    that it may be."""
    used, before = Fraction(0), 0
    for share in shares:
        upto = ledger.upto(share.end) if share.end < account.end else account
        counted = upto.elapsed - (upto.open_seconds if least else 0)
        target = share.longest if least else share.shortest
        if target:
            used += Fraction(counted - before, target)
        before = counted
    return used


def _shared_due(shares: Sequence[Share], ledger: Ledger, end: int | None) -> int | None:
    left, before = Fraction(1), 0
    for share in shares:
        counted = ledger.upto(share.end).elapsed
        if target := share.targets[0]:
            need = before + int(left * target)
            if need <= counted or share is shares[-1]:
                return ledger.due(need, end)
            left -= Fraction(counted - before, target)
        before = counted
    return None


def _at(seconds: int | None) -> str:
    return "never: the calendar does not open" if seconds is None else instant(instant_of(seconds))
