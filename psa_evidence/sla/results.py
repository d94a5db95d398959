"""What the engine says of a ticket: a verdict for each stage and reading, and every second explained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from typing import Final, Literal, NamedTuple, Protocol

from psa_evidence.records import SourceRef, Stage
from psa_evidence.sla.instants import instant_of, seconds_of

Reading = Literal["psa", "contract", "strict"]
"""The PSA's own figure; the contract's calendar, pauses and first human act; no pause honoured."""

Verdict = Literal["met", "missed", "not determined", "no target", "excluded"]
"""Every ticket, stage and reading has exactly one; together they add up to the population."""

State = Literal["counted", "paused", "closed"]


class Interval(NamedTuple):
    """From `start` to `end` (UTC) the clock counted `seconds` (0 unless `state` is counted), because of `why`."""

    start: datetime
    end: datetime
    state: State
    seconds: int
    why: str
    source: SourceRef | None = None


class Explanation(Protocol):
    """What can tell the intervals behind a figure, up to the end of a stage, and when a target in seconds was or would
    be used up. Instants are whole seconds since 1970; `met` None: the stage did not end."""

    def intervals(self, end: int) -> tuple[Interval, ...]: ...

    def due(self, target: int, met: int | None) -> int | None: ...


class Comparison(Protocol):
    """What can find the likely cause of the difference of a stage."""

    def cause(self, stage: Stage) -> str: ...


class StageResult:
    """One stage of one ticket by one reading. Seconds are open time of the calendar, whole; times are UTC.

    The verdict and the seconds are there from the start. What explains them (`reason`: one sentence why the verdict is
    what it is; `intervals`; mostly `due_at`) is found when it is asked for, since a population of a hundred thousand
    tickets is counted whole and read in part. Intervals are made anew each time, and kept by whoever asked: those of
    some thousand tickets, cut at every night, would take hundreds of megabytes. Nothing sets an attribute afterwards;
    two results are equal when all that they say is.

    `intervals` cover the stage from entry to the instant it was met (or `as_of`) without gap or overlap; their
    seconds add up to `elapsed_seconds`. The PSA reading has none: its figures are the PSA's.
    """

    __slots__ = (
        "_due", "_end", "_intervals", "_met", "_reason", "calendar", "elapsed_seconds", "notes", "paused_seconds",
        "policy", "priority", "reading", "stage", "target_seconds", "ticket_id", "verdict",
    )  # fmt: skip

    def __init__(
        self,
        ticket_id: str,
        stage: Stage,
        reading: Reading,
        verdict: Verdict,
        reason: str | Callable[[StageResult], str],
        priority: str | None = None,
        policy: str | None = None,
        calendar: str | None = None,
        target_seconds: int | None = None,
        elapsed_seconds: int | None = None,
        paused_seconds: int | None = None,
        due_at: datetime | int | EllipsisType | None = None,
        met_at: datetime | int | None = None,
        intervals: tuple[Interval, ...] | Explanation = (),
        notes: tuple[str, ...] = (),
        end: int = 0,
    ) -> None:
        """Times may be given as whole seconds since 1970, `reason` as what words it, `intervals` as what tells them up
        to `end`, which then also tells the due time when that is `...`."""
        self.ticket_id: Final = ticket_id
        self.stage: Final = stage
        self.reading: Final = reading
        self.verdict: Final = verdict
        self._reason = reason
        self.priority: Final = priority
        self.policy: Final = policy
        self.calendar: Final = calendar
        self.target_seconds: Final = target_seconds
        self.elapsed_seconds: Final = elapsed_seconds
        self.paused_seconds: Final = paused_seconds
        self._due = due_at
        self._met = met_at
        self._intervals = intervals
        self.notes: Final = notes
        self._end = end

    @property
    def reason(self) -> str:
        if not isinstance(self._reason, str):
            self._reason = self._reason(self)
        return self._reason

    @property
    def due_at(self) -> datetime | None:
        if self._due is ...:
            self._due = self._tell_due()
        return instant_of(self._due) if isinstance(self._due, int) else self._due

    @property
    def met_at(self) -> datetime | None:
        return instant_of(self._met) if isinstance(self._met, int) else self._met

    @property
    def met_second(self) -> int | None:
        """`met_at` in whole seconds since 1970."""
        return seconds_of(self._met) if isinstance(self._met, datetime) else self._met

    @property
    def intervals(self) -> tuple[Interval, ...]:
        return self._intervals if isinstance(self._intervals, tuple) else self._intervals.intervals(self._end)

    @property
    def stated(self) -> bool:
        """Whether there is a figure or a verdict, met or missed: of the PSA's reading, whether the PSA gives one."""
        return self.verdict in {"met", "missed"} or self.elapsed_seconds is not None

    def _tell_due(self) -> int | None:
        if isinstance(self._intervals, tuple) or not self.target_seconds:
            return None
        return self._intervals.due(self.target_seconds, self.met_second)

    def _all(self) -> tuple[object, ...]:
        return (
            self.ticket_id, self.stage, self.reading, self.verdict, self.reason, self.priority, self.policy,
            self.calendar, self.target_seconds, self.elapsed_seconds, self.paused_seconds, self.due_at, self.met_at,
            self.intervals, self.notes,
        )  # fmt: skip

    def __eq__(self, other: object) -> bool:
        return self._all() == other._all() if isinstance(other, StageResult) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.ticket_id, self.stage, self.reading))

    def __repr__(self) -> str:
        return f"StageResult({self.ticket_id!r}, {self.stage!r}, {self.reading!r}, {self.verdict!r}, {self.reason!r})"


