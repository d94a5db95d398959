"""Inclusion proofs of the records in a pack, one file a seal: `data/proofs/<seal number>.json`."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import canonical, parse
from psa_evidence.format.leaf import Leaf

PROOFS_FORMAT: Final = "psa-evidence/proofs/2"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf stands at `index` of the sealed tree. `path` holds hexadecimal hashes, from the sibling upwards;
    `salt` is the record's (hexadecimal), None when fields of it are withheld: it would open them too."""

    leaf: Leaf
    index: int
    path: tuple[str, ...]
    salt: str | None

    def document(self) -> dict[str, Any]:
        return {"index": self.index, "leaf": _members(self.leaf), "path": list(self.path), "salt": self.salt}

    @classmethod
    def of(cls, value: Any) -> Proof:
        """Raises FormatError."""
        raw = fields.obj(value, "proof", {"index", "leaf", "path", "salt"})
        return cls(
            read_leaf(raw["leaf"]),
            fields.integer(raw["index"], "proof index"),
            fields.digests(raw["path"], "proof path"),
            fields.optional_digest(raw["salt"], "proof salt"),
        )


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
                "proofs": [proof.document() for proof in self.proofs],
                "root": self.root,
                "seal": self.seal,
                "size": self.size,
            }
        )

    @classmethod
    def read(cls, data: bytes) -> ProofFile:
        """Raises FormatError."""
        return cls.of(parse(data))

    @classmethod
    def of(cls, value: Any) -> ProofFile:
        """The same from what `parse` gave. Raises FormatError."""
        raw = fields.obj(value, "proofs", {"format", "proofs", "root", "seal", "size"})
        fields.constant(raw["format"], "proofs format", PROOFS_FORMAT)
        return cls(
            seal=fields.integer(raw["seal"], "proofs seal"),
            size=fields.integer(raw["size"], "proofs size"),
            root=fields.digest(raw["root"], "proofs root"),
            proofs=tuple(Proof.of(item) for item in fields.items(raw["proofs"], "proofs")),
        )


def _members(leaf: Leaf) -> dict[str, Any]:
    """What `asdict` gives, at a tenth of its time: a pack has thousands."""
    return {name: getattr(leaf, name) for name in _LEAF}


_LEAF: Final = tuple(field.name for field in dataclass_fields(Leaf))


def read_leaf(value: Any) -> Leaf:
    """Raises FormatError."""
    leaf = fields.obj(value, "leaf", {"connection", "kind", "id", "record", "fields", "capture"})
    return Leaf(
        fields.text(leaf["connection"], "leaf connection"),
        fields.text(leaf["kind"], "leaf kind"),
        fields.text(leaf["id"], "leaf id"),
        fields.digest(leaf["record"], "leaf record"),
        fields.optional_digest(leaf["fields"], "leaf fields"),
        fields.text(leaf["capture"], "leaf capture"),
    )
