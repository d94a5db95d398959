"""Lists: which rows a request asks for, page by page.

Rows of short lists are kept while the store does not change, as a database has them at hand: making them anew for every
question would cost more than the latency that the knobs ask for. So would their JSON: to write a thousand tickets takes
the one thread longer than two latencies, in which it answers nobody. Long lists are made as they are read.

Page numbers count through a remembered column of ids (8 bytes a row) that is made anew whenever the store changes, so
rows that come or go between two pages shift them, as with the vendor. Forward-only pages resume after an id and do not.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from psa_evidence.simulator.conditions import ConditionError, parse
from psa_evidence.simulator.matching import Hints, Predicate, child_predicate, hints, order, predicate, sort_key
from psa_evidence.simulator.overlay import Overlay
from psa_evidence.simulator.query import Query
from psa_evidence.simulator.replies import KeptRow, invalid
from psa_evidence.simulator.store import Row

T = TypeVar("T")

REMEMBERED = 32
"""Queries whose ids are kept at a time."""
KEPT_ROWS = 20_000
"""Rows of one list that are kept, about 4 KiB each and as much for their JSON; a longer list is made anew with each
question."""


@dataclass(slots=True)
class Page:
    rows: list[Row]
    more: bool
    last: int = 0
    """Number of the last page; 0 when unknown (forward-only)."""
    end_id: int = 0
    """Id of the last row, before `fields` took columns away."""


@dataclass(frozen=True, slots=True)
class _Filter:
    test: Predicate | None
    hints: Hints

    def __call__(self, row: Row) -> bool:
        return self.test is None or self.test(row)


@dataclass(slots=True)
class _Kept:
    """The beginning of a list, as far as it was read, or all of it."""

    version: tuple[int, int]
    source: Iterator[Row]
    rows: list[Row] = field(default_factory=list)
    whole: bool = False

    def holds(self, after: int) -> bool:
        return self.whole or after <= (self.rows[-1]["id"] if self.rows else 0)

    def after(self, row_id: int) -> Iterator[Row]:
        """Only for an id that it `holds`."""
        at = bisect_right(self.rows, row_id, key=_id_of)
        while at < len(self.rows) or self._more():
            yield self.rows[at]
            at += 1

    def _more(self) -> bool:
        for row in self.source:
            self.rows.append(KeptRow(row))
            return True
        self.whole = True
        return False


class Listings:
    """Answers queries over the top-level lists of a store."""

    def __init__(self, store: Overlay) -> None:
        self._store = store
        self._kept: dict[str, _Kept] = {}
        self._learnt: dict[str, tuple[int, array[int]]] = {}
        self._remembered: OrderedDict[tuple[str, str, str, str], tuple[int, array[int]]] = OrderedDict()

    def page(self, resource: str, query: Query) -> Page:
        if query.forward_only:
            return forward_page(self._matching(resource, query, after=query.page_id), query)
        if not query.conditions and not query.child_conditions and _in_id_order(query.order_by):
            return _finished(self._in_order(resource, query), self._store.count(resource), query)
        ids = self._ids(resource, query)
        first = (query.page - 1) * query.page_size
        return _finished(self._rows(resource, ids[first : first + query.page_size]), len(ids), query)

    def count(self, resource: str, query: Query) -> int:
        if not query.conditions and not query.child_conditions:
            return self._store.count(resource)
        return len(self._ids(resource, query))

    def _in_order(self, resource: str, query: Query) -> list[Row]:
        """A page of the whole list: its ids are learnt as pages are read, so that no page waits for all rows."""
        version, ids = self._learnt.get(resource, (-1, array("q")))
        if version != self._store.version:
            ids = array("q")
            self._learnt[resource] = (self._store.version, ids)
        first, end, known = (query.page - 1) * query.page_size, query.page * query.page_size, len(ids)
        rows = self._rows(resource, ids[first:end])
        if known < end and (known < self._store.count(resource) or not known):
            for row in islice(self._made(resource, after=ids[-1] if ids else 0), end - known):
                if len(ids) >= first:
                    rows.append(row)
                ids.append(row["id"])
        return rows

    def _matching(self, resource: str, query: Query, *, after: int = 0) -> Iterator[Row]:
        chosen = _filter(query.conditions, query.child_conditions)
        known = chosen.hints
        rows = self._made(resource, after=max(after, known.after), company=known.company)
        return rows if chosen.test is None else filter(chosen, rows)

    def _made(self, resource: str, *, after: int, company: int | None = None) -> Iterator[Row]:
        """Rows with an id over `after`; those of other companies may be among them."""
        count = self._store.count(resource)
        if count <= KEPT_ROWS:
            version = (self._store.version, count)
            kept = self._kept.get(resource)
            if kept is None or kept.version != version:
                kept = self._kept[resource] = _Kept(version, self._store.rows(resource))
            if kept.holds(after):
                return kept.after(after)
        return self._store.rows(resource, after=after, company=company)

    def _rows(self, resource: str, wanted: array[int]) -> list[Row]:
        """As the list shows them: a record asked for by id may be fresher. In id order this touches little more."""
        missing = set(wanted)
        found: dict[int, Row] = {}
        for row in self._made(resource, after=min(wanted) - 1) if wanted else ():
            if row["id"] in missing:
                found[row["id"]] = row
                missing.discard(row["id"])
                if not missing:
                    break
        return [found[row_id] for row_id in wanted if row_id in found]

    def _ids(self, resource: str, query: Query) -> array[int]:
        key = (resource, query.conditions, query.child_conditions, query.order_by)
        version, ids = self._remembered.get(key, (-1, array("q")))
        if version != self._store.version:
            version = self._store.version
            ids = array("q", _ordered(self._matching(resource, query), query.order_by, lambda row: int(row["id"])))
        self._remembered[key] = (version, ids)
        self._remembered.move_to_end(key)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return ids


def page_of(rows: Sequence[Row], query: Query) -> Page:
    """The same over rows in hand: children, audit trails, documents."""
    chosen = _filter(query.conditions, query.child_conditions)
    found = rows if chosen.test is None else [row for row in rows if chosen(row)]
    if query.forward_only:
        ordered = sorted(found, key=lambda row: int(row.get("id", 0)))
        return forward_page((row for row in ordered if row.get("id", 0) > query.page_id), query)
    if query.order_by:
        found = list(_ordered(iter(found), query.order_by, lambda row: row))
    first = (query.page - 1) * query.page_size
    return _finished(list(found[first : first + query.page_size]), len(found), query)


def count_of(rows: Sequence[Row], query: Query) -> int:
    chosen = _filter(query.conditions, query.child_conditions)
    return len(rows) if chosen.test is None else sum(1 for row in rows if chosen(row))


def forward_page(rows: Iterator[Row], query: Query) -> Page:
    taken: list[Row] = []
    for row in rows:
        if len(taken) == query.page_size:
            return Page(_with_fields(taken, query), more=True, end_id=taken[-1]["id"])
        taken.append(row)
    return Page(_with_fields(taken, query), more=False, end_id=taken[-1].get("id", 0) if taken else query.page_id)


def _finished(rows: list[Row], total: int, query: Query) -> Page:
    last = max(1, -(-total // query.page_size))
    end_id = rows[-1].get("id", 0) if rows else 0
    return Page(_with_fields(rows, query), more=query.page < last, last=last, end_id=end_id)


@lru_cache(maxsize=256)
def _filter(conditions: str, child_conditions: str) -> _Filter:
    tests: list[Predicate] = []
    known = Hints()
    try:
        if conditions:
            condition = parse(conditions)
            known = hints(condition)
            tests.append(predicate(condition))
    except ConditionError as error:
        raise invalid(f"conditions: {error}.", "conditions") from None
    try:
        if child_conditions:
            tests.append(child_predicate(parse(child_conditions, lists=False)))
    except ConditionError as error:
        raise invalid(f"childConditions: {error}.", "childConditions") from None
    match tests:
        case []:
            return _Filter(None, known)
        case [only]:
            return _Filter(only, known)
        case _:
            return _Filter(lambda row: all(test(row) for test in tests), known)


def _ordered(rows: Iterator[Row], order_by: str, take: Callable[[Row], T]) -> Iterator[T]:
    if _in_id_order(order_by):
        return map(take, rows)
    try:
        paths = order(order_by)
    except ConditionError as error:
        raise invalid(f"{error}.", "orderBy") from None
    keyed = [([sort_key(row, path) for path, _ in paths], take(row)) for row in rows]
    for at in range(len(paths) - 1, -1, -1):
        keyed.sort(key=lambda item: item[0][at], reverse=paths[at][1])
    return (kept for _, kept in keyed)


def _id_of(row: Row) -> int:
    return int(row["id"])


def _in_id_order(order_by: str) -> bool:
    return order_by.lower() in {"", "id", "id asc"}


def _with_fields(rows: list[Row], query: Query) -> list[Row]:
    return [_projected(row, query.fields) for row in rows] if query.fields else rows


def _projected(row: Row, names: tuple[tuple[str, ...], ...]) -> Row:
    result: Row = {}
    for path in names:
        source, target = row, result
        for name in path[:-1]:
            inner = source.get(name)
            if not isinstance(inner, dict):
                break
            source, target = inner, target.setdefault(name, {})
        else:
            if path[-1] in source:
                target[path[-1]] = source[path[-1]]
    return result
