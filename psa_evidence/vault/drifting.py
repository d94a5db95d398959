"""Finding what became of the records since an earlier seal.

Everything here is read from sealed bytes, record by record, and nothing is known of what a field means: the
connector names the fields that its PSA moves by itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.format.compare import IncomparableError, compare, text_at
from psa_evidence.spi import ConnectorInfo
from psa_evidence.vault.answers import RecordVersion, located, place, sealed, version
from psa_evidence.vault.bodies import Bodies
from psa_evidence.vault.drift import BackDated, Drift, Hidden, Step
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.schema import captures, fetched_again, lists, tombstones, versions
from psa_evidence.vault.tombstones import Tombstone

CLOCK_MARGIN: Final = timedelta(minutes=10)
"""A PSA's clock and ours may differ by so much before a record counts as back-dated."""
HIDDEN: Final = "no permission"
PAIRS_AT_ONCE: Final = 200
"""Records whose bytes are in memory at the same time."""

Key = tuple[str, str]
"""Kind and id."""
Seen = tuple[int, str | None]
"""The capture that had a record first, and the record that it hung on last."""


def find_drift(
    db: sa.Connection,
    bodies: Bodies[tuple[int, int]],
    *,
    connection: str,
    since: int,
    client: str | None,
    keys: Collection[Key] | None,
    infos: Iterable[CaptureInfo],
    about: ConnectorInfo | None,
) -> Drift:
    """`client` says whose lists count beside those of all clients; `keys` restrict it to these records; `infos` are
    all captures, oldest first; `about` names the fields that the PSA moves by itself. Raises VaultError."""
    wanted = None if keys is None else set(keys)
    numbers = {row.id: row.number for row in db.execute(sa.select(captures.c.id, captures.c.number))}
    of_connection = [info for info in infos if info.connection == connection]
    pairs = [pair for pair in _pairs(db, connection, since) if _in(wanted, pair[0])]
    steps = tuple(sorted(_steps(db, bodies, pairs, about), key=_order))
    gone, back = _tombstones(db, connection, since, wanted)
    known = _known(db, connection, since, wanted)
    same = known.keys() - {(s.after.kind, s.after.id) for s in steps} | {(t.kind, t.id) for t in gone}
    fetched = same & _fetched(db, connection, [numbers[i.id] for i in of_connection if numbers.get(i.id, 0) > since])
    return Drift(
        since=since,
        until=max(numbers.values(), default=0),
        known=len(known),
        unchanged=len(fetched),
        not_fetched=len(same - fetched),
        steps=steps,
        vanished=gone,
        returned=back,
        back_dated=tuple(_back_dated(db, connection, since, wanted, of_connection, numbers)),
        hidden=tuple(_hidden(db, connection, since, of_connection, numbers)),
        added=_added(db, connection, since, wanted),
        unlisted=_unlisted(db, connection, since, client, known),
    )


def _in(wanted: set[Key] | None, row: Any) -> bool:
    return wanted is None or (row.kind, row.id) in wanted


def _order(step: Step) -> tuple[str, int, str, int]:
    record_id = step.after.id
    number = int(record_id) if record_id.isascii() and record_id.isdigit() and len(record_id) < 19 else 1 << 63
    return (step.after.kind, number, record_id, step.after.seal)


def _pairs(db: sa.Connection, connection: str, since: int) -> Iterator[tuple[Any, Any]]:
    """Each version after `since` with the one before it."""
    v, older = versions.c, sa.alias(versions)
    before = (
        sa.select(sa.func.max(older.c.n))
        .where(older.c.connection == v.connection, older.c.kind == v.kind, older.c.id == v.id, older.c.n < v.n)
        .scalar_subquery()
    )
    query = sa.select(v.kind, v.id, v.n, before.label("before")).where(
        v.connection == connection, v.capture > since, v.capture <= sealed()
    )
    for row in db.execute(query.order_by(v.n)):
        if row.before is not None:
            yield row, row.before


def _steps(
    db: sa.Connection, bodies: Bodies[tuple[int, int]], pairs: list[tuple[Any, Any]], about: ConnectorInfo | None
) -> Iterator[Step]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        some = pairs[start : start + PAIRS_AT_ONCE]
        numbers = {n for row, before in some for n in (row.n, before)}
        rows = {row.n: row for row in db.execute(located().where(versions.c.n.in_(numbers)))}
        places = [
            ((index, which), place(rows[n])) for index, (row, before) in enumerate(some)
            for which, n in enumerate((before, row.n))
        ]  # fmt: skip
        data = dict(bodies.read(places))
        for index, (row, before) in enumerate(some):
            yield _step(version(rows[before]), version(rows[row.n]), data[index, 0], data[index, 1], about)


