from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.simulator.listing import Listings
from psa_evidence.simulator.overlay import Overlay
from psa_evidence.simulator.query import Query

PAGES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 30)), min_size=1, max_size=8)
CHANGES = st.lists(st.one_of(st.none(), st.integers(1, 40)), min_size=8, max_size=8)


@given(PAGES, CHANGES, st.sampled_from(["", "id>0", "id>3 and closedFlag=False"]))
def test_any_page_in_any_order_is_a_slice_of_the_list_as_it_stands(small_store, pages, changes, conditions) -> None:
    store = Overlay(small_store(40))
    listings = Listings(store)
    for (number, size), deleted in zip(pages, changes, strict=False):
        if deleted is not None:
            store.delete("service/tickets", deleted)
        query = Query(conditions, page=number, page_size=size)
        page = listings.page("service/tickets", query)
        rows = list(store.rows("service/tickets"))
        if "closedFlag" in conditions:
            rows = [row for row in rows if row["id"] > 3 and row["closedFlag"] is False]
        assert page.rows == rows[(number - 1) * size : number * size]
        assert page.more == (number * size < len(rows))
        assert listings.count("service/tickets", query) == len(rows)


def test_the_first_page_of_a_long_list_makes_no_more_rows_than_it_needs(small_store) -> None:
    made = []

    class Counting(type(small_store())):
        def rows(self, resource, *, after=0, company=None):
            for row in super().rows(resource, after=after, company=company):
                made.append(row["id"])
                yield row

    listings = Listings(Overlay(Counting(5000)))
    for number in (1, 2, 3):
        listings.page("service/tickets", Query(page=number, page_size=100))
    listings.page("service/tickets", Query(forward_only=True, page_id=4000, page_size=100))
    assert len(made) < 600


def test_the_rows_of_a_short_list_are_made_once_while_nothing_changes(small_store) -> None:
    made = []

    class Counting(type(small_store())):
        def rows(self, resource, *, after=0, company=None):
            for row in super().rows(resource, after=after, company=company):
                made.append(row["id"])
                yield row

    store = Overlay(Counting(50))
    listings = Listings(store)
    for conditions in ("closedFlag=True", "id>3", "id>4 and closedFlag=False", ""):
        listings.page("service/tickets", Query(conditions, page_size=10))
        listings.page("service/tickets", Query(conditions, forward_only=True, page_id=7, page_size=10))
    assert sorted(made) == list(range(1, 51))
    store.delete("service/tickets", 9)
    assert all(row["id"] != 9 for row in listings.page("service/tickets", Query(page_size=50)).rows)


def test_what_was_remembered_is_forgotten_when_time_moves(small_store) -> None:
    base = small_store(5)
    store = Overlay(base)
    listings = Listings(store)
    query = Query("id>0")
    assert len(listings.page("service/tickets", query).rows) == 5
    assert len(listings.page("service/tickets", Query()).rows) == 5
    base.lists["service/tickets"].append(base.ticket(6))
    store.advance(timedelta(days=1))
    assert len(listings.page("service/tickets", query).rows) == 6
    assert len(listings.page("service/tickets", Query()).rows) == 6


def test_a_list_may_show_an_older_state_than_the_record_itself(small_store) -> None:
    """The vendor's lists lag behind for open tickets; a page must come from the list, not be put together by id."""

    class Fresh(type(small_store())):
        def row(self, resource, row_id):
            row = super().row(resource, row_id)
            return row and {**row, "fresh": True}

    listings = Listings(Overlay(Fresh(50)))
    for query in (Query(), Query(page=2), Query("id>3"), Query(order_by="summary"), Query(forward_only=True)):
        assert not any("fresh" in row for row in listings.page("service/tickets", query).rows)
