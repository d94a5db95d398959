"""Tickets and what hangs on each: notes, audit trail, documents; then time and schedule entries.

Open tickets come from `calculateSla`: the vendor says that a plain list holds stale SLA figures for them, and one
list costs a thousandth of asking ticket by ticket. Closed tickets come from the plain list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.conditions import both, query
from psa_evidence_connectwise.documents import documents_unit, pull_documents
from psa_evidence_connectwise.listing import Listing, OnRow, Tally, count, pull, reconcile, walk
from psa_evidence_connectwise.resources import SCHEDULE, TICKETS, TIME, Resource
from psa_evidence_connectwise.run import Run, side_by_side
from psa_evidence_connectwise.sightings import HistoryIds, Row, last_updated, note_id, reference_id, row_id

AUDIT = "system/audittrail"
NOTES = "service/tickets/allNotes"
LIVE = "service/tickets/calculateSla"
TICKET_TYPE = "type/id = 4"
"""The schedule type of service tickets, the same in every installation."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is remembered of a ticket while its parts are fetched."""

    id: str
    client: str | None
    updated: str


async def pull_tickets(run: Run) -> list[Ticket]:
    """The tickets in scope, in order of id."""
    tickets: dict[int, Ticket] = {}

    def remember(row: Row) -> None:
        number = row_id(row)
        if number is not None:
            tickets[number] = Ticket(str(number), reference_id(row, "company"), last_updated(row))

    changed_since = run.recorder.changed_since(TICKETS.path)
    tally = Tally()
    for clients in conditions.clients(TICKETS.client, run.scope):
        await _pull_part(run, both(clients, conditions.tickets(run.scope, changed_since)), remember, tally)
    if tally.counted is not None:
        run.recorder.asked(TICKETS.path, tally.counted)
    return [tickets[number] for number in sorted(tickets)]


async def _pull_part(run: Run, where: str, remember: OnRow, tally: Tally) -> None:
    """Open tickets, then closed ones; the count over both finds those that changed sides in between."""
    everything = Listing(TICKETS.path, TICKETS.path, TICKETS.kind, where, TICKETS.client)
    still_open = replace(everything, conditions=both(where, "closedFlag = False"))
    already = len(tally.seen)
    before, problem = await count(run, everything)
    if problem == "no permission":
        tally.counted = None
        run.recorder.missing(TICKETS.path, problem, detail="status 403")
        return
    await walk(run, replace(still_open, path=LIVE), tally, remember)
    if tally.problem:
        run.recorder.fact("live_sla_figures", value=False)
        tally.problem = None
        await walk(run, still_open, tally, remember)
    if tally.problem is None:
        await walk(run, replace(everything, conditions=both(where, "closedFlag = True")), tally, remember)
    await reconcile(run, everything, tally, remember, before=before, already=already)


async def pull_parts(run: Run, tickets: list[Ticket]) -> None:
    """What hangs on each ticket. As many workers as connections pull from one iterator."""
    progress = run.recorder.progress
    progress.start("tickets", len(tickets))
    queue = iter(tickets)
    await side_by_side(_worker(run, queue) for _ in range(run.concurrency))
    progress.finish("tickets")


async def _worker(run: Run, queue: Iterator[Ticket]) -> None:
    for ticket in queue:
        await _pull_one(run, ticket)
        run.recorder.progress.advance("tickets")


async def _pull_one(run: Run, ticket: Ticket) -> None:
    done = run.recorder.done
    parent = f"ticket/{ticket.id}"
    unit = f"service/tickets/{ticket.id}/allNotes"
    if not (ticket.updated and done(unit, ticket.updated)):
        await pull_children(
            run,
            ChildList(
                target=unit, resource=NOTES, kind="note", parent=parent, client=ticket.client,
                unit=unit, basis=ticket.updated, identify=note_id,
            ),
        )  # fmt: skip
    unit = f"{AUDIT}/Ticket/{ticket.id}"
    if not (ticket.updated and done(unit, ticket.updated)):
        await pull_children(
            run,
            ChildList(
                target=AUDIT + query(type="Ticket", id=ticket.id), resource=AUDIT, kind="history", parent=parent,
                client=ticket.client, unit=unit, basis=ticket.updated, identify=HistoryIds(ticket.id).next,
                unique=False, refused="not found",
            ),
        )  # fmt: skip
    if not (ticket.updated and done(documents_unit(run, "Ticket", ticket.id), ticket.updated)):
        await pull_documents(run, "Ticket", ticket.id, parent=parent, client=ticket.client, basis=ticket.updated)


async def pull_time(run: Run, tickets: list[Ticket]) -> None:
    """Time entries of the clients in the period, and those of the tickets in scope that lie outside it."""
    changed = conditions.changed(run.recorder.changed_since(TIME.path))
    wanted = [
        both(clients, conditions.within(TIME.period, run.scope), changed)
        for clients in conditions.clients(TIME.client, run.scope)
    ]
    outside = conditions.outside(TIME.period, run.scope)
    if outside:
        kinds = '(chargeToType = "ServiceTicket" or chargeToType = "ProjectTicket")'
        ids = (ticket.id for ticket in tickets)
        wanted += [both(batch, kinds, outside, changed) for batch in conditions.batches("chargeToId", ids)]
    await _pull_each(run, TIME, wanted)


async def pull_schedule(run: Run, tickets: list[Ticket]) -> None:
    """Schedule entries. They name no client: with clients in scope they are asked for by ticket."""
    changed = conditions.changed(run.recorder.changed_since(SCHEDULE.path))
    outside = conditions.outside(SCHEDULE.period, run.scope)
    wanted: list[str] = []
    if not run.scope.clients:
        wanted.append(both(conditions.within(SCHEDULE.period, run.scope), changed))
    if run.scope.clients or outside:
        limit = "" if run.scope.clients else outside
        ids = (ticket.id for ticket in tickets)
        wanted += [both(TICKET_TYPE, batch, limit, changed) for batch in conditions.batches("objectId", ids)]
    owners = {int(ticket.id): ticket.client for ticket in tickets}
    await _pull_each(run, SCHEDULE, wanted, owners)


async def _pull_each(
    run: Run, resource: Resource, wanted: list[str], owners: dict[int, str | None] | None = None
) -> None:
    tally = Tally()
    for where in wanted:
        await pull(
            run, Listing(resource.path, resource.path, resource.kind, where, resource.client, owners=owners), _nothing,
            tally,
        )  # fmt: skip
        if tally.problem:
            break
    if tally.counted is not None:
        run.recorder.asked(resource.path, tally.counted)


def _nothing(_: Row) -> None:
    """Nobody needs the rows themselves."""
