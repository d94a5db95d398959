"""One capture's worth of fetching: what the system is, then settings, business and tickets side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from psa_evidence.errors import UnreachableError
from psa_evidence.records import Kind
from psa_evidence.spi import Recorder, Scope, Sighting
from psa_evidence_connectwise import completeness, conditions
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.conditions import both
from psa_evidence_connectwise.crew import Crew
from psa_evidence_connectwise.documents import pull_bytes, pull_documents
from psa_evidence_connectwise.hours import AUDITS, pull_schedule, pull_time
from psa_evidence_connectwise.listing import Listing, Tally, pull, whose
from psa_evidence_connectwise.newly_shown import pull_newly_shown
from psa_evidence_connectwise.numbers import Numbers
from psa_evidence_connectwise.owners import Owners
from psa_evidence_connectwise.resources import (
    AUDIT,
    BUSINESS,
    PROJECT_TICKETS,
    SCHEDULE,
    SECURITY,
    SETUP,
    SINGLES,
    TICKETS,
    TIME,
    Child,
    Resource,
)
from psa_evidence_connectwise.run import Run, read_counted, read_security, read_single, side_by_side
from psa_evidence_connectwise.settings import PARTS, Connection
from psa_evidence_connectwise.sightings import HistoryIds, Row, last_updated, moment, reference_id, row_id, sighting
from psa_evidence_connectwise.sweep import sweep, whole_list
from psa_evidence_connectwise.tickets import PARTS_OF, changed_since, pull_project_tickets, pull_tickets

INVOICE_PDF = "finance/invoices/pdf"
PART_NAMES = PARTS_OF | {"time_audits": AUDITS}


async def fetch(client: Client, connection: Connection, scope: Scope, recorder: Recorder, month: str = "") -> None:
    """Everything in scope, into the recorder. `month` (`2026-11`, UTC) is the one that the capture is made in.

    Raises what makes all of it impossible.
    """
    conditions.check_clients(scope)
    base = await client.discover()
    recorder.fact("host", connection.host)
    recorder.fact("codebase", base.codebase)
    recorder.fact("server_version", base.version)
    recorder.fact("cloud", base.cloud)
    recorder.fact("api_version", connection.api_version)
    run = Run(client, recorder, scope, connection.page_size, connection.concurrency, connection.parts, month)
    recorder.progress.start("lists", len(SETUP) + len(BUSINESS) + 4)
    await pull_singles(run)
    await pull_security(run)  # whose key it is must be known before the members are read: theirs are the hidden boards
    for part in sorted(run.parts):
        recorder.received(PART_NAMES[part], 0)  # asked for, if only of no ticket: a later run may build on it
    async with Crew(run.concurrency, recorder.progress, "tickets") as crew:
        await side_by_side([
            *(pull_resource(run, one) for one in (*SETUP, *BUSINESS)),
            _work(run, crew),
        ])  # fmt: skip
        recorder.progress.finish("lists")
    run.settle_lacking()
    recorder.fact("not_asked", ", ".join(sorted(PARTS - run.parts)) or None)
    recorder.fact("not_offered", ", ".join(sorted(run.absent)) or None)
    recorder.fact("read_again", run.reread)
    recorder.fact("newly_shown", run.newly_shown)
    if run.text_ids:
        recorder.fact("ids_as_text", run.text_ids)
    completeness.tell(run, run.tallies)
    recorder.fact("clock_offset_seconds", client.clock_offset)
    recorder.fact("requests", client.requests)


async def _work(run: Run, crew: Crew) -> None:
    """Tickets with their parts, and the time and visits that hang on them."""
    owners = Owners()
    projects = asyncio.ensure_future(pull_project_tickets(run, crew))
    try:
        tickets = await pull_tickets(run, owners, crew)
        await side_by_side([
            count_numbers(run, tickets, projects), _hours(run, owners, crew), _visits(run, owners)
        ])  # fmt: skip
    finally:
        projects.cancel()
        await asyncio.gather(projects, return_exceptions=True)
    run.recorder.progress.advance("lists", 3)


async def _hours(run: Run, owners: Owners, crew: Crew) -> None:
    tally, restricted = await pull_time(run, owners, crew)
    await account(run, TIME, tally, restricted=restricted)


async def _visits(run: Run, owners: Owners) -> None:
    tally, restricted = await pull_schedule(run, owners)
    if not run.scope.clients:  # they name no client: one client's cannot be told from the others'
        await account(run, SCHEDULE, tally, restricted=restricted)


async def count_numbers(run: Run, tickets: Tally, pulled: Awaitable[Tally]) -> None:
    """Ask for all ticket numbers, whoever's they are: present or not, and the classes of the gaps between them.
    `pulled` are the project tickets."""
    projects = await pulled
    if tickets.problem:
        run.recorder.present(TICKETS.kind, (), complete=False, problem=tickets.problem)
        return
    numbers = Numbers(frozenset(run.scope.clients))
    scope = run.scope
    changes = changed_since(run, TICKETS.path) is not None
    if whole_list(run, TICKETS, tickets, restricted=changes or bool(scope.clients or scope.since or scope.until)):
        numbers.fetched, numbers.merged, complete = tickets.seen, len(tickets.merged), True
    else:
        complete = await sweep(
            run, TICKETS, everybody=True, fields="id,company/id,mergedParentTicket/id", on_row=numbers.service
        )
    if PROJECT_TICKETS.path not in run.absent and not projects.problem:
        complete = await sweep(run, PROJECT_TICKETS, everybody=True, on_row=numbers.project) and complete
    run.tallies[TICKETS.path] = len(numbers.fetched)
    run.tallies[PROJECT_TICKETS.path] = len(numbers.projects)
    numbers.tell(run.recorder, complete=complete)


async def pull_singles(run: Run) -> None:
    """The system itself. The first request with keys: when even it cannot be found, nothing can."""
    for path, kind in SINGLES:
        outcome = await run.client.ask(path, read_single)
        if outcome.value is None or outcome.received is None:
            if outcome.problem == "not found" and kind == "system_info":
                raise UnreachableError(
                    "The host has no ConnectWise API where its own address says, or hides it.",
                    why="ConnectWise's cloud answers 404 also to keys that it does not accept.",
                    next_step="Check the setting 'company' and the keys, then the setting 'site'.",
                )
            run.recorder.missing(path, outcome.problem or "gave up", count=1, detail=outcome.detail)
            continue
        row, start, end = outcome.value
        run.recorder.keep(outcome.received.exchange, [_single(kind, row, start, end)])
        run.recorder.received(path, 1)
        if kind == "system_info":
            for name, fact in (
                ("version", "version"), ("cloudRegion", "cloud_region"), ("serverTimeZone", "server_time_zone"),
            ):  # fmt: skip
                value = row.get(name)
                run.recorder.fact(fact, value if isinstance(value, str) else None)


def _single(kind: Kind, row: Row, start: int, end: int) -> Sighting:
    return sighting(kind, row, start, end, name=str(row_id(row) or 1), client=None)


async def pull_security(run: Run) -> None:
    """What the key may read. The rows are named by function, because their ids are the member's own."""
    outcome = await run.client.ask(SECURITY + conditions.query(pageSize=run.page_size), read_security)
    run.recorder.progress.advance("lists")
    if outcome.value is None or outcome.received is None:
        run.recorder.missing(SECURITY, outcome.problem or "gave up", detail=outcome.detail)
        return
    sightings: list[Sighting] = []
    names: set[str] = set()
    for ordinal, (row, start, end) in enumerate(outcome.value, 1):
        if not isinstance(row, dict):
            run.recorder.missing(SECURITY, "unreadable", count=1)
            continue
        name = row.get("moduleFunctionIdentifier")
        if not isinstance(name, str) or not name.isascii() or not name.replace("_", "").isalnum() or name in names:
            name = str(ordinal)
        names.add(name)
        run.levels.note(row)
        sightings.append(sighting("permission", row, start, end, name=name, client=None))
    run.recorder.keep(outcome.received.exchange, sightings)
    run.recorder.received(SECURITY, len(sightings))


