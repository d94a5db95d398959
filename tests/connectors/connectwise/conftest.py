"""A small MSP behind the simulated PSA, a recorder in memory, and one way to run the connector against them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from psa_evidence.records import RecordSet
from psa_evidence.simulator import Blob, Row, Running
from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.server import running
from psa_evidence.spi import MISSING_REASONS, Below, Exchange, RawRecord, Scope, Sighting, Silent
from psa_evidence_connectwise import connector
from psa_evidence_connectwise.answer import Answer, through
from psa_evidence_connectwise.decoding import decode
from psa_evidence_connectwise.lane import Lane
from psa_evidence_connectwise.settings import read_settings
from psa_evidence_connectwise.source import ConnectwiseSource

T0 = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Shelf:
    """A `Store` of plain dictionaries: two clients, one board, tickets with notes, audit lines and documents."""

    def __init__(self, tickets: int = 12) -> None:
        self.now = T0 + timedelta(days=90)
        companies = [
            {"id": 10, "identifier": "Acme", "name": "Acme Ltd", "_info": {"lastUpdated": stamp(T0)}},
            {"id": 11, "identifier": "Birch", "name": "Birch & Sons", "_info": {"lastUpdated": stamp(T0)}},
        ]
        self.lists: dict[str, list[Row]] = {
            "system/members": [
                {"id": 1, "identifier": "jdoe", "firstName": "Jane", "lastName": "Doe", "licenseClass": "F",
                 "timeZone": {"id": 1, "name": "US Eastern"}},
                {"id": 2, "identifier": "rmmapi", "firstName": "RMM", "lastName": "API", "licenseClass": "A"},
            ],
            "system/timeZoneSetups": [{"id": 1, "name": "Home", "timeZone": {"id": 7, "name": "US Eastern"}}],
            "service/boards": [{"id": 1, "name": "Help Desk", "projectFlag": False}],
            "service/priorities": [{"id": 1, "name": "High", "sortOrder": 1}, {"id": 2, "name": "Low"}],
            "service/SLAs": [{"id": 3, "name": "Gold", "basedOn": "MyCalendar", "respondHours": 0.5}],
            "schedule/calendars": [{"id": 4, "name": "Office", "mondayStartTime": "08:00:00",
                                    "mondayEndTime": "17:30:00", "holidayList": {"id": 5, "name": "US"}}],
            "schedule/holidayLists": [{"id": 5, "name": "US"}],
            "service/surveys": [{"id": 6, "name": "After close"}],
            "company/companies": companies,
            "company/contacts": [{"id": 20, "firstName": "Ann", "lastName": "Lee", "company": {"id": 10, "name": "x"}}],
            "company/configurations": [],
            "finance/agreements": [{"id": 30, "name": "Gold Care", "company": {"id": 10}, "_info": {}}],
            "finance/invoices": [{"id": 40, "invoiceNumber": "INV-40", "company": {"id": 11}, "date": stamp(T0),
                                  "total": 100.0, "_info": {"lastUpdated": stamp(T0)}}],
            "system/mySecurity": [
                {"id": 1, "moduleName": "Service", "moduleFunctionName": "Service Tickets",
                 "moduleFunctionIdentifier": "SR_Tickets", "inquireLevel": "All"},
                {"id": 2, "moduleName": "Finance", "moduleFunctionName": "Invoicing", "inquireLevel": "All"},
            ],
            "sales/opportunities": [],
            "sales/activities": [],
            "schedule/entries": [{"id": 70, "objectId": 101, "type": {"id": 4, "identifier": "S"},
                                  "dateStart": stamp(T0), "_info": {"lastUpdated": stamp(T0)}}],
            "time/entries": [self.time_entry(n) for n in range(1, tickets + 1)],
            "system/documents": [{"id": 900, "title": "Sketch", "fileName": "sketch.txt", "size": 11},
                                 {"id": 901, "title": "Site", "linkFlag": True}],
            "service/tickets": [self.ticket(n) for n in range(1, tickets + 1)],
        }  # fmt: skip
        self.below: dict[tuple[str, str], list[Row]] = {
            ("service/boards", "statuses"): [
                {"id": 50, "name": "New", "escalationStatus": "NotResponded", "board": {"id": 1}},
                {"id": 51, "name": "In Progress", "escalationStatus": "Responded", "board": {"id": 1}},
                {"id": 52, "name": "Closed", "escalationStatus": "Resolved", "closedStatus": True, "board": {"id": 1}},
            ],
            ("service/SLAs", "priorities"): [
                {"id": 60, "priority": {"id": 1, "name": "High"}, "respondHours": 0.25, "sla": {"id": 3}}
            ],
            ("schedule/holidayLists", "holidays"): [{"id": 61, "name": "Memorial Day", "date": "2025-05-26T00:00:00Z"}],
            ("finance/invoices", "payments"): [
                {"id": 62, "amount": 40.0, "invoice": {"id": 40}, "paymentDate": stamp(T0)}
            ],
        }
        self.singles: dict[str, Any] = {
            "system/info": {"version": "v2025.1", "isCloud": True, "serverTimeZone": "Eastern Standard Time"},
            "system/myCompany/other": {
                "id": 1,
                "serverTimeZone": {"id": 1, "name": "Home"},
                "defaultCalendar": {"id": 4},
            },
        }
        self.text = "Printer 3 jams — naïve “quotes” 🖨"

    def ticket(self, n: int) -> Row:
        row = {
            "id": 100 + n,
            "summary": f"Printer {n} jams — é",
            "recordType": "ServiceTicket",
            "board": {"id": 1, "name": "Help Desk"},
            "status": {"id": 52 if n % 2 else 51, "name": "Closed" if n % 2 else "In Progress"},
            "company": {"id": 10 + n % 2, "identifier": "Acme", "name": "Acme Ltd"},
            "dateEntered": stamp(T0 + timedelta(days=n)),
            "closedFlag": n % 2 == 1,
            "isInSla": None,
            "_info": {"lastUpdated": stamp(T0 + timedelta(days=n, hours=5)), "updatedBy": "jdoe"},
        }
        if n % 2:
            row["closedDate"] = stamp(T0 + timedelta(days=n, hours=5))
        return row

    def time_entry(self, n: int) -> Row:
        at = T0 + timedelta(days=n, hours=1)
        return {
            "id": 500 + n, "chargeToId": 100 + n, "chargeToType": "ServiceTicket", "company": {"id": 10 + n % 2},
            "timeStart": stamp(at), "timeEnd": stamp(at + timedelta(minutes=30)), "actualHours": 0.5,
            "member": {"id": 1, "identifier": "jdoe"}, "_info": {"lastUpdated": stamp(at)},
        }  # fmt: skip

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
            when = stamp(T0 + timedelta(days=parent - 100, minutes=30))
            return [
                {"id": parent * 10, "noteType": "TicketNote", "text": self.text, "detailDescriptionFlag": True,
                 "contact": {"id": 20, "name": "Ann Lee"}, "_info": {"dateEntered": when}},
                {"id": parent * 10, "noteType": "TimeEntryNote", "text": "Replaced the roller.", "timeStart": when,
                 "internalAnalysisFlag": True, "member": {"id": 1, "identifier": "jdoe", "name": "Jane Doe"}},
            ]  # fmt: skip
        return self.below.get((resource, child), [])

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        if self.row("service/tickets", record_id) is None:
            return None
        at = T0 + timedelta(days=record_id - 100)
        line = {"enteredBy": "jdoe", "auditType": "Ticket", "auditSubType": "Status", "auditSource": "Member"}
        same = {**line, "text": "E-mail sent.", "auditSubType": "", "enteredDate": stamp(at)}
        return [
            {**line, "text": f'Ticket #{record_id} created with status "New".', "enteredDate": stamp(at)},
            {**line, "text": 'Status changed from "New" to "In Progress".',
             "enteredDate": stamp(at + timedelta(hours=1))},
            same, same,
        ]  # fmt: skip

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]:
        return self.lists["system/documents"] if (record_type, record_id) == ("Ticket", 101) else []

    def blob(self, document_id: int) -> Blob | None:
        return Blob("sketch.txt", "text/plain", b"hello world") if document_id == 900 else None

    def single(self, resource: str) -> Row | None:
        return self.singles.get(resource)


class Memory:
    """A Recorder that remembers. `before` is the recorder of an earlier run whose units count as done."""

    def __init__(self, before: Memory | None = None, changed: datetime | None = None) -> None:
        self.exchanges: list[tuple[Exchange, tuple[Sighting, ...]]] = []
        self.units: dict[str, str] = dict(before.units) if before else {}
        self.changed = changed
        self.before = before
        self.asked_for: dict[str, int] = {}
        self.got: Counter[str] = Counter()
        self.lost: list[tuple[str, str, int | None, str]] = []
        self.below: list[Below] = []
        self.facts: dict[str, Any] = {}
        self.lists: list[tuple[Any, list[str], bool, tuple[str, ...], str | None, str]] = []
        self.progress = Silent()

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        self.exchanges.append((exchange, tuple(sightings)))
        if unit is not None:
            self.units[unit] = basis

    def done(self, unit: str, basis: str = "") -> bool:
        return self.units.get(unit) == basis

    def known(self, kind: Any, ids: Sequence[str]) -> set[str]:
        return set(ids) if self.before is None else {*ids} & {*self.before.seen(kind)}

    def changed_since(self, resource: str) -> datetime | None:
        return self.changed

    def asked(self, resource: str, count: int) -> None:
        assert resource not in self.asked_for
        self.asked_for[resource] = count

    def received(self, resource: str, count: int) -> None:
        self.got[resource] += count

    def missing(self, resource: str, reason: str, *, count: int | None = None, detail: str = "",
                below: Below | None = None) -> None:  # fmt: skip
        assert reason in MISSING_REASONS
        self.lost.append((resource, reason, count, detail))
        if below is not None:
            self.below.append(below)

    def fact(self, name: str, value: str | float | bool | None) -> None:
        self.facts[name] = value

    def present(self, kind: Any, ids: Iterable[str], *, complete: bool, clients: Sequence[str] = (),
                parent: str | None = None, problem: str = "") -> None:  # fmt: skip
        self.lists.append((kind, list(ids), complete, tuple(clients), parent, problem))

    def seen(self, kind: str) -> list[str]:
        return sorted(one.id for _, some in self.exchanges for one in some if one.kind == kind)

    def raws(self) -> list[RawRecord]:
        found = []
        for exchange, some in self.exchanges:
            body = decoded(exchange)
            for one in some:
                part = body[one.start : one.end]
                digest: Any = hashlib.sha256(part).hexdigest()
                found.append(
                    RawRecord(kind=one.kind, id=one.id, sha256=digest, body=part, client=one.client, parent=one.parent,
                              capture="c1", captured_at=T0)
                )  # fmt: skip
        return found


def decoded(exchange: Exchange) -> bytes:
    headers = {name.lower(): value for name, value in exchange.response_headers}
    return decode(exchange.response_body, headers.get("content-encoding", ""), 1 << 30)


@pytest.fixture(autouse=True)
def _mocked_lanes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """pytest-httpx answers in the place of httpx's own transport: where it is used, lanes hand on to that."""
    if "httpx_mock" in request.fixturenames:
        mocked = httpx.AsyncHTTPTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

        async def hand_on(
            _: Lane, url: str, headers: list[tuple[str, str]], seconds: float, limit: int, *, whole: float
        ) -> Answer:
            async with asyncio.timeout(whole):
                return await through(mocked, url, headers, seconds, limit)

        monkeypatch.setattr(Lane, "get", hand_on)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def memory() -> type[Memory]:
    return Memory


