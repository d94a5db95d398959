"""Lists below one record: notes of a ticket, statuses of a board. Usually one request each, so kept lean."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from psa_evidence.records import Kind
from psa_evidence.spi import Below, Sighting
from psa_evidence_connectwise.headers import has_next
from psa_evidence_connectwise.listing import may_be_cut
from psa_evidence_connectwise.run import Run, read_list
from psa_evidence_connectwise.sightings import Row, row_id, sighting

SAME_PAGE_ROWS = 10
"""A page of so many rows that comes twice, byte for byte, is the same page; fewer may be equal by themselves, unless
the page is short and names a next one all the same."""
INSTEAD = "not found, and read instead were"
MAX_PAGES = 10_000
"""No record has ten million children: a server that always names a next page must not hold us for ever."""

Identify = Callable[[Row], str | None]


@dataclass(frozen=True, slots=True)
class ChildList:
    """`target` is path and query without page; `resource` the name it is counted under.

    `unit` and `basis` let a later run skip it. `identify` gives each row its id; `client_of` its client when it is
    not the parent's. `then` is awaited with all rows before the last page is kept; when it says False the unit is not
    complete. `refused` is what a status 400 means here (an unknown record for audit trails). `whole`: the list is not
    restricted, so that a record which is not in it has vanished. `optional`: not every PSA has such lists. `instead` is
    the list, with its resource, that is asked where the PSA does not have this one.
    """

    target: str
    resource: str
    kind: Kind
    parent: str
    client: str | None
    unit: str = ""
    basis: str = ""
    identify: Identify | None = None
    client_of: Callable[[Row], str | None] | None = None
    unique: bool = True
    refused: str = "refused"
    then: Callable[[list[tuple[str, Row]]], Awaitable[bool]] | None = None
    whole: bool = False
    optional: bool = False
    instead: tuple[str, str] | None = None


def plain_id(row: Row) -> str | None:
    number = row_id(row)
    return None if number is None else str(number)


async def pull_children(run: Run, what: ChildList) -> list[tuple[str, Row]] | None:
    """Fetch all pages; returns the rows with their ids, or None when they could not be had (reported)."""
    recorder = run.recorder
    fuse = run.fuse(what.resource, what.parent)
    below = Below(kind=what.kind, parent=what.parent, unit=what.unit, basis=what.basis)
    if fuse.blown and not (what.instead and what.resource in run.absent):
        run.unasked(fuse, what.resource, below)
        return None
    identify = what.identify or plain_id
    target_of, resource = what.target, what.resource
    if what.instead and resource in run.absent:
        target_of, resource = what.instead
    mark = "&" if "?" in target_of else "?"
    found: list[tuple[str, Row]] = []
    seen: set[str] = set()
    bodies: set[bytes] = set()
    page = 1
    while True:
        target = f"{target_of}{mark}page={page}&pageSize={run.page_size}"
        outcome = await run.client.ask(target, read_list)
        if outcome.value is None or outcome.received is None:
            problem = outcome.problem or "gave up"
            if problem == "refused" and outcome.received is not None and outcome.received.exchange.status == 400:
                problem = what.refused
            if problem == "not found" and what.instead and not fuse.granted and resource == what.resource:
                target_of, resource = what.instead
                continue
            if what.optional and problem == "not found":
                run.lacks(fuse, what.resource, f"{what.parent}: {outcome.detail}", below=below)
                return None
            run.lost(fuse, what.resource, problem, f"{what.parent}: {outcome.detail}", below=below)
            return None
        if resource == what.resource:
            run.works(fuse, resource)
        else:
            fuse.failures = 0
        if page == 1 and resource != what.resource and what.resource not in run.absent:
            run.lacks(fuse, what.resource, f"{what.parent}: {INSTEAD} {resource}", below=below)
        rows = outcome.value
        more = bool(rows) and (
            may_be_cut(len(rows), run.page_size, run.caps) or has_next(outcome.received.headers.get("link"))
        )
        if page >= MAX_PAGES:
            more = False
        telling = len(rows) >= SAME_PAGE_ROWS or len(rows) < run.page_size  # a short page that has a next one is odd
        if telling and (page > 1 or more):
            digest = hashlib.sha256(outcome.received.body).digest()
            if digest in bodies:  # the same page again
                rows, more = [], False
            bodies.add(digest)
        sightings: list[Sighting] = []
        unreadable = 0
        for row, start, end in rows:
            name = identify(row) if isinstance(row, dict) else None
            if name is None:
                unreadable += 1
                continue
            run.text_ids += isinstance(row.get("id"), str)
            if what.unique and name in seen:
                continue
            seen.add(name)
            found.append((name, row))
            client = what.client_of(row) if what.client_of else what.client
            sightings.append(sighting(what.kind, row, start, end, name=name, client=client, parent=what.parent))
        if more and what.unique and not sightings:
            more = False
        asked = resource == what.resource or what.resource in run.absent  # what was to be read, or what there is
        complete = not more and bool(what.unit) and asked
        if not more and what.then is not None:
            complete = await what.then(found) and complete
        recorder.keep(outcome.received.exchange, sightings, unit=what.unit if complete else None, basis=what.basis)
        recorder.received(resource, len(sightings))
        if unreadable:
            recorder.missing(
                what.resource, "unreadable", count=unreadable, detail=f"{what.parent}: rows without a number",
                below=Below(kind=what.kind, parent=what.parent),
            )  # fmt: skip
        if not more:
            if what.whole and asked and not unreadable and page < MAX_PAGES:
                recorder.present(what.kind, [name for name, _ in found], complete=True, parent=what.parent)
            return found
        page += 1
