"""The vectors in docs/format, recomputed from the text: by our code, and by the printed procedures, which share nothing
with it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from psa_evidence.format import (
    Disclosed,
    Leaf,
    Manifest,
    Opening,
    ProofFile,
    Renewal,
    Seal,
    Tree,
    commit,
    members,
    record_salt,
    root_from_path,
)
from psa_evidence.format.commitment import field_hashes, field_salt
from psa_evidence.format.log import entry_digest, link

DOCS = Path(__file__).resolve().parents[2] / "docs" / "format"
RECORDS = (0, 1, 2, 3, 4)
LOG = {"log-entry", "log-link", "log-digest"}


def digest(data: bytes) -> bytes:
    return sha256(data).digest()


def simple_canonical(value) -> str:
    """RFC 8785 for what stands in our documents: no fractions, names in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def lines(vector, name):
    return [bytes.fromhex(line) for line in vector[name].split("\n")]


def leaf_hashes(vector):
    return [bytes.fromhex(vector[f"leaf-hash.{n}"]) for n in RECORDS]


def test_no_vector_is_unused(vector):
    names = {f"{kind}.{n}" for kind in ("record", "salt", "leaf", "leaf-hash", "path") for n in RECORDS}
    names |= {f"{kind}.{n}" for kind in ("seal", "seal-digest") for n in (1, 2)}
    names |= {"key", "fields.0", "disclosed.0", "opening.0"}
    assert vector.keys() == names | {"root", "proofs", "manifest", "manifest-digest", "renewal", "renewal-digest"} | LOG


def test_an_entry_of_a_log(vector):
    line = vector["log-entry"].encode()
    entry = json.loads(line)
    assert entry["salt"] == record_salt(bytes.fromhex(vector["key"]), "custody.jsonl", 1).hex()
    wanted = {"entry": sha256(line).hexdigest(), "number": 1, "previous": None}
    assert link(line, entry).decode() == vector["log-link"] == simple_canonical(wanted)
    assert entry_digest(line, entry) == vector["log-digest"] == sha256(vector["log-link"].encode()).hexdigest()
    del entry["salt"]
    assert entry_digest(line, entry) == sha256(line).hexdigest()


@pytest.mark.parametrize("n", RECORDS)
def test_leaves(vector, printed, n):
    key, body = bytes.fromhex(vector["key"]), vector[f"record.{n}"].encode()
    fields = json.loads(vector[f"leaf.{n}"])
    salt = printed.record_salt(key, fields["capture"], n)
    assert salt.hex() == vector[f"salt.{n}"]
    assert record_salt(key, fields["capture"], n) == salt
    assert printed.commit(salt, body) == commit(salt, body) == (fields["record"], fields["fields"])
    assert (fields["fields"] is None) == (n == 3)
    assert simple_canonical(fields) == vector[f"leaf.{n}"]
    assert digest(b"\x00" + vector[f"leaf.{n}"].encode()).hex() == vector[f"leaf-hash.{n}"]
    assert fields.pop("format") == "psa-evidence/leaf/2"
    leaf = Leaf(**fields)
    assert (leaf.document().decode(), leaf.hash().hex()) == (vector[f"leaf.{n}"], vector[f"leaf-hash.{n}"])


def test_fields(vector, printed):
    salt, body = bytes.fromhex(vector["salt.0"]), vector["record.0"].encode()
    hashes = field_hashes(salt, body, members(body))
    rows = [line.split(" ") for line in vector["fields.0"].split("\n")]
    assert [row[0] for row in rows] == list(json.loads(body))
    for number, (_, own, hashed) in enumerate(rows):
        assert own == field_salt(salt, number).hex() == printed.field_salt(salt, number).hex()
        assert hashed == hashes[number].hex()


def test_a_record_in_part(vector, printed):
    leaf = json.loads(vector["leaf.0"])
    document = json.loads(vector["disclosed.0"])
    printed.check_disclosed(document, leaf)
    salt, body = bytes.fromhex(vector["salt.0"]), vector["record.0"].encode()
    made = Disclosed.of("ticket", "1042", body, salt, {"internalNotes": "not relevant: rates"})
    assert made.document().decode() == vector["disclosed.0"] == simple_canonical(document)
    for name, wrong in (("value", "1043"), ("name", "ID"), ("salt", "0" * 64), ("value", '1,"x":2')):
        changed = json.loads(vector["disclosed.0"])
        changed["fields"][0][name] = wrong
        with pytest.raises(ValueError, match=r"leaf|unpack|JSON"):
            printed.check_disclosed(changed, leaf)


def test_a_field_opened(vector, printed):
    opening, seal = json.loads(vector["opening.0"]), json.loads(vector["seal.1"])
    printed.check_opening(opening, seal)
    made = Opening.read(vector["opening.0"].encode())
    assert made.problem() is None
    assert made.document().decode() == vector["opening.0"]
    assert made.field.hash().hex() == json.loads(vector["disclosed.0"])["fields"][made.position]["hash"]
    for name, wrong in (("position", 1), ("index", 1), ("seal", 2), ("size", 4)):
        with pytest.raises(ValueError):
            printed.check_opening({**opening, name: wrong}, seal)


