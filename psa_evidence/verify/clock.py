"""What one row of `sla_results.csv` says of itself: do its seconds, its instants, its verdict and its words agree?

The contract and strict readings are computed from the records; their verdict follows from the row, but for a target
that was shared among priorities. The PSA's own figures are quoted, and only its verdict is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.reason import Reason, is_quoted, reason_of
from psa_evidence.verify.tables import Row, is_instant, maybe

STAGES: Final = ("response", "plan", "resolution")
READINGS: Final = ("psa", "contract", "strict")
VERDICTS: Final = ("met", "missed", "not determined", "no target", "excluded")
COLUMNS: Final = (
    "ticket", "entered_at", "priority", "stage", "reading", "target_seconds", "elapsed_seconds", "due_at", "met_at",
    "verdict", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds are open time; instants are text in UTC that sorts by time, empty when there is none."""

    ticket: str
    priority: str
    stage: str
    reading: str
    target: int | None
    elapsed: int | None
    due_at: str
    met_at: str
    verdict: str
    reason: str
    entered_at: str = ""
    paused: int | None = None

    def problem(self, *, shared: bool = True) -> str | None:
        """Why the verdict does not follow from the rest of the row; None when it does. `shared`: the target may have
        been shared among the priorities that the ticket had."""
        if self.verdict in {"met", "missed"}:
            return self._quoted() if self.reading == "psa" else self._computed(shared=shared)
        if self.verdict == "no target":
            return "no target is said, and one is stated" if self.target else None
        if self.verdict == "excluded":
            figures = self.target, self.elapsed, self.due_at or None, self.met_at or None
            return "excluded, and figures are stated" if figures.count(None) < len(figures) else None
        return self._open(shared=shared)

    def _computed(self, *, shared: bool) -> str | None:
        met, target, elapsed = self.verdict == "met", self.target, self.elapsed
        if elapsed is None or (met and not self.met_at):
            return "a verdict without what it rests on"
        said = reason_of(self.reason)
        if said is None or said.verdict != self.verdict:
            return f"{self.verdict}, and the reason is not that of such a verdict"
        if problem := self._worded(said, elapsed):
            return problem
        late = self.met_at == "" or (self.due_at != "" and self.met_at > self.due_at)
        if said.apart is None:  # the target was shared among priorities
            if not shared:
                return "the reason is that of a target shared among priorities, which the terms of the pack do not know"
            return "verdict against due_at" if self.due_at not in {"", self.met_at} and late == met else None
        if not target:
            return "a verdict without a target"
        if met != (elapsed <= target):
            return f"{self.verdict}, with {elapsed:,} seconds of {target:,}"
        if said.apart > target - elapsed if met else said.apart != elapsed - target:
            return "the reason states another time than elapsed and target leave"
        if self.due_at and self.met_at and ((elapsed < target and late) or (elapsed > target and not late)):
            return "met_at and due_at are in another order than elapsed and target"
        return None

    def _worded(self, said: Reason, elapsed: int) -> str | None:
        """What the reason says beside the target."""
        if said.elapsed not in {None, elapsed}:
            return "the reason states another time than elapsed_seconds"
        if said.due not in {None, self.due_at}:
            return "the reason states another instant than due_at"
        if self.verdict == "missed" and (said.open_at is None) != (self.met_at != ""):
            return "the reason and met_at do not agree on whether the stage is still open"
        return None

    def _open(self, *, shared: bool) -> str | None:
        """Not determined. Why, a row shows of the PSA's figures, and of a stage that is still open."""
        if self.reading == "psa":
            decided = self.target and (self.elapsed is not None or (self.due_at and self.met_at))
            return "not determined, though the PSA's figures decide" if decided else None
        said = reason_of(self.reason)
        if said is None or said.open_at is None:
            return None  # the records leave something in doubt: what, only the engine can tell
        if self.met_at:
            return "the reason says that the stage is still open, and there is a met_at"
        if said.due not in {None, self.due_at}:
            return "the reason states another instant than due_at"
        if self.target and self.elapsed is not None and not shared:
            if self.elapsed > self.target:
                return f"not determined, with {self.elapsed:,} seconds of {self.target:,} and nothing in doubt"
            if said.apart not in {None, self.target - self.elapsed}:
                return "the reason states another time than elapsed and target leave"
        return None

    def _quoted(self) -> str | None:
        if not self.target:
            return "a verdict without a target"
        if self.verdict == "met" and not self.met_at:
            return "met, and no met_at"
        if not is_quoted(self.reason, self.elapsed, self.target, {self.due_at, self.met_at}):
            return "the reason states other figures of the PSA than the row"
        if self.elapsed is not None:
            agrees = (self.verdict == "met") == (self.elapsed <= self.target)
            return None if agrees else f"{self.verdict}, with {self.elapsed:,} seconds of {self.target:,}"
        if not self.due_at:
            return "a verdict without what it rests on"
        if self.met_at and self.met_at != self.due_at and (self.verdict == "met") != (self.met_at < self.due_at):
            return f"{self.verdict}, against its met_at and due_at"
        return None


def result_of(row: Row) -> Result:
    """Raises Unreadable: a word, number or instant that is none."""
    if row["stage"] not in STAGES or row["reading"] not in READINGS or row["verdict"] not in VERDICTS:
        raise Unreadable("a stage, reading or verdict that there is not")
    if any(row[name] and not is_instant(row[name]) for name in ("entered_at", "due_at", "met_at")):
        raise Unreadable("an instant that is none")
    return Result(
        row["ticket"], row["priority"], row["stage"], row["reading"], maybe(row["target_seconds"]),
        maybe(row["elapsed_seconds"]), row["due_at"], row["met_at"], row["verdict"], row["reason"], row["entered_at"],
        maybe(row.get("paused_seconds", "")),
    )  # fmt: skip
