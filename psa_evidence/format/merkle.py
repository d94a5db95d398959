"""Merkle trees with the hashing of RFC 9162, section 2.1: leaves and inner nodes are hashed in separate domains."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from psa_evidence.format.canonical import FormatError

MAX_PATH: Final = 64
"""A tree of 2^64 leaves has paths of 64 hashes."""
_HASH_BYTES: Final = 32
_REMEMBERED: Final = 1 << 14
"""Nodes that paths were shown to lead through. Of leaves in their order only the last few, and those near the head, are
met again."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """All levels of a tree over leaf hashes, kept to give proofs.

    An odd node at the end of a level rises unchanged, which gives the same tree as RFC 9162's split at the
    largest power of two. Memory: 64 bytes a leaf.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            level = [_node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
            if len(below) % 2:
                level.append(below[-1])
            self._levels.append(level)

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> bytes:
        """The tree head; of an empty tree SHA-256 of nothing (RFC 9162, 2.1.1)."""
        return self._levels[-1][0] if len(self) else hashlib.sha256(b"").digest()

    def path(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of leaf `index`, from its sibling upwards (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < len(self):
            raise FormatError(f"no leaf {index} in a tree of {len(self)}")
        path = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index //= 2
        return tuple(path)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The tree head over leaf hashes, without keeping the tree: two whole trees of one size are joined as soon as both
    stand, as `Frontier` does it."""
    sha256 = hashlib.sha256
    heads: list[bytes] = []
    for number, leaf in enumerate(leaves):
        here, left = leaf, number
        while left % 2:  # a whole tree of this size stands before it
            here = sha256(b"\x01" + heads.pop() + here).digest()
            left //= 2
        heads.append(here)
    if not heads:
        return sha256(b"").digest()
    here = heads.pop()
    while heads:
        here = sha256(b"\x01" + heads.pop() + here).digest()
    return here


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The head that `path` leads to from `leaf` (RFC 9162, 2.1.3.2). Raises FormatError when it cannot be a path."""
    if not 0 <= index < size:
        raise FormatError(f"no leaf {index} in a tree of {size}")
    if len(path) > MAX_PATH:
        raise FormatError(f"a path of {len(path)} hashes is too long")
    node, last, here = index, size - 1, leaf
    for sibling in path:
        if len(sibling) != _HASH_BYTES:
            raise FormatError("a hash in the path is not 32 bytes long")
        if last == 0:
            raise FormatError("the path is longer than the tree is high")
        node, last, here = _climbed(node, last, here, sibling)
    if last:
        raise FormatError("the path ends below the head")
    return here


def _climbed(node: int, last: int, here: bytes, sibling: bytes) -> tuple[int, int, bytes]:
    """One step up (RFC 9162, 2.1.3.2, step 4): place, the last place of that level, and the hash there."""
    if node % 2 or node == last:
        here = _node(sibling, here)
        while node % 2 == 0 and node:
            node //= 2
            last //= 2
    else:
        here = _node(here, sibling)
    return node // 2, last // 2, here


class Paths:
    """Checks many paths to one head, as `root_from_path` would one by one. What an earlier path showed to lead there
    is not hashed again: the same node at the same place with the same rest of the path."""

    def __init__(self, size: int, root: str) -> None:
        self._size = size
        self._root = root
        self._shown: dict[tuple[int, int], tuple[bytes, Sequence[str], int]] = {}

    def leads(self, leaf: bytes, index: int, path: Sequence[str]) -> bool:
        """Whether `path`, in hexadecimal, leads from `leaf` to the head. Raises FormatError if it cannot be a path."""
        if not 0 <= index < self._size:
            raise FormatError(f"no leaf {index} in a tree of {self._size}")
        if len(path) > MAX_PATH:
            raise FormatError(f"a path of {len(path)} hashes is too long")
        node, last, here = index, self._size - 1, leaf
        fresh: dict[tuple[int, int], tuple[bytes, Sequence[str], int]] = {}
        for step, text in enumerate(path):
            place = (node, last)
            shown = self._shown.get(place)
            if shown is not None and shown[0] == here and shown[1][shown[2] :] == path[step:]:
                self._remember(fresh)
                return True
            fresh[place] = (here, path, step)
            if last == 0:
                raise FormatError("the path is longer than the tree is high")
            sibling = _sibling(text)
            node, last, here = _climbed(node, last, here, sibling)
        if last:
            raise FormatError("the path ends below the head")
        if here.hex() != self._root:
            return False
        self._remember(fresh)
        return True

    def _remember(self, fresh: Mapping[tuple[int, int], tuple[bytes, Sequence[str], int]]) -> None:
        """What is forgotten is hashed once more by the next path, and known again."""
        if len(self._shown) > _REMEMBERED:
            self._shown.clear()
        self._shown.update(fresh)


def _sibling(text: str) -> bytes:
    try:
        sibling = bytes.fromhex(text)
    except ValueError as error:
        raise FormatError("a hash in the path is not hexadecimal") from error
    if len(sibling) != _HASH_BYTES:
        raise FormatError("a hash in the path is not 32 bytes long")
    return sibling


def _ignored(_node: bytes) -> None:
    return None


class Frontier:
    """The head of a tree that only grows, in memory of the tree's height: for sealing what does not fit in memory.

    `emit` is handed each leaf as it is added and each inner node as it is complete, which is post-order.
    """

    def __init__(self, emit: Callable[[bytes], None] = _ignored) -> None:
        self._size = 0
        self._heads: list[tuple[int, bytes]] = []
        self._emit = emit

    def __len__(self) -> int:
        return self._size

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        size, here = 1, leaf
        self._emit(here)
        while self._heads and self._heads[-1][0] == size:
            here = _node(self._heads.pop()[1], here)
            self._emit(here)
            size *= 2
        self._heads.append((size, here))
        self._size += 1

    @property
    def root(self) -> bytes:
        """The same head as `Tree(leaves).root`."""
        if not self._heads:
            return hashlib.sha256(b"").digest()
        here = self._heads[-1][1]
        for _, left in reversed(self._heads[:-1]):
            here = _node(left, here)
        return here
