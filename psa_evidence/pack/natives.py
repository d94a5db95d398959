"""The records as files: exact bytes as received, or what is shown of them, each under its kind and id in the PSA."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from psa_evidence.pack.bag import put
from psa_evidence.pack.file_names import ending_of, native_path, plain_id, safe_name
from psa_evidence.pack.withholding import WHOLE, Disclosed, Version, version_of
from psa_evidence.records import Digest, Document, Kind
from psa_evidence.spi import RawRecord

BYTES_KINDS: Final = frozenset({"attachment", "invoice_pdf"})
"""Kinds whose bytes are a document, not JSON."""

DISCLOSED_ENDING: Final = "disclosed.json"
"""Of a record that is shown without some of its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Native:
    """A record's file. `path` is relative to the bag; `copy` is a second file under a readable name (attachments).
    `withheld` counts the fields that the file does not show. `version` counts the versions of the record in the pack
    from the oldest, of `versions`."""

    kind: Kind
    id: str
    sha256: Digest
    path: str
    size: int
    capture: str
    captured_at: datetime
    parent: str | None
    copy: str | None = None
    withheld: int = 0
    version: int = 1
    versions: int = 1
    body: bytes = field(repr=False, compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"

    @property
    def is_newest(self) -> bool:
        return self.version == self.versions

    @property
    def as_shown(self) -> Version:
        return (self.kind, self.id, self.capture, self.sha256)


def natives_of(
    raw: Sequence[RawRecord], documents: Mapping[str, Document], disclosed: Disclosed = WHOLE,
    earlier: Disclosed = WHOLE,
) -> tuple[tuple[Native, ...], tuple[RawRecord, ...]]:  # fmt: skip
    """Natives in the order of kind and id, of each record the newest first, and the records whose id no file name can
    carry. `earlier` are earlier versions of the records, of each the last first: behind their ids stands a counter.

    An attachment has the id of its document; it is also laid under `data/attachments/` with a readable name.
    """
    natives, unnamed, taken, copies = [], [], set[str](), set[str]()
    many = Counter(record.key for record in earlier.raw)
    newest = sorted(raw, key=lambda r: (r.kind, _order(r.id), r.sha256))
    for record, version, versions in _numbered(newest, earlier.raw, many):
        is_newest = version == versions
        document = documents.get(record.id) if record.kind == "attachment" else None
        of = disclosed if is_newest else earlier
        in_part = of.document.get(version_of(record))
        ending = _ending(record, document) if in_part is None else DISCLOSED_ENDING
        body = record.body if in_part is None else in_part
        path = native_path(record.kind, record.id, ending, taken, 1 + versions - version)
        if path is None and not is_newest:
            continue
        if path is None:
            unnamed.append(record)
            continue
        copy = None
        if record.kind == "attachment" and is_newest:
            name = safe_name((document.file_name or document.title) if document else None)
            copy = f"data/attachments/{plain_id(record.id)}/{name}"
            if copy.casefold() in copies:
                copy = None
            else:
                copies.add(copy.casefold())
        natives.append(
            Native(
                kind=record.kind, id=record.id, sha256=record.sha256, path=path, size=len(body),
                capture=record.capture, captured_at=record.captured_at, parent=record.parent, copy=copy,
                withheld=of.fields.get(version_of(record), 0), version=version, versions=versions, body=body,
            )
        )  # fmt: skip
    if many:
        natives.sort(key=lambda n: (n.kind, _order(n.id), -n.version))
    return tuple(natives), tuple(unnamed)


def natives_digest(natives: Iterable[Native]) -> str:
    """See `RunFacts.natives_digest`: the same as `grep '  data/natives/' manifest-sha256.txt | sha256sum`."""
    lines = sorted((n.path, n.sha256) for n in natives)
    return hashlib.sha256("".join(f"{sha}  {path}\n" for path, sha in lines).encode()).hexdigest()


def _numbered(
    newest: Sequence[RawRecord], earlier: Sequence[RawRecord], many: Mapping[str, int]
) -> Iterator[tuple[RawRecord, int, int]]:
    """Each with its number among the versions of its record, counted from the oldest, and how many there are."""
    for record in newest:
        versions = many.get(record.key, 0) + 1 if many else 1
        yield record, versions, versions
    left = dict(many)
    for record in earlier:
        yield record, left[record.key], many[record.key] + 1
        left[record.key] -= 1


def write_natives(natives: Sequence[Native], bag: Path) -> None:
    """Write each native, and its readable copy, below the bag's folder."""
    made: set[str] = set()
    for native in natives:
        for path in (native.path, native.copy):
            if path is not None:
                folder = path.rpartition("/")[0]
                if folder not in made:
                    (bag / folder).mkdir(parents=True, exist_ok=True)
                    made.add(folder)
                put(f"{bag}/{path}", native.body)


def media_type(native: Native) -> str:
    """JSON for records; attachments are not looked into, so no more is claimed than that they are bytes."""
    if native.kind == "invoice_pdf":
        return "application/pdf"
    return "application/octet-stream" if native.kind in BYTES_KINDS else "application/json"


def _ending(record: RawRecord, document: Document | None) -> str:
    if record.kind == "attachment":
        return ending_of(document.file_name if document else None)
    return "pdf" if record.kind == "invoice_pdf" else "json"


def _order(record_id: str) -> tuple[int, int, str]:
    """Numeric ids by number, before the others by text."""
    if record_id.isascii() and record_id.isdigit() and len(record_id) <= 18:
        return (0, int(record_id), record_id)
    return (1, 0, record_id)
