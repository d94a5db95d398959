"""The seam between a simulated world and the API in front of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

Row = dict[str, Any]
"""One JSON object as the API returns it: camelCase names, nulls omitted, times as ISO 8601 UTC with Z."""


@dataclass(frozen=True, slots=True)
class Blob:
    """The bytes of a document."""

    file_name: str
    media_type: str
    content: bytes


class Store(Protocol):
    """Data behind the API. `resource` is the path below the API base without a leading slash (`service/tickets`).

    Rows come in ascending id. A store may make rows when they are asked for; it never keeps rendered responses.
    """

    @property
    def now(self) -> datetime:
        """The world's time; every age and every open ticket is seen from here."""

    def advance(self, by: timedelta) -> None:
        """Move time on: new tickets come, open ones go on."""

    def resources(self) -> frozenset[str]:
        """Top-level lists that exist."""

    def count(self, resource: str) -> int: ...

    def rows(self, resource: str, *, after: int = 0, company: int | None = None) -> Iterator[Row]:
        """Rows with an id over `after`; `company`, when given, may be used to skip rows of others early."""

    def row(self, resource: str, row_id: int) -> Row | None: ...

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        """What hangs on a row: `("service/tickets", 1042, "allNotes")`, `("service/boards", 1, "statuses")`.

        None when the parent does not exist.
        """

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        """Audit trail of a record, oldest first; None when there is no such record."""

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]: ...

    def blob(self, document_id: int) -> Blob | None: ...

    def single(self, resource: str) -> Row | None:
        """Resources that are one object: `system/info`, `system/myCompany/other`."""
