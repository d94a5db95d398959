"""Inclusion proofs of the records in a pack, one file a seal: `data/proofs/<seal number>.json`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import MAX_DOCUMENT_BYTES, FormatError, parse, parse_canonical, quoted, utf8
from psa_evidence.format.leaf import Leaf
from psa_evidence.format.patterns import DIGEST, NUMBER, TEXT, item, items_of, or_null

PROOFS_FORMAT: Final = "psa-evidence/proofs/2"

_BEGIN: Final = f'{{"format":"{PROOFS_FORMAT}","proofs":['
_PROOF: Final = item(
    r'\{"index":', NUMBER, r',"leaf":\{"capture":', TEXT, ',"connection":', TEXT, ',"fields":', or_null(DIGEST),
    ',"id":', TEXT, ',"kind":', TEXT, ',"record":', DIGEST,
    r'\},"path":\[([^\]]*+)\],"salt":', or_null(DIGEST), r"\}",
)  # fmt: skip
_HASHES: Final = re.compile(r'"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*+')
_LOWER: Final = 5 * len(f'"{"0" * 64}",')
"""Characters of the part of a path that few leaves share."""
_END: Final = re.compile(r'\],"root":' + DIGEST + ',"seal":' + NUMBER + ',"size":' + NUMBER + r"\}")


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf stands at `index` of the sealed tree. `path` holds hexadecimal hashes, from the sibling upwards;
    `salt` is the record's (hexadecimal), None when fields of it are withheld: it would open them too."""

    leaf: Leaf
    index: int
    path: tuple[str, ...]
    salt: str | None

    def canonical(self) -> bytes:
        """As it stands in its file. Raises FormatError on what is not Unicode."""
        leaf = self.leaf
        fields_root = "null" if leaf.fields is None else quoted(leaf.fields)
        path = ",".join(map(quoted, self.path))
        text = (
            f'{{"index":{self.index},"leaf":{{"capture":{quoted(leaf.capture)},"connection":{quoted(leaf.connection)},'
            f'"fields":{fields_root},"id":{quoted(leaf.id)},"kind":{quoted(leaf.kind)},'
            f'"record":{quoted(leaf.record)}}},"path":[{path}],"salt":'
            f"{'null' if self.salt is None else quoted(self.salt)}}}"
        )
        return utf8(text)

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
        """Canonical JSON. Raises FormatError."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The document bit by bit: whole, that of a large pack is a hundred megabytes. Raises FormatError."""
        yield _BEGIN.encode()
        for place, proof in enumerate(self.proofs):
            yield (b"," if place else b"") + proof.canonical()
        yield f'],"root":{quoted(self.root)},"seal":{self.seal},"size":{self.size}}}'.encode()

    @classmethod
    def read(cls, data: bytes) -> ProofFile:
        """Raises FormatError."""
        return cls.of(parse(data))

    @classmethod
    def read_strictly(cls, data: bytes) -> tuple[ProofFile, bool]:
        """The same, and whether `data` is its canonical form. Raises FormatError."""
        if (written := _as_written(data)) is not None:
            return written, True
        value, is_canonical = parse_canonical(data)
        return cls.of(value), is_canonical

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


def _as_written(data: bytes) -> ProofFile | None:
    """None unless every proof is spelt as the pattern says (`psa_evidence.format.patterns`)."""
    if len(data) > MAX_DOCUMENT_BYTES or not data.isascii():
        return None
    text = data.decode("ascii")
    if not text.startswith(_BEGIN):
        return None
    found, at = items_of(_PROOF, text, len(_BEGIN))
    end = _END.fullmatch(text, at)
    if end is None:
        return None
    path_of = _PathReader()
    try:
        proofs = tuple(
            Proof(Leaf(connection, kind, id_, record, fields_root, capture), int(index), path_of(path), salt)
            for index, capture, connection, fields_root, id_, kind, record, path, salt in found
        )
    except FormatError:
        return None
    return ProofFile(seal=int(end[2]), size=int(end[3]), root=end[1], proofs=proofs)


class _PathReader:
    """Reads paths as they are written. The upper parts of many are the same, and those are read once."""

    def __init__(self) -> None:
        self._upper: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> tuple[str, ...]:
        """Raises FormatError when it is spelt otherwise."""
        if len(text) < _LOWER:
            return _hashes(text) if text else ()
        upper = text[_LOWER:]
        shared = self._upper.get(upper)
        if shared is None:
            shared = self._upper[upper] = _hashes(upper)
        if text[_LOWER - 1] != ",":
            raise FormatError("not a list of hashes")
        return _hashes(text[: _LOWER - 1]) + shared


def _hashes(text: str) -> tuple[str, ...]:
    """Of one or more hashes in quotes with commas between them. Raises FormatError when `text` is anything else."""
    if _HASHES.fullmatch(text) is None:
        raise FormatError("not a list of hashes")
    return tuple(text[1:-1].split('","'))
