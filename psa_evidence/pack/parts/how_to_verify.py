"""How to check this pack without our software, and what each check proves and does not prove."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.verifying import NOT_PROVED, Check, checks, time_words
from psa_evidence.spi import Block, Column, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Paragraph(
            text="The same commands stand as plain text, to be copied, in data/HOW TO VERIFY.txt. They are for the "
            "folder of "
            "the pack (the one with bagit.txt). None needs the vault or a network."
        ),
        Table(
            columns=(
                Column(title="Check", width=1),
                Column(title="Commands, and what they print", width=2.6),
                Column(title="It proves", width=2.2),
                Column(title="It does not prove", width=1.4),
            ),
            rows=tuple((c.name, _commands(c), c.proves, c.not_proves) for c in checks(dossier)),
        ),
    ]
    if words := time_words(dossier):
        blocks.append(Paragraph(text=words, style="notice"))
    blocks += [Paragraph(text=text) for text in NOT_PROVED]
    return Part(id="verify", number=number, title="How to verify", page_kind="B", blocks=tuple(blocks))


def _commands(check: Check) -> str:
    lines = []
    for command in check.commands:
        lines += [f"$ {command.command}", *(f"> {line}" for line in command.prints)]
    return "\n".join([*lines, *check.others])
