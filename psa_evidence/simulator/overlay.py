"""Edits, deletions and hostile text laid over any store, so that a world can change without knowing how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from psa_evidence.simulator.hostile import poisoned
from psa_evidence.simulator.store import Blob, Row, Store

_Child = tuple[str, int, str]
_NONE: frozenset[int] = frozenset()

_SAME_AS = {"service/tickets/calculateSla": "service/tickets"}
"""Lists that show the rows of another: an edit or deletion there shows here."""

AUDITED = {
    "Ticket": "service/tickets",
    "ProjectTicket": "project/tickets",
    "Company": "company/companies",
    "Contact": "company/contacts",
    "Agreement": "finance/agreements",
    "Invoice": "finance/invoices",
    "Time": "time/entries",
    "Opportunity": "sales/opportunities",
    "Activity": "sales/activities",
    "Configuration": "company/configurations",
    "Schedule": "schedule/entries",
    "Member": "system/members",
}
"""Audit and document types to the lists their records stand in."""


class Overlay:
    """A `Store` over another. Patches follow RFC 7396 (JSON merge patch): null removes a field."""

    def __init__(self, base: Store, *, hostile: bool = False) -> None:
        self._base = base
        self._patches: dict[tuple[str, int], Row] = {}
        self._deleted: dict[str, set[int]] = {}
        self._child_patches: dict[_Child, dict[int, Row]] = {}
        self._child_deleted: dict[_Child, set[int]] = {}
        self._hostile = hostile
        self.version = 0
        """Counts changes; what was remembered under another version is out of date."""

    @property
    def now(self) -> datetime:
        return self._base.now

    @property
    def hostile(self) -> bool:
        return self._hostile

    @hostile.setter
    def hostile(self, value: bool) -> None:
        if value != self._hostile:
            self._hostile = value
            self.version += 1

    def advance(self, by: timedelta) -> None:
        self._base.advance(by)
        self.version += 1

    def edit(self, resource: str, row_id: int, patch: Row) -> bool:
        """False when there is no such row."""
        if self.row(resource, row_id) is None:
            return False
        resource = _SAME_AS.get(resource, resource)
        self._patches[resource, row_id] = merged(self._patches.get((resource, row_id), {}), patch, keep_nulls=True)
        self.version += 1
        return True

    def delete(self, resource: str, row_id: int) -> bool:
        if self.row(resource, row_id) is None:
            return False
        self._deleted.setdefault(_SAME_AS.get(resource, resource), set()).add(row_id)
        self.version += 1
        return True

    def edit_child(self, resource: str, parent: int, child: str, child_id: int, patch: Row) -> bool:
        if not self._has_child(resource, parent, child, child_id):
            return False
        patches = self._child_patches.setdefault((resource, parent, child), {})
        patches[child_id] = merged(patches.get(child_id, {}), patch, keep_nulls=True)
        self.version += 1
        return True

    def delete_child(self, resource: str, parent: int, child: str, child_id: int) -> bool:
        if not self._has_child(resource, parent, child, child_id):
            return False
        self._child_deleted.setdefault((resource, parent, child), set()).add(child_id)
        self.version += 1
        return True

    def resources(self) -> frozenset[str]:
        return self._base.resources()

    def count(self, resource: str) -> int:
        return self._base.count(resource) - len(self._deleted.get(_SAME_AS.get(resource, resource), ()))

    def rows(self, resource: str, *, after: int = 0, company: int | None = None) -> Iterator[Row]:
        moved = company is not None and any("company" in patch for patch in self._patches.values())
        rows = self._base.rows(resource, after=after, company=None if moved else company)
        home = _SAME_AS.get(resource, resource)
        deleted = self._deleted.get(home, _NONE)
        if not deleted and not self._patches and not self._hostile:
            yield from rows
            return
        for row in rows:
            if row["id"] not in deleted:
                yield self._changed(row, self._patches.get((home, row["id"])))

    def row(self, resource: str, row_id: int) -> Row | None:
        if row_id in self._deleted.get(resource, ()):
            return None
        row = self._base.row(resource, row_id)
        return None if row is None else self._changed(row, self._patches.get((resource, row_id)))

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        if parent in self._deleted.get(resource, ()):
            return None
        rows = self._base.children(resource, parent, child)
        key = (resource, parent, child)
        deleted, patches = self._child_deleted.get(key, _NONE), self._child_patches.get(key, {})
        if rows is None or not (deleted or patches or self._hostile):
            return rows
        return [self._changed(row, patches.get(row.get("id", 0))) for row in rows if row.get("id") not in deleted]

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        if self._is_deleted(record_type, record_id):
            return None
        rows = self._base.audit(record_type, record_id)
        return [poisoned(row) for row in rows] if rows is not None and self._hostile else rows

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]:
        if self._is_deleted(record_type, record_id):
            return ()
        deleted = self._deleted.get("system/documents", _NONE)
        return [
            self._changed(row, self._patches.get(("system/documents", row["id"])))
            for row in self._base.documents(record_type, record_id)
            if row["id"] not in deleted
        ]

    def blob(self, document_id: int) -> Blob | None:
        return None if document_id in self._deleted.get("system/documents", ()) else self._base.blob(document_id)

    def single(self, resource: str) -> Row | None:
        return self._base.single(resource)

    def _changed(self, row: Row, patch: Row | None) -> Row:
        if patch:
            row = merged(row, patch)
        return poisoned(row) if self._hostile else row

    def _has_child(self, resource: str, parent: int, child: str, child_id: int) -> bool:
        return any(row.get("id") == child_id for row in self.children(resource, parent, child) or ())

    def _is_deleted(self, record_type: str, record_id: int) -> bool:
        return record_id in self._deleted.get(AUDITED.get(record_type, ""), ())


def merged(target: Row, patch: Row, *, keep_nulls: bool = False) -> Row:
    """A copy of `target` with the patch applied; with `keep_nulls` removals stay in it, to be applied later."""
    result: dict[str, Any] = dict(target)
    for name, value in patch.items():
        if value is None and not keep_nulls:
            result.pop(name, None)
        elif isinstance(value, dict):
            inner = result.get(name)
            result[name] = merged(inner if isinstance(inner, dict) else {}, value, keep_nulls=keep_nulls)
        else:
            result[name] = value
    return result
