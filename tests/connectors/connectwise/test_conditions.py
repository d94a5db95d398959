"""The language of conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.simulator.conditions import parse
from psa_evidence.spi import Scope
from psa_evidence_connectwise import conditions as c

SINCE = datetime(2025, 1, 31, 23, 30, 0, 500, tzinfo=timezone(timedelta(hours=-5)))
UNTIL = datetime(2025, 3, 1, tzinfo=UTC)


def test_instants_are_utc_in_whole_seconds():
    assert c.stamp(SINCE) == "[2025-02-01T04:30:00Z]"
    assert c.stamp(SINCE, up=True) == "[2025-02-01T04:30:01Z]"


def test_tickets_of_a_period():
    text = c.tickets(Scope(since=SINCE, until=UNTIL), datetime(2025, 2, 2, tzinfo=UTC))
    assert text == (
        "dateEntered < [2025-03-01T00:00:00Z] and (dateEntered >= [2025-02-01T04:30:00Z] or closedDate >= "
        "[2025-02-01T04:30:00Z] or lastUpdated >= [2025-02-01T04:30:00Z] or closedFlag = False) and "
        "lastUpdated > [2025-02-02T00:00:00Z]"
    )
    parse(text)


def test_no_scope_is_no_condition():
    assert c.tickets(Scope(), None) == ""
    assert c.clients("company/id", Scope()) == ("",)
    assert c.outside("timeStart", Scope()) == ""
    assert c.query(conditions="", pageSize=5) == "?pageSize=5"


def test_many_ids_are_split_so_that_addresses_stay_short():
    parts = list(c.batches("company/id", map(str, range(1_000_000, 1_000_250))))
    assert [part.count(",") + 1 for part in parts] == [100, 100, 50]
    assert all(len(c.query(conditions=part)) < 1745 for part in parts)
    for part in parts:
        parse(part)


def test_queries_are_encoded():
    query = c.query(conditions='name = "a&b+c%" and id > 1')
    assert parse_qs(query[1:]) == {"conditions": ['name = "a&b+c%" and id > 1']}


@pytest.mark.parametrize("one", ["1 or 1=1", "-1", "", "١", "x"])
def test_client_ids_that_are_no_numbers_never_reach_a_condition(one):
    with pytest.raises(ConfigurationError):
        c.check_clients(Scope(clients=(one,)))
