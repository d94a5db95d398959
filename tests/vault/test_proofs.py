import gzip
import json
import shutil
from dataclasses import replace

import pytest

from psa_evidence.errors import ConfigurationError, VaultError
from psa_evidence.format import Disclosed, Frontier, Opening, ProofFile, Tree, commit, root_from_path
from psa_evidence.spi import RawRecord
from psa_evidence.vault import Vault, proving
from psa_evidence.vault.nodes import Nodes, NodesWriter


def test_every_record_selected_is_proved_under_the_seal_of_its_capture(filled, kit):
    world = kit.World()
    world.tickets[4]["summary"] = "edited"
    writer = kit.begin(filled)
    kit.fill(writer, world)
    writer.finish()
    records = filled.select(connection="main", client="20")
    first, second = filled.proofs(records)
    assert [f.seal for f in (first, second)] == [1, 2]
    assert [p.leaf.id for p in second.proofs] == ["4"]
    assert len(first.proofs) + len(second.proofs) == len(records)
    seals = {s.number: s for s in filled.seals()}
    for file in (first, second):
        assert ProofFile.read(file.document()) == file
        assert (file.root, file.size) == (seals[file.seal].root, seals[file.seal].leaves)
        assert [p.index for p in file.proofs] == sorted(p.index for p in file.proofs)
        for proof in file.proofs:
            path = [bytes.fromhex(step) for step in proof.path]
            assert root_from_path(proof.leaf.hash(), proof.index, file.size, path).hex() == file.root
    by_key = {r.key: r for r in records}
    proofs = [p for f in (first, second) for p in f.proofs]
    assert len(proofs) == len(by_key)
    for proof in proofs:
        body = by_key[f"{proof.leaf.kind}/{proof.leaf.id}"].body
        assert commit(bytes.fromhex(proof.salt), body) == (proof.leaf.record, proof.leaf.fields)
    assert [(f.seal, p.index) for f in (first, second) for p in f.proofs] == sorted(filled.places(records))
    assert filled.proofs_and_places(records) == ((first, second), filled.places(records))


def test_proofs_are_the_same_where_little_of_what_was_spelt_is_remembered(filled, monkeypatch):
    records = filled.select(connection="main", client="20")
    expected = filled.proofs(records)
    assert len({step for file in expected for proof in file.proofs for step in proof.path}) > 2
    monkeypatch.setattr(proving, "_SPELT", 1)
    assert filled.proofs(records) == expected


def nodes_of(vault):
    [path] = vault.path.glob("trees/*.nodes")
    return path


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-32]),
        lambda path: path.write_bytes(bytes(len(path.read_bytes()))),
        lambda path: path.write_bytes(bytes(64) + path.read_bytes()[64:]),
    ],
    ids=["deleted", "empty", "cut", "zeros", "first nodes"],
)
def test_damaged_nodes_are_made_anew_and_never_believed(filled, damage):
    records = filled.select(connection="main", client="20")
    expected, nodes = filled.proofs(records), nodes_of(filled).read_bytes()
    damage(nodes_of(filled))
    assert filled.proofs(records) == expected
    assert nodes_of(filled).read_bytes() == nodes
    assert [p.name for p in nodes_of(filled).parent.iterdir()] == [nodes_of(filled).name]


def test_nodes_that_cannot_be_written_are_done_without(filled):
    records = filled.select(connection="main", client="20")
    expected = filled.proofs(records)
    shutil.rmtree(filled.path / "trees")
    (filled.path / "trees").write_text("in the way")
    assert filled.proofs(records) == expected


def test_a_record_list_changed_after_sealing_gives_no_proof(filled):
    records = filled.select(connection="main", client="20")
    nodes_of(filled).unlink()
    [path] = filled.path.glob("captures/*/records.jsonl.gz")
    text = gzip.decompress(path.read_bytes())
    head, sign, rest = text.partition(b'"leaf":"')
    path.write_bytes(gzip.compress(head + sign + (b"1" if rest[:1] == b"0" else b"0") + rest[1:]))
    with pytest.raises(VaultError, match="does not lead to its seal"):
        filled.proofs(records)


def test_a_record_whose_bytes_are_not_what_the_seal_commits_to_gets_no_proof(filled):
    record = filled.select(connection="main", client="20")[0]
    with pytest.raises(VaultError, match="does not lead to its seal"):
        filled.proofs([replace(record, body=record.body + b" ")])


@pytest.mark.parametrize("key", [None, bytes(32), b"short"], ids=["lost", "another", "cut"])
def test_without_the_key_of_the_salts_nothing_is_proved_or_captured(filled, kit, key):
    records = filled.select(connection="main", client="20")
    path = filled.path / "salts.key"
    path.unlink() if key is None else path.write_bytes(key)
    for ask in (lambda: filled.proofs(records), lambda: kit.begin(filled)):
        with pytest.raises(VaultError, match=r"salts\.key") as caught:
            ask()
        assert "copy" in caught.value.next_step
    assert len(list(filled.path.glob("captures/*"))) == 1


