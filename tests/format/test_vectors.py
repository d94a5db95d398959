"""The vectors in docs/format, recomputed from the text: by our code, and by a few lines that share nothing with it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from psa_evidence.format import Leaf, Manifest, ProofFile, Renewal, Seal, Tree, root_from_path

DOCS = Path(__file__).resolve().parents[2] / "docs" / "format"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}
BLOCK = re.compile(r"^```\w+ (vector|procedure)=([\w.-]+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
BLOCKS = {(kind, name): text for page in TEXTS.values() for kind, name, text in BLOCK.findall(page)}
VECTOR = {name: text for (kind, name), text in BLOCKS.items() if kind == "vector"}
RECORDS = (0, 1, 2)


def digest(data: bytes) -> bytes:
    return sha256(data).digest()


def simple_canonical(value) -> str:
    """RFC 8785 for what stands in our documents: no fractions, names in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def leaf_hashes():
    return [bytes.fromhex(VECTOR[f"leaf-hash.{n}"]) for n in RECORDS]


def test_no_vector_is_unused():
    names = {f"{kind}.{n}" for kind in ("record", "leaf", "leaf-hash", "path") for n in RECORDS}
    names |= {f"{kind}.{n}" for kind in ("seal", "seal-digest") for n in (1, 2)}
    assert VECTOR.keys() == names | {"root", "proofs", "manifest", "manifest-digest", "renewal", "renewal-digest"}


@pytest.mark.parametrize("n", RECORDS)
def test_leaves(n):
    fields = json.loads(VECTOR[f"leaf.{n}"])
    assert fields["sha256"] == digest(VECTOR[f"record.{n}"].encode()).hex()
    assert simple_canonical(fields) == VECTOR[f"leaf.{n}"]
    assert digest(b"\x00" + VECTOR[f"leaf.{n}"].encode()).hex() == VECTOR[f"leaf-hash.{n}"]
    assert fields.pop("format") == "psa-evidence/leaf/1"
    leaf = Leaf(**fields)
    assert (leaf.document().decode(), leaf.hash().hex()) == (VECTOR[f"leaf.{n}"], VECTOR[f"leaf-hash.{n}"])


def test_root_and_paths():
    a, b, c = leaf_hashes()
    assert digest(b"\x01" + digest(b"\x01" + a + b) + c).hex() == VECTOR["root"]
    tree = Tree([a, b, c])
    assert tree.root.hex() == VECTOR["root"]
    for n in RECORDS:
        assert [step.hex() for step in tree.path(n)] == VECTOR[f"path.{n}"].split("\n")


def test_the_printed_procedure_is_the_one_we_follow():
    names: dict = {"sha256": digest}
    exec(BLOCKS["procedure", "root_from_path"], names)
    printed = names["root_from_path"]
    for n, leaf in enumerate(leaf_hashes()):
        path = [bytes.fromhex(step) for step in VECTOR[f"path.{n}"].split("\n")]
        assert printed(leaf, n, 3, path).hex() == VECTOR["root"]
    for size in range(1, 40):
        leaves = [digest(bytes([n])) for n in range(size)]
        tree = Tree(leaves)
        for n in range(size):
            assert (
                printed(leaves[n], n, size, tree.path(n))
                == root_from_path(leaves[n], n, size, tree.path(n))
                == tree.root
            )
        for wrong in (tree.path(0)[:-1], (*tree.path(0), bytes(32))):
            if wrong != tree.path(0):
                with pytest.raises(ValueError):
                    printed(leaves[0], 0, size, wrong)


def test_proof_file():
    assert simple_canonical(json.loads(VECTOR["proofs"])) == VECTOR["proofs"]
    file = ProofFile.read(VECTOR["proofs"].encode())
    assert file.document().decode() == VECTOR["proofs"]
    for proof in file.proofs:
        path = [bytes.fromhex(step) for step in proof.path]
        assert root_from_path(proof.leaf.hash(), proof.index, file.size, path).hex() == file.root == VECTOR["root"]


@pytest.mark.parametrize("n", [1, 2])
def test_seals(n):
    assert simple_canonical(json.loads(VECTOR[f"seal.{n}"])) == VECTOR[f"seal.{n}"]
    assert digest(VECTOR[f"seal.{n}"].encode()).hex() == VECTOR[f"seal-digest.{n}"]
    seal = Seal.read(VECTOR[f"seal.{n}"].encode())
    assert (seal.number, seal.digest()) == (n, VECTOR[f"seal-digest.{n}"])
    assert seal.previous == (None if n == 1 else VECTOR["seal-digest.1"])


def test_manifest():
    assert simple_canonical(json.loads(VECTOR["manifest"])) == VECTOR["manifest"]
    manifest = Manifest.read(VECTOR["manifest"].encode())
    assert manifest.document().decode() == VECTOR["manifest"]
    assert digest(VECTOR["manifest"].encode()).hex() == VECTOR["manifest-digest"]
    files = {file.path: file for file in manifest.files}
    for record, n in zip(manifest.records, (0, 2), strict=True):
        assert (record.index, record.sha256) == (n, digest(VECTOR[f"record.{n}"].encode()).hex())
        assert files[record.native].sha256 == record.sha256
    assert files["data/proofs/1.json"].sha256 == digest(VECTOR["proofs"].encode()).hex()
    assert manifest.seals[0].digest == VECTOR["seal-digest.1"]


def test_renewal():
    assert simple_canonical(json.loads(VECTOR["renewal"])) == VECTOR["renewal"]
    renewal = Renewal.read(VECTOR["renewal"].encode())
    assert renewal.document().decode() == VECTOR["renewal"]
    assert digest(VECTOR["renewal"].encode()).hex() == VECTOR["renewal-digest"]
    assert renewal.sha256 == VECTOR["seal-digest.1"]


@pytest.mark.parametrize(
    ("page", "vector"),
    [
        ("leaf.md", "leaf.0"),
        ("seal.md", "seal.1"),
        ("manifest.md", "manifest"),
        ("proofs.md", "proofs"),
        ("timestamps.md", "renewal"),
    ],
)
def test_the_tables_name_every_member_of_the_document(page, vector):
    rows = set(re.findall(r"^\| `(\w+)` \|", TEXTS[page], re.MULTILINE))
    assert json.loads(VECTOR[vector]).keys() <= rows


def test_links_between_the_pages_lead_somewhere():
    for name, text in TEXTS.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (DOCS / target).exists(), f"{name} -> {target}"
