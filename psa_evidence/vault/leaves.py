"""The leaves of a capture: one for each record line, in the order of the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from psa_evidence.format import Frontier, Leaf, commit, record_salt
from psa_evidence.vault.lines import damaged, read_documents


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
