"""Certification and notice: which drafts this copy brings, and what they still need. None is signed."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Paragraph, Part


def part(dossier: Dossier, number: int) -> Part:
    named = dossier.matter.certificates
    if named is not None:
        drafts = f"The matter file asks for these drafts: {', '.join(named) or 'none'}."
    elif dossier.matter.copy == "counsel":
        drafts = "All drafts of the certificates stand in data/certificates, where that exporter is installed."
    else:
        drafts = "This copy brings the form of transfer of custody and no certificate unless the matter file names one."
    blocks: list[Block] = [
        Paragraph(text=drafts),
        Paragraph(
            text="A draft is filled with the facts of this run and left blank where a person must state what he or she "
            "knows. No certificate is signed, and none is made by this report."
        ),
        Paragraph(
            text="FRE 902(11), (13) and (14) ask for reasonable written notice before the trial, with the records and "
            "the certificate open to inspection; FRE 1006 asks that the records behind a summary be made available. "
            "The records are in data/natives, by the kinds and numbers of the part on scope."
        ),
    ]
    return Part(id="notice", number=number, title="Certification and notice", page_kind="B", blocks=tuple(blocks))
