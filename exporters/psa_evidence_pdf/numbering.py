"""From positions to Bates numbers: which number every part and exhibit begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psa_evidence.spi import Bates, PackContent, Pagination
from psa_evidence_pdf.plan import Document, Plan
from psa_evidence_pdf.typesetting import Positions


@dataclass(frozen=True, slots=True)
class Numbering:
    """`first` and `last` Bates number of every piece of a part, exhibit and the index, by the ids of the template.

    By file: `pages`, of which `report` are of the report, and with which page of the report (`report_from`) and of the
    exhibits (`exhibits_from`) it begins, counted from 1 over all files.
    """

    first: dict[str, str]
    last: dict[str, str]
    pages: dict[str, int]
    report: dict[str, int]
    report_from: dict[str, int]
    exhibits_from: dict[str, int]
    report_pages: int
    exhibit_pages: int


def number(bates: Bates, documents: Sequence[Document], positions: Mapping[str, Positions]) -> Numbering:
    """Give every page its number. `positions` is by file and holds every one of `documents`."""
    found = Numbering({}, {}, {}, {}, {}, {}, 0, 0)
    report_pages = exhibit_pages = 0
    for document in documents:
        at = positions[document.file]
        ends = _ends(at)
        exhibits = {f"x{place}" for place in document.exhibits}
        own = min((at.places[x] for x in exhibits), default=at.pages + 1) - 1 if document.report else 0
        found.pages[document.file], found.report[document.file] = at.pages, own
        found.report_from[document.file], found.exhibits_from[document.file] = report_pages + 1, exhibit_pages + 1
        for id_, page in at.places.items():
            if id_ in exhibits:
                base = bates.first_exhibit_page + exhibit_pages - own - 1
                found.first[id_], found.last[id_] = bates.exhibit(base + page), bates.exhibit(base + ends[id_])
            else:
                base = bates.first_report_page + report_pages - 1
                found.first[id_] = bates.report(base + page)
                found.last[id_] = bates.report(base + min(ends[id_], own))
        report_pages += own
        exhibit_pages += at.pages - own
    return Numbering(
        found.first, found.last, found.pages, found.report, found.report_from, found.exhibits_from, report_pages,
        exhibit_pages,
    )  # fmt: skip


def provisional(plan: Plan) -> Numbering:
    """As wide on paper as the real one, to lay out with before anything is known."""
    bates = plan.content.bates
    first = {piece.id: bates.report(0) for group in plan.reports for piece in group}
    first |= {f"x{n}": bates.exhibit(0) for n in range(len(plan.content.exhibits))}
    return Numbering(first, dict(first), {}, {}, {}, {}, 0, 0)


def told(plan: Plan, document: Document, numbering: Numbering) -> dict[str, Any]:
    """What the template is told of the numbers, and no more: a file does not change when others do."""
    return {
        "first": {id_: numbering.first[id_] for id_ in document.printed},
        "last": {id_: numbering.last[id_] for id_ in document.printed},
        "facts": _cover_facts(plan.content, numbering) if document.front else [],
    }


def span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def pagination(plan: Plan, numbering: Numbering) -> Pagination:
    """What the pack is told: `files` are the names of the PDFs in the order in which they are written."""
    content = plan.content
    ends = {piece.part: piece.id for group in plan.reports for piece in group}
    return Pagination(
        exhibits={
            exhibit.id: (numbering.first[f"x{n}"], numbering.last[f"x{n}"])
            for n, exhibit in enumerate(content.exhibits)
        },
        parts={
            part.id: (numbering.first[f"p{n}"], numbering.last[ends[n]]) for n, part in enumerate(content.parts)
        },
        exhibit_pages=numbering.exhibit_pages,
        report_pages=numbering.report_pages,
        files=tuple(numbering.pages),
    )  # fmt: skip


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
