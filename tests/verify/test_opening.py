"""A withheld field opened later, against the pack that withholds it."""

import json
from hashlib import sha256

import pytest

from psa_evidence.format import Disclosed, FormatError, Opening, ProofFile, canonical, record_salt
from psa_evidence.verify import check_opening

TICKET = "data/natives/ticket/1042.json"
IN_PART = "data/natives/ticket/1042.disclosed.json"
SALT = record_salt(bytes(range(32)), "2026-02-01T020000Z-connectwise", 1)


@pytest.fixture
def opened(pack):
    """The pack without the ticket's summary, and the opening of it."""
    body = pack.files.pop(TICKET)
    file = ProofFile.read(pack.files["data/proofs/1.json"])
    opening = Opening.of(file, file.proofs[0], SALT, body, "summary")
    pack.files[IN_PART] = Disclosed.of("ticket", "1042", body, SALT, {"summary": "privilege"}).document()
    digest = sha256(pack.files[IN_PART]).hexdigest()
    pack.edit("data/manifest.json", lambda m: m["records"][0].update(native=IN_PART, sha256=digest))
    pack.edit("data/manifest.json", lambda m: m["counts"].update(withheld_fields=1))
    pack.edit("data/proofs/1.json", lambda p: p["proofs"][0].update(salt=None))
    pack.repair()
    assert pack.verify().verdict == "pass"
    pack.shown = Opening.of(file, file.proofs[0], SALT, body, "id").document()
    return pack, opening.document()


def test_an_opening_holds_against_its_pack(opened, tmp_path):
    pack, document = opened
    for place in (pack.write(), pack.write_zip(tmp_path / "pack.zip")):
        words = check_opening(place, document)
        assert "'summary' of ticket/1042" in words
        assert IN_PART in words
        assert "seal 1" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o["field"].update(value='"Backup fine"'), "does not lead to the record's leaf"),
        (lambda o: o["field"].update(name="title"), "does not lead to the record's leaf"),
        (lambda o: o["field"].update(value='"x","y":1'), "not one JSON value"),
        (lambda o: o["leaf"].update(id="1043"), "does not lead to the root"),
        (lambda o: o.update(seal=2), "another root or size"),
        (lambda o: o.update(seal=9), "the pack has no seal 9: the record may have changed since"),
        (lambda o: o.update(format="psa-evidence/opening/2"), "newer version"),
    ],
)
def test_a_changed_opening_is_refused_with_why(opened, change, words):
    pack, document = opened
    changed = json.loads(document)
    change(changed)
    with pytest.raises(FormatError, match=words):
        check_opening(pack.write(), canonical(changed))


def test_an_opening_of_a_record_that_the_pack_shows_whole_says_so(pack):
    file = ProofFile.read(pack.files["data/proofs/1.json"])
    document = Opening.of(file, file.proofs[0], SALT, pack.files[TICKET], "summary").document()
    with pytest.raises(FormatError, match="withholds no such field"):
        check_opening(pack.write(), document)


def test_an_opening_of_a_field_that_stands_there_in_the_open_is_none_of_a_withheld_one(opened):
    pack, _ = opened
    with pytest.raises(FormatError, match="withholds no such field"):
        check_opening(pack.write(), pack.shown)


def test_an_opening_made_for_another_tree_is_refused(opened):
    """The attacker makes a record, its leaf and a tree of his own; all lead to his root."""
    pack, _ = opened
    from psa_evidence.format import Leaf, Proof, Tree, commit

    body = b'{"id":1042,"summary":"Backup fine"}'
    leaf = Leaf("main", "ticket", "1042", *commit(SALT, body), "2026-02-01T020000Z-connectwise")
    tree = Tree([bytes(32)] + [leaf.hash()] + [bytes(32)] * 5)
    proof = Proof(leaf, 1, tuple(step.hex() for step in tree.path(1)), None)
    forged = Opening.of(ProofFile(seal=1, size=7, root=tree.root.hex(), proofs=(proof,)), proof, SALT, body, "summary")
    assert forged.problem() is None
    with pytest.raises(FormatError, match="another root"):
        check_opening(pack.write(), forged.document())


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 9000, b"\xff"])
def test_hostile_bytes_are_a_format_error(pack, data, tmp_path):
    with pytest.raises(FormatError):
        check_opening(pack.write(), data)
    with pytest.raises(FormatError):
        check_opening(tmp_path / "nothing", data)


