"""Verdicts counted. One count serves the one-page answer, the attainment tables and the manifest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psa_evidence.pack.wording import share
from psa_evidence.sla.results import AttainmentRow, Verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """n = met + missed + not_determined + no_target + excluded. The share is met over met + missed. `paused` counts
    those of n whose clock a pause stopped, whatever the verdict."""

    met: int = 0
    missed: int = 0
    not_determined: int = 0
    no_target: int = 0
    excluded: int = 0
    paused: int = 0

    @property
    def n(self) -> int:
        return self.met + self.missed + self.not_determined + self.no_target + self.excluded

    @property
    def judged(self) -> int:
        return self.met + self.missed

    def cells(self) -> tuple[str, ...]:
        """n, met, missed, not determined, no target, excluded, numerator/denominator, percentage."""
        numbers = (self.n, self.met, self.missed, self.not_determined, self.no_target, self.excluded)
        return (*(f"{x:,}" for x in numbers), f"{self.met:,}/{self.judged:,}", share(self.met, self.judged))

    def cells_with_pauses(self) -> tuple[str, ...]:
        """The same with the number of paused ones behind the last class."""
        cells = self.cells()
        return (*cells[:CLASSES], f"{self.paused:,}", *cells[CLASSES:])


COLUMNS = ("n", "met", "missed", "not determined", "no target", "excluded", "met / judged", "share")
WIDTHS = (0.5, 0.5, 0.7, 1.1, 0.7, 0.9, 0.8, 0.8)
"""Weights of the columns: a word of a heading is not broken."""
CLASSES = 6
"""Columns before the numerator: n and its classes."""
COLUMNS_WITH_PAUSES = (*COLUMNS[:CLASSES], "paused", *COLUMNS[CLASSES:])
WIDTHS_WITH_PAUSES = (*WIDTHS[:CLASSES], 0.7, *WIDTHS[CLASSES:])


def of_verdicts(verdicts: Iterable[Verdict]) -> Tally:
    counts = {"met": 0, "missed": 0, "not determined": 0, "no target": 0, "excluded": 0}
    for verdict in verdicts:
        counts[verdict] += 1
    return Tally(
        counts["met"], counts["missed"], counts["not determined"], counts["no target"], counts["excluded"]
    )  # fmt: skip


def of_rows(rows: Iterable[AttainmentRow]) -> Tally:
    listed = list(rows)
    return Tally(
        sum(r.met for r in listed),
        sum(r.missed for r in listed),
        sum(r.not_determined for r in listed),
        sum(r.no_target for r in listed),
        sum(r.excluded for r in listed),
        sum(r.paused for r in listed),
    )
