"""Services delivered: tickets and hours, by month and by work type, as recorded."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import TimeEntry
from psa_evidence.spi import Block, Column, Heading, Paragraph, Part, Table

UNDATED = "no date"


def part(dossier: Dossier, number: int) -> Part:
    tickets, entries = dossier.population.tickets, dossier.records.time_entries
    blocks: list[Block]
    if not tickets and not entries:
        blocks = [Paragraph(text="No ticket and no time entry of the period is shown by these records.")]
    else:
        blocks = [
            Heading(text="By month"), _by_month(dossier), Heading(text="Hours by work type"), _by_type(entries),
            Heading(text="Tickets by board and type"), _by_board(dossier),
        ]  # fmt: skip
    return Part(id="services", number=number, title="Services delivered", page_kind="B", blocks=tuple(blocks))


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