@pytest.fixture
def body_of() -> Callable[[Exchange], bytes]:
    return decoded


@pytest.fixture
def open_source() -> Callable[..., ConnectwiseSource]:
    """A source for a running simulator that never waits long; keyword arguments override settings and keys."""

    def make(at: Running, **changes: str) -> ConnectwiseSource:
        settings = {
            "site": at.url, "company": at.company, "client_id": at.client_id, "requests_per_minute": "0",
            "max_wait": "0.02", "timeout": "5",
        }  # fmt: skip
        secrets = {"public_key": at.public_key, "private_key": at.private_key}
        for name, value in changes.items():
            (secrets if name in secrets else settings)[name] = value
        return ConnectwiseSource(read_settings(settings, secrets))

    return make


@pytest.fixture
def serving() -> Callable[..., Any]:
    @contextmanager
    def serve(store: Any, **knobs: Any) -> Iterator[Running]:
        with running(store, Knobs(**knobs)) as at:
            yield at

    return serve


@pytest.fixture
def capture(
    open_source: Callable[..., ConnectwiseSource],
) -> Callable[..., Memory]:
    """Fetch everything from a running simulator into memory."""

    def run(at: Running, scope: Scope | None = None, recorder: Memory | None = None, **changes: str) -> Memory:
        recorder = recorder or Memory()

        async def go() -> None:
            async with open_source(at, **changes) as source:
                await source.fetch(scope or Scope(), recorder)

        asyncio.run(go())
        return recorder

    return run


@pytest.fixture
def raw() -> Callable[..., RawRecord]:
    """A raw record from a value or bytes."""

    def make(kind: Any, name: str, value: Any, parent: str | None = None, client: str | None = None) -> RawRecord:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        digest: Any = hashlib.sha256(body).hexdigest()
        return RawRecord(
            kind=kind, id=name, sha256=digest, body=body, client=client, parent=parent, capture="c1", captured_at=T0
        )

    return make


@pytest.fixture
def interpret() -> Callable[..., RecordSet]:
    return connector.interpret
