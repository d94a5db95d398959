"""A finding as blocks: its question, its statements with proof, what was examined and what it cannot say."""

from __future__ import annotations

from typing import Final

from psa_evidence.findings import Finding
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import SourceRef
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Table

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
}
"""The chapter in which a finding is printed; any other stands in the chapter of questions."""


def findings_in(dossier: Dossier, part_id: str) -> list[Block]:
    """Blocks of all findings that belong to a chapter, in their own order."""
    return [
        block
        for finding in dossier.findings
        if PLACED.get(finding.id, "questions") == part_id
        for block in finding_blocks(dossier, finding)
    ]


def finding_blocks(dossier: Dossier, finding: Finding) -> list[Block]:
    statements = finding.statements
    adverse = sum(1 for s in statements if s.adverse)
    shown = statements[:SHOWN]
    rows: list[tuple[Cell, ...]] = [
        (
            "-" if s.at is None else wording.local(s.at, dossier.zone), s.ticket_id or "-", s.text,
            "adverse" if s.adverse else "", _proof(dossier, s.sources),
        )
        for s in shown
    ]  # fmt: skip
    return [
        Heading(text=finding.title),
        Paragraph(text=finding.question, style="lead"),
        Table(
            columns=(
                Column(title="When", width=1.3), Column(title="Ticket", width=0.8), Column(title="Statement", width=4),
                Column(title="Adverse", width=0.7), Column(title="Proof", width=1.1),
            ),
            rows=tuple(rows),
            caption=f"{len(shown):,} of {wording.count(len(statements), 'statement')} shown, {adverse:,} adverse to "
            "the "
            f"provider; all stand in data/tables/findings.csv. Records examined: {finding.examined:,}.",
            empty="Nothing of the kind is shown by these records.",
        ),
        Paragraph(text=f"Limits: {finding.limits}", style="small"),
    ]  # fmt: skip


def _proof(dossier: Dossier, sources: tuple[SourceRef, ...]) -> Cell:
    """The exhibit when there is one; how many when there are several, which the table in CSV lists."""
    cites = dossier.cites(sources)
    if not cites:
        return "not in this pack" if sources else "-"
    if len(cites) > 1:
        return wording.count(len(cites), "exhibit")
    return cites[0]