def test_two_vaults_commit_to_the_same_record_differently(filled, kit, tmp_path):
    other = Vault.create(tmp_path / "other", vault_id="test-vault")
    writer = kit.begin(other)
    kit.fill(writer)
    writer.finish()
    one, two = (v.proofs(v.select(connection="main", client="20")) for v in (filled, other))
    assert not {p.leaf.record for p in one[0].proofs} & {p.leaf.record for p in two[0].proofs}
    assert not {p.salt for p in one[0].proofs} & {p.salt for p in two[0].proofs}


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 100])
def test_a_path_read_from_the_nodes_is_that_of_the_tree(tmp_path, size):
    leaves = [bytes([n]) * 32 for n in range(size)]
    writer = NodesWriter(tmp_path / "trees" / "c.nodes")
    frontier = Frontier(writer.add)
    for leaf in leaves:
        frontier.add(leaf)
    assert writer.finish()
    tree = Tree(leaves)
    with Nodes(tmp_path / "trees" / "c.nodes", size) as nodes:
        assert [nodes.path(n) for n in range(size)] == [tree.path(n) for n in range(size)]
        with pytest.raises(ValueError, match="no such leaf"):
            nodes.path(size)


def test_a_disclosure_shows_the_rest_and_an_opening_the_field(filled):
    [ticket] = [r for r in filled.select(connection="main", client="20") if r.key == "ticket/4"]
    made = filled.disclosure(ticket, {"summary": "privilege"})
    assert b"Ticket" not in made.document
    assert json.loads(made.body) == {k: v for k, v in json.loads(ticket.body).items() if k != "summary"}
    assert made.withheld == 1
    [file] = filled.proofs([ticket], withheld=["ticket/4"])
    [proof] = file.proofs
    assert proof.salt is None
    assert Disclosed.read(made.document).root().hex() == proof.leaf.fields
    opening = Opening.read(filled.opening(ticket, "summary").document())
    assert opening.problem() is None
    assert json.loads(opening.field.value) == json.loads(ticket.body)["summary"]
    assert (opening.root, opening.size) == (filled.seals()[0].root, filled.seals()[0].leaves)
    hidden = Disclosed.read(made.document).fields[opening.position]
    assert hidden.digest == opening.field.hash().hex()


@pytest.mark.parametrize("name", ["nothing like it", "", "Summary"])
def test_a_field_that_is_not_there_is_not_withheld_or_opened_in_silence(filled, name):
    [ticket] = [r for r in filled.select(connection="main", client="20") if r.key == "ticket/4"]
    for ask in (lambda: filled.disclosure(ticket, {name: "x"}), lambda: filled.opening(ticket, name)):
        with pytest.raises(ConfigurationError, match="ticket/4"):
            ask()


def test_a_file_has_no_fields_to_withhold(filled):
    [record] = [r for r in filled.select(connection="main", client="20") if r.kind == "attachment"]
    with pytest.raises(ConfigurationError, match="attachment/9"):
        filled.disclosure(record, {"name": "x"})
    assert filled.proofs([record])[0].proofs[0].leaf.fields is None


def test_a_proof_in_a_large_tree_is_small(filled):
    """Twenty steps: what one record of a million needs."""
    [file] = filled.proofs(filled.select(connection="main", client="20")[:1])
    [proof] = file.proofs
    long = replace(file, size=1_000_000, proofs=(replace(proof, path=("0" * 64,) * 20),))
    assert len(long.document()) < 2048


def test_a_record_that_is_not_of_this_vault_is_named(filled):
    [record, *_] = filled.select(connection="main", client="20")
    fields = {name: getattr(record, name) for name in RawRecord.__slots__}
    other = RawRecord(**{**fields, "sha256": "0" * 64})
    for ask in (filled.exchange_of, lambda r: filled.proofs([r])):
        with pytest.raises(VaultError, match=record.key):
            ask(other)


def test_an_exchange_is_found_again_in_the_warc_file(filled):
    from psa_evidence.vault.warc import read_response

    for record in filled.select(connection="main", client="20"):
        ref = filled.exchange_of(record)
        data = (filled.path / ref.file).read_bytes()[ref.offset :]
        assert read_response(data).decoded()[ref.start : ref.end] == record.body
        assert ref.url.startswith("https://psa.example/api/")
        assert ref.at == record.captured_at


def test_seals_chain_and_a_changed_one_is_found(filled, kit):
    for _ in range(2):
        kit.begin(filled).finish()
    one, two, three = filled.seals()
    assert (two.previous, three.previous) == (one.digest(), two.digest())
    path = filled.path / "seals" / "000002.json"
    path.write_bytes(path.read_bytes().replace(b'"complete"', b'"partial"'))
    with pytest.raises(VaultError, match=r"seals/000003\.json"):
        filled.seals()
    path.unlink()
    with pytest.raises(VaultError, match=r"Seal 2 is missing|seals/000003"):
        filled.seals()
