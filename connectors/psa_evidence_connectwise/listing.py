"""Reading a whole list while it moves, and knowing whether it is whole.

Forward-only paging (`pagination-type: forward-only`, `pageId`) where the API supports it, else by key set
(`id > N`, ordered by id): page numbers drift when rows change. The PSA's own `/count` is the control.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from psa_evidence.records import Kind
from psa_evidence.spi import Sighting
from psa_evidence_connectwise.conditions import both, query
from psa_evidence_connectwise.run import Run, read_count, read_list
from psa_evidence_connectwise.sightings import Row, reference_id, row_id, sighting

FORWARD_ONLY = (("pagination-type", "forward-only"),)

OnRow = Callable[[Row], None]


@dataclass(slots=True)
class Tally:
    """What arrived so far. `counted` is what the PSA counts, None when it did not say; `problem` why it ended early."""

    seen: set[int] = field(default_factory=set)
    counted: int | None = 0
    problem: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list under one condition. `client` names the reference that tells whose a row is, `owners` the client of
    each ticket for rows that only name their ticket (`objectId`)."""

    path: str
    resource: str
    kind: Kind
    conditions: str = ""
    client: str = ""
    owners: Mapping[int, str | None] | None = None


async def count(run: Run, listing: Listing) -> tuple[int | None, str | None]:
    """The PSA's own count, or None with the problem."""
    outcome = await run.client.ask(f"{listing.path}/count{query(conditions=listing.conditions)}", read_count)
    if outcome.received is not None and outcome.value is not None:
        run.recorder.keep(outcome.received.exchange)
    return outcome.value, outcome.problem


async def pull(run: Run, listing: Listing, on_row: OnRow, tally: Tally) -> None:
    """Fetch the list into the recorder; `on_row` gets each new row. What is missing is reported.

    Ids already in `tally` are not reported again; several lists of one resource share one.
    """
    already = len(tally.seen)
    before, problem = await count(run, listing)
    if problem == "no permission":
        tally.counted, tally.problem = None, problem
        run.recorder.missing(listing.resource, problem, detail="status 403")
        return
    await walk(run, listing, tally, on_row)
    await reconcile(run, listing, tally, on_row, before=before, already=already)


async def reconcile(
    run: Run, listing: Listing, tally: Tally, on_row: OnRow, *, before: int | None, already: int
) -> None:
    """Compare with the count; look again for what appeared meanwhile or was left out; report what is missing."""
    if tally.problem:
        left = None if before is None else max(0, before - len(tally.seen) + already)
        run.recorder.missing(listing.resource, tally.problem, count=left, detail=tally.detail)
        tally.counted = None if before is None or tally.counted is None else tally.counted + before
        return
    counted = before
    for start in (max(tally.seen, default=0), 0, None):
        if counted is None or counted == len(tally.seen) - already:
            break
        counted, _ = await count(run, listing)
        if start is None or counted is None or counted <= len(tally.seen) - already:
            break
        await walk(run, listing, tally, on_row, start=start)
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
        )


async def walk(run: Run, listing: Listing, tally: Tally, on_row: OnRow, *, start: int | None = None) -> None:
    """Pages from `start` on (None: from the beginning, forward-only if the list can)."""
    forward = start is None and listing.path not in run.key_set
    last = start or 0
    while True:
        if forward:
            target = query(conditions=listing.conditions, pageSize=run.page_size, pageId=last or "")
        else:
            where = both(
                f"({listing.conditions})" if " or " in listing.conditions else listing.conditions, f"id > {last}"
            )
            target = query(conditions=where, orderBy="id", pageSize=run.page_size, page=1)
        outcome = await run.client.ask(listing.path + target, read_list, extra=FORWARD_ONLY if forward else ())
        if outcome.value is None or outcome.received is None:
            tally.problem, tally.detail = outcome.problem, outcome.detail
            return
        rows = outcome.value
        sightings: list[Sighting] = []
        ids: list[int] = []
        fresh: list[Row] = []
        unreadable = 0
        for row, begin, end in rows:
            number = row_id(row)
            if number is None:
                unreadable += 1
                continue
            ids.append(number)
            if number in tally.seen:
                continue
            tally.seen.add(number)
            fresh.append(row)
            sightings.append(
                sighting(listing.kind, row, begin, end, name=str(number), client=whose(listing, row, number))
            )
        run.recorder.keep(outcome.received.exchange, sightings)
        run.recorder.received(listing.resource, len(fresh))
        if unreadable:
            run.recorder.missing(listing.resource, "unreadable", count=unreadable, detail="rows without a number")
        for row in fresh:
            on_row(row)
        link = outcome.received.headers.get("link")
        more = has_next(link)
        if not ids or (not more and len(rows) < run.page_size):
            return
        if not fresh and max(ids) <= last:
            return  # the same page again: the count tells whether something is missing
        ascending = all(a < b for a, b in pairwise(ids))
        if forward and (link is None or not ascending):
            run.key_set.add(listing.path)
            forward = False
            last = max(ids) if ascending else 0
            continue
        if forward and not more:
            return
        last = max(last, *ids)


def has_next(link: str | None) -> bool:
    """Whether a Link header (RFC 8288) names a next page. Its target is never followed."""
    return link is not None and 'rel="next"' in link.replace("'", '"').lower().replace("rel=next", 'rel="next"')


def whose(listing: Listing, row: Row, number: int) -> str | None:
    """The client of a row: itself (`id`), a reference (`company/id`), its ticket's, or nobody."""
    if listing.client == "id":
        return str(number)
    if listing.client:
        return reference_id(row, listing.client.partition("/")[0])
    ticket = row.get("objectId")
    return listing.owners.get(ticket) if listing.owners and isinstance(ticket, int) else None
