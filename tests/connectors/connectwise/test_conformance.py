"""The ConnectWise connector passes the conformance kit, against the simulated PSA."""

from __future__ import annotations

import base64
import http.client
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.server import running
from psa_evidence.testing.connector_suite import ConnectorSuite
from psa_evidence.testing.fake_server import Answer, served

TICKETS = 6
KEYS = Keys.from_seed(7)
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length", "date"}


def forwarding(to):
    """Answers by asking the simulator the same."""
    host = urlsplit(to.url).netloc

    def respond(asked, _faults):
        connection = http.client.HTTPConnection(host, timeout=10)
        try:
            connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
            for name, value in asked.headers:
                connection.putheader(name, value)
            connection.endheaders(asked.body or None)
            got = connection.getresponse()
            kept = tuple((name, value) for name, value in got.getheaders() if name.lower() not in HOP_BY_HOP)
            return Answer(status=got.status, headers=kept, body=got.read())
        finally:
            connection.close()

    return respond


class TestConnectwise(ConnectorSuite):
    target = "psa_evidence_connectwise:connector"
    secrets = {"public_key": KEYS.public_key, "private_key": KEYS.private_key}
    expected = {"ticket": TICKETS, "time_entry": TICKETS, "note": 2 * TICKETS, "history": 4 * TICKETS, "client": 2,
                "member": 2, "agreement": 1, "invoice": 1, "document": 2, "attachment": 1}  # fmt: skip
    refusals = {"/finance/agreements": "finance/agreements", "/time/entries": "time/entries",
                "/service/tickets": "service/tickets"}  # fmt: skip
    texts = {"ticket": "summary", "note": "text", "client": "name"}

    @pytest.fixture(autouse=True)
    def _world(self, shelf):
        self.make_store = lambda: type(shelf)(TICKETS)

    @contextmanager
    def server(self):
        with running(self.make_store(), keys=KEYS) as at, served(forwarding(at)) as fake:
            yield fake

    def settings(self, url):
        return {"site": url, "company": KEYS.company, "client_id": KEYS.client_id, "requests_per_minute": "0",
                "max_wait": "1", "timeout": "5", "page_size": "3", "concurrency": "8"}  # fmt: skip

    def derived_secrets(self):
        pair = f"{KEYS.company}+{KEYS.public_key}:{KEYS.private_key}"
        return [base64.b64encode(pair.encode()).decode()]

    def page_key(self, asked):
        """Pages go by `pageId` (the first has none), or by `id > N` in the conditions."""
        if "pageSize" not in asked.target or "&page=" in asked.target.replace("&page=1", ""):
            return None
        return re.sub(r"id(%20|\+| )*(%3E|>)(%20|\+| )*\d+|&pageId=\d+", "", asked.target)
