"""A finding as blocks: its question, its statements with proof, what was examined and what it cannot say.

Which statements speak against the provider is counsel's concern: no copy but counsel's marks them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from psa_evidence.findings import Finding, Statement
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import SourceRef
from psa_evidence.spi import Block, Cell, Cite, Column, Heading, Paragraph, Table

SHOWN: Final = 200
"""Statements printed of one question; `data/tables/findings.csv` has all, and the page says so."""

PLACED: Final = {
    "late-entries": "record-quality",
    "edits": "record-quality",
    "unread-history": "record-quality",
    "number-gaps": "record-quality",
    "waiting": "waiting",
    "declined-advice": "recommendations",
    "unpaid-invoices": "invoices",
    "psa-disagreements": "psa-figures",
}
"""The part in which a finding is printed; any other stands in the part of questions."""

QUESTIONS: Final = "questions"

NOTHING: Final = "Nothing of the kind is shown by these records."


def findings_in(dossier: Dossier, part_id: str, *, above: bool = False) -> list[Block]:
    """Blocks of all findings that belong to a part, in their own order. `above`: the part's own tables have a row for
    each of their statements, which is then not printed again."""
    return [
        block
        for finding in dossier.findings
        if PLACED.get(finding.id, QUESTIONS) == part_id
        for block in finding_blocks(dossier, finding, above=above)
    ]


def finding_blocks(dossier: Dossier, finding: Finding, *, above: bool = False) -> list[Block]:
    """What sums the question up stands above the table, its other statements in it; with `above` they are counted.
    Where there was nothing to examine, question and answer are one paragraph."""
    if not finding.statements:
        return _short(finding, NOTHING)
    summary, statements = finding.statements[0], finding.statements[1:]
    if not (finding.examined or statements or summary.sources):
        return _short(finding, summary.text)
    apart = [s for s in statements if above and not s.sources]  # on what the copy withholds: no row shows it
    statements = tuple(s for s in statements if s not in apart)
    judged = dossier.counsel
    adverse = f", {sum(1 for s in statements if s.adverse):,} adverse to the provider" if judged else ""
    shown = statements[:SHOWN]
    sources = len(_further(dossier, summary, statements))
    beside = f"beside the rows {'above' if above else 'below'} " if statements else ""
    blocks: list[Block] = [
        Heading(text=finding.title),
        Paragraph(text=finding.question, style="lead"),
        Paragraph(text=summary.text + (f" Proof {beside}({wording.count(sources, 'exhibit')}) is listed in "
                                       "data/tables/findings.csv." if sources else "")),
    ]  # fmt: skip
    examined = f"Records examined: {finding.examined:,}."
    blocks += [Paragraph(text=s.text) for s in apart]
    if statements and above:
        text = (
            f"{wording.count(len(statements), 'statement')}{adverse}: the rows above show what "
            f"{'it says' if len(statements) == 1 else 'they say'}; all stand in data/tables/findings.csv. {examined}"
        )
        blocks.append(Paragraph(text=text, style="small"))
    elif statements:
        told = _told(shown)
        blocks.append(
            Table(
                columns=(
                    *(column for column, _ in told), Column(title="Statement", width=4.2),
                    *((Column(title="Adverse", width=0.7),) if judged else ()), Column(title="Proof", width=1.1),
                ),
                rows=tuple(
                    (
                        *(value(dossier, s) for _, value in told), s.text,
                        *(("adverse" if s.adverse else "-",) if judged else ()), _proof(dossier, s.sources),
                    )
                    for s in shown
                ),
                caption=f"{len(shown):,} of {wording.count(len(statements), 'statement')} shown{adverse}; all "
                f"stand in data/tables/findings.csv. {examined}",
            )
        )  # fmt: skip
    else:
        nothing = f"No single record is listed for it. {examined}"
        blocks.append(Paragraph(text=nothing, style="small"))
    return [*blocks, Paragraph(text=f"Limits: {finding.limits}", style="small")]


def _short(finding: Finding, answer: str) -> list[Block]:
    return [Heading(text=finding.title), Paragraph(text=f"{finding.question} {answer}")]


def _told(statements: Sequence[Statement]) -> list[tuple[Column, Callable[[Dossier, Statement], str]]]:
    """The columns before the statement that at least one of them fills."""
    found: list[tuple[Column, Callable[[Dossier, Statement], str]]] = []
    if any(s.at is not None for s in statements):
        when = Column(title="When", width=1.3)
        found.append((when, lambda dossier, s: "-" if s.at is None else wording.local(s.at, dossier.zone)))
    if any(s.ticket_id for s in statements):
        found.append((Column(title="Ticket", width=0.7), lambda _, s: s.ticket_id or "-"))
    return found


def _further(dossier: Dossier, summary: Statement, statements: Sequence[Statement]) -> set[Cite]:
    """Exhibits that prove the summary and stand in no row below it."""
    below = {cite for s in statements for cite in dossier.cites(s.sources)}
    return set(dossier.cites(summary.sources)) - below


def _proof(dossier: Dossier, sources: tuple[SourceRef, ...]) -> Cell:
    """The exhibit when there is one; how many when there are several, which the table in CSV lists."""
    cites = dossier.cites(sources)
    if not cites:
        return "not in this pack" if sources else "-"
    if len(cites) > 1:
        return wording.count(len(cites), "exhibit")
    return cites[0]
