"""A seal closes a capture: a Merkle root over its leaves, the digests of its files, and the seal before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import FormatError, canonical, parse, sha256

SEAL_FORMAT: Final = "psa-evidence/seal/2"
LOGS: Final = ("custody", "holds")
"""The vault's chained logs; a seal states how far each had come."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """`path` is relative to the vault, with forward slashes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class SealedConnector:
    """The plug-in that read the PSA."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """How far a chained log had come: number of its entries, SHA-256 of the last line (None of an empty one)."""

    entries: int
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """`previous` is the digest of the seal numbered one less, None for the first. Times are ISO 8601 UTC with Z.

    `counts` says how many of the `leaves` are of which kind. `clock_offset_ms` is by how much the PSA's clock was ahead
    of ours, None when nobody knows. `logs` are the heads of `custody` and `holds` when the seal was made.
    """

    number: int
    vault: str
    capture: str
    state: str
    sealed_at: str
    software: str
    connector: SealedConnector
    clock_offset_ms: int | None
    leaves: int
    counts: Mapping[str, int]
    root: str
    files: tuple[SealedFile, ...]
    logs: Mapping[str, LogHead]
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
            "format", "number", "vault", "capture", "state", "sealed_at", "software", "connector", "clock_offset_ms",
            "leaves", "counts", "root", "files", "logs", "previous",
        })  # fmt: skip
        fields.constant(raw["format"], "seal format", SEAL_FORMAT)
        seal = cls(
            number=fields.integer(raw["number"], "seal number"),
            vault=fields.text(raw["vault"], "seal vault"),
            capture=fields.text(raw["capture"], "seal capture"),
            state=fields.text(raw["state"], "seal state"),
            sealed_at=fields.text(raw["sealed_at"], "sealed_at"),
            software=fields.text(raw["software"], "seal software"),
            connector=_connector(raw["connector"]),
            clock_offset_ms=fields.optional_signed(raw["clock_offset_ms"], "seal clock offset"),
            leaves=fields.integer(raw["leaves"], "seal leaves"),
            counts=fields.counts(raw["counts"], "seal counts"),
            root=fields.digest(raw["root"], "seal root"),
            files=tuple(_file(item) for item in fields.items(raw["files"], "seal files")),
            logs={name: _head(raw["logs"], name) for name in LOGS},
            previous=None if raw["previous"] is None else fields.digest(raw["previous"], "seal previous"),
        )
        if sum(seal.counts.values()) != seal.leaves:
            raise FormatError("seal: its counts do not add up to its leaves")
        if seal.document() != data:
            raise FormatError("seal: not in canonical form")
        return seal


def _connector(value: Any) -> SealedConnector:
    raw = fields.obj(value, "seal connector", {"name", "version"})
    return SealedConnector(fields.text(raw["name"], "connector name"), fields.text(raw["version"], "connector version"))


def _head(value: Any, name: str) -> LogHead:
    raw = fields.obj(fields.obj(value, "seal logs", set(LOGS))[name], f"head of {name}", {"entries", "sha256"})
    head = LogHead(
        fields.integer(raw["entries"], f"entries of {name}"), fields.optional_digest(raw["sha256"], f"head of {name}")
    )
    if (head.sha256 is None) != (head.entries == 0):
        raise FormatError(f"head of {name}: a log with entries has a digest, and no other has")
    return head


def _file(value: Any) -> SealedFile:
    raw = fields.obj(value, "sealed file", {"path", "sha256", "size"})
    return SealedFile(
        fields.text(raw["path"], "sealed file path"),
        fields.digest(raw["sha256"], "sealed file digest"),
        fields.integer(raw["size"], "sealed file size"),
    )
