"""Project tickets: they share the range of ids with service tickets, bear no SLA and hang on no agreement."""

from __future__ import annotations

from collections.abc import Iterator

from psa_evidence.simulator.world import numbering, refs
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import dice, pick
from psa_evidence.simulator.world.instants import DAY, START, iso
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.tickets import Tickets

FIRST_PROJECT, FIRST_PHASE = 300, 3000
_WORK = ("Kick-off and inventory", "Migrate mailboxes, batch 1", "Cut-over weekend", "Replace core switch",
         "Move file shares", "Documentation and training", "Decommission old host")  # fmt: skip

_BEGAN = START


def rows(
    seed: int, clients: tuple[Client, ...], tickets: Tickets, now: int, after: int, *, limit: int | None = None
) -> Iterator[Row]:
    """Ascending by id, those that were entered by `now`."""
    number = max(0, (after - numbering.FIRST_TICKET + 1) // 37)
    made = 0
    while limit is None or made < limit:
        row_id = numbering.project_ticket_id(number)
        entered = tickets.entered((number + 1) * 36 - 1) + 60
        if entered > now:
            return
        if row_id > after:
            yield _row(seed, clients, number, row_id, entered, now)
            made += 1
        number += 1


def _row(seed: int, clients: tuple[Client, ...], number: int, row_id: int, entered: int, now: int) -> Row:
    rng = dice(seed, "project", number)
    client = pick(rng, clients)
    done = entered + 20 * DAY <= now
    row: Row = {
        "id": row_id, "summary": pick(rng, _WORK), "board": refs.board(s.PROJECTS),
        "status": refs.status(s.STATUS_ID[s.PROJECTS, "Closed" if done else "In Progress"]),
        "project": {"id": FIRST_PROJECT + client.index, "name": f"{client.name}: renewal"},
        "phase": {"id": FIRST_PHASE + client.index, "name": "Delivery"}, "company": refs.company(client),
        "contact": refs.contact(client.manager), "priority": refs.priority(s.P4), "closedFlag": done,
        "owner": refs.member_of("ebrandt"), "budgetHours": 8.0, "actualHours": 6.5 if done else 2.0,
    }  # fmt: skip
    if done:
        row |= {"closedDate": iso(entered + 20 * DAY), "closedBy": "ebrandt"}
    return row | {"_info": refs.info(entered, "hwells", updated=entered + 20 * DAY if done else None)}


def projects(clients: tuple[Client, ...], now: int) -> list[Row]:  # noqa: ARG001  they go on for ever
    return [
        {"id": FIRST_PROJECT + client.index, "name": f"{client.name}: renewal", "company": refs.company(client),
         "board": refs.board(s.PROJECTS), "status": {"id": 1, "name": "Open"}, "manager": refs.member_of("ebrandt"),
         "closedFlag": False, "actualHours": 8.5, "billingMethod": "ActualRates",
         "estimatedStart": iso(_BEGAN), "estimatedEnd": iso(_BEGAN + 900 * DAY), "_info": refs.info(_BEGAN, "ebrandt")}
        for client in clients
    ]  # fmt: skip


def phases(client: Client) -> list[Row]:
    return [
        {"id": FIRST_PHASE + client.index, "projectId": FIRST_PROJECT + client.index, "description": "Delivery",
         "status": {"id": 1, "name": "Open"}, "wbsCode": "1", "scheduledHours": 8.0, "actualHours": 8.5,
         "scheduledStart": iso(_BEGAN), "_info": refs.info(_BEGAN, "ebrandt")}
    ]  # fmt: skip


def below(row: Row, child: str) -> list[Row]:
    """Notes and tasks of a project ticket."""
    entered, ticket = row["_info"]["dateEntered"], row["id"]
    if child in {"allNotes", "notes"}:
        note: Row = {"id": ticket * 100, "text": f"Planned: {row['summary']}.", "detailDescriptionFlag": True,
                     "internalAnalysisFlag": False, "resolutionFlag": False, "member": refs.member_of("ebrandt"),
                     "_info": row["_info"]}  # fmt: skip
        if child == "allNotes":
            return [note | {"noteType": "TicketNote", "ticket": {"id": ticket}, "originalAuthor": "ebrandt"}]
        return [note | {"ticketId": ticket, "dateCreated": entered, "createdBy": "ebrandt"}]
    if child == "tasks":
        return [{"id": ticket * 100 + numbering.TASK, "ticketId": ticket, "notes": "Back-out plan written",
                 "summary": "Back-out plan written", "closedFlag": row["closedFlag"], "priority": 1,
                 "_info": row["_info"]}]  # fmt: skip
    return []
