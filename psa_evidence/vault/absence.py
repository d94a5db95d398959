"""Which records the lists of a capture leave out: asked of the catalogue while the capture is indexed.

A record vanished when a complete list of its kind, which would have held it, does not, and nothing else in the same
capture saw it: neither another list nor an exchange. Whatever is left in doubt has not vanished.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa

from psa_evidence.records import Digest, Kind
from psa_evidence.vault.lines import ExchangeLine, ListLine
from psa_evidence.vault.schema import captures, exchanges, tombstones, versions
from psa_evidence.vault.times import from_microseconds
from psa_evidence.vault.tombstones import Absence, LastSeen, Tombstone

there = sa.Table(
    "there",
    sa.MetaData(),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""What this capture saw or listed, for as long as it is being indexed."""

_INSERT: Final = "INSERT OR IGNORE INTO there (kind, id) VALUES (?, ?)"

Universe = tuple[Kind, tuple[str, ...], str | None]
"""What a list is about: kind, clients, parent."""


class Absences:
    """Takes the lines of one capture as they are indexed; says at its end what has vanished.

    Nothing is remembered of the first capture of a connection: it has three lists for each ticket, and nothing could be
    missed in them.
    """

    def __init__(self, connection: sa.Connection, number: int, name: str) -> None:
        self._connection, self._number, self._name = connection, number, name
        self._open: dict[Universe, int] = {}
        self._complete: dict[Universe, Absence] = {}
        self._first = not connection.execute(_ANY_BEFORE, {"connection": name, "number": number}).first()
        there.create(connection)

    def seen(self, keys: Sequence[tuple[str, str]]) -> None:
        """Kind and id of records whose bytes were known already; new versions stand in the catalogue."""
        if keys and not self._first:
            self._connection.exec_driver_sql(_INSERT, list(keys))

    def listed(self, line: ListLine, exchange: ExchangeLine | None) -> None:
        """`exchange` is the last one before the list."""
        if self._first:
            return
        universe = (line.kind, line.clients, line.parent)
        self.seen([(line.kind, record_id) for record_id in line.ids])
        total = self._open.get(universe, 0) + len(line.ids)
        self._open[universe] = total
        if line.problem or line.complete:
            del self._open[universe]
        if line.complete:
            self._complete[universe] = Absence(
                listed=total, clients=line.clients, parent=line.parent,
                file=exchange.file if exchange else None, offset=exchange.offset if exchange else None,
                url=exchange.url if exchange else None, at=exchange.finished_at if exchange else None,
            )  # fmt: skip

    def vanished(self, capture: str) -> Iterator[Tombstone]:
        """In the order of the lists, in each by when the record was last stored; each record once."""
        values: dict[str, object] = {"connection": self._name, "number": self._number}
        told: set[tuple[str, str]] = set()
        for (kind, clients, parent), absence in self._complete.items():
            parent_kind, _, parent_id = (parent or "").partition("/")
            values |= {"kind": kind, "clients": clients, "parent_kind": parent_kind, "parent_id": parent_id}
            for row in self._connection.execute(_LEFT_OUT[bool(clients), parent is not None], values):
                if (row.kind, row.id) not in told:
                    told.add((row.kind, row.id))
                    yield _tombstone(row, absence, capture)


def _left_out(*, of_clients: bool, of_parent: bool) -> sa.Select[Any]:
    """The newest versions, of earlier captures, that nothing of this one saw and no tombstone covers."""
    v, e, newer, older = versions.c, exchanges.c, sa.alias(versions), sa.alias(versions)
    same = [newer.c.connection == v.connection, newer.c.kind == v.kind, newer.c.id == v.id]
    stone = tombstones.c
    count = (
        sa.select(sa.func.count())
        .where(older.c.connection == v.connection, older.c.kind == v.kind, older.c.id == v.id)
        .scalar_subquery()
    )
    query = (
        sa.select(
            v.kind, v.id, v.client, v.parent_kind, v.parent_id, v.at, v.capture, v.leaf, v.sha256, e.file,
            e.offset, e.finished_at, captures.c.id.label("capture_id"), count.label("versions"),
        )
        .join(exchanges, e.n == v.exchange)
        .join(captures, captures.c.number == v.capture)
        .where(
            v.connection == sa.bindparam("connection"), v.kind == sa.bindparam("kind"),
            v.capture < sa.bindparam("number"),
            ~sa.exists().where(*same, newer.c.n > v.n),
            ~sa.exists().where(there.c.kind == v.kind, there.c.id == v.id),
            ~sa.exists().where(
                stone.connection == v.connection, stone.kind == v.kind, stone.id == v.id, stone.capture > v.capture
            ),
        )
        .order_by(v.n)
    )  # fmt: skip
    if of_clients:
        query = query.where(v.client.in_(sa.bindparam("clients", expanding=True)))
    if of_parent:
        query = query.where(v.parent_kind == sa.bindparam("parent_kind"), v.parent_id == sa.bindparam("parent_id"))
    return query


_LEFT_OUT: Final = {
    (clients, parent): _left_out(of_clients=clients, of_parent=parent)
    for clients in (False, True)
    for parent in (False, True)
}
"""Made once: a capture asks for each of its tickets, and putting a statement together costs more than asking it."""
_ANY_BEFORE: Final = (
    sa.select(versions.c.n)
    .where(versions.c.connection == sa.bindparam("connection"), versions.c.capture < sa.bindparam("number"))
    .limit(1)
)


def _tombstone(row: Any, absence: Absence, capture: str) -> Tombstone:
    return Tombstone(
        kind=cast("Kind", row.kind), id=row.id, client=row.client,
        parent=None if row.parent_kind is None else f"{row.parent_kind}/{row.parent_id}",
        own_time=None if row.at is None else from_microseconds(row.at), versions=row.versions,
        last=LastSeen(
            capture=row.capture_id, seal=row.capture, leaf=row.leaf, sha256=Digest(row.sha256), file=row.file,
            offset=row.offset, at=from_microseconds(row.finished_at),
        ),
        absence=absence, capture=capture,
    )  # fmt: skip
