"""Page labels equal to the printed Bates numbers (ISO 32000-1, 12.4.2), which the typesetter cannot write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.update import Update, text_string

_SUSPECTS = re.compile(rb"/Suspects\s+false")
"""The default, which need not be stated (ISO 32000-1, 14.7.1): poppler reports it as a syntax error."""
_MOST_PAGES = 10**7
"""No document of ours comes near: labels beyond need no entry."""


@dataclass(frozen=True, slots=True)
class Run:
    """Pages numbered on: `index` of the first one in the file, `prefix`, `digits`, `first` number."""

    index: int
    prefix: str
    digits: int
    first: int

    def label(self, index: int) -> str:
        return f"{self.prefix}{self.first + index - self.index:0{self.digits}d}"


def add_labels(update: Update, runs: Sequence[Run]) -> None:
    """Give every page its label. Raises EvidenceError when the file has labels already."""
    catalog = update.dictionary(update.root)
    if b"/PageLabels" in catalog:
        raise EvidenceError("The page labels could not be added.", why="The PDF already has page labels.")
    catalog = _SUSPECTS.sub(b"", catalog)
    update.put(update.root, b"%s/PageLabels<</Nums[%s]>>>>" % (catalog, _numbers(runs)))


def _numbers(runs: Sequence[Run]) -> bytes:
    """Decimal labels are not padded, so the zeros stand in the prefix, which changes where a number grows a digit."""
    made: list[bytes] = []
    for place, run in enumerate(runs):
        end = runs[place + 1].index if place + 1 < len(runs) else _MOST_PAGES
        at, value = run.index, run.first
        while at < end:
            length = len(str(value))
            zeros = "0" * max(0, run.digits - length)
            made.append(b"%d<</S/D/P%s/St %d>>" % (at, text_string(run.prefix + zeros), value))
            at, value = at + 10**length - value, 10**length
    return b" ".join(made)
