"""Reading many files: their order, what is kept of them, and that a large one is not kept."""

from __future__ import annotations

import hashlib
import io
import os
import threading

import pytest

from psa_evidence.verify import hashing
from psa_evidence.verify.container import Folder
from psa_evidence.verify.hashing import KEPT_FILE, Kept, hash_all, hash_one, in_threads


class Files:
    """A container in memory, as a folder (small files in one reading) or as a ZIP file."""

    def __init__(self, contents, *, folder):
        self.folder = folder
        self.contents = contents
        self.files = {path: len(data) for path, data in contents.items()}
        self.empty, self.problems = [], []

    def open(self, path):
        return io.BytesIO(self.contents[path])

    def whole(self, path):
        return self.contents[path] if self.folder else None

    def close(self):
        pass


@pytest.mark.parametrize("size", [0, 1, 5 << 20])
def test_results_come_in_the_order_of_the_items(size):
    """More of them than stand in one batch, and each batch of one when they are large."""
    assert list(in_threads(lambda n: n * n, range(1000), lambda _: size)) == [n * n for n in range(1000)]


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_what_goes_wrong_in_a_thread_is_raised(size):
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda n: 1 // n, range(3), lambda _: size))


@pytest.mark.parametrize(
    ("size", "waited", "expected"), [(1, 1e9, {True}), (1, 0, {True, False}), (5 << 20, 0, {False})]
)
def test_threads_read_what_is_large_or_slow_to_come(monkeypatch, size, waited, expected):
    """A share far away answers each file late: several are then asked for at once."""
    monkeypatch.setattr(hashing, "WAITED", waited)
    here = threading.current_thread()
    assert set(in_threads(lambda _: threading.current_thread() is here, range(1000), lambda _: size)) == expected


@pytest.mark.parametrize("folder", [True, False])
def test_small_files_below_the_folder_are_kept_and_large_ones_are_not(folder):
    contents = {
        "n/empty": b"",
        "n/small": b"x" * KEPT_FILE, "n/large": b"x" * (KEPT_FILE + 1),
        "n/two blocks": b"y" * (2 << 20),
        "other": b"small",
    }  # fmt: skip
    kept = Kept()
    hashed = hash_all(Files(contents, folder=folder), ("sha256", "md5"), kept, "n/")
    assert {path: found.digests["sha256"] for path, found in hashed.items()} == {
        path: hashlib.sha256(data).hexdigest() for path, data in contents.items()
    }
    assert {path for path in contents if kept.get(path) is not None} == {"n/empty", "n/small"}
    assert kept.get("n/small") == contents["n/small"]


@pytest.mark.parametrize("now", [b"", b"short", b"longer than it was"])
def test_a_file_that_changed_since_it_was_listed_is_read_as_it_is_now(tmp_path, now):
    file = tmp_path / "a"
    file.write_bytes(b"as listed")
    folder = Folder(tmp_path)
    file.write_bytes(now)
    found = hash_one(folder, "a", ("sha256",))
    assert (found.size, found.digests) == (len(now), {"sha256": hashlib.sha256(now).hexdigest()})


def test_a_file_that_is_gone_is_a_problem_and_no_error(tmp_path):
    (tmp_path / "a").write_bytes(b"x")
    folder = Folder(tmp_path)
    (tmp_path / "a").unlink()
    assert hash_one(folder, "a", ("sha256",)).problem.startswith("cannot be read")


def test_no_more_is_kept_than_the_bound():
    kept = Kept(limit=10)
    for number in range(5):
        kept.offer(str(number), b"1234")
    assert [kept.get(str(number)) for number in range(5)] == [b"1234", b"1234", None, None, None]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("size", [3, KEPT_FILE + 1])
@pytest.mark.parametrize("kind", ["pipe", "folder", "link", "endless"])
def test_what_became_something_else_since_it_was_listed_is_named_and_not_waited_for(tmp_path, kind, size):
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    (tmp_path / "other").write_bytes(b"y" * size)
    folder = Folder(tmp_path)
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("other")
    else:
        folder._prefix = "/dev/"
        folder.files = {"zero": size}
    found = hash_one(folder, next(iter(folder.files)) if kind == "endless" else "a", ("sha256",), Kept())
    assert found.digests == {}
    assert found.problem
