"""A ConnectWise client that nobody here wrote reads the simulated PSA. It is GPL, hence a tool of tests only."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from psa_evidence.simulator import running

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
