"""Leaf, proofs, seal and manifest: round trips, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import (
    FormatError,
    Leaf,
    LogHead,
    Manifest,
    ManifestFile,
    ManifestRecord,
    ManifestSeal,
    Proof,
    ProofFile,
    Renewal,
    Seal,
    SealedConnector,
    SealedFile,
    Witness,
    WitnessRenewal,
    WitnessToken,
    canonical,
    leaf_hash,
    sha256,
)
from psa_evidence.format.proofs import PROOFS_FORMAT
from psa_evidence.format.witness import chain_path, renewal_path, token_path

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGEST = st.binary(min_size=32, max_size=32).map(bytes.hex)
WHOLE = st.integers(0, 2**53 - 1)
LEAF = st.builds(Leaf, TEXT, TEXT, TEXT, DIGEST, st.none() | DIGEST, TEXT)
COUNTS = st.dictionaries(TEXT, st.integers(0, 2**40), max_size=3)
HEAD = st.just(LogHead(0, None)) | st.builds(LogHead, st.integers(1, 2**53 - 1), DIGEST)
LOGS = st.fixed_dictionaries({"custody": HEAD, "holds": HEAD})
SEAL = st.builds(
    Seal, number=WHOLE, vault=TEXT, capture=TEXT, state=TEXT, sealed_at=TEXT, software=TEXT, leaves=st.just(0),
    root=DIGEST, files=st.lists(st.builds(SealedFile, TEXT, DIGEST, WHOLE), max_size=3).map(tuple),
    previous=st.none() | DIGEST, connector=st.builds(SealedConnector, TEXT, TEXT), counts=COUNTS, logs=LOGS,
    clock_offset_ms=st.none() | st.integers(-(2**53) + 1, 2**53 - 1),
).map(lambda seal: replace(seal, leaves=sum(seal.counts.values())))  # fmt: skip
PROOFS = st.builds(
    ProofFile, seal=WHOLE, size=WHOLE, root=DIGEST,
    proofs=st.lists(
        st.builds(Proof, LEAF, WHOLE, st.lists(DIGEST, max_size=3).map(tuple), st.none() | DIGEST), max_size=3
    ).map(tuple),
)  # fmt: skip
TOKEN = st.builds(WitnessToken, WHOLE, TEXT, TEXT, DIGEST, TEXT)
TOKENS = st.lists(TOKEN, max_size=2).map(tuple)
WITNESS = st.builds(
    Witness, TOKENS, st.lists(st.builds(WitnessRenewal, WHOLE, WHOLE, TEXT, DIGEST, TOKENS), max_size=1).map(tuple),
    st.lists(WHOLE, max_size=2).map(tuple),
)  # fmt: skip
RENEWAL = st.builds(
    Renewal, WHOLE, WHOLE, DIGEST, st.lists(st.tuples(TEXT, DIGEST), max_size=3).map(tuple)
)  # fmt: skip
MANIFEST = st.builds(
    Manifest, matter=TEXT, client=TEXT, copy=TEXT, as_of=TEXT, software=TEXT, vault=TEXT, witness=WITNESS,
    counts=st.dictionaries(TEXT, WHOLE, max_size=3), pdfs=st.lists(TEXT, max_size=2).map(tuple),
    files=st.lists(st.builds(ManifestFile, TEXT, DIGEST, WHOLE, TEXT), max_size=2).map(tuple),
    records=st.lists(
        st.builds(ManifestRecord, TEXT, TEXT, TEXT, DIGEST, WHOLE, WHOLE, st.none() | TEXT), max_size=2
    ).map(tuple),
    seals=st.lists(st.builds(ManifestSeal, WHOLE, TEXT, DIGEST), max_size=2).map(tuple),
)  # fmt: skip
ZERO = "0" * 64
ONE = "1" * 64
LEAF_1 = Leaf("main", "ticket", "1042", ZERO, ONE, "c1")
TOKEN_1 = WitnessToken(1, "demo", "seals/000001.demo.tsr", ZERO, "t")
WITNESS_1 = Witness((TOKEN_1,), (WitnessRenewal(1, 1, "seals/000001.renewal-1.json", ONE, (TOKEN_1,)),), (2,))
SAMPLES = [
    (Seal, Seal(number=2, vault="v", capture="c", state="complete", sealed_at="t", software="s", leaves=1, root=ZERO,
                files=(SealedFile("captures/c/records.jsonl.gz", ONE, 3),), previous=ONE,
                connector=SealedConnector("n", "1"), clock_offset_ms=-4, counts={"ticket": 1},
                logs={"custody": LogHead(2, ONE), "holds": LogHead(1, ZERO)})),
    (ProofFile, ProofFile(seal=1, size=2, root=ZERO, proofs=(Proof(LEAF_1, 0, (ONE,), ZERO),))),
    (Manifest, Manifest(
        matter="m", client="c", copy="p", as_of="t", software="s", vault="v", witness=WITNESS_1,
        counts={"natives": 1}, pdfs=("data/x.pdf",), files=(ManifestFile("data/a", ZERO, 1, "text/csv"),),
        records=(ManifestRecord("ticket", "1", "data/natives/ticket/1.json", ZERO, 1, 0, None),),
        seals=(ManifestSeal(1, "seals/000001.json", ONE),))),
    (Renewal, Renewal(1, 1, ZERO, (("seals/000001.demo.tsr", ONE),))),
]  # fmt: skip


@given(SEAL)
def test_a_seal_reads_back(seal):
    assert Seal.read(seal.document()) == seal
    assert seal.digest() == sha256(seal.document())


@given(PROOFS)
def test_a_proof_file_reads_back(proofs):
    assert ProofFile.read(proofs.document()) == proofs


@given(RENEWAL)
def test_a_renewal_reads_back(renewal):
    assert Renewal.read(renewal.document()) == renewal


@given(MANIFEST)
def test_a_manifest_reads_back(manifest):
    assert Manifest.read(manifest.document()) == manifest


@given(LEAF, LEAF)
def test_different_leaves_have_different_documents(one, two):
    assert (one.document() == two.document()) == (one == two)
    assert one.hash() == leaf_hash(one.document())


@pytest.mark.parametrize("name", ["connection", "kind", "id", "record", "fields", "capture"])
def test_every_field_of_a_leaf_is_in_its_hash(name):
    assert replace(LEAF_1, **{name: "2" * 64}).hash() != LEAF_1.hash()


def test_a_leaf_names_its_format():
    assert json.loads(LEAF_1.document())["format"] == "psa-evidence/leaf/2"


def walk(value, path=()):
    """Paths of every object, and of every member, in a JSON value."""
    if isinstance(value, dict):
        yield path
        for name, inner in value.items():
            yield from walk(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*path, number))


def at(value, path):
    for step in path:
        value = value[step]
    return value


MEMBERS = [
    (kind, path, name)
    for kind, sample in SAMPLES
    for path in walk(json.loads(sample.document()))
    if path not in {("counts",), ("counts", "ticket")}
    for name in at(json.loads(sample.document()), path)
]


WRONG = (..., [], {}, True, -1, 0.5, 2**53, "x\n" * 40)


def allowed(name, right, wrong):
    """Texts may say anything but where a digest or the format is wanted; lists may be empty."""
    if isinstance(wrong, str):
        return name == "exhibit" or (isinstance(right, str) and len(right) != 64 and name != "format")
    return wrong in ([], {}) and type(wrong) is type(right)


@pytest.mark.parametrize(("kind", "path", "name"), MEMBERS)
def test_a_missing_or_wrong_member_is_refused_wherever_it_stands(kind, path, name):
    sample = dict(SAMPLES)[kind].document()
    for wrong in WRONG:
        document = json.loads(sample)
        here = at(document, path)
        if wrong is ...:
            del here[name]
        elif allowed(name, here[name], wrong):
            continue
        else:
            here[name] = wrong
        with pytest.raises(FormatError):
            kind.read(json.dumps(document).encode())


@pytest.mark.parametrize(("kind", "path"), sorted({(kind, path) for kind, path, _ in MEMBERS}, key=repr))
def test_an_unknown_member_is_refused_wherever_it_stands(kind, path):
    document = json.loads(dict(SAMPLES)[kind].document())
    at(document, path)["verified"] = True
    with pytest.raises(FormatError, match="verified"):
        kind.read(canonical(document))


@pytest.mark.parametrize(("kind", "sample"), SAMPLES)
def test_a_newer_format_is_refused_and_said_to_be_newer(kind, sample):
    data = sample.document()
    newer = re.sub(rb'"psa-evidence/(seal|proofs|manifest|renewal)/\d+"', rb'"psa-evidence/\1/99"', data, count=1)
    assert newer != data
    with pytest.raises(FormatError, match="newer version"):
        kind.read(newer)


@pytest.mark.parametrize("kind", [kind for kind, _ in SAMPLES])
@pytest.mark.parametrize("data", [b"", b"null", b"[]", b'"seal"', b"{}", b'{"format":"psa-evidence/seal/2"}'])
def test_another_kind_of_value_is_refused(kind, data):
    with pytest.raises(FormatError):
        kind.read(data)


def test_a_seal_not_in_canonical_form_is_refused():
    data = SAMPLES[0][1].document()
    for loose in (data + b"\n", data.replace(b'"leaves":1', b'"leaves": 1'), data.replace(b'"v"', b'"\\u0076"')):
        with pytest.raises(FormatError, match="canonical"):
            Seal.read(loose)


def test_a_seal_whose_counts_do_not_add_up_is_refused():
    with pytest.raises(FormatError, match="do not add up"):
        Seal.read(replace(SAMPLES[0][1], counts={"ticket": 2}).document())


@pytest.mark.parametrize("head", [LogHead(0, ONE), LogHead(3, None)])
def test_a_log_has_a_digest_when_it_has_entries_and_only_then(head):
    with pytest.raises(FormatError, match="head of custody"):
        Seal.read(replace(SAMPLES[0][1], logs={"custody": head, "holds": LogHead(0, None)}).document())


def test_a_renewal_not_in_canonical_form_is_refused():
    data = SAMPLES[3][1].document()
    for loose in (data + b"\n", data.replace(b'"seal":1', b'"seal": 1')):
        with pytest.raises(FormatError, match="canonical"):
            Renewal.read(loose)


def test_what_is_on_the_time_of_a_seal_lies_where_the_format_says():
    assert token_path(7, "a") == "seals/000007.a.tsr"
    assert token_path(7, "a", 2) == "seals/000007.renewal-2.a.tsr"
    assert renewal_path(7, 2) == "seals/000007.renewal-2.json"
    assert chain_path("a") == "seals/authorities/a.pem"


def test_all_tokens_are_those_of_seals_and_of_renewals():
    other = replace(TOKEN_1, authority="other")
    renewed = replace(WITNESS_1.renewals[0], tokens=(other,))
    assert replace(WITNESS_1, renewals=(renewed,)).all_tokens == (TOKEN_1, other)


@pytest.mark.parametrize("digest", ["A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n", "g" * 64, 0, None])
def test_only_lower_case_sha256_is_a_digest(digest):
    document = json.loads(SAMPLES[0][1].document())
    document["root"] = digest
    with pytest.raises(FormatError):
        Seal.read(canonical(document))


@given(st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["format", "proofs", "root", "seal", "size", "files", "records", "number"]) | TEXT, inner, max_size=5),
).map(canonical))  # fmt: skip
def test_any_bytes_give_a_format_error_and_nothing_else(data):
    for kind, _ in SAMPLES:
        with pytest.raises(FormatError):
            kind.read(data)


@given(LEAF)
def test_a_leaf_is_canonical_json(leaf):
    members = {name: getattr(leaf, name) for name in ("capture", "connection", "fields", "id", "kind", "record")}
    assert leaf.document() == canonical({**members, "format": "psa-evidence/leaf/2"})


def test_a_leaf_that_is_not_unicode_is_refused():
    with pytest.raises(FormatError):
        replace(LEAF_1, id="\ud800").document()


@pytest.mark.parametrize(
    "path",
    [f"{ZERO}", [ZERO, 1], [None], [f"{ZERO},{ONE}"], [f"{ZERO},{ONE}", ""], [ZERO, ""], [ZERO[:-1] + "G"],
     [ZERO.replace("0", "A")], [ZERO + ",", ZERO[:-1]], [ZERO + "\n"], ["", ""], [[ZERO]]],
)  # fmt: skip
def test_a_path_of_anything_but_digests_is_refused(path):
    value = {"leaf": json.loads(canonical({n: getattr(LEAF_1, n) for n in LEAF_1.__slots__})), "index": 0,
             "path": path, "salt": None}  # fmt: skip
    with pytest.raises(FormatError):
        Proof.of(value)
    assert Proof.of({**value, "path": [ZERO, ONE]}).path == (ZERO, ONE)


@pytest.mark.parametrize("id_", ["1", 'quote " and \\', "line\nend\u2028\x00\x7f", "Zürich 你好 😀"])
@pytest.mark.parametrize("salt", [None, "c" * 64])
def test_a_proof_is_written_as_canonical_json(id_, salt):
    leaf = Leaf("main", "ticket", id_, "a" * 64, salt, "20260101T000000Z-x")
    proof = Proof(leaf, 7, ("d" * 64, "e" * 64), salt)
    file = ProofFile(seal=1, size=9, root="f" * 64, proofs=(proof, proof))
    members = {name: getattr(leaf, name) for name in ("capture", "connection", "fields", "id", "kind", "record")}
    meant = {"index": 7, "leaf": members, "path": ["d" * 64, "e" * 64], "salt": salt}
    whole = {"format": PROOFS_FORMAT, "proofs": [meant, meant], "root": "f" * 64, "seal": 1, "size": 9}
    assert file.document() == canonical(whole)


def test_a_proof_of_half_a_character_cannot_be_written():
    leaf = Leaf("main", "ticket", "\ud83d", "a" * 64, None, "x")
    with pytest.raises(FormatError):
        Proof(leaf, 0, (), None).canonical()