def test_root_and_paths(vector):
    a, b, c, d, e = leaf_hashes(vector)
    ab, cd = digest(b"\x01" + a + b), digest(b"\x01" + c + d)
    assert digest(b"\x01" + digest(b"\x01" + ab + cd) + e).hex() == vector["root"]
    tree = Tree([a, b, c, d, e])
    assert tree.root.hex() == vector["root"]
    for n in RECORDS:
        assert [step.hex() for step in tree.path(n)] == vector[f"path.{n}"].split("\n")


def test_the_printed_procedure_is_the_one_we_follow(vector, printed):
    for n, leaf in enumerate(leaf_hashes(vector)):
        assert printed.root_from_path(leaf, n, 5, lines(vector, f"path.{n}")).hex() == vector["root"]
    for size in range(1, 40):
        leaves = [digest(bytes([n])) for n in range(size)]
        tree = Tree(leaves)
        assert printed.tree_head(leaves) == tree.root
        for n in range(size):
            assert (
                printed.root_from_path(leaves[n], n, size, tree.path(n))
                == root_from_path(leaves[n], n, size, tree.path(n))
                == tree.root
            )
        for wrong in (tree.path(0)[:-1], (*tree.path(0), bytes(32))):
            if wrong != tree.path(0):
                with pytest.raises(ValueError):
                    printed.root_from_path(leaves[0], 0, size, wrong)


def test_proof_file(vector, printed):
    assert simple_canonical(json.loads(vector["proofs"])) == vector["proofs"]
    file = ProofFile.read(vector["proofs"].encode())
    assert file.document().decode() == vector["proofs"]
    for proof in file.proofs:
        path = [bytes.fromhex(step) for step in proof.path]
        assert root_from_path(proof.leaf.hash(), proof.index, file.size, path).hex() == file.root == vector["root"]
    in_part, whole = json.loads(vector["proofs"])["proofs"]
    assert in_part["salt"] is None
    printed.check_whole(vector["record.2"].encode(), whole["salt"], whole["leaf"])
    with pytest.raises(ValueError, match="not the record"):
        printed.check_whole(vector["record.2"].encode() + b" ", whole["salt"], whole["leaf"])


@pytest.mark.parametrize("n", [1, 2])
def test_seals(vector, n):
    assert simple_canonical(json.loads(vector[f"seal.{n}"])) == vector[f"seal.{n}"]
    assert digest(vector[f"seal.{n}"].encode()).hex() == vector[f"seal-digest.{n}"]
    seal = Seal.read(vector[f"seal.{n}"].encode())
    assert (seal.number, seal.digest()) == (n, vector[f"seal-digest.{n}"])
    assert seal.previous == (None if n == 1 else vector["seal-digest.1"])
    assert sum(seal.counts.values()) == seal.leaves


def test_manifest(vector):
    assert simple_canonical(json.loads(vector["manifest"])) == vector["manifest"]
    manifest = Manifest.read(vector["manifest"].encode())
    assert manifest.document().decode() == vector["manifest"]
    assert digest(vector["manifest"].encode()).hex() == vector["manifest-digest"]
    files = {file.path: file for file in manifest.files}
    natives = ((0, vector["disclosed.0"]), (2, vector["record.2"]))
    for record, (n, native) in zip(manifest.records, natives, strict=True):
        assert (record.index, record.sha256) == (n, digest(native.encode()).hex())
        assert (files[record.native].sha256, files[record.native].size) == (record.sha256, len(native.encode()))
    assert files["data/proofs/1.json"].sha256 == digest(vector["proofs"].encode()).hex()
    assert manifest.seals[0].digest == vector["seal-digest.1"]
    assert digest(vector["record.0"].encode()).hex() not in vector["manifest"]


def test_renewal(vector):
    assert simple_canonical(json.loads(vector["renewal"])) == vector["renewal"]
    renewal = Renewal.read(vector["renewal"].encode())
    assert renewal.document().decode() == vector["renewal"]
    assert digest(vector["renewal"].encode()).hex() == vector["renewal-digest"]
    assert renewal.sha256 == vector["seal-digest.1"]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("leaf.md", "leaf.0"), ("seal.md", "seal.1"), ("manifest.md", "manifest"), ("proofs.md", "proofs"),
        ("disclosed.md", "disclosed.0"), ("disclosed.md", "opening.0"), ("timestamps.md", "renewal"),
    ],
)  # fmt: skip
def test_the_tables_name_every_member_of_the_document(pages, vector, page, name):
    rows = set(re.findall(r"^\| `(\w+)` \|", pages[page], re.MULTILINE))
    assert json.loads(vector[name]).keys() <= rows


def test_links_between_the_pages_lead_somewhere(pages):
    for name, text in pages.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (DOCS / target).exists(), f"{name} -> {target}"


def test_the_list_of_pages_states_the_version_that_each_page_states(pages):
    headings = {name: re.match(r"# .*", text)[0] for name, text in pages.items() if name != "README.md"}
    for name, versions in re.findall(r"^\| \[(.+\.md)\].*\| (.+) \|$", pages["README.md"], re.MULTILINE):
        for stated in re.findall(r"`(.+?)`", versions) or [f"version {versions}"]:
            assert stated in headings[name], name
    assert len(headings) == len(re.findall(r"^\| \[", pages["README.md"], re.MULTILINE))
