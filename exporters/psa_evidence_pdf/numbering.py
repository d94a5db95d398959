"""From positions to Bates numbers: which number every part and exhibit begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psa_evidence.spi import Bates, PackContent, Pagination
from psa_evidence_pdf.documents import Document
from psa_evidence_pdf.typesetting import Positions


@dataclass(frozen=True, slots=True)
class Numbering:
    """`first` and `last` Bates number of every part, exhibit and the index, by the ids the template knows.

    `starts` says for each document with which exhibit page it begins (counted from 1 over all documents).
    """

    first: dict[str, str]
    last: dict[str, str]
    starts: dict[str, int]
    pages: dict[str, int]
    report_pages: int
    exhibit_pages: int


def number(bates: Bates, documents: Sequence[Document], positions: Mapping[str, Positions]) -> Numbering:
    """Give every page its number. `positions` is by file and holds every one of `documents`."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    starts: dict[str, int] = {}
    pages = {document.file: positions[document.file].pages for document in documents}
    report_pages = 0
    exhibit_pages = 0
    for document in documents:
        at = positions[document.file]
        ends = _ends(at)
        report_part = min((at.places[x] for x in document.exhibits), default=at.pages + 1) - 1 if document.report else 0
        starts[document.file] = exhibit_pages + 1
        for id_, page in at.places.items():
            if id_ in document.exhibits:
                base = bates.first_exhibit_page + exhibit_pages - report_part - 1
                first[id_], last[id_] = bates.exhibit(base + page), bates.exhibit(base + ends[id_])
            else:
                base = bates.first_report_page - 1
                first[id_], last[id_] = bates.report(base + page), bates.report(base + min(ends[id_], report_part))
        report_pages += report_part
        exhibit_pages += at.pages - report_part
    return Numbering(first, last, starts, pages, report_pages, exhibit_pages)


def provisional(content: PackContent) -> Numbering:
    """As wide on paper as the real one, to lay out with before anything is known."""
    ids = [f"p{n}" for n in range(len(content.parts))] + ["index"]
    report, exhibit = content.bates.report(0), content.bates.exhibit(0)
    first = dict.fromkeys(ids, report) | {f"x{n}": exhibit for n in range(len(content.exhibits))}
    return Numbering(first, dict(first), {}, {}, 0, 0)


def told(content: PackContent, document: Document, numbering: Numbering) -> dict[str, Any]:
    """What the template is told of the numbers, and no more: a volume does not change when others do."""
    wanted = set(numbering.first) if document.report else document.cited
    return {
        "first": {id_: numbering.first[id_] for id_ in wanted},
        "last": {id_: numbering.last[id_] for id_ in wanted},
        "facts": _cover_facts(content, numbering) if document.report else [],
    }


def span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def pagination(content: PackContent, numbering: Numbering) -> Pagination:
    """What the pack is told: `files` are the names of the PDFs in the order in which they are written."""
    return Pagination(
        exhibits={
            exhibit.id: (numbering.first[f"x{n}"], numbering.last[f"x{n}"])
            for n, exhibit in enumerate(content.exhibits)
        },
        parts={part.id: (numbering.first[f"p{n}"], numbering.last[f"p{n}"]) for n, part in enumerate(content.parts)},
        exhibit_pages=numbering.exhibit_pages,
        report_pages=numbering.report_pages,
        files=tuple(numbering.pages),
    )


def _ends(at: Positions) -> dict[str, int]:
    """The last page of each: where the next one begins on the same page, it ends there too."""
    order = sorted(at.places.items(), key=lambda item: item[1])
    ends: dict[str, int] = {}
    for (id_, page), following in zip(order, [*(page for _, page in order[1:]), at.pages + 1], strict=True):
        ends[id_] = max(page, following - 1)
    return ends


def _cover_facts(content: PackContent, numbering: Numbering) -> list[list[str]]:
    bates = content.bates
    report_end = bates.report(bates.first_report_page + max(numbering.report_pages, 1) - 1)
    facts = [["Report", span(bates.report(bates.first_report_page), report_end)]]
    if content.exhibits:
        exhibits_end = bates.exhibit(bates.first_exhibit_page + max(numbering.exhibit_pages, 1) - 1)
        facts.append(["Exhibits", span(bates.exhibit(bates.first_exhibit_page), exhibits_end)])
    return facts
