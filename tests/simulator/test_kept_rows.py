"""Rows that stay at hand are written as JSON once, and the answer is what it would be without."""

from __future__ import annotations

import json

import pytest

from psa_evidence.simulator import Knobs, listing, replies
from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.listing import KEPT_ROWS
from psa_evidence.simulator.query import query_of
from psa_evidence.simulator.replies import KeptRow, encoded
from psa_evidence.simulator.simulation import Simulation

ROWS = [{"id": 1, "summary": 'a"b\u2028é', "company": {"id": 3}}, {"id": 2, "open": True}]


def test_kept_rows_are_written_as_others_are():
    kept = [KeptRow(row) for row in ROWS]
    assert encoded(kept) == encoded(ROWS) == encoded(kept)
    assert encoded([]) == b"[]"
    assert encoded([*kept, ROWS[0]]) == encoded([*ROWS, ROWS[0]])


def test_half_a_surrogate_pair_makes_them_ascii():
    rows = [*ROWS, {"id": 3, "summary": "\ud800"}]
    assert encoded([KeptRow(row) for row in rows]) == encoded(rows) == json.dumps(rows, separators=(",", ":")).encode()


@pytest.fixture
def written(monkeypatch):
    """Rows written as JSON."""
    seen = []
    encode = replies._encode
    monkeypatch.setattr(replies, "_encode", lambda value: (seen.append(value), encode(value))[1])
    return seen


def test_a_page_that_is_asked_for_again_is_not_written_again(small_store, written):
    simulation = Simulation(small_store(), Knobs(), Keys.from_seed(1))
    assert simulation.store.count("service/tickets") < KEPT_ROWS

    def answer(**query):
        return encoded(simulation.listings.page("service/tickets", query_of(query, forward_only=True)).rows)

    first = answer(pageSize="10")
    assert (answer(pageSize="10"), len(written)) == (first, 10)
    assert answer(conditions="id < 6", pageSize="10") == encoded(json.loads(first)[:5])
    assert len(written) == 11  # the five, which are no kept rows, as one list
    simulation.store.edit("service/tickets", 3, {"summary": "Changed"})
    changed = json.loads(answer(pageSize="10"))
    assert changed[2]["summary"] == "Changed"
    assert changed[:2] + changed[3:] == json.loads(first)[:2] + json.loads(first)[3:]
    assert json.loads(answer(pageSize="2", fields="id")) == [{"id": 1}, {"id": 2}]


def test_rows_of_a_long_list_are_not_kept(small_store, monkeypatch):
    simulation = Simulation(small_store(tickets=11), Knobs(), Keys.from_seed(1))
    query = query_of({"pageSize": "5"}, forward_only=True)
    monkeypatch.setattr(listing, "KEPT_ROWS", 10)
    assert not any(isinstance(row, KeptRow) for row in simulation.listings.page("service/tickets", query).rows)
    monkeypatch.setattr(listing, "KEPT_ROWS", 11)
    assert all(isinstance(row, KeptRow) for row in simulation.listings.page("service/tickets", query).rows)
