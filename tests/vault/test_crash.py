"""The process is killed before every step that makes something durable, with what was not yet on the disk kept, torn
or lost. Then the vault is opened again: every record whose `keep` returned is there, every seal is true, and a second
run brings the vault to where an undisturbed one would have it."""

import errno
import gzip
import hashlib
import io
import os
import shutil
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from psa_evidence.errors import StorageError, VaultError
from psa_evidence.format import root_of
from psa_evidence.vault import Disk, Vault
from psa_evidence.vault.durable import TEMPORARY
from psa_evidence.vault.leaves import leaf_hashes

EVERYTHING = 11
"""Records of the small world."""


WORTH = {
    "kept": {"write", "sync", "replace", "folder"},
    "torn": {"write"},
    "lost": {"write", "sync"},
}
"""Steps before which a death can leave something that the other fates do not."""


class Killed(BaseException):
    pass


class DyingDisk(Disk):
    """Dies before step `at`. Of appends that were not synced, the disk has afterwards: all, half or nothing."""

    def __init__(self, at=None, fate="kept"):
        super().__init__(self.step)
        self.at, self.fate, self.count, self.dead = at, fate, 0, False
        self.synced, self.names = {}, []

    def step(self, name, path):
        if self.dead or self.count == self.at:
            self.die()
            raise Killed
        self.count += 1
        self.names.append(f"{name} {path.name}")
        for file in (path, path.with_name(path.name + TEMPORARY)):
            if name == "sync" and file in self.synced:
                self.synced[file] = file.stat().st_size

    def put(self, file, data, path):
        self.synced.setdefault(Path(file.name), os.fstat(file.fileno()).st_size)
        if not self.dead and self.count == self.at and self.fate == "torn":
            file.write(data[: len(data) // 2])
        super().put(file, data, path)

    def die(self):
        if not self.dead and self.fate == "lost":
            for path, size in self.synced.items():
                if path.exists() and path.stat().st_size > size:
                    os.truncate(path, size)
        self.dead = True


def run(vault, kit, acknowledged=None):
    """One capture that skips what is done. The keys whose `keep` returned are added to `acknowledged`."""
    acknowledged = set() if acknowledged is None else acknowledged
    writer = kit.begin(vault)
    try:
        for page, seen, unit, basis in small(kit).exchanges():
            if unit is None or not writer.done(unit, basis):
                writer.keep(page, seen, unit=unit, basis=basis)
                acknowledged.update(f"{s.kind}/{s.id}" for s in seen)
    except BaseException:
        writer._let_go()  # locks and handles go with the process
        raise
    writer.finish()


def small(kit):
    """One ticket of each client: every kind of step, few of each."""
    return kit.World(numbers=(1, 4))


def check_seals(vault):
    """Each seal is recomputed from the files it names."""
    sealed = vault.seals()
    assert [s.capture for s in sealed] == [c.id for c in vault.captures()]
    for seal, info in zip(sealed, vault.captures(), strict=True):
        for file in seal.files:
            data = (vault.path / file.path).read_bytes()
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (file.sha256, file.size), file.path
        folder = vault.path / "captures" / seal.capture
        leaves = [leaf for _, leaf in leaf_hashes(folder / "records.jsonl.gz")]
        assert (root_of(leaves).hex(), len(leaves)) == (seal.root, seal.leaves)
        assert (seal.state, info.records) == (info.state, seal.leaves)
        names = {p.name for p in folder.iterdir() if not p.name.endswith(TEMPORARY)}
        assert names == {f.path.rpartition("/")[2] for f in seal.files}
        for path in folder.glob("exchanges-*.gz"):
            for record in ArchiveIterator(io.BytesIO(path.read_bytes()), check_digests="raise"):
                record.raw_stream.read()
        gzip.decompress((folder / "records.jsonl.gz").read_bytes())


def content(vault):
    found = {}
    for client in ("10", "20"):
        for record in vault.select(connection="main", client=client):
            found[record.key] = (record.sha256, record.body, record.client, record.parent)
    return found


def killed_run(path, kit, disk):
    """The keys that were acknowledged before the process was killed; fails when it was not."""
    acknowledged = set()
    with pytest.raises(Killed):
        run(Vault.open(path, clock=kit.Ticking(), disk=disk), kit, acknowledged)
    return acknowledged


@pytest.fixture(autouse=True)
def _no_real_sync(monkeypatch):
    """DyingDisk keeps account of what was synced; waiting for the real disk would prove nothing more."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def undisturbed(tmp_path, kit):
    vault = Vault.create(tmp_path / "undisturbed", vault_id="test-vault")
    disk = DyingDisk()
    run(Vault.open(vault.path, disk=disk), kit)
    return content(vault), disk


@pytest.mark.parametrize("fate", ["kept", "torn", "lost"])
def test_killed_at_any_step_of_capture_and_seal(tmp_path, kit, undisturbed, fate):
    expected, whole = undisturbed
    assert whole.count > 35
    assert {n.split()[0] for n in whole.names} == {"write", "sync", "replace", "folder"}
    Vault.create(tmp_path / "empty", vault_id="test-vault")
    for at in [i for i, name in enumerate(whole.names) if name.split()[0] in WORTH[fate]]:
        path = tmp_path / str(at)
        shutil.copytree(tmp_path / "empty", path)
        acknowledged = killed_run(path, kit, DyingDisk(at, fate))
        vault = Vault.open(path, clock=kit.Ticking())
        check_seals(vault)
        found = content(vault)
        assert acknowledged <= found.keys(), (at, whole.names[at])
        assert all(found[key] == expected[key] for key in found), (at, whole.names[at])
        actions = [(e["action"], e["subject"]) for e in vault.custody.read()]
        assert actions == [(a, c.id) for c in vault.captures() for a in ("captured", "sealed")]
        run(vault, kit)
        check_seals(vault)
        assert content(vault) == expected
        assert vault.captures()[-1].state == "complete"
        if at % 9 == 0:
            before = {p: p.read_bytes() for p in (vault.path / "captures").rglob("*") if p.is_file()}
            vault.reindex()
            assert content(vault) == expected
            assert before == {p: p.read_bytes() for p in (vault.path / "captures").rglob("*") if p.is_file()}
        shutil.rmtree(path)


@pytest.mark.parametrize("fate", ["kept", "torn", "lost"])
def test_killed_again_at_any_step_of_the_recovery(tmp_path, kit, undisturbed, fate):
    expected, whole = undisturbed
    at = next(i for i, name in enumerate(whole.names) if name == "write records.jsonl.gz" and i > whole.count // 2)
    Vault.create(tmp_path / "empty", vault_id="test-vault")
    shutil.copytree(tmp_path / "empty", tmp_path / "killed")
    acknowledged = killed_run(tmp_path / "killed", kit, DyingDisk(at, fate))
    for again in range(100):
        path = tmp_path / str(again)
        shutil.copytree(tmp_path / "killed", path)
        second = DyingDisk(again, fate)
        try:
            Vault.open(path, clock=kit.Ticking(), disk=second)
        except Killed:
            pass
        else:
            break
        vault = Vault.open(path, clock=kit.Ticking())
        check_seals(vault)
        assert acknowledged <= content(vault).keys()
        assert len(vault.captures()) == 1
        run(vault, kit)
        assert content(vault) == expected
    assert 5 < again < 99


@pytest.mark.parametrize("where", ["exchanges-000.warc.gz", "records.jsonl.gz", "capture.json", "000001.json"])
def test_a_full_disk_is_said_and_loses_nothing(tmp_path, kit, where):
    """The disk is full from some write on, and stays full until room is made."""
    path = tmp_path / "vault"
    Vault.create(path, vault_id="v")
    seen = {"writes": 0, "full": False}

    def before(step, file):
        seen["writes"] += step == "write" and file.name == where
        if seen["writes"] > (3 if where.endswith("gz") else 0):
            seen["full"] = True
        if seen["full"] and step == "write":
            raise OSError(errno.ENOSPC, "No space left on device")

    acknowledged = set()
    with pytest.raises(StorageError) as caught:
        run(Vault.open(path, disk=Disk(before)), kit, acknowledged)
    assert "full" in caught.value.what
    assert caught.value.next_step
    vault = Vault.open(path, clock=kit.Ticking())
    check_seals(vault)
    assert acknowledged <= content(vault).keys()
    assert len(vault.captures()) == 1
    run(vault, kit)
    assert len(content(vault)) == EVERYTHING


def test_a_capture_that_cannot_be_sealed_for_want_of_room_does_not_keep_the_sealed_ones_from_being_read(tmp_path, kit):
    path = tmp_path / "vault"
    Vault.create(path, vault_id="v")
    run(Vault.open(path, clock=kit.Ticking()), kit)
    killed_run(path, kit, DyingDisk(25))

    def full(step, _file):
        if step == "write":
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Vault.open(path, disk=Disk(full))
    assert opened.behind is not None
    assert "full" in opened.behind.what
    assert len(opened.captures()) == 1
    assert opened.drift(connection="main").known == EVERYTHING
    vault = Vault.open(path, clock=kit.Ticking())
    assert vault.behind is None
    assert len(vault.captures()) == 2
    check_seals(vault)


@pytest.mark.parametrize("where", ["exchanges-000.warc.gz", "records.jsonl.gz"])
def test_room_for_the_record_of_the_failure_is_used(tmp_path, kit, where):
    """Only one write fails: the capture is recorded as failed in the same run, with why."""
    path = tmp_path / "vault"
    Vault.create(path, vault_id="v")
    seen = {"writes": 0}

    def before(step, file):
        if step == "write" and file.name == where:
            seen["writes"] += 1
            if seen["writes"] == 6:
                raise OSError(errno.ENOSPC, "No space left on device")

    vault = Vault.open(path, disk=Disk(before))
    writer = kit.begin(vault)
    writer.asked("tickets", 6)
    with pytest.raises(StorageError, match="full"):
        kit.fill(writer)
    info = writer.abort("test")
    assert vault.captures() == (info,)
    assert info.state == "failed"
    assert info.failure.startswith("test; then StorageError")
    assert info.exchanges > 2
    assert info.counts == {"tickets": {"asked": 6, "received": 0}}
    check_seals(vault)
    kit.begin(vault).finish()


def test_a_failure_of_the_writing_thread_ends_the_capture_as_failed(tmp_path, kit):
    Vault.create(tmp_path / "vault", vault_id="v")

    def before(step, file):
        if step == "sync" and file.name == "records.jsonl.gz" and file.exists() and file.stat().st_size > 1000:
            raise OSError(errno.EIO, "Input/output error")

    vault = Vault.open(tmp_path / "vault", disk=Disk(before))
    writer = kit.begin(vault, direct=False)
    kit.fill(writer)
    with pytest.raises(StorageError):
        writer.finish()
    [info] = Vault.open(tmp_path / "vault").captures()
    assert info.state == "failed"
    check_seals(vault)


def test_an_interrupted_capture_is_left_alone_while_its_writer_lives(vault, kit):
    writer = kit.begin(vault)
    kit.fill(writer)
    reader = Vault.open(vault.path)
    assert reader.captures() == ()
    assert writer.finish().state == "complete"
    assert len(Vault.open(vault.path).captures()) == 1


def test_a_truncated_warc_that_was_acknowledged_is_named_not_healed(vault, kit):
    killed_run(vault.path, kit, DyingDisk(25))
    [path] = vault.path.glob("captures/*/exchanges-000.warc.gz")
    os.truncate(path, 700)
    with pytest.raises(VaultError, match=r"exchanges-000\.warc\.gz is damaged"):
        Vault.open(vault.path)
    assert path.stat().st_size == 700
    assert not list(vault.path.glob("captures/*/capture.json"))
