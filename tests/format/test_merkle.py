"""Merkle trees against known answers of others, and against the definition of RFC 9162, written out here."""

from __future__ import annotations

import hashlib
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import FormatError, Frontier, Paths, Tree, leaf_hash, merkle, root_from_path, root_of

# The eight leaves, heads and paths of the Certificate Transparency project's own tests (RFC 6962 hashing).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = [
    (0, 1, []),
    (0, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (5, 8, [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip

HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=70)


def mth(data):
    """RFC 9162, 2.1.1, as written there."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_heads_are_those_of_certificate_transparency(size):
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_paths_are_those_of_certificate_transparency(index, size, path):
    tree = Tree([leaf_hash(leaf) for leaf in LEAVES[:size]])
    assert [step.hex() for step in tree.path(index)] == path
    assert root_from_path(leaf_hash(LEAVES[index]), index, size, list(map(bytes.fromhex, path))).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_head_is_that_of_the_rfcs_definition(data):
    assert root_of([leaf_hash(one) for one in data]) == mth(data)


@given(HASHES)
def test_a_growing_head_is_the_trees(leaves):
    frontier = Frontier()
    for size, leaf in enumerate(leaves, 1):
        frontier.add(leaf)
        assert (len(frontier), frontier.root) == (size, root_of(leaves[:size]))
    assert frontier.root == root_of(leaves)


@given(HASHES.filter(len), st.data())
def test_every_leaf_is_proved_at_its_place_and_nowhere_else(leaves, data):
    tree = Tree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = tree.path(index)
    assert root_from_path(leaves[index], index, len(leaves), path) == tree.root
    other = data.draw(st.integers(0, len(leaves) - 1).filter(lambda i: i != index)) if len(leaves) > 1 else 1
    assert reached(leaves[index], other, len(leaves), path) != tree.root or leaves[index] == leaves[other % len(leaves)]


@given(HASHES.filter(lambda leaves: len(leaves) > 1), st.data())
def test_a_path_with_any_step_changed_dropped_or_added_does_not_lead_to_the_head(leaves, data):
    tree = Tree(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = list(tree.path(index))
    at = data.draw(st.integers(0, len(path) - 1))
    changed = [*path[:at], bytes(b ^ 1 for b in path[at]), *path[at + 1 :]]
    for wrong in (changed, path[:at] + path[at + 1 :], [*path, path[at]], path[:at]):
        assert reached(leaves[index], index, len(leaves), wrong) != tree.root
    assert reached(bytes(32), index, len(leaves), path) != tree.root or leaves[index] == bytes(32)


def reached(*arguments):
    try:
        return root_from_path(*arguments)
    except FormatError:
        return None


@given(
    st.binary(max_size=40),
    st.integers(-5, 2**70),
    st.integers(-5, 2**70),
    st.lists(st.binary(max_size=33), max_size=70),
)
def test_any_path_gives_a_head_or_a_format_error(leaf, index, size, path):
    assert reached(leaf, index, size, path) is None or 0 <= index < size


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 0, []),
        (-1, 1, []),
        (1, 1, []),
        (0, 1, [bytes(32)]),
        (0, 2, []),
        (0, 2, [bytes(31)]),
        (0, 2, [bytes(33)]),
        (0, 2**64, [bytes(32)] * 65),
        (3, 7, [bytes(32)] * 4),
    ],
)
def test_what_cannot_be_a_path_is_refused(index, size, path):
    with pytest.raises(FormatError):
        root_from_path(bytes(32), index, size, path)


def test_a_leaf_cannot_pass_for_an_inner_node():
    """Without separate domains (RFC 9162, 2.1.1) the head of two leaves would be a leaf made of both."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != root_of([left, right])


@pytest.mark.parametrize("index", [-1, 3, 99])
def test_no_path_for_a_leaf_that_is_not_there(index):
    with pytest.raises(FormatError):
        Tree([bytes(32)] * 3).path(index)


def test_the_longest_path_is_accepted():
    root = root_from_path(bytes(32), 0, 2**64, [bytes(32)] * 64)
    assert len(root) == 32
    assert Paths(2**64, root.hex()).leads(bytes(32), 0, ["00" * 32] * 64)


def one_by_one(leaf, index, size, path, root):
    """True, False or the words of the refusal."""
    try:
        return root_from_path(leaf, index, size, [bytes.fromhex(step) for step in path]).hex() == root
    except FormatError as error:
        return str(error)


def together(paths, leaf, index, path):
    try:
        return paths.leads(leaf, index, path)
    except FormatError as error:
        return str(error)


@given(st.integers(1, 40), st.sampled_from([merkle._REMEMBERED, 3]), st.data())
def test_many_paths_are_judged_as_each_alone(size, remembered, data):
    """Honest paths, and ones with a leaf, an index, a step or the length changed, in any order and more than once; also
    where little of what was shown is remembered."""
    with mock.patch.object(merkle, "_REMEMBERED", remembered):
        _judged_as_each_alone(size, data)


def _judged_as_each_alone(size, data):
    tree = Tree([leaf_hash(bytes([n])) for n in range(size)])
    root = tree.root.hex()
    paths = Paths(size, root)
    indices = st.integers(0, size - 1)
    for _ in range(data.draw(st.integers(1, 25))):
        index = data.draw(indices)
        path = [step.hex() for step in tree.path(index)]
        leaf = leaf_hash(bytes([data.draw(st.sampled_from([index, index, index, (index + 1) % size]))]))
        change = data.draw(st.sampled_from(["", "", "", "step", "cut", "more", "index", "swap"]))
        at = data.draw(st.integers(0, max(0, len(path) - 1)))
        if change == "step" and path:
            path[at] = leaf_hash(b"other").hex()
        elif change == "cut":
            path = path[:at]
        elif change == "more":
            path.insert(at, leaf.hex())
        elif change == "index":
            index = data.draw(st.integers(-1, size))
        elif change == "swap" and path:
            path[at], path[-1] = path[-1], path[at]
        assert together(paths, leaf, index, tuple(path)) == one_by_one(leaf, index, size, path, root)


def test_a_step_that_is_no_digest_is_refused():
    paths = Paths(2, leaf_hash(b"").hex())
    for step in ("zz", "00" * 31):
        with pytest.raises(FormatError):
            paths.leads(leaf_hash(b""), 0, (step,))


def test_of_many_paths_few_nodes_are_remembered(monkeypatch):
    monkeypatch.setattr(merkle, "_REMEMBERED", 20)
    tree = Tree([leaf_hash(bytes([n])) for n in range(256)])
    paths = Paths(256, tree.root.hex())
    for index in range(256):
        assert paths.leads(leaf_hash(bytes([index])), index, tuple(step.hex() for step in tree.path(index)))
        assert len(paths._shown) <= 20 + 8


def test_a_shared_way_up_is_hashed_once(monkeypatch):
    tree = Tree([leaf_hash(bytes([n])) for n in range(64)])
    paths = Paths(64, tree.root.hex())
    hashed = []
    monkeypatch.setattr(merkle, "_node", lambda left, right, node=merkle._node: hashed.append(1) or node(left, right))
    for index in range(64):
        assert paths.leads(leaf_hash(bytes([index])), index, tuple(step.hex() for step in tree.path(index)))
    assert len(hashed) == 64 + 32 + 16 + 8 + 4 + 2  # each node once, and not six for each leaf