async def pull_resource(run: Run, resource: Resource) -> None:
    """A list with what hangs on its rows."""
    changed = ""
    if resource.incremental:
        changed = conditions.changed(run.recorder.changed_since(resource.path))
    parents: list[tuple[str, str | None, str, str]] = []
    tally = Tally()

    period = conditions.within(resource.period, run.scope) if resource.period else ""
    for where in conditions.clients(resource.client, run.scope) if resource.client else ("",):
        scope = both(where, period)
        listing = Listing(
            resource.path, resource.path, resource.kind, both(scope, changed), resource.client,
            moves=resource.incremental, optional=resource.optional,
        )  # fmt: skip

        async def remember(rows: list[Row], listing: Listing = listing) -> None:
            for row in rows:
                number = row_id(row)
                if resource.kind in {"member", "api_member"}:
                    run.levels.note_member(row)
                if number is not None:
                    date = row.get("date")
                    text = date if isinstance(date, str) else ""
                    parents.append((str(number), whose(listing, row, number), last_updated(row), text))

        await pull(run, listing, remember, tally)
        if changed:
            await pull_newly_shown(run, listing, [scope], remember, tally)
    if tally.counted is not None:
        run.recorder.asked(resource.path, tally.counted)
    await account(run, resource, tally, restricted=bool(changed or period))
    if resource.children or resource.counted or resource.documents or resource.audit or resource.kind == "invoice":
        queue = iter(parents)

        async def worker() -> None:
            for number, client, updated, date in queue:
                await _pull_below(run, resource, number, client, updated, date)

        await side_by_side(worker() for _ in range(min(run.concurrency, len(parents))))
    run.recorder.progress.advance("lists")


