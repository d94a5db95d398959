"""A seal closes a capture: a Merkle root over its leaves, the digests of its files, and the seal before it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import FormatError, canonical, parse, sha256

SEAL_FORMAT: Final = "psa-evidence/seal/1"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """`path` is relative to the vault, with forward slashes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """`previous` is the digest of the seal numbered one less, None for the first. Times are ISO 8601 UTC with Z."""

    number: int
    vault: str
    capture: str
    state: str
    sealed_at: str
    software: str
    leaves: int
    root: str
    files: tuple[SealedFile, ...]
    previous: str | None

    def document(self) -> bytes:
        return canonical({"format": SEAL_FORMAT, **asdict(self), "files": [asdict(f) for f in self.files]})

    def digest(self) -> str:
        """SHA-256 of the document: what the next seal and a time-stamp commit to."""
        return sha256(self.document())

    @classmethod
    def read(cls, data: bytes) -> Seal:
        """Raises FormatError. The bytes must be canonical, so that one seal has one digest."""
        raw = fields.obj(parse(data), "seal", {
            "format", "number", "vault", "capture", "state", "sealed_at", "software", "leaves", "root", "files",
            "previous",
        })  # fmt: skip
        fields.constant(raw["format"], "seal format", SEAL_FORMAT)
        seal = cls(
            number=fields.integer(raw["number"], "seal number"),
            vault=fields.text(raw["vault"], "seal vault"),
            capture=fields.text(raw["capture"], "seal capture"),
            state=fields.text(raw["state"], "seal state"),
            sealed_at=fields.text(raw["sealed_at"], "sealed_at"),
            software=fields.text(raw["software"], "seal software"),
            leaves=fields.integer(raw["leaves"], "seal leaves"),
            root=fields.digest(raw["root"], "seal root"),
            files=tuple(_file(item) for item in fields.items(raw["files"], "seal files")),
            previous=None if raw["previous"] is None else fields.digest(raw["previous"], "seal previous"),
        )
        if seal.document() != data:
            raise FormatError("seal: not in canonical form")
        return seal


def _file(value: Any) -> SealedFile:
    raw = fields.obj(value, "sealed file", {"path", "sha256", "size"})
    return SealedFile(
        fields.text(raw["path"], "sealed file path"),
        fields.digest(raw["sha256"], "sealed file digest"),
        fields.integer(raw["size"], "sealed file size"),
    )
