"""Recommendations and what the client answered, as recorded. Silence is not shown as refusal."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.records import Opportunity
from psa_evidence.spi import Block, Cell, Column, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    advice = dossier.records.opportunities
    blocks: list[Block]
    if not advice:
        blocks = [Paragraph(text="No recommendation or quote to this client is shown by these records.")]
    else:
        rows: list[tuple[Cell, ...]] = [
            (
                dossier.cell(o.source), wording.local(o.entered_at, dossier.zone), o.name, wording.text(o.contact),
                answer(o), wording.local(o.closed_at, dossier.zone), f"{len(dossier.activities.get(o.id, ())):,}",
            )
            for o in advice
        ]  # fmt: skip
        blocks = [
            Paragraph(
                text=f"{wording.count(len(advice), 'recommendation')} recorded before the end of the period. The "
                "answer is the "
                "PSA's status, not a signed statement of the client; 'no answer recorded' does not say that none was "
                "given."
            ),
            Table(
                columns=(
                    Column(title="Exhibit"), Column(title="Entered", width=1.4), Column(title="What", width=2.2),
                    Column(title="Contact"), Column(title="Answer as recorded", width=1.5),
                    Column(title="Closed", width=1.4), Column(title="Activities", align="right", width=0.8),
                ),
                rows=tuple(rows),
                caption=f"n = {len(rows):,}; the same rows stand in data/tables/opportunities.csv.",
            ),
        ]  # fmt: skip
    blocks += findings_in(dossier, "recommendations")
    return Part(
        id="recommendations", number=number, title="Recommendations and answers", page_kind="B", blocks=tuple(blocks)
    )


def answer(opportunity: Opportunity) -> str:
    if opportunity.won:
        return "accepted"
    if opportunity.lost:
        return "declined" + (f": {opportunity.reason}" if opportunity.reason else "")
    return "no answer recorded" + (f" (status {opportunity.status})" if opportunity.status else "")
