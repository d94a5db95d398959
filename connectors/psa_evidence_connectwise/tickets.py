"""Tickets, and what hangs on each: notes, audit trail, documents, tasks, configurations.

Open tickets come from `calculateSla`: the vendor says that a plain list holds stale SLA figures for them, and one
list costs a thousandth of asking ticket by ticket. Closed tickets come from the plain list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from psa_evidence.records import Kind
from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.conditions import both, query
from psa_evidence_connectwise.crew import Crew
from psa_evidence_connectwise.documents import documents_unit, pull_documents
from psa_evidence_connectwise.listing import Listing, OnPage, Tally, count, pull, reconcile, settle, walk
from psa_evidence_connectwise.newly_shown import pull_newly_shown
from psa_evidence_connectwise.owners import Owners
from psa_evidence_connectwise.resources import AUDIT, PROJECT_TICKETS, TICKETS
from psa_evidence_connectwise.run import Run
from psa_evidence_connectwise.sightings import (
    HistoryIds,
    Row,
    last_updated,
    note_id,
    reference_id,
    row_id,
)

NOTES = "service/tickets/allNotes"
LIVE = "service/tickets/calculateSla"


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is remembered of a ticket while its parts are fetched. `path` is the list it stands in."""

    id: str
    client: str | None
    updated: str
    path: str = TICKETS.path
    kind: Kind = TICKETS.kind
    audit: str = "Ticket"
    note: Kind = "note"
    history: Kind = "history"


async def pull_tickets(run: Run, owners: Owners, crew: Crew) -> Tally:
    """List the tickets in scope; what hangs on them is the crew's work."""

    async def found(rows: list[Row]) -> None:
        for row in rows:
            number = row_id(row)
            if number is not None:
                ticket = Ticket(str(number), reference_id(row, "company"), last_updated(row))
                owners.add(number, ticket.client)
                if row.get("mergedParentTicket"):
                    tally.merged.add(number)
                await crew.add(partial(pull_parts, run, ticket))

    tally = Tally()
    since = changed_since(run, TICKETS.path)
    for clients in conditions.clients(TICKETS.client, run.scope):
        await _pull_part(run, both(clients, conditions.tickets(run.scope, since)), found, tally)
        if since:
            listing = Listing(TICKETS.path, TICKETS.path, TICKETS.kind, "", TICKETS.client, moves=True)
            scope = both(clients, conditions.tickets(run.scope, None))
            await pull_newly_shown(run, listing, [scope], found, tally)
    if tally.counted is not None:
        run.recorder.asked(TICKETS.path, tally.counted)
    return tally


async def pull_project_tickets(run: Run, crew: Crew) -> Tally:
    """Project tickets: no SLA hangs on them, but they share the numbers, and clients mean them too."""

    async def found(rows: list[Row]) -> None:
        for row in rows:
            number = row_id(row)
            if number is not None:
                ticket = Ticket(
                    str(number), reference_id(row, "company"), last_updated(row), PROJECT_TICKETS.path,
                    PROJECT_TICKETS.kind, "ProjectTicket", "project_note", "record_history",
                )  # fmt: skip
                await crew.add(partial(pull_parts, run, ticket))

    tally = Tally()
    since = changed_since(run, PROJECT_TICKETS.path)
    for clients in conditions.clients(PROJECT_TICKETS.client, run.scope):
        where = both(clients, conditions.projects(run.scope, since))
        listing = Listing(
            PROJECT_TICKETS.path, PROJECT_TICKETS.path, PROJECT_TICKETS.kind, where, PROJECT_TICKETS.client,
            moves=True, optional=True,
        )  # fmt: skip
        await pull(run, listing, found, tally)
        if since:
            await pull_newly_shown(run, listing, [both(clients, conditions.projects(run.scope, None))], found, tally)
        if tally.problem:
            break
    if tally.counted is not None:
        run.recorder.asked(PROJECT_TICKETS.path, tally.counted)
    return tally


def changed_since(run: Run, path: str) -> datetime | None:
    """Tickets are listed anew while a part of theirs is missing: only so the next run comes to what this one lacks.
    Listing costs one request for a thousand tickets; parts that arrived are not asked for again."""
    resources = [path, *(name for part, name in PARTS_OF.items() if part in run.parts)]
    found = [run.recorder.changed_since(one) for one in resources]
    known = [one for one in found if one is not None]
    return min(known) if len(known) == len(found) else None


