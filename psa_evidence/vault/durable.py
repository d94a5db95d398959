"""Writes that survive a crash. Every byte that the vault keeps goes through here.

Two ways only: `Disk.replace` puts a whole document in place or not at all (temporary file in the same folder,
flush, fsync, replace, fsync of the folder); `AppendFile` adds to the end of a file and never rewrites what stands.
What the disk refuses becomes a StorageError.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from psa_evidence.errors import StorageError

TEMPORARY: Final = ".new"
"""Ending of a document that was not put in place yet; left behind by a crash, it holds nothing acknowledged."""

T = TypeVar("T")

Hook = Callable[[str, Path], None]
"""Called with the name of a step (`write`, `sync`, `replace`, `folder`) before it is done. Tests stop the world here,
or let a part of a write through."""


def _go_on(_step: str, _path: Path) -> None:
    return None


class Disk:
    """Where durable writes happen. `before` sees every step; what it raises keeps the step from being done."""

    def __init__(self, before: Hook = _go_on) -> None:
        self.before = before

    def replace(self, path: Path, data: bytes) -> None:
        """Make `path` hold `data`, all of it or (after a crash) what it held before. Raises StorageError."""
        temporary = path.with_name(path.name + TEMPORARY)
        with storage_errors(path):
            with temporary.open("wb", buffering=0) as file:
                self.put(file, data, path)
                self.before("sync", path)
                os.fsync(file.fileno())
            self.before("replace", path)
            patiently(temporary.replace, path)
        self.sync_folder(path.parent)

    def put(self, file: BinaryIO, data: bytes, path: Path) -> None:
        """Write all of `data` at the end of an unbuffered file."""
        self.before("write", path)
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]

    def rename_folder(self, old: Path, new: Path) -> None:
        """Give a folder its final name. Raises StorageError."""
        with storage_errors(new):
            self.before("replace", new)
            patiently(old.rename, new)
        self.sync_folder(new.parent)

    def append(self, path: Path) -> AppendFile:
        """Open `path` for adding to its end, making it when it is not there. Raises StorageError."""
        return AppendFile(path, self)

    def sync_folder(self, folder: Path) -> None:
        """Make the names in `folder` durable. Windows cannot, and does not need to."""
        with storage_errors(folder):
            self.before("folder", folder)
            if sys.platform != "win32":
                descriptor = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)

    def set_aside(self, path: Path, keep: int) -> int:
        """Cut `path` after `keep` bytes, with what follows kept in a file beside it. Returns how many bytes that were.

        Only for the end of an append that a crash cut in two: those bytes were never acknowledged.
        """
        with storage_errors(path):
            with path.open("rb") as file:
                file.seek(keep)
                tail = file.read()
            if not tail:
                return 0
            self.replace(_free_name(path), tail)
            with path.open("r+b") as file:
                self.before("cut", path)
                file.truncate(keep)
                file.flush()
                self.before("sync", path)
                os.fsync(file.fileno())
        return len(tail)


class AppendFile:
    """A file that only grows. `write` says where the bytes begin; they are safe when `sync` has returned."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk
        with storage_errors(path):
            new = not path.exists()
            self._file: BinaryIO = path.open("ab", buffering=0)
            self.size = self._file.seek(0, os.SEEK_END)
        if new:
            try:
                disk.sync_folder(path.parent)
            except BaseException:
                self._file.close()
                raise

    def write(self, data: bytes) -> int:
        """Append and return the offset of the first byte. Raises StorageError."""
        offset = self.size
        with storage_errors(self.path):
            self._disk.put(self._file, data, self.path)
        self.size += len(data)
        return offset

    def sync(self) -> None:
        with storage_errors(self.path):
            self._disk.before("sync", self.path)
            os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


HELD_TRIES: Final = 50
HELD_SECONDS: Final = 0.1


def patiently(move: Callable[[Path], T], target: Path) -> T:
    """`move(target)`, a rename. On Windows wait while somebody else has the file open: virus scanners and indexers
    look at what was just written, for a moment, and meanwhile it can be neither renamed nor replaced."""
    for _ in range(HELD_TRIES if sys.platform == "win32" else 0):
        try:
            return move(target)
        except PermissionError:
            time.sleep(HELD_SECONDS)
    return move(target)


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into StorageError, naming the file and what to do."""
    try:
        yield
    except OSError as error:
        what, next_step = _REFUSALS.get(error.errno or 0, ("cannot be written", "See that the folder can be written."))
        raise StorageError(
            f"{path.name} {what}.", why=f"{error.strerror or type(error).__name__} ({path})", next_step=next_step
        ) from error


_MORE_ROOM: Final = ("could not be stored: the disk is full", "Make room on the disk and run the same command again.")
_REFUSALS: Final = {
    errno.ENOSPC: _MORE_ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): _MORE_ROOM,
    errno.ENOENT: ("is not there, or its folder is not", "Restore it from a copy of the vault."),
    errno.EACCES: ("cannot be written: no permission", "Give yourself write permission on the vault's folder."),
    errno.EROFS: ("cannot be written: the disk is read-only", "Use a vault on a disk that can be written."),
}


def _free_name(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}.tail-{number}")).exists():
        number += 1
    return candidate
