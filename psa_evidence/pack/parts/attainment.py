"""SLA attainment with numerators and denominators: by priority and stage, and by month, under three readings."""

from __future__ import annotations

from collections.abc import Iterable

from psa_evidence.pack.clock_statement import READING_NAME, READINGS
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.parts.ordering import by_priority
from psa_evidence.pack.tally import COLUMNS, WIDTHS, Tally, of_rows
from psa_evidence.pack.wording import count
from psa_evidence.sla.results import AttainmentRow
from psa_evidence.spi import Block, Column, Heading, Paragraph, Part, Table

CAPTION = (
    "n = met + missed + not determined + no target + excluded. Judged = met + missed. The rows are recomputed from "
    "data/tables/sla_results.csv; every row there cites its exhibit."
)


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = []
    total = len(dossier.population.tickets)
    if not dossier.attainment:
        blocks.append(Paragraph(text=f"Nothing to show: the population holds {count(total, 'ticket')}."))
    else:
        blocks.append(
            Paragraph(
                text=f"Summary of {count(total, 'ticket')} entered in the period. Each ticket has three stages and "
                "three "
                "readings; a verdict that the records do not determine is counted as such, never as met."
            )
        )
        blocks += [Heading(text="By stage and reading"), _by_stage(dossier)]
        for reading in READINGS:
            blocks += [Heading(text=f"By priority: {READING_NAME[reading]}"), _by_priority(dossier, reading)]
        blocks += [Heading(text="By month: contract reading"), _by_month(dossier)]
    return Part(id="attainment", number=number, title="SLA attainment", page_kind="B", blocks=tuple(blocks))


def _columns(*names: str) -> tuple[Column, ...]:
    numbers = tuple(Column(title=c, align="right", width=w) for c, w in zip(COLUMNS, WIDTHS, strict=True))
    return (*(Column(title=n, width=1.5) for n in names), *numbers)


def _by_stage(dossier: Dossier) -> Table:
    rows = []
    for stage in STAGES:
        for reading in READINGS:
            tally = of_rows(r for r in dossier.attainment if r.stage == stage and r.reading == reading)
            rows.append((stage, READING_NAME[reading], *tally.cells()))
    return Table(columns=_columns("Stage", "Reading"), rows=tuple(rows), caption=CAPTION)


def _by_priority(dossier: Dossier, reading: str) -> Table:
    rows = [r for r in dossier.attainment if r.reading == reading]
    lines = []
    for priority in by_priority(dossier, {r.priority for r in rows}):
        for stage in STAGES:
            here = [r for r in rows if r.priority == priority and r.stage == stage]
            lines.append((priority, stage, *of_rows(here).cells(), _goal(here)))
    columns = (*_columns("Priority", "Stage"), Column(title="promised share", align="right", width=0.9))
    return Table(columns=columns, rows=tuple(lines), caption=CAPTION)


def _by_month(dossier: Dossier) -> Table:
    rows = [r for r in dossier.attainment if r.reading == "contract"]
    lines = []
    for month in sorted({r.month for r in rows}):
        for stage in STAGES:
            tally: Tally = of_rows(r for r in rows if r.month == month and r.stage == stage)
            lines.append((month, stage, *tally.cells()))
    return Table(
        columns=_columns("Month", "Stage"), rows=tuple(lines),
        caption=f"Month of entry in {dossier.matter.time_zone}. {CAPTION}",
    )  # fmt: skip


def _goal(rows: Iterable[AttainmentRow]) -> str:
    goals = sorted({r.goal_percent for r in rows if r.goal_percent})
    return ", ".join(f"{g} %" for g in goals) or "none stated"
