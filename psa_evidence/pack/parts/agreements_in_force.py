"""How many tickets were entered while no agreement was in force, and what they weigh in the figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.in_force import IN_FORCE, STANDINGS, standing
from psa_evidence.pack.tally import Tally, of_verdicts
from psa_evidence.records import Stage, Ticket
from psa_evidence.spi import Block, Column, Heading, Paragraph, Table

PART: Final = "contract"
CITED: Final = 2


def standings(dossier: Dossier) -> dict[str, list[Ticket]]:
    """The tickets of the population by how their agreement stood at their entry; only what occurs."""
    found: dict[str, list[Ticket]] = {}
    for ticket in dossier.population.tickets:
        found.setdefault(standing(dossier, ticket), []).append(ticket)
    return {name: found[name] for name in STANDINGS if name in found}


def blocks(dossier: Dossier) -> list[Block]:
    """A row for each standing that occurs, and their sum."""
    groups = standings(dossier)
    rows = [(name, f"{len(tickets):,}", *_results(dossier, tickets)) for name, tickets in groups.items()]
    if rows:
        rows.append(
            ("all", f"{len(dossier.population.tickets):,}", *_results(dossier, dossier.population.tickets))
        )  # fmt: skip
    return [
        Heading(text="Agreements in force when tickets were entered"),
        Table(
            columns=(
                Column(title="At the ticket's entry", width=3.4), Column(title="Tickets", align="right", width=0.7),
                *(Column(title=stage, align="right", width=0.9) for stage in STAGES),
            ),
            rows=tuple(rows),
            caption=f"By the day of entry in {dossier.matter.time_zone} and the days that the PSA records; the first "
            "and the last day of an agreement are included. Stages: met / judged by the contract reading. "
            + _targets(dossier),
            empty="No ticket is in the population.",
        ),
    ]  # fmt: skip


def outside(dossier: Dossier) -> list[Block]:
    """For the one-page answer: what the figures hold beyond tickets under an agreement in force; nothing if nothing."""
    others = [t for name, tickets in standings(dossier).items() if name != IN_FORCE for t in tickets]
    if not others:
        return []
    every = len(dossier.population.tickets)
    told = ", ".join(f"{s} {_of(dossier, others, s).met:,}/{_of(dossier, others, s).judged:,}" for s in STAGES)
    are, them = ("is", "it") if len(others) == 1 else ("are", "them")
    text = (
        f"{len(others):,} of {wording.count(every, 'ticket')} {are} not shown to have been entered under an agreement "
        f"then in force; the contract reading counts {them}: {told} (met / judged)."
    )
    return [Paragraph(text=text, see=dossier.see(PART), cites=dossier.cites(t.source for t in others)[:CITED])]


def _targets(dossier: Dossier) -> str:
    contract = dossier.matter.contract
    if contract is not None and contract.goals:
        return "Every ticket is judged by the targets of the matter file, whatever agreement it names."
    return "Targets are those of the SLA that the ticket names, or else its agreement."


def _results(dossier: Dossier, tickets: Sequence[Ticket]) -> tuple[str, ...]:
    tallies = [_of(dossier, tickets, stage) for stage in STAGES]
    return tuple(f"{tally.met:,}/{tally.judged:,}" for tally in tallies)


def _of(dossier: Dossier, tickets: Sequence[Ticket], stage: Stage) -> Tally:
    return of_verdicts(dossier.sla[t.id].result(stage, "contract").verdict for t in tickets)