async def _pull_part(run: Run, where: str, found: OnPage, tally: Tally) -> None:
    """Open tickets, then closed ones; the count over both finds those that changed sides in between."""
    everything = Listing(TICKETS.path, TICKETS.path, TICKETS.kind, where, TICKETS.client, moves=True)
    still_open = replace(everything, conditions=both(where, "closedFlag = False"))
    closed = replace(everything, conditions=both(where, "closedFlag = True"))
    live = replace(still_open, path=LIVE)
    already = len(tally.seen)
    before = await count(run, everything)
    expected = None if before is None else already + before
    await walk(run, live, tally, found, expected=expected)
    if tally.problem:
        tally.problem, live = None, still_open
        await walk(run, live, tally, found, expected=expected)
        if tally.problem is None:
            run.recorder.fact("live_sla_figures", value=False)
    if tally.problem is None:
        await walk(run, closed, tally, found, expected=expected)
    await reconcile(run, everything, tally, found, before=before, already=already)
    if tally.problem is None:
        await settle(run, [live, closed], tally, found)


PARTS_OF = {
    "notes": NOTES,
    "history": AUDIT,
    "documents": "system/documents",
    "tasks": "service/tickets/tasks",
    "configurations": "service/tickets/configurations",
}
"""The parts of a ticket, and the resource each is counted under."""


async def pull_parts(run: Run, ticket: Ticket) -> None:
    """What hangs on one ticket, as far as it did not arrive already on the same last update."""
    parent = f"{ticket.kind}/{ticket.id}"
    below = f"{ticket.path}/{ticket.id}"
    if "notes" in run.parts:
        await _list(run, ticket, f"{below}/allNotes", ticket.path + "/allNotes", ticket.note, identify=note_id,
                    instead=(f"{below}/notes", ticket.path + "/notes"),
                    optional=ticket.kind != TICKETS.kind)  # fmt: skip
    if "history" in run.parts:
        unit = f"{AUDIT}/{ticket.audit}/{ticket.id}"
        target = AUDIT + query(type=ticket.audit, id=ticket.id)
        project = ticket.kind != TICKETS.kind
        await _list(
            run, ticket, unit, f"{AUDIT}/{ticket.audit}" if project else AUDIT, ticket.history, target=target,
            identify=HistoryIds(ticket.id).next, unique=False, refused="not found", optional=project,
        )  # fmt: skip
    if "tasks" in run.parts:
        await _list(run, ticket, f"{below}/tasks", ticket.path + "/tasks", "task", optional=True)
    if "configurations" in run.parts:
        await _list(
            run, ticket, f"{below}/configurations", ticket.path + "/configurations", "ticket_configuration",
            identify=partial(_attached, ticket.id), optional=True,
        )  # fmt: skip
    if "documents" in run.parts and not _done(run, ticket, documents_unit(run, ticket.audit, ticket.id)):
        await pull_documents(run, ticket.audit, ticket.id, parent=parent, client=ticket.client, basis=ticket.updated)


def _attached(ticket: str, row: Row) -> str | None:
    """A configuration hangs on many tickets: its own id names it, this one names that it hangs here."""
    number = row_id(row)
    return None if number is None else f"{ticket}-{number}"


def _done(run: Run, ticket: Ticket, unit: str) -> bool:
    return bool(ticket.updated) and run.recorder.done(unit, ticket.updated)


async def _list(
    run: Run, ticket: Ticket, unit: str, resource: str, kind: Kind, *, target: str = "",
    identify: Callable[[Row], str | None] | None = None, unique: bool = True, refused: str = "refused",
    optional: bool = False, instead: tuple[str, str] | None = None,
) -> None:  # fmt: skip
    if _done(run, ticket, unit):
        return
    await pull_children(
        run,
        ChildList(
            target=target or unit, resource=resource, kind=kind, parent=f"{ticket.kind}/{ticket.id}",
            client=ticket.client, unit=unit, basis=ticket.updated, identify=identify, unique=unique, refused=refused,
            whole=unique, optional=optional, instead=instead,
        ),
    )  # fmt: skip