async def account(run: Run, resource: Resource, tally: Tally, *, restricted: bool) -> None:
    """What a list says of presence: all its ids when it was read whole, else those that the PSA is asked for."""
    if resource.path in run.absent or tally.problem:
        run.recorder.present(resource.kind, (), complete=False, problem=tally.problem or "not found")
        return
    if not restricted:
        run.tallies[resource.path] = len(tally.seen)
    if not whole_list(run, resource, tally, restricted=restricted) and restricted:
        await sweep(run, resource)


async def _pull_below(run: Run, resource: Resource, number: str, client: str | None, updated: str, date: str) -> None:
    parent = f"{resource.kind}/{number}"
    for child in resource.children:
        unit = f"{resource.path}/{number}/{child.path}"
        basis = _basis(run, child, updated)
        if basis and run.recorder.done(unit, basis):
            continue
        for where in conditions.clients("company/id", run.scope) if child.client else ("",):
            await pull_children(run, _child_list(resource, child, number, parent, client, basis, where))
    for name in resource.counted:
        await _pull_count(run, resource, number, name)
    if resource.audit:
        await _pull_audit(run, resource, number, client, updated)
    if resource.documents:
        await pull_documents(run, resource.documents, number, parent=parent, client=client)
    if resource.kind == "invoice" and run.scope.attachments:
        seen = Sighting(
            kind="invoice_pdf", id=number, start=0, end=0, client=client, parent=parent, at=moment(date),
            updated_at=moment(updated),
        )  # fmt: skip
        await pull_bytes(
            run, f"finance/invoices/{number}/pdf", INVOICE_PDF, seen, basis=updated,
            limit=run.scope.max_attachment_bytes, name=f"{number}.pdf",
        )  # fmt: skip


def _basis(run: Run, child: Child, updated: str) -> str:
    """On what a child counts as having arrived; empty when it is read each time."""
    if not updated or not (child.incremental or child.monthly):
        return ""
    return f"{updated}|{run.month}" if child.monthly else updated


async def _pull_count(run: Run, resource: Resource, number: str, name: str) -> None:
    """How many rows hang on a record. Not the rows themselves: they name people of all clients, and no client."""
    counted = f"{resource.path}/{name}"
    parent = f"{resource.kind}/{number}"
    fuse = run.fuse(counted, parent)
    if fuse.blown:
        return
    outcome = await run.client.ask(f"{resource.path}/{number}/{name}/count", read_counted)
    if outcome.value is None or outcome.received is None:
        if outcome.problem == "not found":
            run.lacks(fuse, counted, f"{parent}: {outcome.detail}", count=1)
            return
        run.lost(fuse, counted, outcome.problem or "gave up", f"{parent}: {outcome.detail}", count=1)
        return
    run.works(fuse, counted)
    row, start, end = outcome.value
    seen = sighting("campaign_count", row, start, end, name=f"{number}-{name}", client=None, parent=parent)
    run.recorder.keep(outcome.received.exchange, [seen])
    run.recorder.received(counted, 1)


async def _pull_audit(run: Run, resource: Resource, number: str, client: str | None, updated: str) -> None:
    """The audit trail of a record that is no ticket. Live servers refuse some types that the vendor lists."""
    unit = f"{AUDIT}/{resource.audit}/{number}"
    if updated and run.recorder.done(unit, updated):
        return
    await pull_children(
        run,
        ChildList(
            target=AUDIT + conditions.query(type=resource.audit, id=number), resource=f"{AUDIT}/{resource.audit}",
            kind="record_history", parent=f"{resource.kind}/{number}", client=client, unit=unit, basis=updated,
            identify=HistoryIds(f"{resource.kind}-{number}").next, unique=False, refused="not found", optional=True,
        ),
    )  # fmt: skip


def _child_list(
    resource: Resource, child: Child, number: str, parent: str, client: str | None, basis: str, where: str
) -> ChildList:
    unit = f"{resource.path}/{number}/{child.path}"
    return ChildList(
        target=unit + conditions.query(conditions=where),
        resource=f"{resource.path}/{child.path}",
        kind=child.kind,
        parent=parent,
        client=client,
        unit=unit if basis else "",
        basis=basis,
        client_of=(lambda row: reference_id(row, child.client)) if child.client else None,
        whole=not where,
        optional=child.optional,
    )
