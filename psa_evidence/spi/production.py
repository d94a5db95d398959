"""The exhibits as documents of a production: native, family, dates, people; and the chronology as events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A record's file in the pack. `path` is relative to the pack, with forward slashes; `size` in bytes. `withheld`
    counts the fields of the record that the file does not show."""

    key: str
    path: str
    sha256: str
    size: int
    captured_at: datetime
    withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file that hangs on a document, as it was attached. `name` is the name in the PSA, any text."""

    native: SourceFile
    name: str
    title: str
    author: str | None
    added_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducedDocument:
    """One exhibit as a document. `native` is the file of its main record, None where it has none of its own (a list).

    `records` are the files of all records that the exhibit shows, the main one and the attached bytes included.
    """

    exhibit: str
    record_type: str
    record_id: str
    title: str
    native: SourceFile | None
    records: tuple[SourceFile, ...]
    attachments: tuple[AttachedFile, ...] = ()
    author: str | None = None
    people: tuple[str, ...] = ()
    created_at: datetime | None = None
    modified_at: datetime | None = None
    entered_at: datetime | None = None
    redacted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated fact of the chronology, in one sentence, with the exhibit that shows it. `to` and `channel` of a message:
    `not recorded` where the records do not say."""

    at: datetime
    text: str
    exhibit: str | None
    key: str
    people: tuple[str, ...] = ()
    side: str = ""
    to: str = ""
    channel: str = ""
    topic: str = ""
