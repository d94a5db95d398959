"""Ids in little memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from psa_evidence_connectwise import idset
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.owners import Owners


@given(st.lists(st.integers(min_value=0, max_value=60)), st.integers(min_value=1, max_value=5))
def test_it_holds_what_a_set_holds(numbers, strays):
    before, idset.STRAYS = idset.STRAYS, strays
    try:
        found, known = IdSet(), set()
        for n in numbers:
            assert found.add(n) == (n not in known)
            known.add(n)
            assert len(found) == len(known)
            assert found.highest == max(known)
        assert all((n in found) == (n in known) for n in range(62))
        assert list(found) == sorted(known)
        assert found.lowest == min(known, default=0)
    finally:
        idset.STRAYS = before


def test_nothing_in_it_is_below_or_above_nothing():
    assert (IdSet().highest, IdSet().lowest, list(IdSet())) == (0, 0, [])


@given(st.lists(st.tuples(st.integers(min_value=0, max_value=9), st.sampled_from([None, "1", "20"]))))
def test_the_newest_owner_of_a_ticket_counts(pairs):
    owners = Owners()
    for ticket, client in pairs:
        owners.add(ticket, client)
    known = dict(pairs)
    assert [owners.client_of(n) for n in range(10)] == [known.get(n) for n in range(10)]
    assert list(owners.ids()) == [str(n) for n in sorted(known)]
