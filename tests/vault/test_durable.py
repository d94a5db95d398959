import errno

import pytest

from psa_evidence.errors import StorageError
from psa_evidence.vault import durable
from psa_evidence.vault.durable import Disk


class Stop(BaseException):
    pass


def stopping_before(step):
    def before(name, _path):
        if name == step:
            raise Stop

    return Disk(before)


@pytest.mark.parametrize("step", ["write", "sync", "replace"])
def test_a_document_cut_off_before_it_was_in_place_leaves_the_old_one(tmp_path, step):
    path = tmp_path / "seal.json"
    Disk().replace(path, b"old")
    with pytest.raises(Stop):
        stopping_before(step).replace(path, b"new")
    assert path.read_bytes() == b"old"
    Disk().replace(path, b"newer")
    assert path.read_bytes() == b"newer"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_what_the_disk_refuses_is_a_storage_error_that_says_what_to_do(tmp_path, code):
    def full(_step, _path):
        raise OSError(code, "refused")

    with pytest.raises(StorageError, match=r"seal\.json") as caught:
        Disk(full).replace(tmp_path / "seal.json", b"x")
    assert caught.value.next_step
    assert caught.value.exit_code == 3


def test_appending_continues_at_the_end_and_says_where(tmp_path):
    path = tmp_path / "log"
    first = Disk().append(path)
    assert (first.write(b"abc"), first.write(b"de")) == (0, 3)
    first.close()
    second = Disk().append(path)
    assert second.write(b"f") == 5
    second.close()
    assert path.read_bytes() == b"abcdef"


def test_a_cut_off_end_is_kept_beside_the_file(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"whole|torn")
    assert Disk().set_aside(path, 6) == 4
    assert path.read_bytes() == b"whole|"
    assert (tmp_path / "log.tail-1").read_bytes() == b"torn"
    assert Disk().set_aside(path, 6) == 0
    path.write_bytes(b"whole|again")
    Disk().set_aside(path, 6)
    assert (tmp_path / "log.tail-1").read_bytes() == b"torn"
    assert (tmp_path / "log.tail-2").read_bytes() == b"again"


def test_on_windows_a_rename_waits_for_whoever_holds_the_file(monkeypatch, tmp_path):
    tries = []

    def move(target):
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "held by a virus scanner")
        return target

    with pytest.raises(PermissionError):
        durable.patiently(move, tmp_path)
    monkeypatch.setattr(durable.sys, "platform", "win32")
    monkeypatch.setattr(durable, "HELD_SECONDS", 0.0)
    tries.clear()
    assert durable.patiently(move, tmp_path) == tmp_path
    assert len(tries) == 3
