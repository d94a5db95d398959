"""Attainment and breaches: counted so that nothing disappears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psa_evidence.records import RecordSet, Stage
from psa_evidence.sla.instants import START
from psa_evidence.sla.policy import Rulebooks, Settings
from psa_evidence.sla.results import AttainmentRow, Reading, StageResult, TicketSla, Verdict
from psa_evidence.sla.terms import STAGES, ContractTerms

NO_AGREEMENT = "(no agreement)"
NO_PRIORITY = "(no priority)"
NO_MONTH = "(not known)"
_READINGS: tuple[Reading, ...] = ("contract", "strict", "psa")
_Key = tuple[str, str, Stage, str, Reading, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A missed promise. `overrun_seconds` is open time beyond the target; None when the figure is not known."""

    ticket_id: str
    stage: Stage
    reading: Reading
    overrun_seconds: int | None
    due_at: datetime | None
    met_at: datetime | None
    result: StageResult


def attainment(
    records: RecordSet, results: Sequence[TicketSla], *, time_zone: str, contract: ContractTerms | None = None,
    settings: Settings = (),
) -> tuple[AttainmentRow, ...]:  # fmt: skip
    """Rows by agreement, priority, stage, month of entry (in `time_zone`) and reading; a change of goal splits a row.

    `settings` are earlier captures of the settings, as for `evaluate`: the goal is the one in force at the entry. The
    counts of all rows of a stage and reading add up to the number of results.
    """
    zone = ZoneInfo(time_zone)
    books = Rulebooks(records, contract, time_zone, settings, START)
    tickets = {ticket.id: ticket for ticket in records.tickets}
    counts: dict[_Key, Counter[Verdict]] = {}
    paused: Counter[_Key] = Counter()
    for ticket_sla in results:
        ticket = tickets.get(ticket_sla.ticket_id)
        agreement = (ticket.agreement_name if ticket else None) or NO_AGREEMENT
        month = NO_MONTH
        if ticket is not None and ticket.entered_at is not None:
            month = f"{ticket.entered_at.astimezone(zone):%Y-%m}"
        rules = books.at(ticket.entered_at if ticket else None)
        sla_id = rules.sla_id_of(ticket) if ticket else None
        for result in ticket_sla.results:
            targets = rules.targets.targets(sla_id, None, result.priority)
            goal = targets.psa_goal if result.reading == "psa" else targets.goal
            percent: int | None = getattr(goal, f"{result.stage}_percent")
            key = (agreement, result.priority or NO_PRIORITY, result.stage, month, result.reading, percent)
            counts.setdefault(key, Counter())[result.verdict] += 1
            if result.paused_seconds:
                paused[key] += 1
    return tuple(_row(key, counts[key], paused[key]) for key in sorted(counts, key=_order))


def _order(key: _Key) -> tuple[str, str, int, str, int, int]:
    agreement, priority, stage, month, reading, goal = key
    return agreement, priority, STAGES.index(stage), month, _READINGS.index(reading), -1 if goal is None else goal


def _row(key: _Key, count: Counter[Verdict], paused: int) -> AttainmentRow:
    agreement, priority, stage, month, reading, goal = key
    return AttainmentRow(
        agreement=agreement,
        priority=priority,
        stage=stage,
        month=month,
        reading=reading,
        n=count.total(),
        met=count["met"],
        missed=count["missed"],
        not_determined=count["not determined"],
        no_target=count["no target"],
        excluded=count["excluded"],
        goal_percent=goal,
        paused=paused,
    )


def breaches(results: Iterable[TicketSla]) -> tuple[Breach, ...]:
    """Every missed result: those of the contract reading first, then the strict ones, then the PSA's; else in order."""
    found = [
        Breach(
            ticket_id=result.ticket_id,
            stage=result.stage,
            reading=result.reading,
            overrun_seconds=_overrun(result),
            due_at=result.due_at,
            met_at=result.met_at,
            result=result,
        )
        for ticket in results
        for result in ticket.results
        if result.verdict == "missed"
    ]
    return tuple(sorted(found, key=lambda breach: _READINGS.index(breach.reading)))


def _overrun(result: StageResult) -> int | None:
    if result.elapsed_seconds is None or result.target_seconds is None:
        return None
    return result.elapsed_seconds - result.target_seconds
