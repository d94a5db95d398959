"""Lists that a capture could not get and that no capture has brought since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from psa_evidence.records import KINDS, Kind, Lacking
from psa_evidence.vault.answers import sealed
from psa_evidence.vault.catalogue import CHUNK
from psa_evidence.vault.info import CaptureInfo, covers
from psa_evidence.vault.schema import lists, units

Numbered = Sequence[tuple[int, CaptureInfo]]
"""Captures with the numbers of their seals, oldest first."""


class _Loss(NamedTuple):
    number: int
    info: CaptureInfo
    item: Mapping[str, Any]

    @property
    def kind(self) -> Kind:
        kind: Kind = self.item["kind"]
        return kind

    @property
    def parent(self) -> str | None:
        parent: str | None = self.item.get("parent")
        return parent


def still_lacking(db: sa.Connection, connection: str, captures: Numbered) -> tuple[Lacking, ...]:
    """What the captures of a connection name as missing (`spi.Below`), each by its newest loss, ordered by record and
    kind, less what came since: see `spi.Below` for what counts as having come."""
    ours = [(number, info) for number, info in captures if info.connection == connection]
    newest: dict[tuple[str | None, Kind, str], _Loss] = {}
    for number, info in ours:
        for item in info.missing:
            if item.get("kind") in KINDS:
                loss = _Loss(number, info, item)
                newest[loss.parent, loss.kind, "" if loss.parent else str(item["resource"])] = loss
    listed = _listed(db, connection, newest.values())
    left = [
        loss
        for loss in newest.values()
        if not (_came(loss, ours) if loss.parent is None else listed.get((loss.kind, loss.parent), 0) > loss.number)
        and not _completed(db, connection, loss)
    ]
    left.sort(key=lambda loss: (loss.parent or "", loss.kind, loss.number))
    return tuple(
        Lacking(
            parent=loss.parent, kind=loss.kind, reason=str(loss.item["reason"]), capture=loss.info.id,
            at=loss.info.finished_at or loss.info.started_at,
        )
        for loss in left
    )  # fmt: skip


def _came(loss: _Loss, captures: Numbered) -> bool:
    """Whether a later capture that covers the scope asked for the resource, and had the whole list of it."""
    resource = loss.item["resource"]
    return any(
        number > loss.number and info.state != "failed" and covers(info.scope, loss.info.scope)
        and resource in info.counts
        and not any(item["resource"] == resource and not item.get("parent") for item in info.missing)
        for number, info in captures
    )  # fmt: skip


def _listed(db: sa.Connection, connection: str, losses: Iterable[_Loss]) -> dict[tuple[Kind, str], int]:
    """The newest capture with a complete list, by kind and parent."""
    c = lists.c
    parents = sorted({loss.parent for loss in losses if loss.parent is not None})
    found: dict[tuple[Kind, str], int] = {}
    for i in range(0, len(parents), CHUNK):
        query = (
            sa.select(c.kind, c.parent, sa.func.max(c.capture))
            .where(
                c.connection == connection, c.complete == 1, c.capture <= sealed(), c.parent.in_(parents[i : i + CHUNK])
            )
            .group_by(c.kind, c.parent)
        )
        found.update({(kind, parent): number for kind, parent, number in db.execute(query)})
    return found


def _completed(db: sa.Connection, connection: str, loss: _Loss) -> bool:
    """Whether its unit of work was completed: on the same basis, or later on any."""
    unit, basis = loss.item.get("unit"), loss.item.get("basis")
    if not unit:
        return False
    c = units.c
    later: sa.ColumnElement[bool] = c.capture > loss.number
    if basis:
        later = sa.or_(later, c.basis == basis)
    query = sa.select(c.n).where(c.connection == connection, c.unit == unit, later, c.capture <= sealed()).limit(1)
    return db.execute(query).first() is not None
