"""The catalogue's file as SQLite opens it, and what SQLite's refusals mean.

Written in WAL mode: readers go on while a capture is indexed, and a crash cannot damage the file. Where nothing
can be written (another user's vault, a write blocker, a disk mounted read-only, a full disk) it is read as it stands.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.errors import StorageError

CACHE_KIB: Final = 16 * 1024
"""Pages that SQLite keeps: what a capture needs does not grow with the vault."""

_PRIMARY: Final = 0xFF
"""The lower byte of SQLite's extended result codes says what kind of refusal it is."""
_UNWRITABLE: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_ANEW: Final = "A damaged catalogue.db may be deleted: it is made anew from the captures."
_REFUSALS: Final = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Make room on the disk and run the same command again."),
    sqlite3.SQLITE_IOERR: ("The disk is full, or reading and writing it failed.", f"Make room on the disk. {_ANEW}"),
    sqlite3.SQLITE_BUSY: ("Another program holds it.", "Wait until that has ended, then run the same command again."),
    sqlite3.SQLITE_READONLY: ("The file or its folder cannot be written.", "Give yourself write permission on it."),
    sqlite3.SQLITE_CANTOPEN: ("The file or its folder cannot be written.", "Give yourself write permission on it."),
}


def writing_engine(path: Path) -> sa.Engine:
    """Opens the database for each piece of work and holds nothing open in between."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    sa.event.listen(engine, "connect", _set_up)
    return engine


def reading_engine(path: Path) -> sa.Engine:
    """For a folder in which nothing can be written. Without a log of changes beside it the file needs no lock."""
    log = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    address = f"{path.resolve().as_uri()}?{mode}"
    return sa.create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=sa.NullPool
    )  # fmt: skip


def read_only(error: sa.exc.DBAPIError) -> bool:
    """Whether SQLite refused because the file or its folder cannot be written."""
    return _code(error) in _UNWRITABLE


def no_room(error: sa.exc.DBAPIError) -> bool:
    """Whether SQLite refused as it does on a full disk, where it cannot make the file that its readers share."""
    return _code(error) in _NO_ROOM


def state_of(path: Path) -> tuple[int, ...]:
    """What changes when anybody writes to the database: sizes and times of the file and of its log."""
    files = [path, path.with_name(f"{path.name}-wal")]
    found = [file.stat() if file.exists() else None for file in files]
    return tuple(number for one in found for number in ((one.st_size, one.st_mtime_ns) if one else (0, 0)))


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses into StorageError."""
    try:
        yield
    except sa.exc.DatabaseError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: sa.exc.DBAPIError) -> StorageError:
    why, next_step = _REFUSALS.get(_code(error), (f"SQLite says: {error.orig}.", _ANEW))
    return StorageError("The catalogue could not be written.", why=f"{why} ({path})", next_step=next_step)


def _code(error: sa.exc.DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & _PRIMARY


def _set_up(connection: Any, _record: object) -> None:
    """WAL as above. NORMAL: what a crash may cost is made anew from the captures."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.close()
