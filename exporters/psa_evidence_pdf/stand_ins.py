"""Numbers to lay out with before the real ones are known, and which real one takes the place of each."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from psa_evidence_pdf.documents import Shown
from psa_evidence_pdf.exchange import alike
from psa_evidence_pdf.numbering import span
from psa_evidence_pdf.plan import Document, Plan

Numbers = Mapping[str, Any]
"""What the template is told: `first` and `last` number by id, and `facts` for the cover."""


def stand_ins(plan: Plan, document: Document) -> Numbers:
    """Each as wide on paper as the real number, and different from all others of the document."""
    bates = plan.content.bates
    free = itertools.count(1)

    def stand_in(id_: str) -> str:
        write = bates.exhibit if id_.startswith("x") else bates.report
        return write(next(free) % 10**bates.digits)

    facts = [["Report", span(stand_in("p"), stand_in("p"))]]
    if plan.content.exhibits:
        facts.append(["Exhibits", span(stand_in("x"), stand_in("x"))])
    ids = sorted(document.printed)
    return {
        "first": {id_: stand_in(id_) for id_ in ids},
        "last": {id_: stand_in(id_) for id_ in ids},
        "facts": facts if document.front else [],
    }


def times(shown: Shown, numbers: Numbers) -> dict[str, int]:
    """How often each of the numbers is printed."""
    counted: Counter[str] = Counter()
    for which, printed in (("first", shown.first), ("last", shown.last)):
        for id_, often in printed.items():
            counted[numbers[which][id_]] += often
    counted.update(value for _, value in numbers["facts"])
    return dict(counted)


def exchange(old: Numbers, new: Numbers) -> dict[str, str] | None:
    """The number for each stand-in; None when one has another width, or stands in for two."""
    if len(old["facts"]) != len(new["facts"]):
        return None
    found: dict[str, str] = {}
    for stand_in, number in _pairs(old, new):
        if not alike(stand_in, number) or found.setdefault(stand_in, number) != number:
            return None
    return found


def _pairs(old: Numbers, new: Numbers) -> Iterator[tuple[str, str]]:
    for which in ("first", "last"):
        for id_, stand_in in old[which].items():
            yield stand_in, new[which][id_]
    for (_, stand_in), (_, number) in zip(old["facts"], new["facts"], strict=True):
        yield stand_in, number
