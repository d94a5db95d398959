"""The pack's manifest: what is in it, which sealed records it shows, what it claims about time.

It lists everything in the pack but itself, the rendered PDFs (which carry it as an attachment) and the tag
files of the bag; those are in the bag's own manifests.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import MAX_DOCUMENT_BYTES, FormatError, canonical, parse, parse_canonical
from psa_evidence.format.native_name import is_in_part
from psa_evidence.format.patterns import DIGEST, NUMBER, TEXT, item, items_of, or_null
from psa_evidence.format.witness import Witness

MANIFEST_FORMAT: Final = "psa-evidence/manifest/1"
LAYOUT: Final = 5
"""Of packs (docs/format/pack.md), as `counts` states it; those before it state none."""
LAYOUT_COUNT: Final = "layout"

_FILE: Final = item(
    r'\{"media_type":', TEXT, ',"path":', TEXT, ',"sha256":', DIGEST, ',"size":', NUMBER, r"\}"
)  # fmt: skip
_RECORD: Final = item(
    r'\{"exhibit":', or_null(TEXT), ',"id":', TEXT, ',"index":', NUMBER, ',"kind":', TEXT, ',"native":', TEXT,
    ',"seal":', NUMBER, ',"sha256":', DIGEST, r"\}",
)  # fmt: skip


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

    @property
    def in_part(self) -> bool:
        """Whether its native's name says that fields are withheld."""
        return is_in_part(self.native, self.kind, self.id)


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
                "files": [{name: getattr(f, name) for name in _OF_FILE} for f in self.files],
                "records": [{name: getattr(r, name) for name in _OF_RECORD} for r in self.records],
                "seals": [asdict(s) for s in self.seals],
                "witness": self.witness.members(),
            }
        )

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """Raises FormatError."""
        return cls.of(parse(data))

    @classmethod
    def read_strictly(cls, data: bytes) -> tuple[Manifest, bool]:
        """The same, and whether `data` is its canonical form. Raises FormatError."""
        if (written := _as_written(data)) is not None:
            return written, True
        value, is_canonical = parse_canonical(data)
        return cls.of(value), is_canonical

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
_OF_FILE: Final = tuple(field.name for field in dataclass_fields(ManifestFile))
_OF_RECORD: Final = tuple(field.name for field in dataclass_fields(ManifestRecord))
"""By these `asdict` is done at a tenth of its time: a pack has thousands of files and records."""


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


def _as_written(data: bytes) -> Manifest | None:
    """None unless all files and records are spelt as the patterns say (`psa_evidence.format.patterns`). The rest is
    read as a manifest without any; that its two lists are then empty shows that these were the lists."""
    if len(data) > MAX_DOCUMENT_BYTES or not data.isascii():
        return None
    text = data.decode("ascii")
    files_at = text.find('"files":[') + len('"files":[')
    files, files_end = items_of(_FILE, text, files_at)
    records_at = text.find('"records":[', files_end) + len('"records":[')
    records, records_end = items_of(_RECORD, text, records_at)
    try:
        value, is_canonical = parse_canonical(
            f"{text[:files_at]}{text[files_end:records_at]}{text[records_end:]}".encode("ascii")
        )
        rest = Manifest.of(value)
    except FormatError:
        return None
    if not is_canonical or rest.files or rest.records:
        return None
    return replace(
        rest,
        files=tuple(ManifestFile(path, sha256, int(size), media_type) for media_type, path, sha256, size in files),
        records=tuple(
            ManifestRecord(kind, id_, native, sha256, int(seal), int(index), exhibit)
            for exhibit, id_, index, kind, native, seal, sha256 in records
        ),
    )
