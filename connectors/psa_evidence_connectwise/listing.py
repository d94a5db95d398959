"""Reading a whole list while it moves, and knowing whether it is whole.

Forward-only paging (`pagination-type: forward-only`, `pageId`) where the API supports it, else by key set
(`id > N`, ordered by id): page numbers drift when rows change. The PSA's own `/count` is the control. Rows that changed
while the list was read are read again until none does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from itertools import pairwise

from psa_evidence.records import Kind
from psa_evidence.spi import Below, Sighting
from psa_evidence_connectwise.conditions import both, enclosed, not_before, query
from psa_evidence_connectwise.headers import has_next, server_time
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.moved import Marks
from psa_evidence_connectwise.run import Run, read_count, read_list
from psa_evidence_connectwise.sightings import Row, number_of, reference_id, row_id, sighting

FORWARD_ONLY = (("pagination-type", "forward-only"),)
MAX_ROUNDS = 5
"""How often changed rows are asked for again before the list is called restless."""

CAPS = frozenset({25, 50, 100, 200, 250, 500})
"""Sizes that servers cut pages to, whatever was asked (25 is the vendor's default): behind a page of just so many rows
there may be another, and one more request tells."""

FORWARD, KEYS, NUMBERS = "forward-only", "key set", "page numbers"
IDLE_PAGES = 3
"""So many numbered pages in a row without a new row end a list: page numbers drift, but not for ever."""

OnPage = Callable[[list[Row]], Awaitable[None]]
OwnerOf = Callable[[int], str | None]


@dataclass(slots=True)
class Tally:
    """What arrived so far. `counted` is what the PSA counts, None when it did not say; `problem` why it ended early;
    `merged` are tickets that were merged into another."""

    seen: IdSet = field(default_factory=IdSet)
    counted: int | None = 0
    problem: str | None = None
    detail: str = ""
    marks: Marks = field(default_factory=Marks)
    merged: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list under one condition. `client` names the reference that tells whose a row is, `owner` the client of
    a ticket for rows that only name their ticket (`objectId`). `moves`: its rows say when they were updated, and can be
    asked for by it."""

    path: str
    resource: str
    kind: Kind
    conditions: str = ""
    client: str = ""
    owner: OwnerOf | None = None
    moves: bool = False
    optional: bool = False


async def count(run: Run, listing: Listing) -> int | None:
    """The PSA's own count; None when it gives none. The list may be had all the same."""
    outcome = await run.client.ask(
        f"{listing.path}/count{query(conditions=listing.conditions)}", read_count, ahead=True
    )
    if outcome.received is not None and outcome.value is not None:
        run.recorder.keep(outcome.received.exchange)
    return outcome.value


async def pull(run: Run, listing: Listing, on_page: OnPage, tally: Tally) -> None:
    """Fetch the list into the recorder; `on_page` gets the new rows of each page. What is missing is reported.

    Ids already in `tally` are not reported again; several lists of one resource share one.
    """
    already = len(tally.seen)
    before = await count(run, listing)
    await walk(run, listing, tally, on_page, expected=None if before is None else already + before)
    if listing.optional and tally.problem == "not found" and not tally.seen:
        run.absent.add(listing.resource)
        tally.counted = None
        return
    await reconcile(run, listing, tally, on_page, before=before, already=already)
    if listing.moves and tally.problem is None:
        await settle(run, [listing], tally, on_page)


async def reconcile(
    run: Run, listing: Listing, tally: Tally, on_page: OnPage, *, before: int | None, already: int
) -> None:
    """Compare with the count; look again for what appeared meanwhile or was left out; report what is missing."""
    if tally.problem:
        left = None if before is None else max(0, before - len(tally.seen) + already)
        run.recorder.missing(
            listing.resource, tally.problem, count=left, detail=tally.detail, below=Below(kind=listing.kind)
        )
        tally.counted = None if before is None or tally.counted is None else tally.counted + before
        return
    counted = before
    for start in (tally.seen.highest, 0, None):
        if counted is None or counted == len(tally.seen) - already:
            break
        counted = await count(run, listing)
        if start is None or counted is None or counted <= len(tally.seen) - already:
            break
        await walk(run, listing, tally, on_page, start=start, expected=already + counted)
    if counted is None or before is None or tally.counted is None:
        tally.counted = None
        return
    arrived = len(tally.seen) - already
    if min(before, counted) <= arrived <= max(before, counted):
        counted = arrived  # the set moved while we read; what we have is one state of it
    tally.counted += counted
    if counted != arrived:
        run.recorder.missing(
            listing.resource,
            "count differs",
            count=counted - arrived if counted > arrived else None,
            detail=f"the PSA counts {counted}, {arrived} came",
            below=Below(kind=listing.kind) if counted > arrived else None,
        )


async def settle(run: Run, listings: list[Listing], tally: Tally, on_page: OnPage) -> None:
    """Ask again for the rows that changed while the list was read, until a round brings none.

    New versions are kept beside the old ones and are not counted as received; rows that are new count as both.
    """
    for _ in range(MAX_ROUNDS):
        since = tally.marks.since
        if since is None:
            return
        changed: list[Row] = []
        for listing in listings:
            where = both(enclosed(listing.conditions), not_before(since))
            rows = await _versions(run, replace(listing, conditions=where), tally)
            if rows is None:
                run.recorder.fact(f"not_settled_{listing.resource}", value=True)
                return
            changed += rows
        if not changed:
            return
        run.reread += len(changed)
        await on_page(changed)
    run.recorder.fact(f"not_settled_{listings[0].resource}", value=True)


async def _versions(run: Run, listing: Listing, tally: Tally) -> list[Row] | None:
    """The rows of a list in versions that were not yet seen; None when it cannot be asked for."""
    last, found = 0, list[Row]()
    while True:
        where = both(listing.conditions, f"id > {last}")
        target = query(conditions=where, orderBy="id", pageSize=run.page_size, page=1)
        outcome = await run.client.ask(listing.path + target, read_list, ahead=True)
        if outcome.value is None or outcome.received is None:
            return None
        sightings: list[Sighting] = []
        ids = [number for row, _, _ in outcome.value if (number := row_id(row)) is not None]
        fresh = 0
        for row, begin, end in outcome.value:
            number = row_id(row)
            if number is None or tally.marks.known(row):
                continue
            tally.marks.note(row)
            found.append(row)
            if tally.seen.add(number):
                fresh += 1
            client = whose(listing, row, number)
            sightings.append(sighting(listing.kind, row, begin, end, name=str(number), client=client))
        run.recorder.keep(outcome.received.exchange, sightings)
        if fresh:
            run.recorder.received(listing.resource, fresh)
            tally.counted = None if tally.counted is None else tally.counted + fresh
        if not may_be_cut(len(outcome.value), run.page_size, run.caps) or not ids or max(ids) <= last:
            return found
        last = max(ids)


async def walk(
    run: Run, listing: Listing, tally: Tally, on_page: OnPage, *, start: int | None = None, expected: int | None = None
) -> None:
    """Pages from `start` on (None: from the beginning, forward-only if the list can).

    While fewer than `expected` ids came, or when nobody knows how many there are, a short page may be one that the
    server cut: one more request tells. The rows of such a page are handed on only then, because what hangs on them may
    be cut to the same size.

    A server that ignores `pageId` is asked by key set; one that ignores `id > N` too, by page numbers.
    """
    way = FORWARD if start is None and listing.path not in run.key_set else KEYS
    last, number, idle = start or 0, 1, 0
    held: list[Row] = []
    size = 0
    while True:
        if way == FORWARD:
            target = query(conditions=listing.conditions, pageSize=run.page_size, pageId=last or "")
        else:
            where = listing.conditions if way == NUMBERS else both(enclosed(listing.conditions), f"id > {last}")
            target = query(conditions=where, orderBy="id", pageSize=run.page_size, page=number)
        outcome = await run.client.ask(
            listing.path + target, read_list, extra=FORWARD_ONLY if way == FORWARD else (), ahead=True
        )
        if held:
            if any(
                found is not None and found not in tally.seen
                for found in (row_id(row) for row, _, _ in outcome.value or ())
            ):
                run.caps.add(size)
            await on_page(held)
            held = []
        if outcome.value is None or outcome.received is None:
            if way == FORWARD and outcome.problem == "refused":  # this list knows no forward-only paging
                run.key_set.add(listing.path)
                way, last = KEYS, 0
                continue
            tally.problem, tally.detail = outcome.problem, outcome.detail
            return
        tally.marks.start(server_time(outcome.received.headers))
        rows = outcome.value
        sightings: list[Sighting] = []
        ids: list[int] = []
        fresh: list[Row] = []
        unreadable = 0
        for row, begin, end in rows:
            found_id = row_id(row)
            if found_id is None:
                unreadable += 1
                continue
            ids.append(found_id)
            run.text_ids += isinstance(row["id"], str)
            if not tally.seen.add(found_id):
                continue
            fresh.append(row)
            if listing.moves:
                tally.marks.note(row)
            client = whose(listing, row, found_id)
            sightings.append(sighting(listing.kind, row, begin, end, name=str(found_id), client=client))
        run.recorder.keep(outcome.received.exchange, sightings)
        run.recorder.received(listing.resource, len(fresh))
        if unreadable:
            run.recorder.missing(
                listing.resource, "unreadable", count=unreadable, detail="rows without a number",
                below=Below(kind=listing.kind),
            )  # fmt: skip
        link = outcome.received.headers.get("link")
        more = has_next(link)
        ended = not ids or (not more and not may_be_cut(len(rows), run.page_size, run.caps))
        told = way == FORWARD and link is not None  # that there is no next page
        if ended and fresh and not told and (expected is None or len(tally.seen) < expected):
            ended, held, size = False, fresh, len(rows)
        else:
            await on_page(fresh)
        again = bool(ids) and not fresh and max(ids) <= last  # the same page
        if ended and not again:
            return
        idle = 0 if fresh else idle + 1
        if way == NUMBERS:
            if idle > IDLE_PAGES:
                if more and expected is None:  # else the count tells whether something is missing
                    tally.problem, tally.detail = "gave up", "each next page is one that came already"
                return
            number += 1
            continue
        if again:
            if way == FORWARD:
                run.key_set.add(listing.path)
                way, idle = KEYS, 0
            elif expected is not None and len(tally.seen) >= expected:
                return
            elif idle > 1:  # twice: it is no accident
                way, idle = NUMBERS, 0
            continue
        ascending = all(a < b for a, b in pairwise(ids))
        if way == FORWARD and (link is None or not ascending):
            run.key_set.add(listing.path)
            way = KEYS
            last = max(ids) if ascending else 0
            continue
        if way == FORWARD and not more:
            return
        last = max(last, *ids)


def may_be_cut(rows: int, asked: int, learnt: Collection[int] = ()) -> bool:
    """Whether a page of so many rows may have another behind it, though no Link header says so. `learnt` are sizes to
    which this PSA was seen to cut pages."""
    return rows >= asked or rows in CAPS or rows in learnt


def whose(listing: Listing, row: Row, number: int) -> str | None:
    """The client of a row: itself (`id`), a reference (`company/id`), its ticket's, or nobody."""
    if listing.client == "id":
        return str(number)
    if listing.client:
        return reference_id(row, listing.client.partition("/")[0])
    ticket = number_of(row.get("objectId"))
    return listing.owner(ticket) if listing.owner is not None and ticket is not None else None
