"""Dividing again what came out with more pages or bytes than a file may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from psa_evidence_pdf.attachments import MOST_PACKED
from psa_evidence_pdf.plan import Document, Plan
from psa_evidence_pdf.volumes import Limits
from psa_evidence_pdf.work import LaidOut

_FONTS, _STAMP = 30_000, 1_000
"""Bytes that numbering and labelling adds to a file and for each page, with room to spare."""
_MANIFEST_ENTRY, _PACKED_ENTRY = 500, 160
"""Bytes of a record and its native in the manifest, which the first file carries, as it is and compressed: some 410 and
115 in a pack of 5,000 tickets."""
_Unit = TypeVar("_Unit")


def smaller(plan: Plan, limits: Limits, laid: Mapping[str, LaidOut]) -> Plan | None:
    """The plan with every file divided that is over the limits; None when each is within them, or cannot be divided:
    an exhibit, and a piece of the report, stays whole."""
    if limits.pages is None and limits.size is None:
        return None
    over = {d.file: d for d in plan.documents if _over(plan, d, limits, laid[d.file])}
    if plan.whole:
        return Plan.of(plan.content, limits, whole=False, briefs=plan.briefs) if over else None
    reports = _divided(plan.reports, [d for d in plan.documents if d.report], over, limits, laid)
    volumes = _divided(plan.volumes, [d for d in plan.documents if not d.report], over, limits, laid)
    if len(reports) == len(plan.reports) and len(volumes) == len(plan.volumes):
        return None
    return Plan(plan.content, plan.briefs, reports, volumes, whole=False)


def _over(plan: Plan, document: Document, limits: Limits, laid: LaidOut) -> bool:
    pages = laid.positions.pages
    size = _size(laid)
    if document.front:
        entries = sum(brief.sources for brief in plan.briefs)
        size += entries * (_PACKED_ENTRY if entries * _MANIFEST_ENTRY <= MOST_PACKED else _MANIFEST_ENTRY)
    return (limits.pages is not None and pages > limits.pages) or (limits.size is not None and size > limits.size)


def _size(laid: LaidOut) -> int:
    """Of the finished file, in bytes, rather too much."""
    return laid.size + _FONTS + _STAMP * laid.positions.pages


def _divided(
    groups: Sequence[tuple[_Unit, ...]], documents: Sequence[Document], over: Mapping[str, Document], limits: Limits,
    laid: Mapping[str, LaidOut],
) -> list[tuple[_Unit, ...]]:  # fmt: skip
    made: list[tuple[_Unit, ...]] = []
    for group, document in zip(groups, documents, strict=True):
        if document.file in over and len(group) > 1:
            made += _parted(group, document, limits, laid[document.file])
        else:
            made.append(group)
    return made


def _parted(
    group: tuple[_Unit, ...], document: Document, limits: Limits, laid: LaidOut
) -> list[tuple[_Unit, ...]]:  # fmt: skip
    """The units by the pages that they took, in as few files as they fit; bytes are taken to lie evenly on pages."""
    at = laid.positions
    most = limits.pages or at.pages
    if limits.size is not None:
        most = min(most, int(limits.size * at.pages / _size(laid)))
    places = [at.places[id_] for id_ in document.ids]
    ends = [*places[1:], at.pages + 1]
    made: list[list[_Unit]] = []
    held = 0
    for unit, begin, end in zip(group, places, ends, strict=True):
        if not made or held + end - begin > most:
            made.append([])
            held = 0
        made[-1].append(unit)
        held += end - begin
    if len(made) == 1:
        middle = len(group) // 2
        return [group[:middle], group[middle:]]
    return [tuple(units) for units in made]
