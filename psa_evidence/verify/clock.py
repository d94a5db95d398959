"""What one row of `sla_results.csv` says of itself: do its seconds, its instants and its verdict agree?

The contract and strict readings are computed from the records; their verdict follows from the row, but for a target
that was shared among priorities. The PSA's own figures are quoted, and only its verdict is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.tables import Row, is_instant, maybe

STAGES: Final = ("response", "plan", "resolution")
READINGS: Final = ("psa", "contract", "strict")
VERDICTS: Final = ("met", "missed", "not determined", "no target", "excluded")
COLUMNS: Final = (
    "ticket", "entered_at", "priority", "stage", "reading", "target_seconds", "elapsed_seconds", "due_at", "met_at",
    "verdict", "reason",
)  # fmt: skip
_OWN_TARGET: Final = re.compile(r".* left|missed by .*", re.DOTALL)


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

    def problem(self) -> str | None:
        """Why the verdict does not follow from the rest of the row; None when it does."""
        if self.verdict in {"met", "missed"}:
            return self._quoted() if self.reading == "psa" else self._computed()
        if self.verdict == "no target" and self.target:
            return "no target is said, and one is stated"
        return None

    def _computed(self) -> str | None:
        met, target, elapsed = self.verdict == "met", self.target, self.elapsed
        if elapsed is None or (met and not self.met_at):
            return "a verdict without what it rests on"
        late = self.met_at == "" or (self.due_at != "" and self.met_at > self.due_at)
        if _OWN_TARGET.fullmatch(self.reason) is None:  # the target was shared among priorities
            return "verdict against due_at" if self.due_at not in {"", self.met_at} and late == met else None
        if not target:
            return "a verdict without a target"
        if met != (elapsed <= target):
            return f"{self.verdict}, with {elapsed:,} seconds of {target:,}"
        if self.due_at and self.met_at and ((elapsed < target and late) or (elapsed > target and not late)):
            return "met_at and due_at are in another order than elapsed and target"
        return None

    def _quoted(self) -> str | None:
        if not self.target:
            return "a verdict without a target"
        if self.verdict == "met" and not self.met_at:
            return "met, and no met_at"
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
    )  # fmt: skip
