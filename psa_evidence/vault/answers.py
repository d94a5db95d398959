"""What the vault answers with, and how catalogue rows become it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from psa_evidence.records import Digest, Kind
from psa_evidence.spi import ClientName, RawRecord
from psa_evidence.vault.bodies import Place
from psa_evidence.vault.schema import captures, exchanges, versions
from psa_evidence.vault.times import from_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVersion:
    """One version of a record. `leaf` is its place in the tree of `seal`."""

    kind: Kind
    id: str
    sha256: Digest
    client: str | None
    parent: str | None
    at: datetime | None
    updated_at: datetime | None
    capture: str
    captured_at: datetime
    seal: int
    leaf: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRef:
    """Where a record came over the wire: `file` below the vault, the WARC record at `offset` (compressed bytes),
    the bytes `start` to `end` of its decoded body; `at` is when the answer was complete."""

    capture: str
    file: str
    offset: int
    start: int
    end: int
    url: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold, as recorded."""

    matter: str
    connection: str
    client: str
    reason: str
    who: str
    at: datetime


def sealed() -> sa.ScalarSelect[Any]:
    """Number of the newest capture that counts."""
    return sa.select(sa.func.coalesce(sa.func.max(captures.c.number), 0)).scalar_subquery()


def located() -> sa.Select[Any]:
    """Versions with their exchange and capture."""
    e = exchanges.c
    return (
        sa.select(*versions.c, e.file, e.offset, e.length, e.url, e.finished_at, captures.c.id.label("capture_id"))
        .join(exchanges, e.n == versions.c.exchange)
        .join(captures, captures.c.number == versions.c.capture)
    )


def place(row: Any) -> Place:
    file = f"captures/{row.capture_id}/{row.file}"
    return Place(file, row.offset, row.length, row.start, row.end, row.sha256, f"{row.kind}/{row.id}")


def _parent(row: Any) -> str | None:
    return None if row.parent_kind is None else f"{row.parent_kind}/{row.parent_id}"


def raw(row: Any, body: bytes) -> RawRecord:
    return RawRecord(
        kind=cast("Kind", row.kind),
        id=row.id,
        sha256=Digest(row.sha256),
        body=body,
        client=row.client,
        parent=_parent(row),
        capture=row.capture_id,
        captured_at=from_microseconds(row.finished_at),
    )


def version(row: Any) -> RecordVersion:
    return RecordVersion(
        kind=cast("Kind", row.kind),
        id=row.id,
        sha256=Digest(row.sha256),
        client=row.client,
        parent=_parent(row),
        at=None if row.at is None else from_microseconds(row.at),
        updated_at=None if row.updated_at is None else from_microseconds(row.updated_at),
        capture=row.capture_id,
        captured_at=from_microseconds(row.finished_at),
        seal=row.capture,
        leaf=row.leaf,
    )


def client_name(record: RawRecord) -> ClientName:
    """Name and identifier as far as the record, read as JSON, says them under these names."""
    try:
        raw = json.loads(record.body)
    except ValueError:
        raw = None
    fields = raw if isinstance(raw, dict) else {}
    name, identifier = fields.get("name"), fields.get("identifier")
    return ClientName(
        id=record.id,
        name=name if isinstance(name, str) else "",
        identifier=identifier if isinstance(identifier, str) else "",
    )