def _step(before: RecordVersion, after: RecordVersion, old: bytes, new: bytes, about: ConnectorInfo | None) -> Step:
    try:
        changes = compare(old, new)
    except IncomparableError:
        return Step(before, after, (), (), comparable=old == new)
    volatile = about.volatile if about else ()
    editor, edited_at = _last_edit(new, about)
    if (editor, edited_at) == _last_edit(old, about):
        editor = edited_at = None  # an edit that both versions know is not the one between them
    return Step(
        before,
        after,
        fields=tuple(c for c in changes if not c.matches(volatile)),
        volatile=tuple(c for c in changes if c.matches(volatile)),
        editor=editor,
        edited_at=edited_at,
    )


def _last_edit(record: bytes, about: ConnectorInfo | None) -> tuple[str | None, str | None]:
    """Who edited a record last, and when, as far as it says."""
    editor = text_at(record, about.editor) if about and about.editor else None
    return editor, text_at(record, about.edited_at) if about and about.edited_at else None


def _tombstones(
    db: sa.Connection, connection: str, since: int, wanted: set[Key] | None
) -> tuple[tuple[Tombstone, ...], tuple[Tombstone, ...]]:
    """Those after `since`: records still gone, and records that were seen again."""
    t, v = tombstones.c, versions.c
    again = sa.exists().where(
        v.connection == t.connection, v.kind == t.kind, v.id == t.id, v.capture > t.capture, v.capture <= sealed()
    )
    query = (
        sa.select(t.kind, t.id, t.document, captures.c.id.label("capture_id"), again.label("again"))
        .join(captures, captures.c.number == t.capture)
        .where(t.connection == connection, t.capture > since)
        .order_by(t.n)
    )
    gone: list[Tombstone] = []
    back: list[Tombstone] = []
    for row in db.execute(query):
        if _in(wanted, row):
            (back if row.again else gone).append(Tombstone.read(json.loads(row.document), row.capture_id))
    return tuple(gone), tuple(back)


def all_tombstones(db: sa.Connection, connection: str) -> tuple[Tombstone, ...]:
    """In the order in which they were found."""
    query = (
        sa.select(tombstones.c.document, captures.c.id)
        .join(captures, captures.c.number == tombstones.c.capture)
        .where(tombstones.c.connection == connection)
    )
    return tuple(
        Tombstone.read(json.loads(document), capture)
        for document, capture in db.execute(query.order_by(tombstones.c.n))
    )


def _known(db: sa.Connection, connection: str, since: int, wanted: set[Key] | None) -> dict[Key, Seen]:
    """Records that were known at `since`; at 0, all. One pass over the versions: to ask for the rest of each record
    afterwards takes longer than to find which there are."""
    v = versions.c
    query = sa.select(v.kind, v.id, v.capture, v.parent_kind, v.parent_id).where(
        v.connection == connection, v.capture <= sealed()
    )
    found: dict[Key, Seen] = {}
    for kind, record_id, capture, parent_kind, parent_id in db.execute(query.order_by(v.n)):
        key = (kind, record_id)
        if wanted is None or key in wanted:
            first = min(found[key][0], capture) if key in found else capture
            found[key] = (first, None if parent_kind is None else f"{parent_kind}/{parent_id}")
    return {key: seen for key, seen in found.items() if seen[0] <= since} if since else found


def _fetched(db: sa.Connection, connection: str, numbers: Collection[int]) -> set[Key]:
    """Records that one of these captures, other than the first that had them, fetched with bytes that were known."""
    a, v = fetched_again.c, versions.c
    before = sa.exists().where(
        v.connection == connection, v.kind == a.kind, v.id == a.id, v.capture < a.capture
    )  # fmt: skip
    query = sa.select(a.kind, a.id).where(a.capture.in_(numbers), before).distinct()
    return {(row.kind, row.id) for row in db.execute(query)}


def _first(connection: str, since: int) -> sa.Select[Any]:
    """First versions of records that were not known at `since`."""
    v, older = versions.c, sa.alias(versions)
    return located().where(
        v.connection == connection,
        v.capture > since,
        ~sa.exists().where(
            older.c.connection == v.connection, older.c.kind == v.kind, older.c.id == v.id, older.c.n < v.n
        ),
    )


def _added(db: sa.Connection, connection: str, since: int, wanted: set[Key] | None) -> dict[str, int]:
    if since == 0:
        return {}
    counts = Counter(row.kind for row in db.execute(_first(connection, since)) if _in(wanted, row))
    return dict(sorted(counts.items()))


