"""One capture's worth of fetching, in order: what the system is, settings, business, tickets and their parts."""

from __future__ import annotations

from psa_evidence.errors import UnreachableError
from psa_evidence.records import Kind
from psa_evidence.spi import Recorder, Scope, Sighting
from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.conditions import both
from psa_evidence_connectwise.crew import Crew
from psa_evidence_connectwise.documents import pull_bytes, pull_documents
from psa_evidence_connectwise.hours import AUDITS, pull_schedule, pull_time
from psa_evidence_connectwise.listing import Listing, Tally, pull, whose
from psa_evidence_connectwise.owners import Owners
from psa_evidence_connectwise.resources import BUSINESS, SECURITY, SETUP, SINGLES, Child, Resource
from psa_evidence_connectwise.run import Run, read_security, read_single, side_by_side
from psa_evidence_connectwise.settings import PARTS, Connection
from psa_evidence_connectwise.sightings import Row, last_updated, moment, reference_id, row_id, sighting
from psa_evidence_connectwise.tickets import PARTS_OF, pull_tickets

INVOICE_PDF = "finance/invoices/pdf"
PART_NAMES = PARTS_OF | {"time_audits": AUDITS}


async def fetch(client: Client, connection: Connection, scope: Scope, recorder: Recorder) -> None:
    """Everything in scope, into the recorder. Raises what makes all of it impossible."""
    conditions.check_clients(scope)
    base = await client.discover()
    recorder.fact("codebase", base.codebase)
    recorder.fact("server_version", base.version)
    recorder.fact("cloud", base.cloud)
    recorder.fact("api_version", connection.api_version)
    run = Run(client, recorder, scope, connection.page_size, connection.concurrency, connection.parts)
    recorder.progress.start("lists", len(SETUP) + len(BUSINESS) + 4)
    await pull_singles(run)
    await side_by_side([*(pull_resource(run, one) for one in SETUP), pull_security(run)])
    await side_by_side(pull_resource(run, one) for one in BUSINESS)
    for part in sorted(run.parts):
        recorder.received(PART_NAMES[part], 0)  # asked for, if only of no ticket: a later run may build on it
    owners = Owners()
    async with Crew(run.concurrency, recorder.progress, "tickets") as crew:
        await pull_tickets(run, owners, crew)
        recorder.progress.advance("lists")
        await side_by_side([pull_time(run, owners, crew), pull_schedule(run, owners)])
        recorder.progress.advance("lists", 2)
        recorder.progress.finish("lists")
    if left := sorted(PARTS - run.parts):
        recorder.fact("not_asked", ", ".join(left))
    recorder.fact("read_again", run.reread)
    recorder.fact("clock_offset_seconds", client.clock_offset)
    recorder.fact("requests", client.requests)


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

    for where in conditions.clients(resource.client, run.scope) if resource.client else ("",):
        period = conditions.within(resource.period, run.scope) if resource.period else ""
        listing = Listing(
            resource.path, resource.path, resource.kind, both(where, period, changed), resource.client,
            moves=resource.incremental,
        )  # fmt: skip

        async def remember(rows: list[Row], listing: Listing = listing) -> None:
            for row in rows:
                number = row_id(row)
                if number is not None:
                    date = row.get("date")
                    text = date if isinstance(date, str) else ""
                    parents.append((str(number), whose(listing, row, number), last_updated(row), text))

        await pull(run, listing, remember, tally)
    if tally.counted is not None:
        run.recorder.asked(resource.path, tally.counted)
    if resource.children or resource.documents or resource.kind == "invoice":
        queue = iter(parents)

        async def worker() -> None:
            for number, client, updated, date in queue:
                await _pull_below(run, resource, number, client, updated, date)

        await side_by_side(worker() for _ in range(min(run.concurrency, len(parents))))
    run.recorder.progress.advance("lists")


async def _pull_below(run: Run, resource: Resource, number: str, client: str | None, updated: str, date: str) -> None:
    parent = f"{resource.kind}/{number}"
    for child in resource.children:
        unit = f"{resource.path}/{number}/{child.path}"
        if child.incremental and updated and run.recorder.done(unit, updated):
            continue
        for where in conditions.clients("company/id", run.scope) if child.client else ("",):
            await pull_children(run, _child_list(resource, child, number, parent, client, updated, where))
    if resource.documents:
        await pull_documents(run, resource.documents, number, parent=parent, client=client)
    if resource.kind == "invoice" and run.scope.attachments:
        seen = Sighting(
            kind="invoice_pdf", id=number, start=0, end=0, client=client, parent=parent, at=moment(date),
            updated_at=moment(updated),
        )  # fmt: skip
        await pull_bytes(
            run, f"finance/invoices/{number}/pdf", INVOICE_PDF, seen, basis=updated,
            limit=run.scope.max_attachment_bytes,
        )  # fmt: skip


def _child_list(
    resource: Resource, child: Child, number: str, parent: str, client: str | None, updated: str, where: str
) -> ChildList:
    unit = f"{resource.path}/{number}/{child.path}"
    return ChildList(
        target=unit + conditions.query(conditions=where),
        resource=f"{resource.path}/{child.path}",
        kind=child.kind,
        parent=parent,
        client=client,
        unit=unit if child.incremental else "",
        basis=updated if child.incremental else "",
        client_of=(lambda row: reference_id(row, child.client)) if child.client else None,
    )
