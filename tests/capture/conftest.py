"""A PSA that is asked and answers in code: deterministic, with ways to go wrong."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from psa_evidence.spi import REMOVED, ClientName, ConnectorInfo, Exchange, Scope, Sighting
from psa_evidence.vault import Vault

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


class Ticking:
    def __init__(self):
        self.now = START

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


class FakeSource:
    """`tickets` tickets, one exchange each. `fail_after` raises `error` when so many were fetched."""

    def __init__(self, tickets=5, *, fail_after=None, error=None, counted=None, headers=(), body=b"", query=""):
        self.tickets, self.fail_after, self.error = tickets, fail_after, error
        self.counted = tickets if counted is None else counted
        self.headers, self.body, self.query = headers, body, query
        self.fetched, self.entered, self.since = [], 0, "not asked"

    async def __aenter__(self):
        self.entered += 1
        return self

    async def __aexit__(self, *exc):
        self.entered -= 1

    async def clients(self, find=""):
        return [ClientName(id="10", name="Acme", identifier="ACME")]

    async def check(self):
        return []

    async def fetch(self, scope, recorder):
        assert self.entered == 1
        self.since = recorder.changed_since("tickets")
        recorder.asked("tickets", self.counted)
        recorder.fact("version", "v2026.1")
        for number in range(self.tickets):
            if self.fail_after is not None and number == self.fail_after:
                raise self.error
            unit = f"tickets/{number}"
            if not recorder.done(unit, "1"):
                body = json.dumps({"id": number, "summary": f"Ticket {number}"}).encode()
                recorder.keep(
                    self.exchange(number, body),
                    [Sighting(kind="ticket", id=str(number), start=0, end=len(body), client="10")],
                    unit=unit,
                    basis="1",
                )
                self.fetched.append(number)
            recorder.received("tickets", 1)

    def exchange(self, number, body):
        at = START + timedelta(seconds=number)
        return Exchange(
            method="GET",
            url=f"https://psa.example/tickets/{number}{self.query}",
            request_headers=(("Authorization", REMOVED), *self.headers),
            request_body=self.body,
            status=200,
            reason="OK",
            http_version="HTTP/1.1",
            response_headers=(("Content-Encoding", "gzip"), ("Content-Type", "application/json")),
            response_body=gzip.compress(body, mtime=0),
            started_at=at,
            finished_at=at,
        )


class Kit:
    FakeSource = FakeSource
    Ticking = Ticking
    CONNECTOR = ConnectorInfo(name="fake", title="A PSA for tests", version="1.2", settings=())

    @staticmethod
    def arguments(vault, source, **more):
        return {
            "vault": vault,
            "connection": "main",
            "connector": Kit.CONNECTOR,
            "source": source,
            "scope": Scope(),
            "clock": Ticking(),
            "who": "tester",
            **more,
        }


@pytest.fixture
def kit():
    return Kit


@pytest.fixture
def vault(tmp_path):
    return Vault.create(tmp_path / "vault", vault_id="test-vault")
