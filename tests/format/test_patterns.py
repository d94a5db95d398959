"""Long lists read by pattern: the same as the general reader gives, for every document; and that they are read so."""

from __future__ import annotations

import json
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import (
    FormatError,
    Leaf,
    Manifest,
    ManifestFile,
    ManifestRecord,
    ManifestSeal,
    Proof,
    ProofFile,
    Witness,
    canonical,
    manifest,
    parse_canonical,
    proofs,
)
from psa_evidence.format.patterns import NUMBER, TEXT, item, items_of, or_null

A, B = "0a" * 32, "f9" * 32
PROOFS = ProofFile(
    seal=1, size=70, root=A,
    proofs=(
        Proof(Leaf("main", "ticket", "7", A, B, "c 1"), 0, (), None),
        Proof(Leaf("main", "ticket", "8", B, None, "c 1"), 9, (A,), B),
        Proof(Leaf("main", "note", "~", B, A, ""), 60, (A, B, A, B, A, B, B), A),
        Proof(Leaf("main", "note", "~", B, A, ""), 61, (B, B, A, B, A, B, B), A),
        Proof(Leaf("main", "note", "~", B, A, ""), 69, (A, B, A, B, A), A),
    ),
).document()  # fmt: skip
MANIFEST = Manifest(
    matter="m", client="c", copy="production", as_of="2026-03-01T00:00:00Z", software="s", vault="v",
    witness=Witness((), (), ()), counts={"natives": 2}, pdfs=("data/Evidence Pack.pdf",),
    files=(ManifestFile("data/a.csv", A, 0, "text/csv"), ManifestFile("data/b (1).json", B, 12, "application/json")),
    records=(
        ManifestRecord("ticket", "7", "data/natives/ticket/7.json", A, 1, 0, None),
        ManifestRecord("ticket", "8", "data/natives/ticket/8.json", B, 1, 9, "Exhibit 1"),
    ),
    seals=(ManifestSeal(1, "seals/000001.json", A),),
).document()  # fmt: skip
KINDS = {"proofs": (ProofFile, proofs, PROOFS), "manifest": (Manifest, manifest, MANIFEST)}
PIECES = [
    b"", b" ", b",", b"0", b"1", b"-", b".5", b"e1", b'"', b"\\", b"\\u0041", b"\x7f", b"\x00", b"\n", b"A",
    "é".encode(), b"null", b"[", b"]", b"{", b"}", b"{}", b"[]", b'""', b"9007199254740991", b"9007199254740992",
    b'"files":[', b'"files":[]', b'"records":[', b'\\"files":[', b'"proofs":[', A.encode(),
    b'"' + A.upper().encode() + b'"', b',"x":1',
]  # fmt: skip


def test_items_are_read_as_far_as_each_is_followed_by_another_or_by_the_end():
    pattern = item(r'\{"a":', or_null(NUMBER), r',"b":', TEXT, r"\}")
    text = '[{"a":1,"b":"x"},{"a":null,"b":""}]'
    assert items_of(pattern, text, 1) == ([("1", "x"), (None, "")], len(text) - 1)
    for tail in ('{"a":01,"b":""}]', '{"a":nul,"b":""}]', '{"a":2,"b":""},]', '{"a":2,"b":""}'):
        assert items_of(pattern, text[:-1] + "," + tail, 1) == ([("1", "x"), (None, "")], len(text))


def outcome(read, data):
    try:
        return read(data)
    except FormatError as error:
        return str(error)


def general(kind, data):
    value, is_canonical = parse_canonical(data)
    return kind.of(value), is_canonical


@pytest.mark.parametrize("name", KINDS)
def test_what_we_write_is_read_by_pattern(name, monkeypatch):
    kind, module, data = KINDS[name]
    rests = []

    def noted(rest):
        rests.append(rest)
        return parse_canonical(rest)

    monkeypatch.setattr(module, "parse_canonical", noted)
    assert kind.read_strictly(data) == (kind.read(data), True)
    if name == "proofs":
        assert rests == []
    else:
        [rest] = rests
        assert b'"files":[],' in rest
        assert b'"records":[],' in rest


