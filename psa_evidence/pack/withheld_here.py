"""What an exhibit says where its copy withholds records: that they are missing, and not that there are none."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Kind
from psa_evidence.spi import Block, Paragraph


def notice(dossier: Dossier, ticket_id: str) -> list[Block]:
    """The slip sheet of a ticket's exhibit; nothing where nothing of the ticket is withheld."""
    count = dossier.behind.records.get(ticket_id, 0)
    if not count:
        return []
    text = (
        f"Withheld from this copy: {wording.count(count, 'record')} of this ticket. data/logs/privilege.csv lists each "
        "with its reason."
    )
    return [Paragraph(text=text, style="notice")]


def none(dossier: Dossier, words: str, *kinds: Kind) -> str:
    """`words` say that none was captured, which nobody can tell from a copy that withholds records of the kind."""
    return "None is shown; this copy withholds records of this kind." if dossier.withholds(*kinds) else words
