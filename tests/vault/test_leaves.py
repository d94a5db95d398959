import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import FormatError, Frontier, Leaf, Tree
from psa_evidence.vault.leaves import LeafHasher

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(NAMES, NAMES, NAMES, NAMES)
def test_the_quick_hash_is_that_of_the_leaf_document(connection, capture, kind, record_id):
    digest = "ab" * 32
    quick = LeafHasher(connection, capture)(kind, record_id, digest)
    assert quick == Leaf(connection, kind, record_id, digest, capture).hash()


def test_half_a_surrogate_pair_is_refused_by_both():
    with pytest.raises(FormatError):
        LeafHasher("main", "\ud800")
    with pytest.raises(UnicodeEncodeError):
        LeafHasher("main", "c")("ticket", "\ud800", "ab" * 32)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_a_frontier_has_the_head_of_the_tree(leaves):
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    assert (frontier.root, len(frontier)) == (Tree(leaves).root, len(leaves))
