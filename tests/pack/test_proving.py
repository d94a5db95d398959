"""Proofs of many records are written by a process of their own: the same files, and the same failures."""

import weakref

import pytest

from psa_evidence.errors import VaultError
from psa_evidence.pack import proving as module
from psa_evidence.pack.proving import FOLDER, proving


@pytest.fixture(params=["here", "beside"])
def where(request, monkeypatch):
    if request.param == "beside":
        monkeypatch.setattr(module, "MANY", 0)
        monkeypatch.setattr(module, "write_proofs", _not_here)


def _not_here(*_asked, **_named):
    raise AssertionError("records were to be proved by another process")


def _records(vault):
    return vault.select(connection="demo", client="10")


def test_what_is_written_is_what_the_vault_proves(where, vault, tmp_path):
    records = _records(vault)
    in_part = {0}
    with proving(vault, records, in_part, tmp_path) as proved:
        places = proved()
    files, meant = vault.proofs_and_places(records, in_part=in_part)
    assert places == meant
    written = {path.name: path.read_bytes() for path in (tmp_path / FOLDER).iterdir()}
    assert written == {f"{file.seal:06d}.json": file.document() for file in files}
    assert any(proof.salt is None for file in files for proof in file.proofs)


class Listed(list):
    """Of which can be told whether anybody still holds it."""


def test_records_are_not_held_until_the_block_ends(where, vault, tmp_path):
    records = Listed(_records(vault))
    held = weakref.ref(records)
    with proving(vault, records, (), tmp_path) as proved:
        del records
        proved()
        assert held() is None


def test_a_vault_that_was_changed_stops_it(where, vault, tmp_path):
    records = _records(vault)
    (vault.path / "salts.key").write_bytes(bytes(32))
    with pytest.raises(VaultError, match=r"salts\.key cannot be used"), proving(vault, records, (), tmp_path) as proved:
        proved()


def test_much_is_not_handed_to_a_process(vault, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MANY", 0)
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    monkeypatch.setattr(module, "ProcessPoolExecutor", _not_here)
    with proving(vault, _records(vault), (), tmp_path) as proved:
        assert proved()


def test_a_process_that_proves_loads_no_room_but_the_vault_s():
    for asked in (module.begin, module.write_proofs_of):
        assert asked.__module__.startswith("psa_evidence.vault.")
