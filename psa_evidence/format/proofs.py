"""Inclusion proofs of the records in a pack, one file a seal: `data/proofs/<seal number>.json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import canonical, parse
from psa_evidence.format.leaf import Leaf

PROOFS_FORMAT: Final = "psa-evidence/proofs/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf stands at `index` of the sealed tree. `path` holds hexadecimal hashes, from the sibling upwards."""

    leaf: Leaf
    index: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """Proofs into the tree of one seal, ordered by index."""

    seal: int
    size: int
    root: str
    proofs: tuple[Proof, ...]

    def document(self) -> bytes:
        return canonical(
            {
                "format": PROOFS_FORMAT,
                "proofs": [{"index": p.index, "leaf": asdict(p.leaf), "path": list(p.path)} for p in self.proofs],
                "root": self.root,
                "seal": self.seal,
                "size": self.size,
            }
        )

    @classmethod
    def read(cls, data: bytes) -> ProofFile:
        """Raises FormatError."""
        raw = fields.obj(parse(data), "proofs", {"format", "proofs", "root", "seal", "size"})
        fields.constant(raw["format"], "proofs format", PROOFS_FORMAT)
        return cls(
            seal=fields.integer(raw["seal"], "proofs seal"),
            size=fields.integer(raw["size"], "proofs size"),
            root=fields.digest(raw["root"], "proofs root"),
            proofs=tuple(_proof(item) for item in fields.items(raw["proofs"], "proofs")),
        )


def _proof(value: Any) -> Proof:
    raw = fields.obj(value, "proof", {"index", "leaf", "path"})
    leaf = fields.obj(raw["leaf"], "leaf", {"connection", "kind", "id", "sha256", "capture"})
    return Proof(
        Leaf(
            fields.text(leaf["connection"], "leaf connection"),
            fields.text(leaf["kind"], "leaf kind"),
            fields.text(leaf["id"], "leaf id"),
            fields.digest(leaf["sha256"], "leaf digest"),
            fields.text(leaf["capture"], "leaf capture"),
        ),
        fields.integer(raw["index"], "proof index"),
        tuple(fields.digest(item, "proof path") for item in fields.items(raw["path"], "proof path")),
    )
