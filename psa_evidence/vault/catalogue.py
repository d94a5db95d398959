"""The index over all captures: SQLite through SQLAlchemy Core. It holds nothing that the captures do not,
and may be deleted: `Vault.reindex` makes it anew with the same rows.

Captures are numbered as their seals are. Rows of a capture count from when its own row is there, which is last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.errors import StorageError, VaultError
from psa_evidence.vault.absence import Absences
from psa_evidence.vault.database import (
    no_room,
    not_written,
    read_only,
    reading_engine,
    state_of,
    writing_engine,
    written,
)
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.lines import ExchangeLine, Line, ListLine, RecordLine
from psa_evidence.vault.schema import (
    METADATA,
    SCHEMA_VERSION,
    about,
    captures,
    exchanges,
    fetched_again,
    lists,
    tombstones,
    units,
    versions,
)
from psa_evidence.vault.times import microseconds
from psa_evidence.vault.tombstones import Tombstone

CHUNK: Final = 500
"""Values in one IN list; SQLite's oldest limit is 999."""

_FILLED: Final = (units, versions, exchanges, lists, tombstones)

Rows = dict[sa.Table, list[tuple[Any, ...]]]
"""Values in the order of the table's columns: binding them by name costs as much as storing them."""


class Catalogue:
    """Opens the database for each piece of work; holds nothing open in between."""

    def __init__(self, path: Path, vault_id: str) -> None:
        self.path = path
        self._wanted = {"schema": SCHEMA_VERSION, "vault": vault_id}
        self._engine = writing_engine(path)
        self._refused: StorageError | None = None
        """Why nothing can be written, once `prepare` found that out."""

    def prepare(self) -> bool:
        """Make the tables; where nothing can be written, look at what is there. False when that belongs to another
        version or vault, or cannot be read. Raises StorageError."""
        self._engine, self._refused = writing_engine(self.path), None
        try:
            with self._engine.begin() as connection:
                METADATA.create_all(connection)
                if not _about(connection):
                    connection.execute(sa.insert(about), [{"name": n, "value": v} for n, v in self._wanted.items()])
                return _about(connection) == self._wanted
        except sa.exc.OperationalError as error:
            self._refused = not_written(self.path, error)
            full = no_room(error)
            if not (full or read_only(error)) or not self.path.is_file():
                raise self._refused from error
        except sa.exc.DatabaseError:
            return False
        self._engine = reading_engine(self.path)
        try:
            with self._engine.connect() as connection:
                return _about(connection) == self._wanted
        except sa.exc.DatabaseError as error:
            if full:  # not made anew where there is no room for it
                raise self._refused from error
            return False

    def delete(self) -> None:
        """Remove the database; the captures stay."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Raises VaultError when the catalogue cannot be read."""
        before = state_of(self.path) if self._refused else ()
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.DatabaseError as error:
            raise VaultError(
                "The catalogue cannot be read.",
                why=type(error.orig).__name__,
                next_step="Delete catalogue.db; the next run makes it anew from the captures.",
            ) from error
        if before and before != state_of(self.path):  # it was read without a lock
            raise VaultError(
                "The catalogue changed while it was read.",
                why="Another run is writing to this vault.",
                next_step="Wait until it has ended, then run the same command again.",
            )

    def numbers(self) -> dict[str, int]:
        """Indexed captures: id -> number."""
        with self.reading() as connection:
            return {row.id: row.number for row in connection.execute(sa.select(captures.c.id, captures.c.number))}

    def documents(self) -> list[tuple[int, str, bytes]]:
        """Indexed captures in their order: number, id, the bytes of capture.json."""
        with self.reading() as connection:
            query = sa.select(captures.c.number, captures.c.id, captures.c.document).order_by(captures.c.number)
            return [(row.number, row.id, row.document) for row in connection.execute(query)]

    def completed(self, connection: str) -> Completed:
        """Units of work of a PSA connection that captures completed. Keeps the database open until closed."""
        return Completed(self._engine, connection)

    def filling(self, number: int, connection: str) -> Filling:
        """Start to index capture `number`; what an earlier attempt left of it goes. Raises StorageError."""
        if self._refused:
            raise self._refused
        return Filling(self._engine, self.path, number, connection)


def _about(connection: sa.Connection) -> dict[str, str]:
    return {row.name: row.value for row in connection.execute(sa.select(about))}


