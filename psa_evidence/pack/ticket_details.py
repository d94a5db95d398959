"""What else hangs on a ticket: changes to its time entries, tasks, devices. Shown where there is any."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import SourceRef, Ticket
from psa_evidence.spi import Block, Column, Heading, Table


def details(dossier: Dossier, ticket: Ticket) -> list[Block]:
    return [*_time_changes(dossier, ticket), *_tasks(dossier, ticket), *_devices(dossier, ticket)]


def sources(dossier: Dossier, ticket: Ticket) -> list[SourceRef]:
    audits = [a for e in dossier.time_entries.get(ticket.id, ()) for a in dossier.time_audits.get(e.id, ())]
    tasks, attached = dossier.tasks.get(ticket.id, ()), dossier.attached.get(ticket.id, ())
    return [*(a.source for a in audits), *(t.source for t in tasks), *(a.source for a in attached)]


def _time_changes(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """The PSA's own audit of the time entries: the only place where it gives old and new values."""
    audits = [a for e in dossier.time_entries.get(ticket.id, ()) for a in dossier.time_audits.get(e.id, ())]
    if not audits:
        return []
    table = Table(
        columns=(
            Column(title="Time entry", width=0.8), Column(title="When", width=1.5), Column(title="By", width=0.8),
            Column(title="What", width=1.4), Column(title="Old", width=1.5), Column(title="New", width=1.5),
        ),
        rows=tuple(
            (
                a.time_entry_id, wording.local(a.at, dossier.zone), wording.text(a.by),
                ": ".join(part for part in (a.kind, a.message) if part) or wording.NONE,
                wording.text(a.old), wording.text(a.new),
            )
            for a in audits
        ),
        caption="Old and new values as the PSA's audit of the time entry has them.",
    )  # fmt: skip
    return [Heading(text=f"Changes to time entries ({len(audits)})"), table]


def _tasks(dossier: Dossier, ticket: Ticket) -> list[Block]:
    tasks = sorted(dossier.tasks.get(ticket.id, ()), key=lambda t: (t.position is None, t.position or 0))
    if not tasks:
        return []
    table = Table(
        columns=(
            Column(title="Id", width=0.8), Column(title="Task", width=3), Column(title="Member"),
            Column(title="Closed"),
            Column(title="Resolution", width=1.5),
        ),
        rows=tuple(
            (t.id, wording.text(t.text), wording.text(t.member), wording.yes(t.closed), wording.text(t.resolution))
            for t in tasks
        ),
    )  # fmt: skip
    return [Heading(text=f"Tasks ({len(tasks)})"), table]


def _devices(dossier: Dossier, ticket: Ticket) -> list[Block]:
    attached = dossier.attached.get(ticket.id, ())
    if not attached:
        return []
    table = Table(
        columns=(Column(title="Device", width=2), Column(title="Configuration"), Column(title="Exhibit")),
        rows=tuple(
            (wording.text(a.name), a.configuration_id, dossier.cell(f"configuration/{a.configuration_id}"))
            for a in attached
        ),
    )
    return [Heading(text=f"Devices ({len(attached)})"), table]
