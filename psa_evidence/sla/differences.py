"""Where the PSA's figure and the contract reading differ, by how much, and the likely cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psa_evidence.records import Stage, Ticket
from psa_evidence.sla.calendar import BusinessHours
from psa_evidence.sla.display import duration, instant
from psa_evidence.sla.response import Answer
from psa_evidence.sla.results import Difference, StageResult
from psa_evidence.sla.terms import STAGES

MINUTE = 60
"""The PSA keeps whole minutes of up to three segments: up to three minutes less are its own cutting off."""
_JUDGED = ("met", "missed")
UNEXPLAINED = "not explained by these records"


def compare(
    ticket: Ticket, results: Sequence[StageResult], answer: Answer, hours: BusinessHours | None
) -> tuple[Difference, ...]:
    """A difference for each stage whose verdicts disagree or whose figures lie more than the PSA's cutting off apart.

    `results` are the nine of the ticket: for each stage the PSA's, the contract's and the strict reading.
    """
    found: list[Difference] = []
    comparison = None
    for segments, i in enumerate((0, 3, 6), start=1):
        psa, ours = results[i], results[i + 1]
        stated, counted = psa.elapsed_seconds, ours.elapsed_seconds
        theirs, verdict = psa.verdict, ours.verdict
        seconds = None
        if stated is not None and counted is not None and ours.met_second is not None:
            seconds = counted - stated
        apart = seconds is not None and not 0 <= seconds < MINUTE * segments
        if apart or (theirs != verdict and theirs in _JUDGED and verdict in _JUDGED):
            comparison = comparison or _Compared(ticket, results, answer, hours)
            found.append(Difference(ticket.id, psa.stage, theirs, verdict, seconds, comparison))
    return tuple(found)


class _Compared:
    """Finds the cause of a difference when it is asked for."""

    __slots__ = ("_answer", "_hours", "_results", "_ticket")

    def __init__(
        self, ticket: Ticket, results: Sequence[StageResult], answer: Answer, hours: BusinessHours | None
    ) -> None:
        self._ticket, self._results, self._answer, self._hours = ticket, results, answer, hours

    def cause(self, stage: Stage) -> str:
        i = 3 * STAGES.index(stage)
        psa, ours, strict = self._results[i : i + 3]
        return _cause(self._ticket, psa, ours, strict, self._answer, self._hours)


def _cause(
    ticket: Ticket, psa: StageResult, ours: StageResult, strict: StageResult, answer: Answer,
    hours: BusinessHours | None,
) -> str:  # fmt: skip
    """The first cause that the figures bear out; nothing is guessed beyond that."""
    stated = psa.met_at
    seen = ours.met_at
    if (
        ours.target_seconds != psa.target_seconds
        and psa.target_seconds is not None
        and _near(psa, ours.elapsed_seconds)
    ):
        return (
            f"another target: the PSA's settings say {duration(psa.target_seconds)}, "
            f"{duration(ours.target_seconds or 0)} is promised"
        )
    if psa.elapsed_seconds is None and psa.verdict == "missed" and stated is None and not ticket.closed:
        return "stale value: the PSA shows no end of this stage though the records do"
    if stated is not None and seen is not None and abs((stated - seen).total_seconds()) >= MINUTE:
        return _other_end(ticket, psa, ours, stated, seen, answer)
    at = stated or seen
    if at is not None and ticket.entered_at is not None:
        wall = int((at - ticket.entered_at).total_seconds())
        if hours is not None and not hours.is_always and _near(psa, wall):
            return "calendar: the PSA's figure is the time around the clock"
        if _near(psa, strict.elapsed_seconds) and strict.elapsed_seconds != ours.elapsed_seconds:
            return "status mapping: the PSA's figure counts the time that these settings pause"
    if (
        ours.elapsed_seconds is not None
        and psa.elapsed_seconds is not None
        and psa.elapsed_seconds < ours.elapsed_seconds
    ):
        skipped = {"response": ticket.psa.respond_skipped_minutes, "plan": ticket.psa.plan_skipped_minutes}
        if skipped.get(psa.stage):
            return f"skipped stage: the PSA counts {skipped[psa.stage]} min as skipped"
        if ours.notes and any(note.startswith("Reopened") for note in ours.notes):
            return "reopened: the PSA's figure leaves out time that passed before or after the reopening"
    if ours.verdict == "not determined":
        return f"not determined: {ours.reason}"
    return UNEXPLAINED


def _other_end(
    ticket: Ticket, psa: StageResult, ours: StageResult, stated: datetime, seen: datetime, answer: Answer
) -> str:
    told = f"the PSA ends the stage {instant(stated)}, the records show {instant(seen)}"
    if ticket.entered_at is not None and stated < ticket.entered_at:
        return f"edited date: {told}; the PSA's time lies before the entry of the ticket"
    if psa.stage == "response" and stated < seen:
        if answer.doubtful is not None:
            return f"other end: {told}; the {answer.doubtful.what} before that is in doubt"
        return f"other end: {told}; nothing a person did is recorded at the PSA's time"
    if (
        psa.stage == "resolution"
        and ticket.closed_at is not None
        and abs((ticket.closed_at - stated).total_seconds()) < 1
    ):
        return f"two-step close: {told}, the PSA takes the closing"
    if psa.stage != "response" and stated < seen:
        intervals = ours.intervals
        within = {interval.start for interval in intervals if interval.source is not None}
        if intervals and stated not in within:
            return f"edited date: {told}, and no change of status in the history bears the PSA's time"
    return f"other end: {told}"


def _near(psa: StageResult, seconds: int | None) -> bool:
    """Whether the PSA's figure is this one, cut off to its minutes."""
    if psa.elapsed_seconds is None or seconds is None:
        return False
    return 0 <= seconds - psa.elapsed_seconds < 3 * MINUTE
