"""Which records a question is about: queries over the catalogue that open no WARC file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.records import KINDS, REFERENCE_KINDS, Kind
from psa_evidence.vault.catalogue import CHUNK
from psa_evidence.vault.schema import captures, versions
from psa_evidence.vault.times import microseconds

DATED_KINDS: Final[frozenset[Kind]] = frozenset({"ticket", "invoice", "activity", "schedule_entry", "time_entry"})
"""Kinds that a period selects by their own time; without a time they are always in it."""

STANDING_KINDS: Final[frozenset[Kind]] = frozenset({"activity"})
"""Of them those that no period bounds here: whoever asks chooses among them by what they are about, advice or a ticket,
whose own time may lie elsewhere."""

OTHER_KINDS: Final = sorted(set(KINDS) - REFERENCE_KINDS - DATED_KINDS - {"client"})
"""Kinds of a client's records that a period selects by what they hang on."""

NEVER_HANGING: Final = sorted({"client", *REFERENCE_KINDS})
"""Kinds that are nobody's because they hang on something of his: another client's own record, a setting of the MSP."""

_NO_LIMIT: Final = 1 << 62

Columns = Sequence[sa.ColumnElement[Any]]
_KEYS: Final = (versions.c.n, versions.c.kind, versions.c.id)

Found = dict[int, tuple[str, str]]
"""Version number -> kind and id."""


def select_reference(connection: sa.Connection, name: str) -> Found:
    """The MSP's own settings."""
    c = versions.c
    # Of nothing but indexed columns: else SQLite goes through all records where few kinds have nearly all of them.
    query = sa.select(sa.func.max(c.n), c.kind, c.id).where(
        c.connection == name, c.kind.in_(sorted(REFERENCE_KINDS)), c.n < first_unsealed(connection)
    )
    return _found(connection, query.group_by(c.kind, c.id))


def first_unsealed(connection: sa.Connection) -> int:
    """Rows of versions are numbered in the order of their captures: those from here on are not sealed yet."""
    sealed = sa.select(sa.func.coalesce(sa.func.max(captures.c.number), 0)).scalar_subquery()
    first = sa.select(versions.c.n).where(versions.c.capture > sealed).order_by(versions.c.capture, versions.c.n)
    return connection.execute(first.limit(1)).scalar() or _NO_LIMIT


def select_client(
    connection: sa.Connection, name: str, client: str, since: datetime | None, until: datetime | None
) -> Found:
    """Newest versions of the client's records in a period, with all that hangs on them.

    Begins with the client's own record; its dated kinds in the period or without a time, its activities of
    any time; its other records that hang on nothing, or on the client; and records in the period that hang on a
    setting of the MSP (an answer to its survey), or on something the vault does not hold.
    """
    c = versions.c
    period = _period(since, until)
    mine = c.client == client
    parents = sa.alias(versions)
    orphan = ~sa.exists().where(
        parents.c.connection == c.connection, parents.c.kind == c.parent_kind, parents.c.id == c.parent_id
    )
    loose = sa.or_(orphan, c.parent_kind.in_(sorted(REFERENCE_KINDS)))
    other = c.kind.in_(OTHER_KINDS)
    found: Found = {}
    for condition in (
        (c.kind == "client", c.id == client),
        (mine, c.kind.in_(sorted(DATED_KINDS - STANDING_KINDS)), period),
        (mine, c.kind.in_(sorted(STANDING_KINDS))),
        (mine, c.parent_kind.is_(None), other),
        (c.parent_kind == "client", c.parent_id == client, other),
        (mine, other, period, c.parent_kind.is_not(None), c.parent_kind != "client", loose),
    ):
        found |= _found(connection, _current(name).where(*condition))
    fresh: Iterable[tuple[str, str]] = [key for key in found.values() if key[0] != "client"]
    while fresh:
        hanging = _children(connection, name, fresh)
        fresh = [key for n, key in hanging.items() if n not in found]
        found |= hanging
    return found


