"""Every missed stage, under whichever reading it was missed. Nothing is weighed here, and nothing left out."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Ticket
from psa_evidence.sla.results import Reading, StageResult


@dataclass(frozen=True, slots=True)
class Miss:
    """`overrun` in seconds of open time: elapsed minus target; None when one of them is not known."""

    ticket: Ticket
    result: StageResult

    @property
    def overrun(self) -> int | None:
        if self.result.elapsed_seconds is None or self.result.target_seconds is None:
            return None
        return self.result.elapsed_seconds - self.result.target_seconds


def misses(dossier: Dossier, reading: Reading) -> tuple[Miss, ...]:
    """All missed stages of one reading, in the order of tickets and stages."""
    return tuple(Miss(t, r) for t, r in dossier.stage_results(reading) if r.verdict == "missed")


def only_in(dossier: Dossier, reading: Reading) -> tuple[Miss, ...]:
    """Missed under `reading` and not under the contract reading."""
    return tuple(
        m for m in misses(dossier, reading)
        if dossier.sla[m.ticket.id].result(m.result.stage, "contract").verdict != "missed"
    )  # fmt: skip
