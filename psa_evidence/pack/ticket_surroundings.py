"""What hangs on a ticket: activities, survey results, attachments, and which natives its exhibit shows."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.withheld_here import none
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cell, Column, Facts, Heading, Table, Verbatim


def around(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Activities and survey results that name this ticket."""
    blocks: list[Block] = []
    activities = dossier.ticket_activities.get(ticket.id, ())
    surveys = dossier.surveys.get(ticket.id, ())
    if activities or surveys:
        blocks.append(Heading(text=f"Activities and survey results ({len(activities) + len(surveys)})"))
    blocks += [
        Verbatim(
            label=f"{wording.both(a.starts_at, dossier.zone)} | {wording.text(a.kind)} | {a.name} | "
            f"contact {wording.text(a.contact)} | status {wording.text(a.status)} | {a.source.key}",
            text=a.notes or "(no notes)",
        )
        for a in activities
    ]
    blocks += [
        Verbatim(
            label=f"{wording.both(s.at, dossier.zone)} | survey result | points "
            f"{wording.NONE if s.points is None else s.points} | {s.source.key}",
            text=s.comment or "(no comment)",
        )
        for s in surveys
    ]
    return blocks


def attachments(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """What hangs on the ticket, with the digests; empty when nothing does."""
    documents = dossier.documents.get(ticket.id, ())
    if not documents:
        return []
    rows: list[tuple[Cell, ...]] = []
    for document in documents:
        native = dossier.native.get(f"attachment/{document.id}")
        rows.append((
            document.file_name or document.title, wording.local(document.entered_at, dossier.zone),
            wording.text(document.entered_by), f"{native.size:,}" if native else "-",
            native.sha256 if native else none(dossier, "its bytes were not captured", "attachment"),
            (native.copy or native.path) if native else "-",
        ))  # fmt: skip
    return [
        Heading(text=f"Attachments ({len(documents)})"),
        Table(
            columns=(
                Column(title="Name", width=1.4), Column(title="Added", width=1.4), Column(title="By", width=0.8),
                Column(title="Bytes", align="right", width=0.6), Column(title="SHA-256", width=2.2),
                Column(title="File in this pack", width=1.6),
            ),
            rows=tuple(rows),
        ),
    ]  # fmt: skip


def natives(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Which native files this exhibit shows. The full list is in the manifest; a ticket's own record is printed."""
    own = dossier.native.get(ticket.source.key)
    shown = len(dossier.shown_by.get(f"T-{ticket.id}", ()))
    rows: tuple[tuple[str, Cell], ...] = (
        ("Native of the ticket", own.path if own else "not in this pack"),
        ("SHA-256", own.sha256 if own else "-"),
        ("Captured", wording.both(own.captured_at, dossier.zone) if own else "-"),
        ("Native records shown here", f"{shown:,}; each with its digest in data/tables/natives.csv"),
    )
    return [Heading(text="Source records"), Facts(rows=rows)]
