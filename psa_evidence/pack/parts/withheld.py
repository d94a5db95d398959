"""What was withheld, with the reason, in numbers that agree with the population statement."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Column, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block]
    if not dossier.withheld:
        blocks = [Paragraph(text="Nothing in scope was withheld or redacted from this copy.")]
    else:
        blocks = [
            Table(
                columns=(Column(title="Kind"), Column(title="Reason", width=3), Column(title="Number", align="right")),
                rows=tuple((kind.replace("_", " "), reason, f"{n:,}") for kind, reason, n in dossier.withheld),
            )
        ]
    return Part(id="withheld", number=number, title="Withheld and redacted", page_kind="B", blocks=tuple(blocks))
