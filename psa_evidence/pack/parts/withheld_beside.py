"""What a part says of records that its copy withholds: "none is shown" must not be read as "there was none"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Kind
from psa_evidence.spi import Paragraph, Part

KINDS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "contract": ("agreement",),
    "attainment": ("ticket",),
    "breaches": ("ticket",),
    "psa-figures": ("ticket",),
    "services": ("ticket", "time_entry", "project", "schedule_entry"),
    "record-quality": ("ticket", "note", "time_entry", "history"),
    "chronology": ("note", "time_entry"),
    "waiting": ("ticket", "note"),
    "recommendations": ("opportunity", "activity", "document"),
    "invoices": ("invoice", "payment"),
    "incidents": ("ticket",),
    "handover": ("ticket", "activity", "document"),
    "illustrations": ("ticket", "note", "time_entry", "invoice"),
}
"""Of each part the kinds of records that it shows, those of which it says itself what is withheld left out."""

_MANY: Final = {
    "activity": "activities", "history": "lines of history", "opportunity": "recommendations and quotes",
    "time_entry": "time entries", "schedule_entry": "schedule entries",
}  # fmt: skip
_ONE: Final = {"history": "line of history", "opportunity": "recommendation or quote"}


def beside(dossier: Dossier, part: Part) -> Part:
    """The part, beginning with what is withheld of its kinds; as it is where nothing of them is."""
    told = counted(dossier, *KINDS.get(part.id, ()))
    if not told:
        return part
    see = dossier.see("withheld")
    text = f"Withheld from this copy, and not shown in this part: {told}."
    return replace(part, blocks=(Paragraph(text=text, style="small", see=see), *part.blocks))


def counted(dossier: Dossier, *kinds: Kind) -> str:
    """`43 tickets, 13 invoices`; empty where none of these kinds is withheld."""
    numbers = [(kind, dossier.withholds(kind)) for kind in kinds]
    return ", ".join(
        wording.count(n, _ONE.get(kind, wording.named(kind)), _MANY.get(kind, "")) for kind, n in numbers if n
    )
