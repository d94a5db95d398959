"""SLA attainment with numerators and denominators: by priority, agreement, month and stage, and why no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from psa_evidence.pack.clock_statement import READING_NAME, READINGS
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.parts.ordering import by_priority
from psa_evidence.pack.tally import COLUMNS_WITH_PAUSES, WIDTHS_WITH_PAUSES, of_rows
from psa_evidence.pack.wording import count
from psa_evidence.sla.display import quoted
from psa_evidence.sla.results import AttainmentRow
from psa_evidence.spi import Block, Cite, Column, Heading, Paragraph, Part, Table

CAPTION = (
    "n = met + missed + not determined + no target + excluded. Judged = met + missed. The rows can be "
    "computed again from data/tables/sla_results.csv; every row there cites its exhibit."
)

NAMED: Final = 12
"""Tickets that a line of reasons names."""

_GOAL: Final = Column(title="promised share", align="right", width=0.9)
_VARYING: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|(?<=deleted in the PSA ).*|(?<=merged into ).*|-?\d+:\d\d:\d\d"
)
"""What differs from ticket to ticket in a reason: instants, durations, ids of other tickets."""


def _under(dossier: Dossier) -> str:
    agreement = dossier.matter.agreement
    return "" if agreement is None else f" under the agreement {quoted(agreement)}"


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = []
    total = len(dossier.population.tickets)
    if not dossier.attainment:
        blocks.append(Paragraph(text=f"Nothing to show: the population holds {count(total, 'ticket')}."))
    else:
        blocks += [
            Paragraph(
                text=f"Summary of {count(total, 'ticket')} entered in the period{_under(dossier)}. Each ticket has "
                "three stages and three readings; a verdict that the records do not determine, so that nothing can be "
                "measured, is counted as such, never as met. Paused: of n, those whose clock a pause stopped, whatever "
                "the verdict; of the PSA's figure, those for which it records minutes of waiting. "
                "The strict reading knows no pause."
            ),
            _summarised(dossier),
        ]
        blocks += [Heading(text="By stage and reading"), _by_stage(dossier)]
        for reading in READINGS:
            blocks += [Heading(text=f"By priority: {READING_NAME[reading]}"), _by_priority(dossier, reading)]
        blocks += [Heading(text="By agreement: contract reading"), _by_agreement(dossier)]
        blocks += [Heading(text="By month: contract reading"), _by_month(dossier)]
        blocks += [Heading(text="Why no verdict: contract reading"), _reasons(dossier)]
    return Part(id="attainment", number=number, title="SLA attainment", page_kind="B", blocks=tuple(blocks))


def _summarised(dossier: Dossier) -> Paragraph:
    """Which pages the summary is of. Exhibits keep numbers of earlier builds: the first need not have the lowest."""
    shown = [cite for t in dossier.population.tickets if (cite := dossier.cite(t.source)) is not None]
    ends = (shown[0], Cite(shown[-1].exhibit, whole=True)) if shown else ()
    return Paragraph(
        text=f"FRE 1006 summary of {count(len(shown), 'ticket exhibit')}, in the order of the exhibit index, whose "
        "source records stand in this pack. Its first and last:",
        see=dossier.see("exhibit-index"),
        cites=ends,
    )


def share_words(dossier: Dossier) -> str:
    """Whose promise the shares are: the targets of a contract do not say that a share was promised."""
    contract = dossier.matter.contract
    if not any(r.goal_percent for r in dossier.attainment if r.reading == "contract"):
        return ""
    stated = contract is not None and any(
        getattr(goal, f"{stage}_percent") is not None for _, goal in contract.goals for stage in STAGES
    )  # fmt: skip
    if stated:
        return "Promised share: the matter file's where it states one, else that of the SLA in the PSA."
    return "Promised share: that of the SLA in the PSA; the matter file states none."


def _columns(*names: str) -> tuple[Column, ...]:
    weighed = zip(COLUMNS_WITH_PAUSES, WIDTHS_WITH_PAUSES, strict=True)
    numbers = tuple(Column(title=c, align="right", width=w) for c, w in weighed)
    return (*(Column(title=n, width=1.5) for n in names), *numbers)


def _by_stage(dossier: Dossier) -> Table:
    rows = []
    for stage in STAGES:
        for reading in READINGS:
            here = [r for r in dossier.attainment if r.stage == stage and r.reading == reading]
            rows.append((stage, READING_NAME[reading], *of_rows(here).cells_with_pauses(), _goal(here)))
    caption = f"{CAPTION} {share_words(dossier)}".strip()
    return Table(columns=(*_columns("Stage", "Reading"), _GOAL), rows=tuple(rows), caption=caption)


def _by_priority(dossier: Dossier, reading: str) -> Table:
    rows = [r for r in dossier.attainment if r.reading == reading]
    lines = []
    for priority in by_priority(dossier, {r.priority for r in rows}):
        for stage in STAGES:
            here = [r for r in rows if r.priority == priority and r.stage == stage]
            lines.append((priority, stage, *of_rows(here).cells_with_pauses(), _goal(here)))
    return Table(columns=(*_columns("Priority", "Stage"), _GOAL), rows=tuple(lines), caption=CAPTION)


def _by_month(dossier: Dossier) -> Table:
    rows = [r for r in dossier.attainment if r.reading == "contract"]
    lines = []
    for month in sorted({r.month for r in rows}):
        for stage in STAGES:
            here = [r for r in rows if r.month == month and r.stage == stage]
            lines.append((month, stage, *of_rows(here).cells_with_pauses(), _goal(here)))
    return Table(
        columns=(*_columns("Month", "Stage"), _GOAL), rows=tuple(lines),
        caption=f"Month of entry in {dossier.matter.time_zone}. {CAPTION}",
    )  # fmt: skip


def _by_agreement(dossier: Dossier) -> Table:
    rows = [r for r in dossier.attainment if r.reading == "contract"]
    lines = []
    for agreement in sorted({r.agreement for r in rows}):
        for stage in STAGES:
            here = [r for r in rows if r.agreement == agreement and r.stage == stage]
            lines.append((agreement, stage, *of_rows(here).cells_with_pauses(), _goal(here)))
    return Table(columns=(*_columns("Agreement", "Stage"), _GOAL), rows=tuple(lines), caption=CAPTION)


def _reasons(dossier: Dossier) -> Table:
    """Each result without a verdict, counted by its reason; ids and instants in a reason are not told apart."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for ticket, result in dossier.stage_results("contract"):
        if result.verdict not in {"met", "missed"}:
            reason = _VARYING.sub("...", result.reason)
            found.setdefault((result.verdict, result.stage, reason), []).append(ticket.id)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], STAGES.index(item[0][1]), item[0][2]))
    return Table(
        columns=(
            Column(title="Class", width=1.1), Column(title="Stage", width=0.9), Column(title="Reason", width=3),
            Column(title="n", align="right", width=0.5), Column(title="Tickets", width=2),
        ),
        rows=tuple((*key, f"{len(ids):,}", _named(ids)) for key, ids in ordered),
        caption="The classes not determined, no target and excluded of the tables above. data/tables/sla_results.csv "
        "gives the reason of each ticket, stage and reading in full.",
        empty="Every stage of every ticket has a verdict under the contract reading.",
    )  # fmt: skip


def _named(ids: Sequence[str]) -> str:
    rest = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {rest:,} more, in the CSV" if rest > 0 else "")


def _goal(rows: Iterable[AttainmentRow]) -> str:
    goals = sorted({r.goal_percent for r in rows if r.goal_percent})
    return ", ".join(f"{g} %" for g in goals) or "none stated"
