"""How many records a client has, by kind: what `selection.select_client` without a period would give, counted in SQL.

Nearly all of a client's records bear its id, and hang on nothing or on another record that bears it. Those are counted
where the index lies; what is otherwise is looked at one by one. Where that does not settle it, the walk is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.records import REFERENCE_KINDS
from psa_evidence.vault.catalogue import CHUNK
from psa_evidence.vault.schema import versions
from psa_evidence.vault.selection import (
    DATED_KINDS,
    NEVER_HANGING,
    OTHER_KINDS,
    count_by_kind,
    first_unsealed,
    select_client,
)

_DATED: Final = sorted(DATED_KINDS)

Key = tuple[str, str]
"""Kind and id."""


def count_client(db: sa.Connection, name: str, client: str) -> Counter[str]:
    """Records of the client in all its time, by kind."""
    asked = _Asked(db, name, client)
    beside = asked.beside()
    if not asked.rooted(asked.loose(), beside):
        return count_by_kind(select_client(db, name, client, None, None))
    found = asked.own()
    found.update(kind for kind, _ in beside)
    return +found


class _Asked:
    """The questions about one client. A row is `own` when it bears the client's id."""

    def __init__(self, db: sa.Connection, name: str, client: str) -> None:
        self._db = db
        self._name = name
        self._client = client
        self._limit = first_unsealed(db)

    def own(self) -> Counter[str]:
        """Own records by kind, wherever they hang."""
        c = versions.c
        itself = sa.and_(c.kind == "client", c.id == self._client)
        return self._counted(sa.or_(c.kind.not_in(NEVER_HANGING), itself))

    def _counted(self, *conditions: sa.ColumnElement[bool]) -> Counter[str]:
        c = versions.c
        query = sa.select(c.kind, sa.func.count()).where(
            *self._newest(versions), c.client == self._client, *conditions
        )  # fmt: skip
        rows = self._db.execute(query.group_by(c.kind)).all()
        return Counter({str(kind): int(number) for kind, number in rows})

    def beside(self) -> set[Key]:
        """Records that are not own and are the client's all the same: its own record, what hangs on it or on own ones,
        and what hangs on those."""
        row, parent = versions.alias(), versions.alias()
        strange = row.c.client.is_distinct_from(self._client)
        keys = sa.select(row.c.kind, row.c.id).where(*self._newest(row), strange)
        parents = [
            kind for kind in self._db.execute(
                sa.select(versions.c.parent_kind).where(versions.c.connection == self._name).distinct()
            ).scalars() if kind not in {None, *NEVER_HANGING}
        ]  # fmt: skip
        below = keys.select_from(parent.join(row, sa.and_(
            row.c.connection == parent.c.connection, row.c.parent_kind == parent.c.kind,
            row.c.parent_id == parent.c.id,
        ))).where(
            parent.c.connection == self._name, parent.c.client == self._client, parent.c.kind.in_(parents),
            row.c.kind.not_in(NEVER_HANGING),
        )  # fmt: skip
        found = self._keys(keys.where(row.c.kind == "client", row.c.id == self._client))
        on_client = (row.c.parent_kind == "client", row.c.parent_id == self._client, row.c.kind.in_(OTHER_KINDS))
        found |= self._keys(keys.where(*on_client))
        if self._keys(below.limit(1)):  # below whatever version of an own record; mostly there is nothing
            found |= self._keys(below.where(*self._newest(parent)))
        fresh = {key for key in found if key[0] != "client"}
        while fresh:
            hanging: set[Key] = set()
            for kind, ids in _by_kind(fresh):
                hanging |= self._keys(keys.where(
                    row.c.parent_kind == kind, row.c.parent_id.in_(ids), row.c.kind.not_in(NEVER_HANGING)
                ))  # fmt: skip
            fresh = hanging - found
            found |= fresh
        return found

    def loose(self) -> set[Key]:
        """What own records hang on that the vault holds, and that is not plainly among the client's records."""
        c = versions.c
        hung = (
            sa.select(c.parent_kind, c.parent_id)
            .where(
                c.connection == self._name, c.client == self._client, c.kind.in_(OTHER_KINDS),
                c.parent_kind.is_not(None), c.parent_kind.not_in(sorted(REFERENCE_KINDS)),
                sa.or_(c.parent_kind != "client", c.parent_id != self._client),
            )
            .distinct().subquery()
        )  # fmt: skip
        held, plain = versions.alias(), versions.alias()
        here = (held.c.connection == self._name, held.c.kind == hung.c.parent_kind, held.c.id == hung.c.parent_id)
        there = (plain.c.kind == hung.c.parent_kind, plain.c.id == hung.c.parent_id)
        rests = sa.or_(
            plain.c.kind.in_(_DATED), plain.c.parent_kind.is_(None),
            sa.and_(plain.c.parent_kind == "client", plain.c.parent_id == self._client),
        )  # fmt: skip
        plainly = sa.exists().where(*self._newest(plain), *there, plain.c.client == self._client, rests)
        return self._keys(
            sa.select(hung.c.parent_kind, hung.c.parent_id).where(
                sa.or_(hung.c.parent_kind == "client", sa.and_(~plainly, sa.exists().where(*here)))
            )
        )

    def rooted(self, keys: set[Key], beside: set[Key]) -> bool:
        """Whether all of these are among the client's records: each hangs, over own ones and those `beside` them, on
        one that plainly is. What hangs on another client's record, or in a circle, does not.
        """
        sound: set[Key] = set()
        above: dict[Key, Key] = {}
        asked = keys
        while asked:
            rows = {(row.kind, row.id): row for row in self._rows(asked)}
            if rows.keys() != asked:
                return False
            for key, row in rows.items():
                parent = (row.parent_kind, row.parent_id)
                own = row.client == self._client
                if row.kind in NEVER_HANGING or not (own or key in beside):
                    return False
                if parent == ("client", self._client) or (own and (row.kind in DATED_KINDS or row.parent_kind is None)):
                    sound.add(key)
                else:
                    above[key] = parent
            asked = set(above.values()) - sound - above.keys()
        while ended := {key for key, parent in above.items() if parent in sound}:
            sound |= ended
            for key in ended:
                del above[key]
        return not above

    def _rows(self, keys: Iterable[Key]) -> Iterator[Any]:
        c = versions.c
        for kind, ids in _by_kind(keys):
            yield from self._db.execute(
                sa.select(c.kind, c.id, c.client, c.parent_kind, c.parent_id).where(
                    *self._newest(versions), c.kind == kind, c.id.in_(ids)
                )
            )

    def _newest(self, table: sa.FromClause) -> tuple[sa.ColumnElement[bool], ...]:
        """The newest sealed version of each record of the connection, of nothing but indexed columns."""
        c, newer = table.c, versions.alias()
        return (
            c.connection == self._name,
            c.n < self._limit,
            ~sa.exists().where(newer.c.older == c.n, newer.c.n < self._limit),
        )

    def _keys(self, query: sa.Select[Any]) -> set[Key]:
        return {(kind, record_id) for kind, record_id in self._db.execute(query)}


def _by_kind(keys: Iterable[Key]) -> Iterator[tuple[str, list[str]]]:
    """Ids by kind, no more at a time than a query can name."""
    ids: dict[str, list[str]] = {}
    for kind, record_id in sorted(keys):
        ids.setdefault(kind, []).append(record_id)
    for kind, all_of_it in ids.items():
        for i in range(0, len(all_of_it), CHUNK):
            yield kind, all_of_it[i : i + CHUNK]