def test_the_native_is_found_among_others_and_among_what_cannot_be_read(opened):
    pack, document = opened
    other = Disclosed.of("ticket", "1043", b'{"id":1043,"summary":"Printer"}', SALT, {"summary": "privilege"})
    pack.files |= {
        "data/natives/a/1.disclosed.json": b"{}", "data/natives/b/1043.disclosed.json": other.document(),
        "data/a.disclosed.json": pack.files[IN_PART], "data/natives/ticket/1.json": pack.files[IN_PART],
    }  # fmt: skip
    assert IN_PART in check_opening(pack.write(), document)
    pack.files[IN_PART] = b"{}"
    with pytest.raises(FormatError, match="withholds no such field"):
        check_opening(pack.write(), document)


def short(document):
    document["fields"] = document["fields"][:1]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(id="1043"),
        lambda d: d.update(kind="project-ticket"),
        lambda d: d["fields"][0].update(value="1043"),
        lambda d: d["fields"].append(d["fields"][0]),
        short,
    ],
)
def test_a_native_that_withholds_the_field_and_is_no_proved_one_of_the_record_is_passed_over(opened, change):
    """Before the record's own native lies one with the very digest of the field: of another record, or changed."""
    pack, document = opened
    other = json.loads(pack.files[IN_PART])
    change(other)
    pack.files["data/natives/a/1042.disclosed.json"] = canonical(other)
    assert f"withheld in {IN_PART} " in check_opening(pack.write(), document)
    pack.files[IN_PART] = b"{}"
    with pytest.raises(FormatError, match="withholds no such field"):
        check_opening(pack.write(), document)


def test_a_seal_of_another_capture_is_not_the_openings(opened):
    pack, document = opened
    pack.edit("seals/000001.json", lambda seal: seal.update(capture="2026-02-02T020000Z-connectwise"))
    with pytest.raises(FormatError, match="seal 1 of the pack closes another capture"):
        check_opening(pack.write(), document)


@pytest.mark.parametrize(
    ("limit", "place"),
    [
        ("psa_evidence.verify.opening.MAX_SEAL", "seals/000001.json"),
        ("psa_evidence.verify.opening.MAX_DISCLOSED", IN_PART),
    ],
)
def test_a_seal_or_native_of_the_pack_that_cannot_be_read_is_said(opened, monkeypatch, limit, place):
    pack, document = opened
    monkeypatch.setattr(limit, len(pack.files[place]))
    assert IN_PART in check_opening(pack.write(), document)
    monkeypatch.setattr(limit, len(pack.files[place]) - 1)
    with pytest.raises(FormatError, match=rf"^seal 1 of the pack, or a native: .*{len(pack.files[place]) - 1}"):
        check_opening(pack.write(), document)


def test_what_is_no_pack_and_what_is_too_large_is_refused(opened, tmp_path, monkeypatch):
    pack, document = opened
    with pytest.raises(FormatError, match=r"^the pack: "):
        check_opening(tmp_path / "nothing here.zip", document)
    monkeypatch.setattr("psa_evidence.verify.opening.MAX_OPENING", len(document))
    assert IN_PART in check_opening(pack.write(), document)
    monkeypatch.setattr("psa_evidence.verify.opening.MAX_OPENING", len(document) - 1)
    with pytest.raises(FormatError, match="too large to be an opening"):
        check_opening(pack.write(), document)
