"""One field of a sealed record, opened: name, value and all that leads from them to the seal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from psa_evidence.format import fields as typed
from psa_evidence.format.canonical import FormatError, canonical, parse
from psa_evidence.format.commitment import field_hashes, field_salt
from psa_evidence.format.disclosed import ShownField, check_value
from psa_evidence.format.leaf import Leaf
from psa_evidence.format.members import members
from psa_evidence.format.merkle import Tree, root_from_path
from psa_evidence.format.proofs import Proof, ProofFile, read_leaf

OPENING_FORMAT: Final = "psa-evidence/opening/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`position` is the place of the field among the record's `members`, `field_path` leads from it to `leaf.fields`,
    `path` from the leaf at `index` of `size` to `root`, the root of seal number `seal`. Hashes in hexadecimal."""

    seal: int
    size: int
    root: str
    index: int
    leaf: Leaf
    path: tuple[str, ...]
    members: int
    position: int
    field_path: tuple[str, ...]
    field: ShownField

    @classmethod
    def of(cls, file: ProofFile, proof: Proof, salt: bytes, body: bytes, name: str) -> Opening:
        """Raises FormatError when the record has no such field, or has it twice."""
        found = members(body) or []
        places = [place for place, (each, _, _) in enumerate(found) if parse(each) == name]
        if len(places) != 1:
            raise FormatError(f"the record has {len(places) or 'no'} field{'s' if places else ''} {name[:60]!r}")
        [place] = places
        _, start, end = found[place]
        tree = Tree(field_hashes(salt, body, found))
        return cls(
            seal=file.seal, size=file.size, root=file.root, index=proof.index, leaf=proof.leaf, path=proof.path,
            members=len(found), position=place, field_path=tuple(step.hex() for step in tree.path(place)),
            field=ShownField(name, field_salt(salt, place).hex(), body[start:end].decode()),
        )  # fmt: skip

    def problem(self) -> str | None:
        """Why the field does not stand under `root`, None when it does."""
        try:
            here = root_from_path(
                self.field.hash(), self.position, self.members, [bytes.fromhex(step) for step in self.field_path]
            )
            if here.hex() != self.leaf.fields:
                return "the field does not lead to the record's leaf"
            here = root_from_path(self.leaf.hash(), self.index, self.size, [bytes.fromhex(s) for s in self.path])
        except FormatError as error:
            return str(error)
        return None if here.hex() == self.root else "the leaf does not lead to the root"

    def document(self) -> bytes:
        return canonical(
            {
                "field": asdict(self.field), "field_path": list(self.field_path), "format": OPENING_FORMAT,
                "index": self.index, "leaf": asdict(self.leaf), "members": self.members, "path": list(self.path),
                "position": self.position, "root": self.root, "seal": self.seal, "size": self.size,
            }
        )  # fmt: skip

    @classmethod
    def read(cls, data: bytes) -> Opening:
        """Raises FormatError."""
        raw = typed.obj(parse(data), "opening", {
            "field", "field_path", "format", "index", "leaf", "members", "path", "position", "root", "seal", "size",
        })  # fmt: skip
        typed.constant(raw["format"], "opening format", OPENING_FORMAT)
        field = typed.obj(raw["field"], "opened field", {"name", "salt", "value"})
        shown = ShownField(
            typed.text(field["name"], "field name"),
            typed.digest(field["salt"], "field salt"),
            typed.text(field["value"], "field value"),
        )
        check_value(shown.name, shown.value)
        return cls(
            seal=typed.integer(raw["seal"], "opening seal"),
            size=typed.integer(raw["size"], "opening size"),
            root=typed.digest(raw["root"], "opening root"),
            index=typed.integer(raw["index"], "opening index"),
            leaf=read_leaf(raw["leaf"]),
            path=_path(raw["path"]),
            members=typed.integer(raw["members"], "opening members"),
            position=typed.integer(raw["position"], "opening position"),
            field_path=_path(raw["field_path"]),
            field=shown,
        )


def _path(value: object) -> tuple[str, ...]:
    return tuple(typed.digest(item, "opening path") for item in typed.items(value, "opening path"))
