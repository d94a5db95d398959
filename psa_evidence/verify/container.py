"""Where a bag lies: a folder or a ZIP file, listed without following or unpacking anything."""

from __future__ import annotations

import os
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from copy import copy
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from psa_evidence.verify import names
from psa_evidence.verify.zipmembers import UTF8, members_problem, names_again
from psa_evidence.verify.ziptail import MAX_DIRECTORY, directory_of

MAX_FILES: Final = 2_000_000
"""A pack of a million records has about as many files."""

MAX_BYTES: Final = 1 << 40
"""1 TiB. More than that is not checked on somebody's computer by accident."""

MAX_RATIO: Final = 200
"""JSON and CSV shrink 10 to 50 times; deflate can at most 1,032 times, and only on a bomb's zeros."""

BLOCK: Final = 1 << 20
"""Bytes read at a time."""

BOMB_FLOOR: Final = 64 << 20
"""Bytes below which nobody minds the ratio."""

_FLAGS: Final = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)  # fmt: skip
"""A file is opened for reading, no link is followed, and nobody waits for a pipe to be written to."""
_REPARSE_POINT: Final = 0x400
"""FILE_ATTRIBUTE_REPARSE_POINT: what Windows has for links."""


class Unreadable(Exception):  # noqa: N818 - it is a finding about a file, not an error of ours
    """A file or a container cannot be read; the text says why."""


class Container(Protocol):
    """`files` maps each path (forward slashes, relative to the bag) to its size; `empty` are folders without
    anything in them; `problems` are (subject, why)."""

    files: dict[str, int]
    empty: list[str]
    problems: list[tuple[str, str]]

    def open(self, path: str) -> BinaryIO:
        """Open one of `files` for reading. May be called from several threads. Raises Unreadable."""

    def whole(self, path: str) -> bytes | None:
        """The bytes of one of `files` in one reading, for a small one; None when it has to be read in blocks. May be
        called from several threads. Raises Unreadable."""

    def reopened(self) -> AbstractContextManager[Container]:
        """The same, for a copy of this process: it shares no open file with this one. Raises Unreadable."""

    def close(self) -> None: ...


def open_container(path: Path) -> Container:
    """Raises Unreadable when there is neither a folder nor a ZIP file at `path`."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise Unreadable(f"cannot be opened: {_reason(error)}") from error
    if stat.S_ISDIR(mode):
        return Folder(path)
    if not stat.S_ISREG(mode):
        raise Unreadable("neither a folder nor a file")
    return Zip(path)


def blocks(container: Container, path: str) -> Iterator[bytes]:
    """The bytes of one of the container's files, in order, at most BLOCK at a time. Raises Unreadable."""
    at_once = min(BLOCK, container.files[path] + 1)  # of a small file no megabyte is set aside
    with container.open(path) as file:
        while True:
            try:
                block = file.read(at_once)
            except Exception as error:  # a damaged ZIP member raises what its decompressor likes
                raise Unreadable(f"cannot be read: {_reason(error)}") from error
            if not block:
                return
            yield block


