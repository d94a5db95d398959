"""A store small enough to read, and a client that knows nothing but HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from psa_evidence.simulator import Blob, Row, Running


class SmallStore:
    """A store of plain dictionaries."""

    def __init__(self, tickets: int = 60) -> None:
        self.now = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
        self.lists: dict[str, list[Row]] = {
            "service/tickets": [self.ticket(n) for n in range(1, tickets + 1)],
            "service/SLAs": [{"id": 1, "name": "Gold"}],
            "finance/invoices": [{"id": 5, "invoiceNumber": "INV-5", "total": 12.5, "company": {"name": "Ac(me)"}}],
            "system/members": [{"id": 9, "identifier": "jdoe", "name": "J. Doe"}],
            "system/documents": [{"id": 3, "title": "Sketch", "fileName": "sketch.txt"}],
            "time/entries": [{"id": 4, "dateEntered": "2025-03-01T00:00:00Z", "enteredBy": "jdoe"}],
            "system/mySecurity": [
                {"id": 1, "moduleFunctionName": "Invoicing", "inquireLevel": "All"},
                {"id": 2, "moduleFunctionName": "Service Tickets", "inquireLevel": "All"},
            ],
            "company/contacts": [
                {
                    "id": 1,
                    "communicationItems": [{"type": "Email", "value": "a@x.example"}, {"type": "Fax", "value": "b"}],
                },
                {"id": 2, "communicationItems": [{"type": "Fax", "value": "a@x.example"}]},
            ],
        }

    def ticket(self, n: int) -> Row:
        return {
            "id": n,
            "summary": f"Printer {n} is on fire" if n % 2 else f"Password reset {n}",
            "company": {"id": 1 + n % 3, "identifier": f"C{n % 3}"},
            "closedFlag": n % 4 == 0,
            "_info": {"lastUpdated": f"2026-01-{1 + n % 28:02d}T08:00:00Z", "updatedBy": "jdoe"},
        }

    def advance(self, by: timedelta) -> None:
        self.now += by

    def resources(self) -> frozenset[str]:
        return frozenset(self.lists)

    def count(self, resource: str) -> int:
        return len(self.lists.get(resource, []))

    def rows(self, resource: str, *, after: int = 0, company: int | None = None) -> Iterator[Row]:
        for row in self.lists.get(resource, []):
            if row["id"] > after and (company is None or row.get("company", {}).get("id") == company):
                yield row

    def row(self, resource: str, row_id: int) -> Row | None:
        return next((row for row in self.lists.get(resource, []) if row["id"] == row_id), None)

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        if self.row(resource, parent) is None:
            return None
        if (resource, child) == ("service/tickets", "allNotes"):
            return [{"id": parent * 100 + n, "text": f"note {n}"} for n in range(1, 31)]
        return [{"id": 11, "respondHours": 1.0}] if (resource, child) == ("service/SLAs", "priorities") else ()

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        if record_type != "Ticket" or self.row("service/tickets", record_id) is None:
            return None
        return [{"text": "Ticket updated.", "enteredDate": "2026-01-01T00:00:00Z"}] * 30

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]:
        return self.lists["system/documents"] if (record_type, record_id) == ("Ticket", 1) else ()

    def blob(self, document_id: int) -> Blob | None:
        return Blob('sk"etch ü.txt', "text/plain", b"a house\n") if document_id == 3 else None

    def single(self, resource: str) -> Row | None:
        return {"version": "v2025.1"} if resource == "system/info" else None


@pytest.fixture(scope="session")
def small_store() -> Callable[..., SmallStore]:
    return SmallStore


@pytest.fixture(scope="session")
def client() -> Iterator[Callable[[Running], httpx.Client]]:
    """Makes a client for a running simulator: `client(running).get("service/tickets")`."""
    opened: list[httpx.Client] = []

    def make(where: Running, **headers: str) -> httpx.Client:
        made = httpx.Client(
            base_url=f"{where.url}/{where.codebase}apis/3.0/",
            auth=(f"{where.company}+{where.public_key}", where.private_key),
            headers={"clientId": where.client_id, **headers},
            trust_env=False,
        )
        opened.append(made)
        return made

    yield make
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def follow() -> Callable[..., list[Any]]:
    """Follows `rel="next"` to the end and returns all rows."""

    def pages(http: httpx.Client, path: str, *, forward_only: bool = False) -> list[Any]:
        headers = {"pagination-type": "forward-only"} if forward_only else {}
        found: list[Any] = []
        url: str | None = path
        for _ in range(1000):
            if url is None:
                return found
            answer = http.get(url, headers=headers)
            answer.raise_for_status()
            found += answer.json()
            url = answer.links.get("next", {}).get("url")
        raise RuntimeError("the pages do not end")

    return pages
