"""The nodes of a capture's tree in a file, so that a proof reads twenty of them and not a million leaves.

`trees/<capture>.nodes`: the leaf hashes and complete inner nodes in post-order, 32 bytes each. It holds nothing that
the record list does not, may be deleted, and is believed only as far as a path leads to the seal's root.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Self

from psa_evidence.format.merkle import root_of

HASH_BYTES: Final = 32


class NodesWriter:
    """Takes nodes as they come. Nothing here is needed to keep evidence: what the disk refuses is given up."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
        self._file: BinaryIO | None = None
        with suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            self._file = self._temporary.open("wb", buffering=1 << 16)

    def add(self, node: bytes) -> None:
        if self._file is not None:
            try:
                self._file.write(node)
            except OSError:
                self._give_up()

    def finish(self) -> bool:
        """Put the file in place. Whether it could be written."""
        if self._file is None:
            return False
        try:
            self._file.close()
            self._temporary.replace(self._path)
        except OSError:
            self._give_up()
            return False
        self._file = None
        return True

    def close(self) -> None:
        """Leave nothing behind, unless it was finished."""
        if self._file is not None:
            self._give_up()

    def _give_up(self) -> None:
        with suppress(OSError):
            if self._file is not None:
                self._file.close()
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)
        self._file = None


def discard_unfinished(path: Path) -> None:
    """Remove what runs that were killed left of the file `path`; it was never put in place and is not needed."""
    with suppress(OSError):
        for left in path.parent.glob(f"{glob.escape(path.name)}.*.new"):
            left.unlink(missing_ok=True)


class Nodes:
    """Reads paths from such a file for a tree of `size` leaves. Raises OSError and ValueError when it cannot be so."""

    def __init__(self, path: Path, size: int) -> None:
        self._size = size
        self._file = path.open("rb")
        if os.fstat(self._file.fileno()).st_size != HASH_BYTES * (2 * size - size.bit_count()):
            self._file.close()
            raise ValueError("not the nodes of a tree of this size")
        self._last: dict[int, tuple[int, bytes]] = {}
        """By height the sibling read last: paths of leaves that stand near each other share their upper part."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def path(self, index: int) -> tuple[bytes, ...]:
        """Siblings of leaf `index`, upwards (RFC 9162, 2.1.3.1). Not checked."""
        if not 0 <= index < self._size:
            raise ValueError("no such leaf")
        found = []
        height, here = 0, index
        while (1 << height) < self._size:
            begin = (here ^ 1) << height
            if begin < self._size:
                known = self._last.get(height)
                if known is None or known[0] != begin:
                    known = begin, self._over(begin, min(begin + (1 << height), self._size))
                    self._last[height] = known
                found.append(known[1])
            here >>= 1
            height += 1
        return tuple(found)

    def _over(self, begin: int, end: int) -> bytes:
        """Head over the leaves from `begin`, a multiple of a power of two not below their number, to `end`."""
        heads = [self._node(last, height) for last, height in _heads(begin, end)]
        here = heads.pop()
        while heads:
            here = root_of((heads.pop(), here))
        return here

    def _node(self, last: int, height: int) -> bytes:
        """The complete node of this height whose last leaf is `last`."""
        self._file.seek(HASH_BYTES * (2 * last - last.bit_count() + height))
        node = self._file.read(HASH_BYTES)
        if len(node) != HASH_BYTES:
            raise ValueError("cut off")
        return node


def _heads(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees that make up a run of leaves: last leaf and height of each, from the left."""
    while begin < end:
        height = (end - begin).bit_length() - 1
        begin += 1 << height
        yield begin - 1, height