class Folder:
    """A bag as a folder. Links and special files are problems and are never opened."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._prefix = os.path.join(root, "")  # noqa: PTH118 - joining ten thousand paths takes longer than reading
        self.files: dict[str, int] = {}
        self.empty: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self._scan()

    def _scan(self) -> None:
        folders = [("", 0)]
        while folders:
            prefix, depth = folders.pop()
            if depth > names.MAX_DEPTH:
                self.problems.append((prefix, f"folders nested deeper than {names.MAX_DEPTH}"))
                continue
            try:
                with os.scandir(self._root / prefix) as entries:
                    listed = list(entries)
            except OSError as error:
                self.problems.append((prefix, f"folder cannot be listed: {_reason(error)}"))
                continue
            if not listed:
                self.empty.append(prefix.rstrip("/"))
            for entry in listed:
                self._entry(entry, f"{prefix}{entry.name}", depth, folders)
            if len(self.files) > MAX_FILES:
                raise Unreadable(f"more than {MAX_FILES:,} files")

    def _entry(self, entry: os.DirEntry[str], name: str, depth: int, folders: list[tuple[str, int]]) -> None:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.problems.append((name, f"cannot be looked at: {_reason(error)}"))
            return
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFLNK or getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
            self.problems.append((name, "a link, which may lead out of the bag"))
        elif kind == stat.S_IFREG:
            self.files[name] = status.st_size
        elif kind == stat.S_IFDIR:
            folders.append((f"{name}/", depth + 1))
        else:
            self.problems.append((name, "neither a file nor a folder"))

    def open(self, path: str) -> BinaryIO:
        handle = self._handle(path)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Unreadable("not a regular file any more")
        return os.fdopen(handle, "rb", buffering=0)

    def whole(self, path: str) -> bytes | None:
        size, handle = self.files[path], self._handle(path)
        try:  # not asked again what it is: a pipe or device in its place is not waited for, and read no further
            data = os.read(handle, size + 1)
        except OSError as error:
            raise Unreadable(f"cannot be read: {_reason(error)}") from error
        finally:
            os.close(handle)
        return data if len(data) == size else None

    def _handle(self, path: str) -> int:
        try:
            return os.open(f"{self._prefix}{path}", _FLAGS)
        except (OSError, ValueError) as error:
            raise Unreadable(f"cannot be read: {_reason(error)}") from error

    def reopened(self) -> AbstractContextManager[Container]:
        return nullcontext(self)

    def close(self) -> None:
        pass


class Zip:
    """A bag in a ZIP file, at its root or in its only folder. Nothing is written anywhere."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files: dict[str, int] = {}
        self.empty: list[str] = []
        self.problems: list[tuple[str, str]] = []
        try:
            size, begin, self._stated = directory_of(path)
            if size > MAX_DIRECTORY:
                raise Unreadable(f"a ZIP directory of {size:,} bytes, over the limit of {MAX_DIRECTORY:,}")
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise Unreadable(f"neither a folder nor a readable ZIP file: {_reason(error)}") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._lock = threading.Lock()
        try:
            self._list(begin)
        except Unreadable:
            self._zip.close()
            raise

    def _list(self, begin: int) -> None:
        """`begin` is where the directory is said to begin."""
        if self._zip.start_dir != begin:
            raise Unreadable("its directory is not where its end says: something stands before or within it")
        entries = self._zip.infolist()
        if len(entries) > MAX_FILES:
            raise Unreadable(f"more than {MAX_FILES:,} files")
        if len(entries) & 0xFFFF != self._stated and self._stated != 0xFFFF:
            raise Unreadable(f"its end states {self._stated:,} members, its directory has {len(entries):,}")
        total = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if total > MAX_BYTES:
            raise Unreadable(f"unpacks to {total:,} bytes, over the limit of {MAX_BYTES:,}")
        if total > BOMB_FLOOR and total > MAX_RATIO * max(packed, 1):
            raise Unreadable(f"unpacks to {total:,} bytes from {packed:,}: a bomb")
        with self._path.open("rb", buffering=4096) as file:
            wrong = members_problem(file, entries, self._zip.start_dir)
        if wrong is not None:
            name, reason = wrong
            raise Unreadable(f"{names.shown(name)}: {reason}" if name else reason)
        prefix = self._prefix([entry.filename for entry in entries])
        folders = [entry.filename.removeprefix(prefix) for entry in entries if entry.filename.endswith("/")]
        for entry in entries:
            self._entry(entry, prefix)
        filled = {name[: at + 1] for name in self.files for at, sign in enumerate(name) if sign == "/"}
        self.empty = [name.rstrip("/") for name in folders if name and name not in filled]

    @staticmethod
    def _prefix(filenames: list[str]) -> str:
        if "bagit.txt" in filenames:
            return ""
        filenames = [name for name in filenames if not name.startswith(f"{names.BESIDE}/")]
        first = {name.split("/", 1)[0] for name in filenames if "/" in name}
        if len(first) == 1 and all("/" in name for name in filenames):
            return f"{first.pop()}/"
        return ""

    def _entry(self, entry: zipfile.ZipInfo, prefix: str) -> None:
        name, mode = entry.filename.removeprefix(prefix), entry.external_attr >> 16
        if entry.orig_filename != entry.filename:
            self.problems.append((entry.orig_filename, "a name with a null character"))
        elif names_again(entry.extra):
            self.problems.append((entry.filename, "a second name beside the first, which other programs read"))
        elif not name.isascii() and not entry.flag_bits & UTF8:
            self.problems.append((name, "a name in an encoding that is not stated: programs read it differently"))
        elif name == "" or name.endswith("/"):
            if entry.file_size:
                self.problems.append((entry.filename, "a folder that holds bytes"))
            if stat.S_IFMT(mode) not in {0, stat.S_IFDIR}:
                self.problems.append((entry.filename, "a link or special file called as a folder is"))
            if name and (reason := names.escape(name.rstrip("/"))):
                self.problems.append((name, reason))
        elif reason := names.escape(name):
            self.problems.append((name, reason))
        elif stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            self.problems.append((name, "a link or special file"))
        elif entry.flag_bits & 0x1:
            self.problems.append((name, "encrypted"))
        elif entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self.problems.append((name, "compressed in a way that this version does not read"))
        elif name in self._members:
            self.problems.append((name, "stands twice in the ZIP file"))
        else:
            self._members[name] = entry
            self.files[name] = entry.file_size

    def open(self, path: str) -> BinaryIO:
        try:
            with self._lock:
                return self._zip.open(self._members[path])  # type: ignore[return-value]
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError, ValueError) as error:
            raise Unreadable(f"cannot be read: {_reason(error)}") from error

    def whole(self, path: str) -> bytes | None:  # noqa: ARG002 - a member is read in blocks, whatever its size
        return None

    def reopened(self) -> AbstractContextManager[Container]:
        again = copy(self)
        again._lock = threading.Lock()  # noqa: SLF001 - its own
        try:
            again._zip = zipfile.ZipFile(self._path)  # noqa: SLF001 - its own
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise Unreadable(f"cannot be opened again: {_reason(error)}") from error
        return closing(again)

    def close(self) -> None:
        with suppress(OSError):
            self._zip.close()


def _reason(error: BaseException) -> str:
    """The system's words without the path, which may be a stranger's text."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return names.shown(str(error)) or type(error).__name__
