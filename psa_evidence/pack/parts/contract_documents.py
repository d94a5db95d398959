"""Which documents of a contract were handed over, what the matter file quotes of it, and what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from psa_evidence.matter import Promise
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.shortened import Shortener
from psa_evidence.records import Document
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Table, Verbatim

_TITLED: Final = "agreement"
UNSIGNED: Final = (
    "Whether a document was signed, and by whom, is not shown by these records: a title that says so is the title "
    "somebody gave the file."
)


def documents(dossier: Dossier) -> list[Block]:
    """What is attached to an agreement, with digests; agreements without any document; who signed."""
    attached = [d for d in dossier.records.documents if (d.record_type or "").casefold() == _TITLED]
    blocks: list[Block] = [Heading(text="Contract documents handed over"), _table(dossier, attached)]
    held = {d.record_id for d in attached}
    without = [a for a in dossier.records.agreements if a.id not in held]
    hidden = dossier.withholds("document", "attachment")
    words = [UNSIGNED]
    if without:
        names = "; ".join(a.name for a in without)
        words.append(f"No document of these agreements is {'in this copy' if hidden else 'shown'}: {names}.")
    if hidden:
        words.append(
            f"This copy withholds {wording.count(hidden, 'document or its bytes', 'documents or their bytes')}."
        )
    contract = dossier.matter.contract
    if contract is not None:
        words.append(
            f"The matter file states: “{contract.signature}”."
            if contract.signature
            else "The matter file does not state who signed."
        )
    return [*blocks, Paragraph(text=" ".join(words))]


def _table(dossier: Dossier, attached: Sequence[Document]) -> Table:
    names = {a.id: a.name for a in dossier.records.agreements}
    short = Shortener()
    rows: list[tuple[Cell, ...]] = []
    for document in attached:
        native = dossier.native.get(f"attachment/{document.id}")
        added = f"{wording.local(document.entered_at, dossier.zone)}\nby {wording.text(document.entered_by)}"
        rows.append((
            dossier.cell(document.source), names.get(document.record_id or "", wording.text(document.record_id)),
            f"{short(document.title)}\n{short(document.file_name or '')}".strip(), added,
            native.sha256 if native else "its bytes are not in this pack", "not shown",
        ))  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit", width=0), Column(title="Agreement", width=1.3),
            Column(title="Document and file", width=1.7), Column(title="Added", width=1.2),
            Column(title="SHA-256", width=1.7), Column(title="Signed", width=0),
        ),
        rows=tuple(rows),
        caption="Documents attached to an agreement in the PSA; the files lie in data/attachments, by their "
        f"ids.{short.note}",
        empty="No document is attached to an agreement, as far as these records show.",
    )  # fmt: skip


def quoted(dossier: Dossier) -> list[Block]:
    """Remedies, exclusions, the client's duties and other promises in the words of the matter file; what it lacks."""
    contract = dossier.matter.contract
    kinds: tuple[tuple[str, tuple[Promise, ...]], ...] = (
        ("remedies and credits", contract.remedies if contract else ()),
        ("exclusions", contract.exclusions if contract else ()),
        ("duties of the client", contract.client_duties if contract else ()),
        ("other promises", dossier.matter.promises),
    )
    blocks: list[Block] = [Heading(text="Clauses quoted in the matter file")]
    lacking = [kind for kind, promises in kinds if not promises]
    if lacking:
        text = f"The matter file quotes no clause on: {', '.join(lacking)}."
        blocks.append(Paragraph(text=text + (_COMPUTED if len(lacking) < len(kinds) else "")))
    else:
        blocks.append(Paragraph(text=_COMPUTED.strip()))
    for kind, promises in kinds:
        blocks += [Verbatim(label=f"{kind.capitalize()}: clause {p.clause}", text=p.text) for p in promises]
    return blocks


_COMPUTED: Final = (
    " What is quoted was typed by whoever prepared the matter; no credit is computed from it, and whether one was "
    "given is said with each miss."
)
