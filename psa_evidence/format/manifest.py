"""The pack's manifest: what is in it, which sealed records it shows, what it claims about time.

It lists everything in the pack but itself, the rendered PDFs (which carry it as an attachment) and the tag
files of the bag; those are in the bag's own manifests.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import canonical, parse
from psa_evidence.format.witness import Witness

MANIFEST_FORMAT: Final = "psa-evidence/manifest/1"


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """`path` is relative to the bag, with forward slashes; `size` in bytes."""

    path: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class ManifestRecord:
    """A record shown: `native` is the path of its file, `sha256` the digest of that file (the record's bytes as
    received, or the `Disclosed` document when fields are withheld), `seal` and `index` where its leaf stands,
    `exhibit` the exhibit that shows it (None when it is only among the natives)."""

    kind: str
    id: str
    native: str
    sha256: str
    seal: int
    index: int
    exhibit: str | None


@dataclass(frozen=True, slots=True)
class ManifestSeal:
    """A seal that records of this pack stand in; `path` is its copy in the pack."""

    number: int
    path: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`witness` says who vouches for the time; it is empty when nobody does.
    `counts` are population figures: name -> number. `pdfs` names the PDFs that carry this manifest."""

    matter: str
    client: str
    copy: str
    as_of: str
    software: str
    vault: str
    witness: Witness
    counts: dict[str, int]
    pdfs: tuple[str, ...]
    files: tuple[ManifestFile, ...]
    records: tuple[ManifestRecord, ...]
    seals: tuple[ManifestSeal, ...]

    def document(self) -> bytes:
        return canonical(
            {
                "format": MANIFEST_FORMAT,
                **{name: getattr(self, name) for name in _TEXTS},
                "counts": self.counts,
                "pdfs": list(self.pdfs),
                "files": [asdict(f) for f in self.files],
                "records": [asdict(r) for r in self.records],
                "seals": [asdict(s) for s in self.seals],
                "witness": self.witness.members(),
            }
        )

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """Raises FormatError."""
        return cls.of(parse(data))

    @classmethod
    def of(cls, value: Any) -> Manifest:
        """The same from what `parse` gave. Raises FormatError."""
        names = {"format", *_TEXTS, "counts", "pdfs", "files", "records", "seals", "witness"}
        raw = fields.obj(value, "manifest", names)
        fields.constant(raw["format"], "manifest format", MANIFEST_FORMAT)
        return cls(
            **{name: fields.text(raw[name], f"manifest {name}") for name in _TEXTS},
            counts=fields.counts(raw["counts"], "manifest counts"),
            pdfs=tuple(fields.text(item, "manifest pdfs") for item in fields.items(raw["pdfs"], "manifest pdfs")),
            files=tuple(_file(item) for item in fields.items(raw["files"], "manifest files")),
            records=tuple(_record(item) for item in fields.items(raw["records"], "manifest records")),
            seals=tuple(_seal(item) for item in fields.items(raw["seals"], "manifest seals")),
            witness=Witness.of(raw["witness"]),
        )


_TEXTS: Final = ("matter", "client", "copy", "as_of", "software", "vault")


def _file(value: Any) -> ManifestFile:
    raw = fields.obj(value, "manifest file", {"path", "sha256", "size", "media_type"})
    return ManifestFile(
        fields.text(raw["path"], "file path"),
        fields.digest(raw["sha256"], "file digest"),
        fields.integer(raw["size"], "file size"),
        fields.text(raw["media_type"], "file media type"),
    )


def _record(value: Any) -> ManifestRecord:
    raw = fields.obj(value, "manifest record", {"kind", "id", "native", "sha256", "seal", "index", "exhibit"})
    return ManifestRecord(
        fields.text(raw["kind"], "record kind"),
        fields.text(raw["id"], "record id"),
        fields.text(raw["native"], "record native"),
        fields.digest(raw["sha256"], "record digest"),
        fields.integer(raw["seal"], "record seal"),
        fields.integer(raw["index"], "record index"),
        fields.optional_text(raw["exhibit"], "record exhibit"),
    )


def _seal(value: Any) -> ManifestSeal:
    raw = fields.obj(value, "manifest seal", {"number", "path", "digest"})
    return ManifestSeal(
        fields.integer(raw["number"], "seal number"),
        fields.text(raw["path"], "seal path"),
        fields.digest(raw["digest"], "seal digest"),
    )
