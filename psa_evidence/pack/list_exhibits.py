"""Records that stand on nothing else, shown whole but together: configurations, activities, surveys, documents."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.numbering import LISTS
from psa_evidence.records import Activity, Configuration, Document, SurveyResult
from psa_evidence.spi import Block, Cell, Column, Exhibit, Paragraph, Table, Verbatim

_HUNG = "Documents on no ticket, agreement, opportunity or invoice of this pack, most often on the client's own record."
_DIGEST = "The digest of each record's native stands in data/tables/natives.csv, under its key."


def list_exhibits(dossier: Dossier) -> list[Exhibit]:
    """An exhibit for each kind of which records are in scope that stand on nothing else."""
    records = dossier.records
    configurations = [c for c in records.configurations if _listed(dossier, c.source.key, "C-LIST")]
    activities = [a for a in records.activities if _listed(dossier, a.source.key, "Y-LIST")]
    surveys = [s for s in records.survey_results if _listed(dossier, s.source.key, "V-LIST")]
    documents = [d for d in records.documents if _listed(dossier, d.source.key, "D-LIST")]
    made = []
    if configurations:
        made.append(_configurations(dossier, configurations))
    if activities:
        made.append(_activities(dossier, activities))
    if surveys:
        made.append(_surveys(dossier, surveys))
    if documents:
        made.append(_documents(dossier, documents))
    return made


def _listed(dossier: Dossier, key: str, exhibit: str) -> bool:
    return dossier.exhibit_of.get(key) == exhibit


def _configurations(dossier: Dossier, items: list[Configuration]) -> Exhibit:
    table = Table(
        columns=(
            Column(title="Id", width=0.5), Column(title="Name", width=1.6), Column(title="Kind"),
            Column(title="Status"),
            Column(title="Active", width=0.6), Column(title="Vendor"), Column(title="Installed", width=0.8),
            Column(title="Entered", width=1.5),
        ),
        rows=tuple(
            (
                c.id, c.name, wording.text(c.kind), wording.text(c.status), wording.yes(c.active),
                wording.text(c.vendor), wording.day(c.installed_on), wording.local(c.entered_at, dossier.zone),
            )
            for c in items
        ),
        caption=f"n = {len(items):,}. {_DIGEST}",
    )  # fmt: skip
    notes: list[Block] = [
        Verbatim(label=f"configuration/{c.id}, {c.name}, notes", text=c.notes) for c in items if c.notes
    ]  # fmt: skip
    return Exhibit(
        id=LISTS["configuration"], title=f"Configurations recorded for the client ({len(items):,})",
        blocks=(table, *notes), sources=tuple(c.source for c in items),
    )  # fmt: skip


def _activities(dossier: Dossier, items: list[Activity]) -> Exhibit:
    blocks: list[Block] = [Paragraph(text=f"Activities on no ticket or opportunity of this pack. {_DIGEST}")]
    for a in items:
        facts = (
            wording.both(a.starts_at, dossier.zone), wording.text(a.kind), a.name,
            f"contact {wording.text(a.contact)}", f"member {wording.text(a.member)}",
            f"status {wording.text(a.status)}", f"activity/{a.id}",
        )  # fmt: skip
        blocks.append(Verbatim(label=" | ".join(facts), text=a.notes or "(no notes)"))
    return Exhibit(
        id=LISTS["activity"], title=f"Activities with the client ({len(items):,})", blocks=tuple(blocks),
        sources=tuple(a.source for a in items),
    )  # fmt: skip


def _surveys(dossier: Dossier, items: list[SurveyResult]) -> Exhibit:
    table = Table(
        columns=(
            Column(title="Id", width=0.5), Column(title="At", width=1.5),
            Column(title="Points", align="right", width=0.6),
            Column(title="Comment", width=3),
        ),
        rows=tuple(
            (
                s.id, wording.local(s.at, dossier.zone), wording.NONE if s.points is None else str(s.points),
                wording.text(s.comment),
            )
            for s in items
        ),
        caption=f"n = {len(items):,}. {_DIGEST}",
    )  # fmt: skip
    return Exhibit(
        id=LISTS["survey_result"], title=f"Survey results of the client ({len(items):,})", blocks=(table,),
        sources=tuple(s.source for s in items),
    )  # fmt: skip


def _documents(dossier: Dossier, items: list[Document]) -> Exhibit:
    rows: list[tuple[Cell, ...]] = []
    for d in items:
        native = dossier.native.get(f"attachment/{d.id}")
        rows.append((
            f"{d.title or wording.NONE}\n{d.file_name or 'no file name'}",
            f"{(d.record_type or 'not recorded').lower()} {d.record_id or ''}".strip(),
            f"{wording.local(d.entered_at, dossier.zone)}\nby {wording.text(d.entered_by)}",
            f"{native.size:,}" if native else "-",
            native.sha256 if native else "its bytes are not in this pack",
            (native.copy or native.path) if native else "-", d.source.key,
        ))  # fmt: skip
    table = Table(
        columns=(
            Column(title="Document, file", width=1.6), Column(title="Attached to", width=0.9),
            Column(title="Added", width=1.2), Column(title="Bytes", align="right", width=0.6),
            Column(title="SHA-256 of the file", width=2), Column(title="File in this pack", width=1.5),
            Column(title="Record", width=0.9),
        ),
        rows=tuple(rows),
        caption=f"n = {len(items):,}. {_DIGEST}",
    )  # fmt: skip
    return Exhibit(
        id=LISTS["document"], title=f"Documents of the client ({len(items):,})", blocks=(Paragraph(text=_HUNG), table),
        sources=tuple(d.source for d in items),
    )  # fmt: skip