@pytest.mark.parametrize("name", KINDS)
@given(st.data())
def test_a_change_anywhere_is_read_as_the_general_reader_does(name, data):
    kind, _, document = KINDS[name]
    at = data.draw(st.integers(0, len(document)))
    changed = (
        document[:at]
        + data.draw(st.sampled_from(PIECES))
        + document[at + data.draw(st.sampled_from([0, 1, 2, 64, 66])) :]
    )
    assert outcome(kind.read_strictly, changed) == outcome(lambda d: general(kind, d), changed)


@pytest.mark.parametrize("name", KINDS)
def test_every_piece_of_a_document_left_out_or_doubled_is_read_as_the_general_reader_does(name):
    kind, _, document = KINDS[name]
    for sign in (b",", b"{", b"}", b'"', b":", b"[", b"]"):
        parts = document.split(sign)
        for at in range(len(parts) - 1):
            for between in (b"", sign + sign, b" " + sign, sign + b" "):
                changed = sign.join(parts[: at + 1]) + between + sign.join(parts[at + 1 :])
                assert outcome(kind.read_strictly, changed) == outcome(lambda d: general(kind, d), changed), changed


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("where", "instead"),
    [
        (rb"(?<=:)\d", rb"0\g<0>"), (rb"(?<=:)\d", rb"-\g<0>"), (rb"(?<=\d)(?=[,}])", rb".0"),
        (rb"(?<=[:\[,]\")0a", rb"0A"),
        (rb"(?<=[:\[,]\")0a", rb"0"), (rb"(?<=[:\[,]\")0a", rb"0aa"), (rb"(?<=[}\"])\]", rb",]"), (rb"\},\{", rb"}{"),
        (rb'","(?=[0-9a-f]{64})', rb'""'), (rb'(?<=\[)"', rb',"'), (rb"(?<=\[)\{", rb",{"),
    ],
)  # fmt: skip
def test_one_sign_of_one_item_makes_the_difference(name, where, instead):
    kind, _, document = KINDS[name]
    for match in re.finditer(where, document):
        changed = document[: match.start()] + match.expand(instead) + document[match.end() :]
        assert outcome(kind.read_strictly, changed) == outcome(lambda d: general(kind, d), changed), changed


@pytest.mark.parametrize("name", KINDS)
def test_values_that_canonical_json_writes_otherwise_are_no_less_read(name):
    kind, _, document = KINDS[name]
    value = json.loads(document)
    for text in ("", "é", 'a "quoted" name', "back\\slash", "\x7f", "\x00", '","files":[', '"records":[{'):
        changed = canonical(with_texts(value, text))
        assert kind.read_strictly(changed) == general(kind, changed)


def with_texts(value, text):
    """The same with `text` in place of every id, path and client."""
    if isinstance(value, list):
        return [with_texts(item, text) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: text if name in {"id", "client", "native", "exhibit", "media_type"} else with_texts(inner, text)
        for name, inner in value.items()
    }


@pytest.mark.parametrize(("number", "ours"), [(2**53 - 1, True), (10**15 - 1, True), (10**15, True), (2**53, False)])
def test_whole_numbers_up_to_their_limit(number, ours):
    for kind, _, document in KINDS.values():
        changed = document.replace(b'"index":9', b'"index":%d' % number)
        assert changed != document
        found = outcome(kind.read_strictly, changed)
        assert found == outcome(lambda d, kind=kind: general(kind, d), changed)
        assert isinstance(found, tuple) is ours


@pytest.mark.parametrize("name", KINDS)
def test_a_document_over_the_limit_is_refused(name, monkeypatch):
    kind, module, document = KINDS[name]
    monkeypatch.setattr(module, "MAX_DOCUMENT_BYTES", len(document) - 1)
    monkeypatch.setattr(sys.modules["psa_evidence.format.canonical"], "MAX_DOCUMENT_BYTES", len(document) - 1)
    with pytest.raises(FormatError, match="over the limit"):
        kind.read_strictly(document)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 12])
def test_a_path_is_read_in_two_parts_as_in_one(count):
    path = (A, B) * 6
    text = ",".join(f'"{each}"' for each in path[:count])
    read = proofs._PathReader()
    assert read(text) == read(text) == path[:count]
    for at in range(66, len(text), 67):  # the commas
        with pytest.raises(FormatError, match="not a list of hashes"):
            read(f"{text[:at]};{text[at + 1 :]}")
