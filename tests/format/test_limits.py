"""What a document may hold at most, to the byte and the level; and what only a large or nested value tells apart."""

from __future__ import annotations

import hashlib
import json
import sys

import pytest
import rfc8785

from psa_evidence.format import (
    Disclosed,
    FormatError,
    Frontier,
    Seal,
    Tree,
    canonical,
    fields,
    leaf_hash,
    parse,
    parse_canonical,
    root_from_path,
)
from psa_evidence.format.canonical import MAX_DEPTH, MAX_DOCUMENT_BYTES
from psa_evidence.format.commitment import Committing, commit, record_salt
from psa_evidence.format.members import MAX_NESTING, members
from psa_evidence.format.merkle import MAX_PATH, Paths


def nested(levels: int) -> bytes:
    """A document of so many levels, a text or number being one."""
    return b"[" * (levels - 1) + b"1" + b"]" * (levels - 1)


@pytest.mark.parametrize("read", [parse, parse_canonical])
def test_a_document_has_64_levels_at_most(read):
    assert read(nested(64))
    with pytest.raises(FormatError, match="64 levels"):
        read(nested(65))
    with pytest.raises(FormatError, match="64 levels"):
        read(b'{"a":' + nested(64) + b"}")


@pytest.mark.parametrize("read", [parse, parse_canonical])
def test_a_document_has_so_many_bytes_at_most(read, monkeypatch):
    monkeypatch.setattr(sys.modules["psa_evidence.format.canonical"], "MAX_DOCUMENT_BYTES", 10)
    assert read(b'"12345678"')
    with pytest.raises(FormatError, match="over the limit of 10"):
        read(b'"123456789"')


