"""What the volume is, in words, for whoever loads it."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence_loadfile.items import Item
from psa_evidence_loadfile.profile import Profile


def readme(
    name: str, profile: Profile, items: Sequence[Item], *, replaced: int, images: bool, natives: int | None
) -> bytes:
    """`<volume>_readme.txt`: UTF-8, CRLF. `natives`: how many the pack has; None where nothing says it."""
    documents = [item for item in items if item.attached is None]
    attached = len(items) - len(documents)
    first, last = (documents[0].begin, documents[-1].end) if documents else ("none", "none")
    without = sum(item.native is None for item in documents)
    lines = [
        f"PRODUCTION VOLUME {name}",
        "",
        (
            f"Documents: {len(documents):,} (the exhibits of the pack), Bates {first} to {last}, "
            f"{sum(item.pages for item in documents):,} pages."
        ),
        f"Attached files: {attached:,}, in {sum(item.children > 0 for item in documents):,} families.",
        f"Profile of the columns: {profile.name} ({profile.title}). {name}_fields.csv explains each column.",
        "",
        (
            f"{name}.dat  Concordance: UTF-8 with byte order mark; byte 0x14 between fields, thorn around each; a "
            "registered"
        ),
        "            sign is a line break; CRLF behind each line; several values are separated by a semicolon.",
        (
            f"            Characters of values replaced because the format uses them itself: {replaced:,}. Natives and "
            "texts"
        ),
        "            have them as they were.",
        f"{name}.opt  Opticon: one line a document, with a PDF of all its pages."
        if images
        else "No image load file: this volume brings no PDF of each document; the pages are in the pack's own PDFs.",
        "",
        "Paths begin at the folder above the volume.",
        "Dates and times are in UTC. Pages print them in the zone of the matter, with their offset, and in UTC.",
        (
            "A Bates number is a page of the pack's PDF. An attached file has no page; its number is that of the first "
            "page of"
        ),
        "its parent, a point, and a counter.",
        (
            f"A document's native is the file of its main record; {without:,} documents are lists and have none. All "
            "source"
        ),
        f"records of each document, with path in the pack and SHA-256, are in {name}_records.csv; the files are below",
        "data/natives of the pack and are not stored twice.",
        *_elsewhere(documents, natives),
        "The text of a document is what its pages say. The text of an attached file is given where the file is text.",
        f"{name}_facts.csv is the chronology, a fact a line, for CaseMap, CaseFleet and the like.",
        "",
    ]
    return "\r\n".join(lines).encode("utf-8")


def _elsewhere(documents: Sequence[Item], natives: int | None) -> list[str]:
    """What the pack holds and no document does."""
    if natives is None:
        return []
    shown = len({record.path for item in documents for record in item.document.records})
    return [
        f"Natives of the pack that are in no document, and so in no line of the load file: {natives - shown:,}",
        "(records that no exhibit shows, and earlier versions). They have no Bates number; data/tables/natives.csv",
        "lists them.",
    ]
