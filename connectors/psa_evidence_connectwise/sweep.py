"""Which records the PSA still lists: ids only, so that a later look can tell what vanished.

A list that was read whole says it by itself. Of a list that was asked for changes or for a period only, the ids are
asked for (`fields=id,…`): one request for a thousand records. `fields` is used for nothing else: such rows are no
evidence of a record, only of its presence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from psa_evidence.records import Kind
from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.conditions import both, enclosed, query
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.listing import FORWARD_ONLY, Tally, may_be_cut
from psa_evidence_connectwise.resources import Resource
from psa_evidence_connectwise.run import Run, read_count, read_list
from psa_evidence_connectwise.sightings import Row, row_id

OnRow = Callable[[Row], None]


def whole_list(run: Run, resource: Resource, tally: Tally, *, restricted: bool) -> bool:
    """Say which records are there when `tally` holds all of them; False when it does not."""
    if restricted or tally.problem or tally.counted is None or tally.counted != len(tally.seen):
        return False
    clients = run.scope.clients if resource.client else ()
    run.recorder.present(resource.kind, (str(n) for n in tally.seen), complete=True, clients=clients)
    return True


async def sweep(
    run: Run, resource: Resource, *, everybody: bool = False, fields: str = "id", on_row: OnRow | None = None
) -> bool:
    """Ask for the ids of a list and hand them over; complete only when the PSA's own count agrees.

    `everybody`: of all clients, whatever the scope. Says whether the ids are complete.
    """
    mine = () if everybody or not resource.client else run.scope.clients
    wanted = conditions.clients(resource.client, run.scope) if mine else ("",)
    whole = True
    for i, where in enumerate(wanted):
        whole = await _part(run, resource.kind, resource.path, where, fields, on_row) and whole
        if i + 1 == len(wanted):
            run.recorder.present(resource.kind, (), complete=whole, clients=mine)
    return whole


async def _part(run: Run, kind: Kind, path: str, where: str, fields: str, on_row: OnRow | None) -> bool:
    listed = run.listed.pop((path, where), None) if fields == "id" else None
    if listed is None:
        seen = 0
        async for rows in id_pages(run, path, where, fields):
            if isinstance(rows, str):
                run.recorder.present(kind, (), complete=False, problem=rows)
                return False
            if rows:
                run.recorder.present(kind, [str(number) for number, _ in rows], complete=False)
            seen += len(rows)
            for _, row in rows:
                if on_row is not None:
                    on_row(row)
    else:
        seen = len(listed)
        if seen:
            run.recorder.present(kind, map(str, listed), complete=False)
    counted = await run.client.ask(f"{path}/count{query(conditions=where)}", read_count, ahead=True)
    if counted.received is not None and counted.value is not None:
        run.recorder.keep(counted.received.exchange)
    return counted.value == seen


async def id_pages(run: Run, path: str, where: str, fields: str) -> AsyncIterator[list[tuple[int, Row]] | str]:
    """Each page's new ids with their rows; or the problem (one of MISSING_REASONS), which is the last."""
    seen = IdSet()
    last = 0
    forward = path not in run.key_set
    while True:
        if forward:
            target = query(conditions=where, fields=fields, pageSize=run.page_size, pageId=last or "")
        else:
            after = both(enclosed(where), f"id > {last}")
            target = query(conditions=after, fields=fields, orderBy="id", pageSize=run.page_size, page=1)
        outcome = await run.client.ask(path + target, read_list, extra=FORWARD_ONLY if forward else (), ahead=True)
        if outcome.problem == "refused" and fields:
            fields = ""  # one name that a version does not know fails the call
            continue
        if outcome.value is None or outcome.received is None:
            yield outcome.problem or "gave up"
            return
        run.recorder.keep(outcome.received.exchange)
        numbered = [(row_id(row), row) for row, _, _ in outcome.value]
        if any(number is None for number, _ in numbered):
            yield "unreadable"
            return
        yield [(number, row) for number, row in numbered if number is not None and seen.add(number)]
        if not may_be_cut(len(outcome.value), run.page_size, run.caps) or seen.highest <= last:
            return
        last = seen.highest