class Difference:
    """Where the PSA's figure and ours differ: by how many seconds (ours minus PSA's), and the likely cause.

    `cause` may be given as what finds it when it is asked for.
    """

    __slots__ = ("_cause", "our_verdict", "psa_verdict", "seconds", "stage", "ticket_id")

    def __init__(
        self,
        ticket_id: str,
        stage: Stage,
        psa_verdict: Verdict,
        our_verdict: Verdict,
        seconds: int | None,
        cause: str | Comparison,
    ) -> None:
        self.ticket_id: Final = ticket_id
        self.stage: Final = stage
        self.psa_verdict: Final = psa_verdict
        self.our_verdict: Final = our_verdict
        self.seconds: Final = seconds
        self._cause = cause

    @property
    def cause(self) -> str:
        if not isinstance(self._cause, str):
            self._cause = self._cause.cause(self.stage)
        return self._cause

    def _all(self) -> tuple[object, ...]:
        return self.ticket_id, self.stage, self.psa_verdict, self.our_verdict, self.seconds, self.cause

    def __eq__(self, other: object) -> bool:
        return self._all() == other._all() if isinstance(other, Difference) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.ticket_id, self.stage))

    def __repr__(self) -> str:
        return f"Difference{self._all()!r}"


class TicketSla(NamedTuple):
    """All results of one ticket: three stages times three readings, in that order."""

    ticket_id: str
    results: tuple[StageResult, ...]
    differences: tuple[Difference, ...] = ()

    def result(self, stage: Stage, reading: Reading) -> StageResult:
        for result in self.results:
            if result.stage == stage and result.reading == reading:
                return result
        raise KeyError(f"{self.ticket_id}: no {reading} reading of {stage}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainmentRow:
    """A line of the attainment table. n = met + missed + not_determined + no_target + excluded.

    `goal_percent` is what was promised, None when nothing was. `month` is `YYYY-MM` in the contract's zone. `paused`
    counts those of n whose clock a pause stopped, whatever the verdict.
    """

    agreement: str
    priority: str
    stage: Stage
    month: str
    reading: Reading
    n: int
    met: int
    missed: int
    not_determined: int
    no_target: int
    excluded: int
    goal_percent: int | None
    paused: int = 0
