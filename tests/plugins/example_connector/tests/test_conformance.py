"""The example connector against the kit. Run with the package installed, or its `src` on the path."""

from __future__ import annotations

from fake_tinydesk import TICKETS, TOKEN, respond

from psa_evidence.testing.connector_suite import ConnectorSuite
from psa_evidence.testing.fake_server import served


class TestTinydesk(ConnectorSuite):
    target = "psa_evidence_tinydesk:connector"
    secrets = {"token": TOKEN}
    expected = {"client": 3, "member": 1, "ticket": TICKETS, "note": 2 * TICKETS}
    refusals = {"/api/customers": "customers", "/comments": "comments", "/api/agents": "agents"}
    texts = {"ticket": "title", "note": "text", "client": "name"}
    paging = ("page",)
    serves_endless_pages = True
    patience = 30

    def server(self):
        return served(respond)

    def settings(self, url):
        return {"site": url, "page_size": "2"}
