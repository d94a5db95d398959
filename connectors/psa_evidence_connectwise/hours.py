"""Time and schedule entries, and the audits of time entries that were changed."""

from __future__ import annotations

from functools import partial

from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.conditions import both
from psa_evidence_connectwise.crew import Crew
from psa_evidence_connectwise.listing import Listing, OnPage, Tally, pull
from psa_evidence_connectwise.newly_shown import pull_newly_shown
from psa_evidence_connectwise.owners import Owners
from psa_evidence_connectwise.resources import SCHEDULE, TIME, Resource
from psa_evidence_connectwise.run import Run
from psa_evidence_connectwise.sightings import Row, last_updated, moment, reference_id, row_id

TICKET_TYPE = "type/id = 4"
"""The schedule type of service tickets, the same in every installation."""
AUDITS = "time/entries/audits"


async def pull_time(run: Run, owners: Owners, crew: Crew) -> tuple[Tally, bool]:
    """Time entries of the clients in the period, and those of the tickets in scope that lie outside it.

    Says what came and whether the list was restricted to a period or to changes.
    """
    since = run.recorder.changed_since(TIME.path)
    if "time_audits" in run.parts and run.recorder.changed_since(AUDITS) is None:
        since = None
    changed = conditions.changed(since)
    wanted = [
        both(clients, conditions.within(TIME.period, run.scope))
        for clients in conditions.clients(TIME.client, run.scope)
    ]
    outside = conditions.outside(TIME.period, run.scope)
    if outside:
        kinds = '(chargeToType = "ServiceTicket" or chargeToType = "ProjectTicket")'
        wanted += [both(batch, kinds, outside) for batch in conditions.batches("chargeToId", owners.ids())]

    async def found(rows: list[Row]) -> None:
        for row in rows:
            if "time_audits" in run.parts and was_changed(row):
                await crew.add(partial(_pull_audits, run, row))

    within = conditions.within(TIME.period, run.scope)
    return await _pull_each(run, TIME, wanted, changed, found), bool(within or changed)


def was_changed(row: Row) -> bool:
    """Whether the entry was touched after it was made. The audit of one that was not holds its making alone, which the
    entry states itself."""
    entered = moment(row.get("dateEntered"))
    updated = moment(last_updated(row))
    return entered is None or updated is None or updated > entered


async def _pull_audits(run: Run, row: Row) -> None:
    number, updated = row_id(row), last_updated(row)
    if number is None:
        return
    unit = f"{TIME.path}/{number}/audits"
    if updated and run.recorder.done(unit, updated):
        return
    await pull_children(
        run,
        ChildList(
            target=unit, resource=AUDITS, kind="time_audit", parent=f"time_entry/{number}",
            client=reference_id(row, "company"), unit=unit, basis=updated, optional=True,
        ),
    )  # fmt: skip


async def pull_schedule(run: Run, owners: Owners) -> tuple[Tally, bool]:
    """Schedule entries, with the same answer as `pull_time`. They name no client: with clients in scope they are asked
    for by ticket."""
    changed = conditions.changed(run.recorder.changed_since(SCHEDULE.path))
    outside = conditions.outside(SCHEDULE.period, run.scope)
    wanted: list[str] = []
    if not run.scope.clients:
        wanted.append(conditions.within(SCHEDULE.period, run.scope))
    if run.scope.clients or outside:
        limit = "" if run.scope.clients else outside
        wanted += [both(TICKET_TYPE, batch, limit) for batch in conditions.batches("objectId", owners.ids())]
    within = conditions.within(SCHEDULE.period, run.scope)
    came = await _pull_each(run, SCHEDULE, wanted, changed, _nothing, owners)
    return came, bool(within or changed or run.scope.clients)


async def _pull_each(
    run: Run, resource: Resource, wanted: list[str], changed: str, found: OnPage, owners: Owners | None = None
) -> Tally:
    tally = Tally()
    for where in wanted:
        listing = Listing(
            resource.path, resource.path, resource.kind, both(where, changed), resource.client,
            owner=None if owners is None else owners.client_of, moves=True,
        )  # fmt: skip
        await pull(run, listing, found, tally)
        if changed:
            await pull_newly_shown(run, listing, [where], found, tally)
        if tally.problem:
            break
    if tally.counted is not None:
        run.recorder.asked(resource.path, tally.counted)
    return tally


async def _nothing(_: list[Row]) -> None:
    """Nobody needs the rows themselves."""