def ever_of_client(connection: sa.Connection, name: str, client: str) -> set[tuple[str, str]]:
    """Kind and id of the client's records with all that hangs on them, those included that were its own once."""
    once = sa.select(versions.c.kind, versions.c.id).where(versions.c.connection == name, versions.c.client == client)
    now = select_client(connection, name, client, None, None)
    return set(now.values()) | {(kind, record_id) for kind, record_id in connection.execute(once.distinct())}


def earlier_versions(connection: sa.Connection, name: str, keys: Collection[tuple[str, str]]) -> list[int]:
    """Numbers of the sealed versions of these records, but for the newest of each. Asked of the index over second and
    later versions: where nothing has one, it costs nothing."""
    newer = sa.alias(versions)
    sealed = sa.select(sa.func.coalesce(sa.func.max(captures.c.number), 0)).scalar_subquery()
    of_sealed = newer.c.capture + 0 <= sealed  # the sum keeps SQLite from going through all captures instead
    query = (
        sa.select(versions.c.n, versions.c.kind, versions.c.id)
        .join(newer, newer.c.older == versions.c.n)
        .where(newer.c.older.is_not(None), newer.c.older > 0, of_sealed, newer.c.connection + "" == name)
    )
    found = connection.execute(query.order_by(versions.c.n)).all()
    wanted = set(keys) if found else set()
    return [n for n, kind, record_id in found if (kind, record_id) in wanted]


def count_by_kind(found: Found) -> Counter[str]:
    return Counter(kind for kind, _ in found.values())


def undated(connection: sa.Connection, found: Found) -> Counter[str]:
    """How many of `found` bear no time although their kind should, by kind."""
    numbers = [n for n, (kind, _) in found.items() if kind in DATED_KINDS]
    result: Counter[str] = Counter()
    for i in range(0, len(numbers), CHUNK):
        query = sa.select(versions.c.kind).where(versions.c.n.in_(numbers[i : i + CHUNK]), versions.c.at.is_(None))
        result.update(connection.execute(query).scalars())
    return result


def natural(text: str) -> tuple[int, str]:
    """Sorts numeric ids by number, others after them by text."""
    return (int(text), text) if text.isascii() and text.isdigit() and len(text) < 19 else (1 << 63, text)


def _current(name: str) -> sa.Select[Any]:
    """Newest sealed version of each record of a connection."""
    newer = sa.alias(versions)
    sealed = sa.select(sa.func.coalesce(sa.func.max(captures.c.number), 0)).scalar_subquery()
    return sa.select(*_KEYS).where(
        versions.c.connection == name,
        versions.c.capture <= sealed,
        ~sa.exists().where(newer.c.older == versions.c.n, newer.c.capture <= sealed),
    )


def _period(since: datetime | None, until: datetime | None) -> sa.ColumnElement[bool]:
    bounds: list[sa.ColumnElement[bool]] = []
    if since is not None:
        bounds.append(versions.c.at >= microseconds(since))
    if until is not None:
        bounds.append(versions.c.at < microseconds(until))
    return sa.or_(versions.c.at.is_(None), sa.and_(sa.true(), *bounds))


def _children(connection: sa.Connection, name: str, keys: Iterable[tuple[str, str]]) -> Found:
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in keys:
        by_kind.setdefault(kind, []).append(record_id)
    found: Found = {}
    for kind, ids in sorted(by_kind.items()):
        for i in range(0, len(ids), CHUNK):
            query = _current(name).where(
                versions.c.parent_kind == kind,
                versions.c.parent_id.in_(ids[i : i + CHUNK]),
                versions.c.kind.not_in(NEVER_HANGING),
            )
            found |= _found(connection, query)
    return found


def _found(connection: sa.Connection, query: sa.Select[Any]) -> Found:
    return {n: (kind, record_id) for n, kind, record_id in connection.execute(query)}
