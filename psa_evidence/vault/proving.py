"""Inclusion proofs: that record versions stand under the seals of their captures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from psa_evidence.errors import VaultError
from psa_evidence.format import Leaf, Proof, ProofFile, Seal, Tree
from psa_evidence.vault.files import RECORDS
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.leaves import tree_of


class Prover:
    """Makes proofs from the record lists, which must still lead to their seals."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._last: tuple[str, Tree] | None = None

    def proofs(self, rows: Iterable[Any], seals: Iterable[Seal]) -> tuple[ProofFile, ...]:
        """`rows` are catalogue rows of record versions (`answers.located`). Raises VaultError."""
        by_seal: dict[int, dict[int, Any]] = {}
        for row in rows:
            by_seal.setdefault(row.capture, {})[row.leaf] = row
        numbered = {seal.number: seal for seal in seals}
        return tuple(self._file(numbered[number], by_leaf) for number, by_leaf in sorted(by_seal.items()))

    def _file(self, seal: Seal, by_leaf: dict[int, Any]) -> ProofFile:
        tree = self._tree(seal, next(iter(by_leaf.values())).connection)
        proofs = tuple(
            Proof(
                Leaf(row.connection, row.kind, row.id, row.sha256, seal.capture),
                index,
                tuple(step.hex() for step in tree.path(index)),
            )
            for index, row in sorted(by_leaf.items())
        )
        return ProofFile(seal=seal.number, size=len(tree), root=seal.root, proofs=proofs)

    def _tree(self, seal: Seal, connection: str) -> Tree:
        if self._last is not None and self._last[0] == seal.digest():
            return self._last[1]
        tree = tree_of(self._layout.captures / seal.capture / RECORDS, connection, seal.capture)
        if (len(tree), tree.root.hex()) != (seal.leaves, seal.root):
            raise VaultError(
                f"The record list of {seal.capture} does not lead to its seal.",
                why="It was changed or damaged after it was sealed.",
                next_step="Restore it from a copy of the vault; do not edit it.",
            )
        self._last = (seal.digest(), tree)
        return tree
