"""Inclusion proofs: that record versions stand under the seals of their captures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, Leaf, Proof, ProofFile, Seal, Tree
from psa_evidence.format.merkle import Paths
from psa_evidence.spi import RawRecord
from psa_evidence.vault.files import RECORDS
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.leaves import leaf_hashes, leaf_of, leaves_of
from psa_evidence.vault.nodes import Nodes, NodesWriter

_SPELT: Final = 1 << 14
"""Hashes of which the spelling is kept: neighbours have most of their paths in common."""
PathOf = Callable[[int], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A record to prove: its catalogue row (`answers.located`) and its bytes; whether its salt may be given."""

    row: Any
    body: bytes
    salted: bool


class Prover:
    """Makes proofs from record bytes and the salt key. A path is handed out only when it leads from the leaf that the
    bytes give to the root of the seal."""

    def __init__(self, layout: Layout, key: Callable[[], bytes]) -> None:
        self._layout = layout
        self._key = key

    def proofs(self, records: Iterable[RawRecord], rows: Iterable[Any], seals: Sequence[Seal],
               in_part: Collection[int]) -> tuple[ProofFile, ...]:  # fmt: skip
        """One file a seal. The salts of those whose place in `records` is in `in_part` are not given. Raises
        VaultError."""
        by_seal: dict[int, dict[int, Asked]] = {}
        for place, (record, row) in enumerate(zip(records, rows, strict=True)):
            by_seal.setdefault(row.capture, {})[row.leaf] = Asked(row, record.body, place not in in_part)
        numbered = {seal.number: seal for seal in seals}
        return tuple(self._file(numbered[number], by_leaf) for number, by_leaf in sorted(by_seal.items()))

    def _file(self, seal: Seal, by_leaf: dict[int, Asked]) -> ProofFile:
        key = self._key()
        leaves = [_leaf(key, seal, index, asked) for index, asked in sorted(by_leaf.items())]
        proofs = self._with_nodes(seal, leaves)
        if proofs is None:
            self._rebuild(seal)
            proofs = self._with_nodes(seal, leaves) or self._in_memory(seal, leaves)
        return ProofFile(seal=seal.number, size=seal.leaves, root=seal.root, proofs=proofs)

    def _with_nodes(self, seal: Seal, leaves: Sequence[tuple[int, Leaf, str | None]]) -> tuple[Proof, ...] | None:
        """None when the file of nodes is not there, or not as it was written."""
        with ExitStack() as stack:
            try:
                nodes = stack.enter_context(Nodes(self._layout.nodes(seal.capture), seal.leaves))
                return _checked(seal, leaves, nodes.path)
            except (OSError, ValueError):
                return None

    def _rebuild(self, seal: Seal) -> None:
        writer = NodesWriter(self._layout.nodes(seal.capture))
        try:
            leaves = leaves_of(self._layout.captures / seal.capture / RECORDS, writer.add)
            if (len(leaves), leaves.frontier.root.hex()) != (seal.leaves, seal.root):
                raise _changed(seal)
            writer.finish()
        finally:
            writer.close()

    def _in_memory(self, seal: Seal, leaves: Sequence[tuple[int, Leaf, str | None]]) -> tuple[Proof, ...]:
        """Where the folder cannot be written, or the list is not what it was."""
        tree = Tree([leaf for _, leaf in leaf_hashes(self._layout.captures / seal.capture / RECORDS)])
        try:
            return _checked(seal, leaves, tree.path)
        except FormatError as error:
            raise _changed(seal) from error


def _leaf(key: bytes, seal: Seal, index: int, asked: Asked) -> tuple[int, Leaf, str | None]:
    row = asked.row
    leaf, salt = leaf_of(key, row.connection, seal.capture, index, row.kind, row.id, asked.body)
    return index, leaf, salt.hex() if asked.salted else None


def _checked(seal: Seal, leaves: Sequence[tuple[int, Leaf, str | None]], path_of: PathOf) -> tuple[Proof, ...]:
    """Raises FormatError when a path does not lead to the root of the seal."""
    made, paths = [], Paths(seal.leaves, seal.root)
    known: dict[bytes, str] = {}
    for index, leaf, salt in leaves:
        if len(known) > _SPELT:
            known.clear()
        path = tuple(known.get(step) or known.setdefault(step, step.hex()) for step in path_of(index))
        if not paths.leads(leaf.hash(), index, path):
            raise FormatError("a path that does not lead to the root")
        made.append(Proof(leaf, index, path, salt))
    return tuple(made)


def _changed(seal: Seal) -> VaultError:
    return VaultError(
        f"The record list of {seal.capture} does not lead to its seal.",
        why="It, the stored exchanges or salts.key were changed or damaged after the capture was sealed.",
        next_step="Restore them from a copy of the vault; do not edit them.",
    )
