import gzip

import pytest

from psa_evidence.errors import VaultError
from psa_evidence.format import ProofFile, root_from_path
from psa_evidence.spi import RawRecord


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
    shown = {(p.leaf.kind, p.leaf.id, p.leaf.sha256) for f in (first, second) for p in f.proofs}
    assert shown == {(r.kind, r.id, r.sha256) for r in records}


def test_a_record_list_changed_after_sealing_gives_no_proof(filled):
    records = filled.select(connection="main", client="20")
    [path] = filled.path.glob("captures/*/records.jsonl.gz")
    text = gzip.decompress(path.read_bytes())
    assert text.count(b'"id":"4"') == 1
    path.write_bytes(gzip.compress(text.replace(b'"id":"4"', b'"id":"8"')))
    with pytest.raises(VaultError, match="does not lead to its seal"):
        filled.proofs(records)


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
    path.write_bytes(path.read_bytes().replace(b'"leaves":0', b'"leaves":1'))
    with pytest.raises(VaultError, match=r"seals/000003\.json"):
        filled.seals()
    path.unlink()
    with pytest.raises(VaultError, match=r"Seal 2 is missing|seals/000003"):
        filled.seals()
