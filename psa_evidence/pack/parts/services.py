"""Services delivered: tickets and hours, by month and by work type, as recorded."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from psa_evidence.findings.words import span
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import TimeEntry
from psa_evidence.spi import Block, Cell, Cite, Column, Facts, Heading, Paragraph, Part, Table

UNDATED = "no date"
LAGS: Final = (("within 1 hour", 3600), ("within 24 hours", 86_400), ("within 7 days", 7 * 86_400))
NOT_READ: Final = (
    "reports of monitoring, patching and backups are not read: such systems are no part of the captures. What they "
    "reported into the PSA is a ticket, counted above by its source"
)


def part(dossier: Dossier, number: int) -> Part:
    tickets, entries = dossier.population.tickets, dossier.records.time_entries
    blocks: list[Block]
    if not tickets and not entries:
        blocks = [Paragraph(text="No ticket and no time entry of the period is shown by these records.")]
    else:
        blocks = [
            Heading(text="By month"), _by_month(dossier), Heading(text="Hours by work type"), _by_type(entries),
            Heading(text="Tickets by board and type"), _by_board(dossier),
            Heading(text="What else is held, and what is not"), *_held(dossier),
        ]  # fmt: skip
    return Part(id="services", number=number, title="Services delivered", page_kind="B", blocks=tuple(blocks))


def _held(dossier: Dossier) -> list[Block]:
    """Projects and visits; the lag of the time typed in; what no capture reads."""
    records = dossier.records
    sources = Counter(t.channel or "no source" for t in dossier.population.tickets)
    listed = ", ".join(f"{name} {n:,}" for name, n in sorted(sources.items(), key=lambda item: (-item[1], item[0])))
    visits = records.schedule_entries
    done, scheduled = sum(v.done is True for v in visits), wording.count(len(visits), "entry", "entries")
    projects = ", ".join((
        wording.count(len(records.projects), "project"), wording.count(len(records.project_phases), "phase"),
        wording.count(len(records.project_tickets), "project ticket"),
    ))  # fmt: skip
    return [
        Facts(
            rows=(
                ("Tickets by source", listed or "none"),
                ("Projects", _projects(dossier, projects)),
                ("Scheduled work", f"{scheduled} on these tickets, {done:,} recorded as done"),
                ("Monitoring reports", NOT_READ),
            )
        ),
        *_lag(dossier),
    ]  # fmt: skip


def _projects(dossier: Dossier, counted: str) -> Cell:
    """Hours of a project are the PSA's own sum: time that is recorded on its tickets is not read ticket by ticket."""
    records = dossier.records
    if not (records.projects or records.project_tickets):
        return f"{counted} shown by these records"
    hours = [p.actual_hours for p in records.projects if p.actual_hours is not None]
    words = (
        f"{counted}; they have no SLA. Their hours, {wording.hours(sum(hours))} by the PSA's own sum over "
        f"{wording.count(len(hours), 'project')}, are in no figure above"
    )
    sources = [*(p.source for p in records.projects), *(t.source for t in records.project_tickets)]
    cite = next(iter(dossier.cites(sources)), None)
    return words if cite is None else Cite(cite.exhibit, words)


def _lag(dossier: Dossier) -> list[Block]:
    """How long after the work each entry was typed in: the question whether a record is contemporaneous."""
    lags = sorted(
        ((e.entered_at - worked).total_seconds(), e.id, e.source)
        for e in dossier.records.time_entries
        if e.entered_at is not None and (worked := e.ended_at or e.started_at) is not None
    )
    if not lags:
        return [Paragraph(text="No time entry records both when the work was done and when it was typed in.")]
    within = [f"{words} {sum(lag <= limit for lag, *_ in lags):,}" for words, limit in LAGS]
    middle, (longest, _, source) = lags[(len(lags) - 1) // 2][0], lags[-1]
    return [
        Paragraph(
            text=f"Time typed in after the work ended: {', '.join(within)} of {len(lags):,} entries with both times "
            f"({len(dossier.records.time_entries) - len(lags):,} lack one). Middle entry: {_span(middle)}; latest: "
            f"{_span(longest)}. Entries later than 24 hours are listed in the part on record quality.",
            cites=dossier.cites([source]),
            see=("record-quality",),
        )
    ]


def _span(seconds: float) -> str:
    """In the words of the part on record quality, which lists the late ones."""
    return f"{span(timedelta(seconds=abs(seconds)))} {'after' if seconds >= 0 else 'before'}"


def _month(dossier: Dossier, at: datetime | None) -> str:
    return UNDATED if at is None else f"{at.astimezone(dossier.zone):%Y-%m}"


def _hours(entries: list[TimeEntry]) -> str:
    return wording.hours(sum(e.hours for e in entries if e.hours is not None))


def _by_month(dossier: Dossier) -> Table:
    entered = Counter(_month(dossier, t.entered_at) for t in dossier.population.tickets)
    closed = Counter(_month(dossier, t.closed_at) for t in dossier.population.tickets if t.closed_at is not None)
    worked: dict[str, list[TimeEntry]] = {}
    for entry in dossier.records.time_entries:
        worked.setdefault(_month(dossier, entry.started_at), []).append(entry)
    months = sorted({*entered, *closed, *worked})
    rows = [
        (m, f"{entered[m]:,}", f"{closed[m]:,}", f"{len(worked.get(m, [])):,}", _hours(worked.get(m, [])))
        for m in months
    ]
    everything = [e for entries in worked.values() for e in entries]
    rows.append(
        ("all", f"{entered.total():,}", f"{closed.total():,}", f"{len(everything):,}", _hours(everything))
    )  # fmt: skip
    without = sum(1 for e in everything if e.hours is None)
    return Table(
        columns=(
            Column(title="Month"), Column(title="Tickets entered", align="right"),
            Column(title="Tickets closed", align="right"), Column(title="Time entries", align="right"),
            Column(title="Hours", align="right"),
        ),
        rows=tuple(rows),
        caption=f"Months in {dossier.matter.time_zone}. Hours as the PSA records them; {without:,} entries record "
        "none. Tickets entered and closed are those of the population, each in its own month. Time entries of tickets "
        "in the population may be dated after the period.",
    )  # fmt: skip


def _by_type(entries: tuple[TimeEntry, ...]) -> Table:
    groups: dict[tuple[str, str], list[TimeEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.work_type or wording.NONE, entry.billable or wording.NONE), []).append(entry)
    rows = [(kind, bill, f"{len(group):,}", _hours(group)) for (kind, bill), group in sorted(groups.items())]
    rows.append(("all", "", f"{len(entries):,}", _hours(list(entries))))
    return Table(
        columns=(
            Column(title="Work type", width=2), Column(title="Billing"), Column(title="Entries", align="right"),
            Column(title="Hours", align="right"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _by_board(dossier: Dossier) -> Table:
    groups = Counter((dossier.board_name(t.board_id), t.type_name or wording.NONE) for t in dossier.population.tickets)
    rows = [(board, kind, f"{n:,}") for (board, kind), n in sorted(groups.items())]
    rows.append(("all", "", f"{groups.total():,}"))
    return Table(
        columns=(Column(title="Board", width=2), Column(title="Type", width=2), Column(title="Tickets", align="right")),
        rows=tuple(rows),
    )
