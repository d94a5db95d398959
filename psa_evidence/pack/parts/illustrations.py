"""Charts, apart from the summaries (FRE 107): they illustrate, and prove nothing that the tables do not."""

from __future__ import annotations

from psa_evidence.pack.charts import ALL
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Paragraph, Part


def part(dossier: Dossier, number: int) -> Part:
    blocks: tuple[Block, ...]
    if not dossier.population.tickets:
        blocks = (Paragraph(text="Nothing to draw: the population holds no ticket."),)
    else:
        words = (
            "Drawn from the same figures as the summaries, to be looked at and not to be relied on. Under each stand "
            "its query, n, and what it leaves out."
        )
        blocks = (Paragraph(text=words), *(chart(dossier) for chart in ALL))
    return Part(id="illustrations", number=number, title="Illustrations", page_kind="C", blocks=blocks)
