"""Every field that a load file can have: its name in a profile, what it means, how its value is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psa_evidence.spi import PackContent
from psa_evidence_loadfile.items import Item

Value = str | int | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item with what was written for it. `md5` is empty unless the profile asks for it."""

    item: Item
    content: PackContent
    volume: str
    native_link: str = ""
    text_link: str = ""
    pdf_link: str = ""
    md5: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    meaning: str
    value: Callable[[Line], Value]


def _people(line: Line) -> tuple[str, ...]:
    return line.item.document.people if line.item.attached is None else ()


def _title(line: Line) -> str:
    attached = line.item.attached
    return (attached.title or attached.name) if attached else line.item.document.title


def _file_name(line: Line) -> str:
    attached, native = line.item.attached, line.item.native
    return attached.name if attached else native.path.rsplit("/", 1)[-1] if native else ""


def _hash_scope(line: Line) -> str:
    native = line.item.native
    if native is None:
        return ""
    return "native without withheld fields" if native.withheld else "native"


def _source(line: Line) -> str:
    run = line.content.run
    return f"{run.psa}, connection {run.connection}" if run else ""


def _custodian(line: Line) -> str:
    return (line.content.run.provider or "") if line.content.run else ""


FIELDS: Final[Mapping[str, Field]] = {
    "begin": Field("Bates number of the first page; of an attached file its own number", lambda x: x.item.begin),
    "end": Field("Bates number of the last page; of an attached file its own number", lambda x: x.item.end),
    "begin_family": Field(
        "First number of the family: parent and attached files; empty without a family",
        lambda x: x.item.family[0] if x.item.family else "",
    ),
    "end_family": Field("Last number of the family", lambda x: x.item.family[1] if x.item.family else ""),
    "parent": Field("Number of the document that this file is attached to", lambda x: x.item.parent),
    "attachments": Field("How many files are attached", lambda x: x.item.children if not x.item.parent else None),
    "pages": Field("Pages in the PDF; 0 for a file that no page shows", lambda x: x.item.pages),
    "volume": Field("Name of this volume", lambda x: x.volume),
    "custodian": Field("Who keeps the records: the provider, as the matter file names it", _custodian),
    "source": Field("System and connection that the records were read from", _source),
    "record_type": Field(
        "Kind of record: ticket, agreement, opportunity, invoice, settings, list, attachment",
        lambda x: x.item.document.record_type if x.item.attached is None else "attachment",
    ),
    "record_id": Field(
        "Id of the record in that system",
        lambda x: x.item.document.record_id if x.item.attached is None else x.item.attached.native.key.split("/", 1)[1],
    ),
    "exhibit": Field("Id of the exhibit in the pack that shows it", lambda x: x.item.document.exhibit),
    "records": Field(
        "How many source records the document shows; they are listed in the records file",
        lambda x: len(x.item.document.records) if x.item.attached is None else 1,
    ),
    "title": Field("Title of the exhibit, or of the attached file", _title),
    "author": Field(
        "Who entered the record, or attached the file",
        lambda x: x.item.document.author if x.item.attached is None else x.item.attached.author,
    ),
    "people": Field("Everybody whom the records name, each once", _people),
    "created": Field(
        "When the record was entered (a ticket), issued (an invoice), begins (an agreement), or the file was attached",
        lambda x: x.item.document.created_at if x.item.attached is None else x.item.attached.added_at,
    ),
    "modified": Field(
        "When the record was last changed, as it says itself",
        lambda x: x.item.document.modified_at if x.item.attached is None else None,
    ),
    "entered": Field(
        "When the record was typed in",
        lambda x: x.item.document.entered_at if x.item.attached is None else x.item.attached.added_at,
    ),
    "collected": Field("When the native was captured", lambda x: x.item.native.captured_at if x.item.native else None),
    "zone": Field("Zone of every date and time of this file", lambda _: "UTC"),
    "matter_zone": Field("Zone in which the pages print times, with their offset", lambda x: x.content.time_zone),
    "file_name": Field("Name of the native, or of the attached file as the system has it", _file_name),
    "file_ending": Field("Ending of the native's name, without the point", lambda x: x.item.ending.removeprefix(".")),
    "file_size": Field("Bytes of the native", lambda x: x.item.native.size if x.item.native else None),
    "sha256": Field("SHA-256 of the native", lambda x: x.item.native.sha256 if x.item.native else ""),
    "md5": Field("MD5 of the native, for finding duplicates only", lambda x: x.md5),
    "hash_scope": Field(
        "What the hash is over: the native as received, or the file that stands for it without its withheld fields",
        _hash_scope,
    ),
    "confidentiality": Field("The legend of the matter", lambda x: x.content.footer),
    "redacted": Field("Y or N", lambda x: "Y" if x.item.document.redacted else "N"),
    "native_link": Field("Path of the native", lambda x: x.native_link),
    "text_link": Field("Path of the text", lambda x: x.text_link),
    "pdf_link": Field("Path of the PDF with the document's pages", lambda x: x.pdf_link),
}
