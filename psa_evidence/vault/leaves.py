"""The leaves of a capture: one for each record line, in the order of the list."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from psa_evidence.format import Frontier, Leaf, commit, record_salt
from psa_evidence.format.leaf import LEAF_FORMAT
from psa_evidence.vault.lines import damaged, read_documents

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode
"""A string as RFC 8785 writes it, for strings that are not half a surrogate pair."""


class LeafHasher:
    """Hashes leaves of one capture under the vault's salt key; the same as `leaf_of(...).hash()` at a part of the cost
    (a test holds it)."""

    def __init__(self, key: bytes, connection: str, capture: str) -> None:
        Leaf(connection, "", "", "", None, capture).document()
        self._keyed = hmac.new(key, digestmod="sha256")
        self._salted = f"[{_quoted(capture)},"
        self._head = f'\x00{{"capture":{_quoted(capture)},"connection":{_quoted(connection)},"fields":'
        self._id = f',"format":"{LEAF_FORMAT}","id":'

    def __call__(self, index: int, kind: str, record_id: str, body: bytes) -> bytes:
        """Hash of the leaf `index` for the record `body`."""
        keyed = self._keyed.copy()
        keyed.update(f"{self._salted}{index}]".encode())
        record, fields = commit(keyed.digest(), body)
        shown = "null" if fields is None else f'"{fields}"'
        text = f'{self._head}{shown}{self._id}{_quoted(record_id)},"kind":{_quoted(kind)},"record":"{record}"}}'
        return hashlib.sha256(text.encode()).digest()


class Leaves:
    """What a seal says about the leaves: their number, by kind, and the head of their tree."""

    def __init__(self, emit: Callable[[bytes], None] | None = None) -> None:
        self.frontier = Frontier() if emit is None else Frontier(emit)
        self.kinds: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self.frontier)

    def add(self, kind: str, leaf: bytes) -> None:
        """Append a leaf hash."""
        self.frontier.add(leaf)
        self.kinds[kind] += 1


def leaf_of(key: bytes, connection: str, capture: str, index: int, kind: str, record_id: str, body: bytes,
            ) -> tuple[Leaf, bytes]:  # fmt: skip
    """The leaf of a record, and the record's salt."""
    salt = record_salt(key, capture, index)
    record, fields = commit(salt, body)
    return Leaf(connection, kind, record_id, record, fields, capture), salt


def leaf_hashes(path: Path) -> Iterator[tuple[str, bytes]]:
    """Kind and leaf hash of each record line of the list at `path`, streaming. Raises VaultError."""
    for raw in read_documents(path):
        if "kind" in raw:
            try:
                leaf = bytes.fromhex(raw["leaf"])
            except (ValueError, KeyError, TypeError) as error:
                raise damaged(path) from error
            yield raw["kind"], leaf


def leaves_of(path: Path, emit: Callable[[bytes], None] | None = None) -> Leaves:
    """All leaves of the record list at `path`. Raises VaultError."""
    leaves = Leaves(emit)
    for kind, leaf in leaf_hashes(path):
        leaves.add(kind, leaf)
    return leaves
