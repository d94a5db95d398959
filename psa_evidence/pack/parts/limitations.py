"""What this pack cannot say."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.cover import partial_words
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
    blocks += [Paragraph(text=f"{f.title}: {f.limits}") for f in dossier.findings if f.limits]
    return Part(id="limitations", number=number, title="Limitations", page_kind="B", blocks=tuple(blocks))
