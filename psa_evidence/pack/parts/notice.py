"""Certification and notice: which drafts this copy brings, and what they still need. None is signed."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Paragraph, Part


def part(dossier: Dossier, number: int) -> Part:
    named = dossier.matter.certificates
    if named is not None:
        drafts = f"The matter file asks for these drafts: {', '.join(named) or 'none'}."
    elif dossier.matter.copy == "counsel":
        drafts = (
            "All drafts of the certificates stand in data/certificates; a pack made without the exporter of "
            "certificates has no such folder."
        )
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
        Paragraph(
            text=f"A notice names the records: {wording.count(len(dossier.exhibit_list), 'exhibit')} of this copy, "
            "whose range the cover states; the index gives each with the digest of its record. Where and when "
            "they can be inspected, and when notice was given, is for counsel to state.",
            see=dossier.see("exhibit-index"),
        ),
    ]
    return Part(id="notice", number=number, title="Certification and notice", page_kind="B", blocks=tuple(blocks))
