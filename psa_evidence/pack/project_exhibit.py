"""Projects of the client with their phases and tickets, shown together: work that no SLA measures."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.numbering import LISTS
from psa_evidence.spi import Block, Column, Exhibit, Heading, Paragraph, Table

WORDS = (
    "Project tickets share the numbers of service tickets, have no SLA and are in no figure of the report. Notes and "
    "lines of history that hang on them are listed at the end, by their files."
)


def project_exhibit(dossier: Dossier) -> list[Exhibit]:
    """One exhibit, or none where no project is in scope."""
    records = dossier.records
    sources = (
        *(p.source for p in records.projects), *(p.source for p in records.project_phases),
        *(t.source for t in records.project_tickets),
    )  # fmt: skip
    if not sources:
        return []
    keys = {source.key for source in sources}
    hanging = [n for n in dossier.shown_by.get(LISTS["project"], ()) if n.key not in keys]
    blocks: list[Block] = [Paragraph(text=WORDS), _projects(dossier), *_phases(dossier), *_tickets(dossier)]
    if hanging:
        table = Table(
            columns=(
                Column(title="Record", width=1.4), Column(title="On", width=1.1),
                Column(title="File in this pack", width=1.8), Column(title="SHA-256", width=2.2),
            ),
            rows=tuple((n.key, n.parent or "-", n.copy or n.path, n.sha256) for n in hanging),
        )  # fmt: skip
        blocks += [Heading(text=f"Further source records ({len(hanging)})"), table]
    return [
        Exhibit(
            id=LISTS["project"], title=f"Projects for the client ({len(records.projects):,})", blocks=tuple(blocks),
            sources=sources,
        )
    ]  # fmt: skip


def _projects(dossier: Dossier) -> Table:
    return Table(
        columns=(
            Column(title="Id", width=0.5), Column(title="Project", width=2), Column(title="Status"),
            Column(title="Manager"), Column(title="Starts"), Column(title="Ends"),
            Column(title="Actual hours", align="right", width=0.7),
        ),
        rows=tuple(
            (
                p.id, p.name, wording.text(p.status), wording.text(p.manager), wording.day(p.starts_on),
                wording.day(p.ends_on), wording.hours(p.actual_hours),
            )
            for p in dossier.records.projects
        ),
        empty="The project of these phases or tickets was not captured.",
    )  # fmt: skip


def _phases(dossier: Dossier) -> list[Block]:
    phases = dossier.records.project_phases
    if not phases:
        return []
    table = Table(
        columns=(
            Column(title="Id", width=0.5), Column(title="Project", width=0.6), Column(title="Phase", width=2.4),
            Column(title="Status"), Column(title="Starts"), Column(title="Ends"),
        ),
        rows=tuple(
            (p.id, p.project_id, p.description, wording.text(p.status), wording.day(p.starts_on),
             wording.day(p.ends_on))
            for p in phases
        ),
    )  # fmt: skip
    return [Heading(text=f"Phases ({len(phases)})"), table]


def _tickets(dossier: Dossier) -> list[Block]:
    tickets = dossier.records.project_tickets
    if not tickets:
        return []
    table = Table(
        columns=(
            Column(title="Id", width=0.6), Column(title="Project", width=0.6), Column(title="Summary", width=2.2),
            Column(title="Status"), Column(title="Owner"), Column(title="Entered", width=1.3),
            Column(title="Closed", width=1.3), Column(title="Actual hours", align="right", width=0.7),
        ),
        rows=tuple(
            (
                t.id, t.project_id or wording.NONE, t.summary, wording.text(t.status), wording.text(t.owner),
                wording.local(t.entered_at, dossier.zone), wording.local(t.closed_at, dossier.zone),
                wording.hours(t.actual_hours),
            )
            for t in tickets
        ),
    )  # fmt: skip
    return [Heading(text=f"Project tickets ({len(tickets)})"), table]
