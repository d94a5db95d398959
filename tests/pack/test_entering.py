"""A pack that has its name has its entry in the custody log, whatever ended the run that made it."""

import os
import shutil
from datetime import UTC, datetime

import pytest

from psa_evidence.errors import StorageError
from psa_evidence.pack import entering
from psa_evidence.pack.entering import Statement, enter_left
from psa_evidence.pack.folder import HELD
from psa_evidence.vault import Vault
from psa_evidence.vault.layout import EXPORTS
from psa_evidence.vault.lock import Lock

LATER = datetime(2031, 1, 1, tzinfo=UTC)


class Killed(BaseException):
    pass


def exported(vault):
    return [e for e in vault.custody.read() if e["action"] == "exported"]


def statements(vault):
    return list((vault.path / EXPORTS).glob("*"))


@pytest.fixture
def ended(make, vault, monkeypatch):
    """A pack whose run ended between its name and its entry; gives its folder."""

    def run(error):
        log = Vault.log

        def ending(self, action, *args, **kwargs):
            if action == "exported":
                raise error
            log(self, action, *args, **kwargs)

        monkeypatch.setattr(Vault, "log", ending)
        with pytest.raises(type(error)):
            make(vault)
        monkeypatch.setattr(Vault, "log", log)
        assert exported(vault) == []
        [folder] = [p for p in (made_in(make, vault)).iterdir() if not p.name.startswith(".")]
        return folder

    return run


def made_in(make, vault):
    [path] = statements(vault)
    return entering.Path(entering._read(path)["bag"]).parent


def test_a_build_that_ends_well_leaves_no_statement(make, vault):
    make(vault)
    assert len(exported(vault)) == 1
    assert statements(vault) == []


@pytest.mark.parametrize("error", [Killed(), StorageError("the disk is full")], ids=["killed", "full disk"])
def test_a_pack_of_a_run_that_ended_before_its_entry_is_entered_by_the_next(make, vault, ended, error):
    folder = ended(error)
    make(vault, who="Bob", now=LATER)
    first, second = exported(vault)
    assert (first["subject"], first["who"], first["at"]) == (folder.name, "Bob", "2031-01-01T00:00:00Z")
    assert first["detail"]["entered"].startswith("later")
    assert first["detail"]["made_by"] != "Bob"
    assert first["detail"]["made_at"] < first["at"]
    assert first["detail"]["fingerprint"] == entering._fingerprint(folder)
    assert "entered" not in second["detail"]
    assert statements(vault) == []
    assert enter_left(vault, who="Bob", now=LATER) == 0


def test_a_pack_that_is_nowhere_is_not_entered_until_it_is_shown(vault, ended, tmp_path):
    folder = ended(Killed())
    moved = tmp_path / "moved away"
    folder.rename(moved)
    assert enter_left(vault, who="Bob", now=LATER) == 0
    assert len(statements(vault)) == 1
    assert enter_left(vault, who="Bob", now=LATER, pack=moved) == 1
    assert [e["subject"] for e in exported(vault)] == ["moved away"]


def test_one_that_is_entered_already_is_not_entered_twice(make, vault, monkeypatch):
    """Ended between the entry and the removal of the statement."""
    monkeypatch.setattr(Statement, "withdraw", lambda _: None)
    make(vault)
    assert len(statements(vault)) == 1
    assert enter_left(vault, who="Bob", now=LATER) == 0
    assert len(exported(vault)) == 1
    assert statements(vault) == []


def test_a_pack_that_got_no_name_is_not_entered(make, vault, monkeypatch):
    """Ended before the folder was renamed: by an error, or by force."""
    monkeypatch.setattr("psa_evidence.pack.folder._rename", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(StorageError):
        make(vault)
    assert statements(vault) == []
    bag = vault.path.parent / ".Pack.x.building"
    bag.mkdir()
    Statement.made(vault, bag, "Pack", {"fingerprint": "f"}, who="Ann", at=LATER)
    assert enter_left(vault, who="Bob", now=LATER) == 0
    assert (exported(vault), statements(vault)) == ([], [])


def test_one_that_is_being_made_is_left_alone(vault, tmp_path):
    bag = tmp_path / ".Pack.x.building"
    bag.mkdir()
    lock = Lock(bag.with_suffix(HELD))
    lock.acquire(LATER)
    Statement.made(vault, bag, "Pack", {"fingerprint": "f"}, who="Ann", at=LATER)
    shutil.rmtree(bag)
    try:
        assert enter_left(vault, who="Bob", now=LATER) == 0
        assert len(statements(vault)) == 1
    finally:
        lock.release()


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b'{"bag":"/","detail":{},"name":"x","who":"y","at":"z"}', b"{" * 99]
)
def test_what_is_no_statement_is_left_where_it_is(vault, said):
    (vault.path / EXPORTS).mkdir()
    (vault.path / EXPORTS / "x.json").write_bytes(said)
    assert enter_left(vault, who="Bob", now=LATER) == 0
    assert os.listdir(vault.path / EXPORTS) == ["x.json"]  # noqa: PTH208
