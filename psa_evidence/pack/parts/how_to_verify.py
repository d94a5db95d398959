"""How to check this pack without our software, and what each check proves and does not prove."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.verifying import CHECKS, NOT_PROVED
from psa_evidence.spi import Block, Column, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    del dossier  # the same for every pack
    blocks: list[Block] = [
        Paragraph(
            text="The same commands stand as plain text in data/HOW TO VERIFY.txt. None needs the vault or a network."
        ),
        Table(
            columns=(
                Column(title="Check", width=1.2),
                Column(title="Command", width=2),
                Column(title="It proves", width=2),
                Column(title="It does not prove", width=2),
            ),
            rows=tuple((c.name, c.command, c.proves, c.not_proves) for c in CHECKS),
        ),
        *(Paragraph(text=text) for text in NOT_PROVED),
    ]
    return Part(id="verify", number=number, title="How to verify", page_kind="B", blocks=tuple(blocks))
