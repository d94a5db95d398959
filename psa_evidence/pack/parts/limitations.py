"""What this pack cannot say."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.pack.parts.finding_blocks import PLACED, QUESTIONS
from psa_evidence.pack.parts.scope import NOT_COVERED
from psa_evidence.spi import Block, Paragraph, Part

GENERAL = (
    "This pack is not legal advice, and not an opinion on whether a contract was broken.",
    (
        "It shows what the PSA recorded. Whether a note or a time entry is true is not decided by its being recorded; "
        "human "
        "entries are statements of those who wrote them."
    ),
    (
        "The sides of messages (provider, client, vendor) are taken from the records and may be wrong where an address "
        "or a "
        "name is shared."
    ),
    (
        "Records of other clients are not in this pack. Text that people wrote into a record of this client may "
        "still name "
        "others."
    ),
)


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [Paragraph(text=text) for text in GENERAL]
    blocks.append(Paragraph(text=NOT_COVERED))
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    blocks += _limits(dossier)
    return Part(id="limitations", number=number, title="Limitations", page_kind="B", blocks=tuple(blocks))


def _limits(dossier: Dossier) -> list[Block]:
    """What single questions leave open stands below each of them; here only that of parts that this report lacks."""
    gone = dossier.matter.left_out_parts
    homeless = [f for f in dossier.findings if f.limits and PLACED.get(f.id, QUESTIONS) in gone]
    told: list[Block] = []
    if len(homeless) < len(dossier.findings):
        text = "What the answer to a question leaves open stands below it, as 'Limits', in the part that has its rows."
        told.append(Paragraph(text=text, see=dossier.see(QUESTIONS)))
    return [*told, *(Paragraph(text=f"{f.title}: {f.limits}") for f in homeless)]