def _back_dated(db: sa.Connection, connection: str, since: int, wanted: set[Key] | None, infos: list[CaptureInfo],
                numbers: Mapping[str, int]) -> Iterator[BackDated]:  # fmt: skip
    complete = [(numbers[info.id], info) for info in infos if info.state == "complete" and info.id in numbers]
    if not complete:
        return
    v = versions.c
    kinds = {
        row.kind: row.first
        for row in db.execute(
            sa.select(v.kind, sa.func.min(v.capture).label("first")).where(v.connection == connection).group_by(v.kind)
        )
    }
    query = _first(connection, max(since, complete[0][0])).where(v.at.is_not(None)).order_by(v.kind, v.n)
    for row in db.execute(query):
        if not _in(wanted, row):
            continue
        found = version(row)
        if found.at is None:
            continue
        for number, info in complete:
            if number >= found.seal:
                break
            if number >= kinds[found.kind] and found.at < info.started_at - CLOCK_MARGIN and _holds(info, found):
                yield BackDated(found, info)
                break


def _holds(info: CaptureInfo, found: RecordVersion) -> bool:
    """Whether a complete capture of this scope would have held the record."""
    scope, at = info.scope, found.at
    return (
        at is not None
        and (not scope.clients or found.client in scope.clients)
        and (scope.since is None or scope.since <= at)
        and (scope.until is None or at < scope.until)
        and (scope.attachments or found.kind != "attachment")
    )


def _hidden(db: sa.Connection, connection: str, since: int, infos: list[CaptureInfo], numbers: Mapping[str, int],
            ) -> Iterator[Hidden]:  # fmt: skip
    """What was not permitted to the newest capture after `since` that asked for it. A refused list is not told again
    where a resource of its kind is."""
    refused: dict[str, tuple[str, list[Mapping[str, Any]]]] = {}
    for info in infos:
        if numbers.get(info.id, 0) <= since:
            continue
        items: dict[str, list[Mapping[str, Any]]] = {}
        for item in info.missing:
            if item["reason"] == HIDDEN:
                items.setdefault(item["resource"], []).append(item)
        for resource in [name for name in refused if name in info.counts]:
            del refused[resource]  # it was answered again, or is refused anew
        refused.update((resource, (info.id, found)) for resource, found in items.items())
    told: set[str] = set()
    for resource, (capture, found) in sorted(refused.items()):
        kinds = tuple(sorted({item["kind"] for item in found if item.get("kind")}))
        told |= set(kinds)
        details = tuple(dict.fromkeys(item["detail"] for item in found if item["detail"]))
        yield Hidden(capture, resource, kinds, _in_vault(db, connection, kinds) if kinds else None, details)
    ended = {}
    query = sa.select(lists.c.kind, lists.c.problem, lists.c.capture).where(
        lists.c.connection == connection, lists.c.capture > since, lists.c.parent.is_(None)
    )
    names = {number: name for name, number in numbers.items()}
    for row in db.execute(query.order_by(lists.c.n)):
        ended[row.kind] = row
    for kind, row in sorted(ended.items()):
        if row.problem == HIDDEN and kind not in told:
            yield Hidden(names.get(row.capture, ""), kind, (kind,), _in_vault(db, connection, (kind,)), ())


def _in_vault(db: sa.Connection, connection: str, kinds: tuple[str, ...]) -> int:
    """How many records of these kinds are sealed."""
    v = versions.c
    query = sa.select(v.kind, v.id).where(v.connection == connection, v.kind.in_(kinds), v.capture <= sealed())
    return int(db.execute(sa.select(sa.func.count()).select_from(query.distinct().subquery())).scalar_one())


def _unlisted(
    db: sa.Connection, connection: str, since: int, client: str | None, known: Mapping[Key, Seen]
) -> dict[str, int]:
    """By kind, the known records that no complete list (of this client, or of all) could have missed: none was had
    after `since` and after the record was first captured, of its kind or of its kind below its parent."""
    query = sa.select(lists.c.kind, lists.c.parent, lists.c.clients, lists.c.capture).where(
        lists.c.connection == connection, lists.c.capture > since, lists.c.complete == 1
    )
    last: dict[tuple[str, str | None], int] = {}
    for kind, parent, clients, capture in db.execute(query.order_by(lists.c.capture)):
        if not (of := json.loads(clients)) or client in of:
            last[kind, parent] = capture
    return dict(sorted(Counter(
        kind for (kind, _), (first, parent) in known.items()
        if max(last.get((kind, None), 0), last.get((kind, parent), 0)) <= first
    ).items()))  # fmt: skip
