"""Exchanges as a PSA would give them, a clock that stands still until moved, and a vault to write them to."""

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from psa_evidence.spi import REMOVED, ConnectorInfo, Exchange, Scope, Sighting
from psa_evidence.vault import Vault

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


class Ticking:
    """One second later at every look."""

    def __init__(self, start=START):
        self.now = start

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


def json_page(rows, *, url="https://psa.example/api/tickets?page=1", at=START, coding="gzip", compact=True):
    """A page of JSON rows and the span of each row in the decoded body."""
    texts = [json.dumps(row, separators=(",", ":") if compact else None).encode() for row in rows]
    body, spans = b"[", []
    for i, text in enumerate(texts):
        body += b",\n" if i else b""
        spans.append((len(body), len(body) + len(text)))
        body += text
    body += b"]"
    return exchange(body, url=url, at=at, coding=coding), spans


def exchange(body, *, url="https://psa.example/api/x", at=START, coding=None, media="application/json", status=200):
    wire = gzip.compress(body, mtime=0) if coding == "gzip" else body
    headers = [("Content-Type", media), ("Date", "Sun, 01 Mar 2026 02:00:00 GMT"), ("Content-Length", str(len(wire)))]
    if coding:
        headers.append(("Content-Encoding", coding))
    return Exchange(
        method="GET",
        url=url,
        request_headers=(("Host", "psa.example"), ("Authorization", REMOVED), ("Accept-Encoding", "gzip")),
        request_body=b"",
        status=status,
        reason="OK",
        http_version="HTTP/1.1",
        response_headers=tuple(headers),
        response_body=wire,
        started_at=at,
        finished_at=at + timedelta(milliseconds=250),
    )


def rows_exchange(kind, rows, *, client=None, parent=None, at=None, url=None, when=START, coding="gzip"):
    """Rows of one kind with their sightings. `at` is a field name of the row or None."""
    page, spans = json_page(rows, url=url or f"https://psa.example/api/{kind}", at=when, coding=coding)
    sightings = [
        Sighting(
            kind=kind,
            id=str(row["id"]),
            start=start,
            end=end,
            client=str(row["client"]) if "client" in row else client,
            parent=row.get("parent", parent),
            at=datetime.fromisoformat(row[at]) if at and row.get(at) else None,
            updated_at=None,
        )
        for row, (start, end) in zip(rows, spans, strict=True)
    ]
    return page, sightings


@dataclass
class World:
    """A small PSA: two clients, tickets in February and March, notes on them, a binary document."""

    tickets: dict = field(default_factory=dict)
    numbers: tuple = (1, 2, 3, 4, 5, 6)

    def __post_init__(self):
        for number in self.numbers:
            month = 2 if number <= 3 else 3
            self.tickets[number] = {
                "id": number,
                "client": 10 if number % 2 else 20,
                "entered": f"2026-0{month}-{number + 1:02d}T09:00:00Z",
                "summary": f"Ticket {number} \u00e9\u4e2d",
            }

    def exchanges(self):
        """(exchange, sightings, unit, basis) in the order of a fetch."""
        yield (
            *rows_exchange("board", [{"id": 1, "name": "Help desk"}], url="https://psa.example/api/boards"),
            None,
            "",
        )
        clients = [{"id": 10, "name": "Acme", "identifier": "ACME"}, {"id": 20, "name": "Bolt", "identifier": "BOLT"}]
        page, spans = json_page(clients, url="https://psa.example/api/companies")
        yield (
            page,
            [
                Sighting(kind="client", id=str(c["id"]), client=str(c["id"]), start=s, end=e)
                for c, (s, e) in zip(clients, spans, strict=True)
            ],
            None,
            "",
        )
        yield (*rows_exchange("agreement", [{"id": 5, "client": 10}]), None, "")
        yield (*rows_exchange("ticket", list(self.tickets.values()), at="entered"), None, "")
        for number, ticket in self.tickets.items():
            notes = [{"id": number * 100 + i, "text": f"note {i} of {number}"} for i in range(2)]
            page, seen = rows_exchange(
                "note",
                notes,
                parent=f"ticket/{number}",
                client=str(ticket["client"]),
                url=f"https://psa.example/api/tickets/{number}/notes",
                coding=None,
            )
            yield page, seen, f"tickets/{number}/notes", ticket["entered"]
        blob = bytes(range(256)) * 40
        yield (
            exchange(blob, url="https://psa.example/api/documents/9/download", media="application/octet-stream"),
            [Sighting(kind="attachment", id="9", parent="ticket/4", start=0, end=len(blob))],
            "documents/9",
            "",
        )


CONNECTOR = ConnectorInfo(name="fake", title="A PSA for tests", version="1.2", settings=())


class Kit:
    """What the tests of this folder build with."""

    START = START
    CONNECTOR = CONNECTOR
    World = World
    Ticking = Ticking
    exchange = staticmethod(exchange)
    json_page = staticmethod(json_page)
    rows_exchange = staticmethod(rows_exchange)

    @staticmethod
    def begin(vault, *, clock=None, connection="main", scope=None, direct=True, who="tester"):
        return vault.begin(
            connection=connection,
            connector=CONNECTOR,
            scope=scope or Scope(),
            clock=clock or Ticking(),
            who=who,
            direct=direct,
        )

    @staticmethod
    def fill(writer, world=None):
        """Keep the whole world; returns what was kept."""
        kept = []
        for page, seen, unit, basis in (world or World()).exchanges():
            writer.keep(page, seen, unit=unit, basis=basis)
            kept.append((page, seen))
        return kept


@pytest.fixture
def kit():
    return Kit


@pytest.fixture
def vault(tmp_path):
    return Vault.create(tmp_path / "vault", vault_id="test-vault")


@pytest.fixture
def filled(vault):
    """A vault with one complete capture of the world."""
    writer = Kit.begin(vault)
    Kit.fill(writer)
    writer.finish()
    return vault
