"""The questions a dispute asks that have no chapter of their own, with statements for and against."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.spi import Paragraph, Part


def part(dossier: Dossier, number: int) -> Part:
    blocks = findings_in(dossier, "questions") or [Paragraph(text="No further question was examined.")]
    return Part(id="questions", number=number, title="Further questions examined", page_kind="B", blocks=tuple(blocks))
