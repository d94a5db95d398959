"""A ConnectWise client that nobody here wrote reads the simulated PSA. It is GPL, hence a tool of tests only."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urlsplit

import pytest

from psa_evidence.simulator import running
from psa_evidence.spi import Scope, Silent

pytest.importorskip("pyconnectwise", reason="the public client pyconnectwise is not installed")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its models speak an older pydantic


@pytest.fixture
def api(small_store, monkeypatch):
    """The client speaks https only; its addresses are rewritten to the simulator's."""
    from pyconnectwise import ConnectWiseManageAPIClient

    with running(small_store(130)) as where:
        host = urlsplit(where.url).netloc
        request = ConnectWiseManageAPIClient._make_request

        def plain(self, method, url, *args, **kwargs):
            return request(self, method, url.replace("https://", "http://", 1), *args, **kwargs)

        monkeypatch.setattr(ConnectWiseManageAPIClient, "_make_request", plain)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield ConnectWiseManageAPIClient(where.company, host, where.client_id, where.public_key, where.private_key)


def test_it_finds_the_codebase_and_pages_through_all_tickets(api) -> None:
    assert api.codebase == "v2025_1/"
    pages = api.service.tickets.paginated(1, 40)
    assert [ticket.id for ticket in pages.all()] == list(range(1, 131))


def test_it_reads_conditions_counts_and_children(api) -> None:
    found = api.service.tickets.get(params={"conditions": "company/id=2 and id<10", "pageSize": 1000})
    assert [ticket.id for ticket in found] == [1, 4, 7]
    assert api.service.tickets.count.get().count == 130
    notes = api.service.tickets.id(5).all_notes.get()
    assert notes[0].text == "note 1"


def test_it_understands_the_errors(api) -> None:
    from pyconnectwise.exceptions import MalformedRequestException, NotFoundException

    with pytest.raises(NotFoundException):
        api.service.tickets.id(999).get()
    with pytest.raises(MalformedRequestException):
        api.service.tickets.get(params={"conditions": "nonsense"})


def test_it_and_the_connector_find_the_same_records(monkeypatch):
    """Ids of every list that both read, from the same simulated MSP."""
    import asyncio

    from pyconnectwise import ConnectWiseManageAPIClient

    from psa_evidence.simulator.world import make_world
    from psa_evidence_connectwise import connector

    request = ConnectWiseManageAPIClient._make_request

    def plain(self, method, url, *args, **kwargs):
        return request(self, method, url.replace("https://", "http://", 1), *args, **kwargs)

    monkeypatch.setattr(ConnectWiseManageAPIClient, "_make_request", plain)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running(make_world(seed=3, clients=8, tickets=120)) as where:
        theirs = ConnectWiseManageAPIClient(
            where.company, urlsplit(where.url).netloc, where.client_id, where.public_key, where.private_key
        )
        recorder = Listening()
        settings = {"site": where.url, "company": where.company, "client_id": where.client_id, "page_size": "40"}
        secrets = {"public_key": where.public_key, "private_key": where.private_key}

        async def go():
            async with connector.open(settings, secrets) as source:
                await source.fetch(Scope(attachments=False), recorder)

        asyncio.run(go())
        lists = {
            "ticket": theirs.service.tickets, "time_entry": theirs.time.entries, "client": theirs.company.companies,
            "contact": theirs.company.contacts, "configuration": theirs.company.configurations,
            "agreement": theirs.finance.agreements, "invoice": theirs.finance.invoices,
            "opportunity": theirs.sales.opportunities, "activity": theirs.sales.activities,
            "board": theirs.service.boards, "schedule_entry": theirs.schedule.entries,
            "project_ticket": theirs.project.tickets, "project": theirs.project.projects,
            "work_type": theirs.time.work_types, "work_role": theirs.time.work_roles,
        }  # fmt: skip
        for kind, endpoint in lists.items():
            ids = {str(row.id) for row in endpoint.paginated(1, 50).all()}
            assert ids, kind
            assert recorder.seen[kind] == ids, kind
        for ticket in sorted(recorder.seen["ticket"], key=int)[:25]:
            notes = {row.id for row in theirs.service.tickets.id(int(ticket)).all_notes.get({"pageSize": 1000})}
            ours = {int(one.rpartition("-")[2]) for one in recorder.below[f"ticket/{ticket}"]}
            assert ours == notes
    assert recorder.lost == []


class Listening:
    """A recorder that keeps ids only."""

    def __init__(self):
        self.seen, self.below, self.lost = defaultdict(set), defaultdict(set), []
        self.progress = Silent()

    def keep(self, exchange, sightings=(), *, unit=None, basis=""):
        for one in sightings:
            self.seen[one.kind].add(one.id)
            if one.kind == "note":
                self.below[one.parent].add(one.id)

    def missing(self, resource, reason, *, count=None, detail="", below=None):
        self.lost.append((resource, reason, detail))

    def done(self, unit, basis=""):
        return False

    def changed_since(self, resource):
        return None

    def known(self, kind, ids):
        return set()

    def asked(self, *_): ...
    def received(self, *_): ...
    def fact(self, *_, **__): ...
    def present(self, *_, **__): ...
