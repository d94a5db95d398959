import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import FormatError, Frontier, LeafHasher, Tree
from psa_evidence.vault.leaves import leaf_of

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
BODIES = st.binary(max_size=30) | st.sampled_from([b"{}", b'{"a":1}', b'{"a":[1,2],"b":"x"}'])
KEY = bytes(range(32))


@given(NAMES, NAMES, st.integers(0, 2**40), NAMES, NAMES, BODIES)
def test_the_quick_hash_is_that_of_the_leaf_document(connection, capture, index, kind, record_id, body):
    quick = LeafHasher(KEY, connection, capture)(index, kind, record_id, body)
    assert quick == leaf_of(KEY, connection, capture, index, kind, record_id, body)[0].hash()


def test_half_a_surrogate_pair_is_refused_by_both():
    with pytest.raises(FormatError):
        LeafHasher(KEY, "main", "\ud800")
    with pytest.raises(UnicodeEncodeError):
        LeafHasher(KEY, "main", "c")(0, "ticket", "\ud800", b"{}")


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_a_frontier_has_the_head_of_the_tree(leaves):
    emitted = []
    frontier = Frontier(emitted.append)
    for leaf in leaves:
        frontier.add(leaf)
    assert (frontier.root, len(frontier)) == (Tree(leaves).root, len(leaves))
    assert len(emitted) == 2 * len(leaves) - len(leaves).bit_count()
