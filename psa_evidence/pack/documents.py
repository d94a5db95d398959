"""The exhibits as documents of a production: which native stands for each, what is attached, who and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.natives import Native
from psa_evidence.pack.numbering import PREFIX, SETTINGS
from psa_evidence.records import Agreement, Document, Invoice, Opportunity, Ticket
from psa_evidence.spi import AttachedFile, ProducedDocument, SourceFile

_LIST: Final = "list"


def documents(dossier: Dossier) -> tuple[ProducedDocument, ...]:
    """One document for each exhibit, in their order. Files attached to a record are attached to its exhibit."""
    main = _main_records(dossier)
    papers = {d.id: d for d in dossier.records.documents}
    return tuple(_document(dossier, id_, title, main.get(id_), papers) for id_, title, *_ in dossier.exhibit_list)


def source_file(native: Native) -> SourceFile:
    return SourceFile(
        key=native.key, path=native.path, sha256=native.sha256, size=native.size, captured_at=native.captured_at,
        withheld=native.withheld,
    )  # fmt: skip


def _main_records(dossier: Dossier) -> dict[str, Any]:
    records = dossier.records
    groups: tuple[tuple[Any, ...], ...] = (
        records.tickets, records.agreements, records.opportunities, records.invoices,
    )  # fmt: skip
    return {f"{PREFIX[item.source.kind]}{item.id}": item for group in groups for item in group}


def _document(
    dossier: Dossier, exhibit: str, title: str, record: Any, papers: Mapping[str, Document]
) -> ProducedDocument:  # fmt: skip
    natives = dossier.shown_by.get(exhibit, ())
    attached = tuple(_attached(n, papers.get(n.id)) for n in natives if n.kind == "attachment")
    native = dossier.native.get(record.source.key) if record is not None else None
    created, modified, entered, author = _facts(record)
    if native is None and len(natives) - len(attached) == 1:
        native = next(n for n in natives if n.kind != "attachment")
    return ProducedDocument(
        exhibit=exhibit,
        record_type=record.source.kind if record is not None else "settings" if exhibit == SETTINGS else _LIST,
        record_id=record.id if record is not None else exhibit,
        title=title,
        native=None if native is None else source_file(native),
        records=tuple(source_file(n) for n in natives),
        attachments=attached,
        author=author,
        people=_people(dossier, record),
        created_at=created, modified_at=modified, entered_at=entered, redacted=any(n.withheld for n in natives),
    )  # fmt: skip


def _attached(native: Native, paper: Document | None) -> AttachedFile:
    return AttachedFile(
        native=source_file(native),
        name=(paper.file_name or paper.title) if paper else "",
        title=paper.title if paper else "",
        author=paper.entered_by if paper else None,
        added_at=paper.entered_at if paper else None,
    )


def _facts(record: Any) -> tuple[datetime | None, datetime | None, datetime | None, str | None]:
    """Created, modified, entered, author. A day without a time stands at midnight UTC, as it was recorded."""
    match record:
        case Ticket():
            return record.entered_at, record.updated_at, record.entered_at, record.entered_by
        case Opportunity():
            return record.entered_at, None, record.entered_at, None
        case Invoice() if record.issued_on is not None:
            return datetime.combine(record.issued_on, datetime.min.time(), UTC), None, None, None
        case Agreement() if record.start is not None:
            return datetime.combine(record.start, datetime.min.time(), UTC), None, None, None
        case _:
            return None, None, None, None


def _people(dossier: Dossier, record: Any) -> tuple[str, ...]:
    """Everybody whom the records of a ticket name, each once, in order; an opportunity's contact."""
    if isinstance(record, Opportunity):
        return (record.contact,) if record.contact else ()
    if not isinstance(record, Ticket):
        return ()
    named = [record.contact_name, record.owner, *record.resources, record.entered_by]
    named += [m.author for m in dossier.messages.get(record.id, ())]
    named += [e.member for e in dossier.time_entries.get(record.id, ())]
    return tuple(dict.fromkeys(name for name in named if name))