def test_the_limits_are_those_of_the_documentation():
    assert (MAX_DOCUMENT_BYTES, MAX_DEPTH, MAX_PATH, MAX_NESTING) == (1 << 29, 64, 64, 100)


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**54])
def test_a_number_that_json_cannot_carry_is_no_canonical_document(number):
    for value in (number, [number], {"a": {"b": number}}):
        with pytest.raises(FormatError):
            canonical(value)
    with pytest.raises(FormatError):
        parse_canonical(b"%d" % number)
    for close in (2**53 - 1, 1 - 2**53):
        assert parse_canonical(b"%d" % close) == (close, True)
        assert canonical({"a": close}) == b'{"a":%d}' % close


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1e16}, [[1e16]], {"a": [{"b": -0.0}]}, {"\ufb33": 1, "\U0001f600": 2},
        {"a": {"\u20ac": 1, "\U0001f600": 2, "\ufb33": 3}},
    ],
)  # fmt: skip
def test_what_the_quick_way_would_write_otherwise_is_written_as_the_rfc_says(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("offset", [2**53 - 1, 1 - 2**53, 2**53, -(2**53), True, 1.0])
def test_a_clock_offset_is_a_whole_number_within_what_json_carries(vector, offset):
    seal = parse(seal_vector(vector))
    seal["clock_offset_ms"] = offset
    if type(offset) is int and abs(offset) < 2**53:
        assert Seal.read(canonical(seal)).clock_offset_ms == offset
        return
    with pytest.raises(FormatError):
        Seal.read(json.dumps(seal, sort_keys=True, separators=(",", ":")).encode())


def seal_vector(vector):
    return next(text for name, text in vector.items() if '"psa-evidence/seal/' in text).encode()


def test_a_path_has_64_steps_at_most():
    leaf, step = bytes(32), bytes(32)
    size = 2**64
    assert len(root_from_path(leaf, 0, size, [step] * 64)) == 32
    with pytest.raises(FormatError, match="65 hashes is too long"):
        root_from_path(leaf, 0, size * 2, [step] * 65)
    with pytest.raises(FormatError, match="65 hashes is too long"):
        Paths(size * 2, "0" * 64).leads(leaf, 0, ["0" * 64] * 65)
    with pytest.raises(FormatError, match="no leaf -1"):
        Paths(4, "0" * 64).leads(leaf, -1, [])
    with pytest.raises(FormatError, match="no leaf 4"):
        Paths(4, "0" * 64).leads(leaf, 4, [])


@pytest.mark.parametrize("size", range(12))
def test_a_growing_tree_hands_on_each_leaf_and_each_whole_inner_node(size):
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    handed: list[bytes] = []
    tree = Frontier(handed.append)
    for leaf in leaves:
        tree.add(leaf)

    def whole(first: int, count: int) -> list[bytes]:
        if count == 1:
            return [leaves[first]]
        half = count // 2
        left, right = whole(first, half), whole(first + half, half)
        return [*left, *right, hashlib.sha256(b"\x01" + left[-1] + right[-1]).digest()]

    expected, at = [], 0
    for bit in reversed(range(4)):
        if size >> bit & 1:
            expected += whole(at, 1 << bit)
            at += 1 << bit
    assert handed == expected
    assert tree.root == Tree(leaves).root
    assert len(tree) == size


def test_a_salt_of_another_record_or_vault_is_another():
    salts = {record_salt(bytes([key]) * 32, capture, index) for key in (0, 1) for capture in "ab" for index in (0, 1)}
    assert len(salts) == 8
    assert {len(salt) for salt in salts} == {32}


def test_blocks_up_to_the_limit_are_looked_into_and_beyond_it_none_is_kept(monkeypatch):
    for name in ("commitment", "members"):
        monkeypatch.setattr(sys.modules[f"psa_evidence.format.{name}"], "MAX_OBJECT_BYTES", 9)
    salt = bytes(32)
    for body, has_fields in ((b'{"ab": 1}', True), (b'{"abc": 1}', False)):
        made = Committing(salt)
        for at in range(0, len(body), 4):
            made.update(body[at : at + 4])
        assert made.finish() == commit(salt, body)
        assert (made.finish()[1] is not None) == has_fields
        assert (made._kept == []) != has_fields


def test_a_record_of_more_than_256_members_has_a_salt_for_each():
    salt = bytes(range(32))
    body = b"{" + b",".join(b'"m%d":%d' % (n, n) for n in range(300)) + b"}"
    shown = Disclosed.of("ticket", "1", body, salt, {"m299": "private", "m0": "private"})
    assert shown.root().hex() == commit(salt, body)[1]
    assert len({f.salt for f in shown.fields if hasattr(f, "salt")}) == 298


def test_a_field_that_is_not_there_cannot_be_withheld():
    with pytest.raises(FormatError, match="no field 'gone'"):
        Disclosed.of("ticket", "1", b'{"a":1}', bytes(32), {"gone": "private"})


@pytest.mark.parametrize(
    "change",
    [lambda d: d.update(format="psa-evidence/disclosed/2"), lambda d: d.update(more=1), lambda d: d.pop("kind"),
     lambda d: d["fields"][0].update(more=1), lambda d: d["fields"].append([]), lambda d: d["fields"].append({})],
)  # fmt: skip
def test_a_disclosed_record_of_another_form_is_refused(change):
    document = parse(Disclosed.of("ticket", "1", b'{"a":1,"b":2}', bytes(32), {"b": "private"}).document())
    change(document)
    with pytest.raises(FormatError):
        Disclosed.read(canonical(document))


@pytest.mark.parametrize(("levels", "read"), [(98, True), (99, True), (100, False), (5_000, False)])
def test_a_record_has_100_levels_its_own_included(levels, read):
    objects = b'{"a":' + b'{"b":' * levels + b"1" + b"}" * (levels + 1)
    for body in (b'{"a":' + b"[" * levels + b"]" * levels + b"}", objects):
        assert (members(body) is not None) == read


def test_brackets_within_texts_and_beside_each_other_are_no_levels():
    assert members(b'{"a":["' + b"[" * 500 + b'","\\"[[","\\\\"]}')
    assert members(b'{"a":[' + b",".join([b"[]"] * 500) + b"]}")
    assert members(b'{"a":[' + b",".join([b"{}"] * 500) + b"]}")


@pytest.mark.parametrize("number", [None, 0, 2**53 - 1, 1 - 2**53])
def test_a_number_of_either_sign_is_one_that_json_carries_exactly(number):
    assert fields.optional_signed(number, "offset") == number


@pytest.mark.parametrize("value", [2**53, -(2**53), 2**53 + 1, True, 1.0, "1"])
def test_a_number_of_either_sign_beyond_that_is_refused_wherever_it_came_from(value):
    """Canonical JSON refuses these numbers by itself; a document that is not canonical is read too."""
    with pytest.raises(FormatError, match="offset: not a whole number"):
        fields.optional_signed(value, "offset")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":2}', "a name stands twice in one object"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[", "not JSON: JSONDecodeError"),
    ],
)
def test_why_a_text_is_no_json_is_said(data, why):
    with pytest.raises(FormatError) as refused:
        parse(data)
    assert str(refused.value) == why
