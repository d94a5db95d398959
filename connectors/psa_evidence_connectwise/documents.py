"""Documents of a record: their data, and their bytes within the size limit."""

from __future__ import annotations

from psa_evidence.spi import Sighting
from psa_evidence_connectwise.children import ChildList, pull_children
from psa_evidence_connectwise.conditions import query
from psa_evidence_connectwise.run import Run, read_file
from psa_evidence_connectwise.sightings import Row, last_updated, moment

DOCUMENTS = "system/documents"
DOWNLOADS = "system/documents/download"
FINAL = frozenset({"too large", "refused", "not found"})
"""Problems of a download that asking again would not change."""


async def pull_documents(
    run: Run, record_type: str, record_id: str, *, parent: str, client: str | None, basis: str = ""
) -> None:
    """The list for one record and the bytes of each document. With a `basis` the whole is one unit of work."""

    async def download(rows: list[tuple[str, Row]]) -> bool:
        whole = True
        for number, row in rows:
            whole = await _download(run, number, row, client) and whole
        return whole

    await pull_children(
        run,
        ChildList(
            target=DOCUMENTS + query(recordType=record_type, recordId=record_id),
            resource=DOCUMENTS,
            kind="document",
            parent=parent,
            client=client,
            unit=documents_unit(run, record_type, record_id) if basis else "",
            basis=basis,
            then=download if run.scope.attachments else None,
            whole=True,
        ),
    )


def documents_unit(run: Run, record_type: str, record_id: str) -> str:
    """Without the bytes it is another piece of work than with them."""
    return f"{DOCUMENTS}/{record_type}/{record_id}" + ("" if run.scope.attachments else "/list")


async def _download(run: Run, number: str, row: Row, client: str | None) -> bool:
    if row.get("linkFlag") is True or row.get("urlFlag") is True:
        return True  # a link has no bytes
    limit = run.scope.max_attachment_bytes
    size = row.get("size")
    if isinstance(size, int) and size > limit:
        run.recorder.missing(DOWNLOADS, "too large", count=1, detail=f"document/{number}: {size} bytes")
        return True
    return await pull_bytes(
        run,
        f"{DOCUMENTS}/{number}/download",
        DOWNLOADS,
        Sighting(
            kind="attachment", id=number, start=0, end=0, client=client, parent=f"document/{number}",
            at=moment(row.get("createdOnDate")), updated_at=moment(last_updated(row)),
        ),
        basis=f"{last_updated(row)}|{size}",
        limit=limit,
        name=str(row.get("fileName") or ""),
        size=size,
    )  # fmt: skip


async def pull_bytes(
    run: Run, target: str, resource: str, seen: Sighting, *, basis: str, limit: int, name: str, size: object = None
) -> bool:
    """One binary download; the span of `seen` becomes the whole body. False when asking again may help."""
    if run.recorder.done(target, basis):
        return True
    fuse = run.fuse(resource, seen.parent or "")
    if fuse.blown:
        return False
    outcome = await run.client.ask(target, read_file(name, size), limit=limit, binary=True)
    if outcome.value is None or outcome.received is None:
        problem = outcome.problem or "gave up"
        run.lost(fuse, resource, problem, f"{seen.kind}/{seen.id}: {outcome.detail}", count=1)
        return problem in FINAL
    run.works(fuse, resource)
    whole = Sighting(
        kind=seen.kind, id=seen.id, start=0, end=len(outcome.value), client=seen.client, parent=seen.parent,
        at=seen.at, updated_at=seen.updated_at,
    )  # fmt: skip
    run.recorder.keep(outcome.received.exchange, [whole], unit=target, basis=basis)
    run.recorder.received(resource, 1)
    return True