class Filling:
    """Indexes one capture, in one thread. Ends with `finish` or, without it, is as if it had never been."""

    def __init__(self, engine: sa.Engine, path: Path, number: int, name: str) -> None:
        self._path, self._number, self._name = path, number, name
        self._leaf = 0
        self._here: ExchangeLine | None = None
        self._looked_up: dict[tuple[str, str], int | None] = {}
        """Rows that `newest` met, for the lines that are added next."""
        self._inserts = {table: str(sa.insert(table).compile(dialect=engine.dialect)) for table in _FILLED}
        with written(path):
            self._connection = engine.connect()
            for table in (*_FILLED, fetched_again, captures):
                column = table.c.number if table is captures else table.c.capture
                self._connection.execute(sa.delete(table).where(column >= number))
            self._next = {table: self._following(table) for table in _FILLED}
            self._buried = self._connection.execute(_ANY_BURIED, {"connection": name}).first() is not None
            self._absences = Absences(self._connection, number, name)
            self._connection.commit()

    def newest(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Digest of the newest version of each record that is known, this capture included. One that vanished since
        is not known: when it is seen again, it is a new version."""
        with written(self._path):
            return _newest(self._connection, self._name, kind, ids, buried=self._buried, rows=self._looked_up)

    def add(self, lines: Iterable[Line]) -> None:
        """Index lines in the order of the file. Records follow the exchange they were seen in."""
        made: Rows = {table: [] for table in _FILLED}
        seen: list[tuple[str, str]] = []
        lines = list(lines)
        with written(self._path):
            older = self._older(line for line in lines if isinstance(line, RecordLine) and line.new)
            for line in lines:
                if isinstance(line, ExchangeLine):
                    self._exchange(line, made)
                elif isinstance(line, RecordLine):
                    self._record(line, made, seen, older)
                else:
                    self._list(line, made)
            self._absences.seen(seen)
            if seen:
                rows = [(self._number, kind, record_id) for kind, record_id in seen]
                self._connection.exec_driver_sql(_AGAIN, rows)
            for table in _FILLED:
                if made[table]:
                    self._connection.exec_driver_sql(self._inserts[table], made[table])
            self._connection.commit()

    def vanished(self, capture: str) -> Iterator[Tombstone]:
        """What the complete lists of this capture leave out, when all its lines were added."""
        with written(self._path):
            yield from self._absences.vanished(capture)

    def bury(self, stones: Iterable[Tombstone]) -> None:
        """Index tombstones."""
        rows = [
            (self._take(tombstones), self._number, self._name, s.kind, s.id, json.dumps(s.document())) for s in stones
        ]
        if rows:
            with written(self._path):
                self._connection.exec_driver_sql(self._inserts[tombstones], rows)

    def finish(self, info: CaptureInfo, document: bytes) -> None:
        """The capture counts from here on."""
        with written(self._path):
            self._connection.execute(sa.insert(captures), {"number": self._number, "id": info.id, "document": document})
            self._connection.commit()
            self._connection.exec_driver_sql("PRAGMA optimize=0x10002")
            self._connection.commit()
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _exchange(self, line: ExchangeLine, rows: Rows) -> None:
        self._here = line
        rows[exchanges].append((
            self._take(exchanges), self._number, line.file, line.offset, line.length, line.url, line.status,
            microseconds(line.started_at), microseconds(line.finished_at),
        ))  # fmt: skip
        if line.unit is not None:
            rows[units].append((self._take(units), self._number, self._name, line.unit, line.basis))

    def _list(self, line: ListLine, rows: Rows) -> None:
        self._absences.listed(line, self._here)
        if line.complete or line.problem:
            rows[lists].append((
                self._take(lists), self._number, self._name, line.kind, json.dumps(line.clients), line.parent,
                int(line.complete), line.problem,
            ))  # fmt: skip

    def _older(self, lines: Iterable[RecordLine]) -> dict[tuple[str, str], int]:
        """The newest row of each of these records that has one."""
        wanted: dict[str, list[str]] = {}
        found: dict[tuple[str, str], int] = {}
        looked_up, self._looked_up = self._looked_up, {}
        for line in lines:
            key = (line.kind, line.id)
            if key not in looked_up:
                wanted.setdefault(line.kind, []).append(line.id)
            elif (row := looked_up[key]) is not None:
                found[key] = row
        for kind, ids in wanted.items():
            for i in range(0, len(ids), CHUNK):
                values = {"connection": self._name, "kind": kind, "ids": ids[i : i + CHUNK]}
                found.update(((kind, row[0]), row[1]) for row in self._connection.execute(_LAST, values))
        return found

    def _record(self, line: RecordLine, rows: Rows, seen: list[tuple[str, str]],
                older: dict[tuple[str, str], int]) -> None:  # fmt: skip
        if self._here is None or (self._here.file, self._here.offset) != (line.file, line.offset):
            raise VaultError("A record list names an exchange that is not the one before it.")
        if line.new:
            parent_kind, slash, parent_id = (line.parent or "").partition("/")
            key, number = (line.kind, line.id), self._take(versions)
            rows[versions].append((
                number, self._number, self._name, line.kind, line.id, line.sha256, line.client,
                parent_kind if slash else None, parent_id if slash else None,
                None if line.at is None else microseconds(line.at),
                None if line.updated_at is None else microseconds(line.updated_at),
                self._next[exchanges] - 1, line.start, line.end, self._leaf,
                older.get(key),
            ))  # fmt: skip
            older[key] = number
        else:
            seen.append((line.kind, line.id))
        self._leaf += 1

    def _take(self, table: sa.Table) -> int:
        number = self._next[table]
        self._next[table] = number + 1
        return number

    def _following(self, table: sa.Table) -> int:
        last = self._connection.execute(sa.select(sa.func.max(table.c.n))).scalar()
        return 1 if last is None else int(last) + 1


class Completed:
    """Answers whether a unit of work is done; asked once for each of many thousand."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._name = name
        self._connection = engine.connect()
        compiled = _COMPLETED.compile(engine)
        self._query, self._order = compiled.string, compiled.positiontup or ()
        self._cursor = self._connection.connection.cursor()  # SQLAlchemy's execute costs more than the look-up

    def known(self, kind: str, ids: Sequence[str]) -> set[str]:
        """Those of the records that are in the catalogue and have not vanished since."""
        found = set(_newest(self._connection, self._name, kind, ids))
        self._connection.rollback()  # else it would go on looking at the file as it is now
        return found

    def __call__(self, unit: str, basis: str) -> bool:
        values = {"connection": self._name, "unit": unit, "basis": basis}
        self._cursor.execute(self._query, [values[name] for name in self._order])
        return bool(self._cursor.fetchall())  # all of it: an unfinished query would hold an old view of the file

    def close(self) -> None:
        self._cursor.close()
        self._connection.close()


def _newest(
    connection: sa.Connection, name: str, kind: str, ids: Sequence[str], *, buried: bool = True,
    rows: dict[tuple[str, str], int | None] | None = None,
) -> dict[str, str]:  # fmt: skip
    """`buried`: whether there are tombstones at all. `rows` is told the newest row of each id, None for none."""
    found: dict[str, str] = {}
    for i in range(0, len(ids), CHUNK):
        values = {"connection": name, "kind": kind, "ids": ids[i : i + CHUNK]}
        newest = {row[0]: row for row in connection.execute(_NEWEST, values)}
        if rows is not None:
            rows.update(((kind, one), newest[one][3] if one in newest else None) for one in ids[i : i + CHUNK])
        at = {one: (row[1], row[2]) for one, row in newest.items()}
        for record_id, when in connection.execute(_BURIED, values) if buried else ():
            if record_id in at and at[record_id][1] <= when:
                del at[record_id]
        found.update((record_id, digest) for record_id, (digest, _) in at.items())
    return found


_AGAIN: Final = "INSERT OR IGNORE INTO fetched_again (capture, kind, id) VALUES (?, ?, ?)"
_COMPLETED: Final = sa.select(units.c.n).where(
    units.c.connection == sa.bindparam("connection"),
    units.c.unit == sa.bindparam("unit"),
    units.c.basis == sa.bindparam("basis"),
)
_NEWEST: Final = (
    sa.select(versions.c.id, versions.c.sha256, versions.c.capture, versions.c.n)
    .where(
        versions.c.connection == sa.bindparam("connection"),
        versions.c.kind == sa.bindparam("kind"),
        versions.c.id.in_(sa.bindparam("ids", expanding=True)),
    )
    .order_by(versions.c.n)
)
_LAST: Final = (
    sa.select(versions.c.id, sa.func.max(versions.c.n))
    .where(
        versions.c.connection == sa.bindparam("connection"),
        versions.c.kind == sa.bindparam("kind"),
        versions.c.id.in_(sa.bindparam("ids", expanding=True)),
    )
    .group_by(versions.c.id)
)
_ANY_BURIED: Final = sa.select(tombstones.c.n).where(tombstones.c.connection == sa.bindparam("connection")).limit(1)
_BURIED: Final = (
    sa.select(tombstones.c.id, sa.func.max(tombstones.c.capture))
    .where(
        tombstones.c.connection == sa.bindparam("connection"),
        tombstones.c.kind == sa.bindparam("kind"),
        tombstones.c.id.in_(sa.bindparam("ids", expanding=True)),
    )
    .group_by(tombstones.c.id)
)
