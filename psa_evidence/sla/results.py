"""What the engine says of a ticket: a verdict for each stage and reading, and every second explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psa_evidence.records import SourceRef, Stage

Reading = Literal["psa", "contract", "strict"]
"""The PSA's own figure; the contract's calendar, pauses and first human act; no pause honoured."""

Verdict = Literal["met", "missed", "not determined", "no target", "excluded"]
"""Every ticket, stage and reading has exactly one; together they add up to the population."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From `start` to `end` (UTC) the clock counted `seconds` (0 unless `state` is counted), because of `why`."""

    start: datetime
    end: datetime
    state: Literal["counted", "paused", "closed"]
    seconds: int
    why: str
    source: SourceRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult:
    """Seconds are open time of the calendar, whole. `reason` says in one sentence why the verdict is what it is.

    `intervals` cover the stage from entry to the instant it was met (or `as_of`) without gap or overlap; their
    seconds add up to `elapsed_seconds`. The PSA reading has none: its figures are the PSA's.
    """

    ticket_id: str
    stage: Stage
    reading: Reading
    verdict: Verdict
    reason: str
    priority: str | None = None
    policy: str | None = None
    calendar: str | None = None
    target_seconds: int | None = None
    elapsed_seconds: int | None = None
    paused_seconds: int | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    intervals: tuple[Interval, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the PSA's figure and ours differ: by how many seconds (ours minus PSA's), and the likely cause."""

    ticket_id: str
    stage: Stage
    psa_verdict: Verdict
    our_verdict: Verdict
    seconds: int | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSla:
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

    `goal_percent` is what was promised, None when nothing was. `month` is `YYYY-MM` in the contract's zone.
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
