"""From positions to Bates numbers: which number every part and exhibit begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psa_evidence.spi import PackContent, Pagination
from psa_evidence_pdf.plan import Document, Plan
from psa_evidence_pdf.typesetting import Positions

_RANGES = 4


@dataclass(frozen=True, slots=True)
class Numbering:
    """`first` and `last` Bates number of every piece of a part, exhibit and the index, by the ids of the template.

    By file: `pages`, of which `report` are of the report, the page of the report with which it begins, counted from 1
    over all files (`report_from`), and its exhibits as (page in the file from 0, first number, pages) in `runs`.
    `changed` are ids of exhibits that do not have the pages issued for them.
    """

    first: dict[str, str]
    last: dict[str, str]
    pages: dict[str, int]
    report: dict[str, int]
    report_from: dict[str, int]
    runs: dict[str, list[tuple[int, int, int]]]
    changed: tuple[str, ...]
    report_pages: int
    exhibit_pages: int


def number(plan: Plan, positions: Mapping[str, Positions]) -> Numbering:
    """Give every page its number. `positions` is by file and holds every document of the plan."""
    bates = plan.content.bates
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    pages: dict[str, int] = {}
    report: dict[str, int] = {}
    report_from: dict[str, int] = {}
    runs: dict[str, list[tuple[int, int, int]]] = {}
    changed: list[str] = []
    free, report_pages, exhibit_pages = bates.first_exhibit_page, 0, 0
    for document in plan.documents:
        at = positions[document.file]
        ends = _ends(at)
        own = min((at.places[f"x{x}"] for x in document.exhibits), default=at.pages + 1) - 1 if document.report else 0
        for piece in document.pieces:
            base = bates.first_report_page + report_pages - 1
            first[piece.id] = bates.report(base + at.places[piece.id])
            last[piece.id] = bates.report(base + min(ends[piece.id], own))
        made = runs.setdefault(document.file, [])
        for place in document.exhibits:
            begin, end = at.places[f"x{place}"], ends[f"x{place}"]
            count = end - begin + 1
            id_ = plan.briefs[place].id
            begins, issued = bates.issued.get(id_, (free, count))
            if issued != count:
                changed.append(id_)
                begins = free
            if begins == free:
                free += count
            made.append((begin - 1, begins, count))
            first[f"x{place}"], last[f"x{place}"] = bates.exhibit(begins), bates.exhibit(begins + count - 1)
        pages[document.file], report[document.file] = at.pages, own
        report_from[document.file] = report_pages + 1
        report_pages += own
        exhibit_pages += at.pages - own
    return Numbering(first, last, pages, report, report_from, runs, tuple(changed), report_pages, exhibit_pages)


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
            for n, exhibit in enumerate(plan.briefs)
        },
        parts={
            part.id: (numbering.first[f"p{n}"], numbering.last[ends[n]]) for n, part in enumerate(content.parts)
        },
        exhibit_pages=numbering.exhibit_pages,
        report_pages=numbering.report_pages,
        files=tuple(numbering.pages),
        changed=numbering.changed,
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
    ranges = exhibit_ranges(numbering)
    if ranges:
        shown = "; ".join(span(bates.exhibit(begin), bates.exhibit(end)) for begin, end in ranges[:_RANGES])
        more = len(ranges) - _RANGES
        facts.append(["Exhibits", f"{shown} and {more} more ranges" if more > 0 else shown])
    return facts


def exhibit_ranges(numbering: Numbering) -> list[tuple[int, int]]:
    """The numbers of the exhibits as runs without a gap, in the order of the pages."""
    ranges: list[tuple[int, int]] = []
    for runs in numbering.runs.values():
        for _, begins, count in runs:
            if ranges and ranges[-1][1] + 1 == begins:
                ranges[-1] = ranges[-1][0], begins + count - 1
            else:
                ranges.append((begins, begins + count - 1))
    return ranges
