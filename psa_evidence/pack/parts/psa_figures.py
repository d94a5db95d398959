"""Where the PSA's own figure and the contract reading differ: by how much, and the likely cause."""

from __future__ import annotations

from collections import Counter

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.sla import Difference
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    found = [d for ticket in dossier.population.tickets for d in dossier.sla[ticket.id].differences]
    compared = sum(1 for _, r in dossier.stage_results("psa") if r.stated)
    tickets = wording.count(len(dossier.population.tickets), "ticket")
    blocks: list[Block] = [
        Paragraph(
            text=f"For {wording.count(compared, 'stage')} of {tickets} "
            f"the PSA gives a figure or a verdict of its own; {wording.count(len(found), 'stage')} "
            f"{'differs' if len(found) == 1 else 'differ'} from the contract reading. The PSA keeps whole "
            "minutes of up to three segments: a figure that is by no more than that below the computed one does not "
            "differ. A cause is named only where the records bear it out."
        )
    ]
    if found:
        blocks += [Heading(text="By likely cause"), _by_cause(found), Heading(text="Each difference")]
        blocks.append(_each(dossier, found))
    blocks += _flagged(dossier)
    blocks += findings_in(dossier, "psa-figures", above=True)
    return Part(id="psa-figures", number=number, title="The PSA's own figures", page_kind="B", blocks=tuple(blocks))


def _flagged(dossier: Dossier) -> list[Block]:
    """Tickets that the PSA flags as in SLA and that missed a target by the contract reading."""
    missed: dict[str, list[str]] = {}
    for ticket, result in dossier.stage_results("contract"):
        if ticket.psa.in_sla and result.verdict == "missed":
            missed.setdefault(ticket.id, []).append(result.stage)
    if not missed:
        return []
    return [
        Heading(text="Flagged 'in SLA' by the PSA, and missed"),
        Table(
            columns=(
                Column(title="Exhibit", width=1.3), Column(title="Ticket", width=0.7),
                Column(title="Entered", width=1.5), Column(title="PSA's flag 'in SLA'", width=1.2),
                Column(title="Missed by the contract reading", width=4.3),
            ),
            rows=tuple(
                (
                    dossier.cell(dossier.ticket[id_].source), id_,
                    wording.local(dossier.ticket[id_].entered_at, dossier.zone), "yes", ", ".join(stages),
                )
                for id_, stages in missed.items()
            ),
            caption=f"n = {wording.count(len(missed), 'ticket')}.",
        ),
    ]  # fmt: skip


def _kind(difference: Difference) -> str:
    return difference.cause.partition(":")[0]


def _by_cause(found: list[Difference]) -> Table:
    counts = Counter(map(_kind, found))
    better = Counter(_kind(d) for d in found if d.psa_verdict == "met" and d.our_verdict == "missed")
    worse = Counter(_kind(d) for d in found if d.psa_verdict == "missed" and d.our_verdict == "met")
    return Table(
        columns=(
            Column(title="Likely cause", width=3), Column(title="n", align="right", width=0.6),
            Column(title="PSA met, computed missed", align="right", width=1.2),
            Column(title="PSA missed, computed met", align="right", width=1.2),
        ),
        rows=tuple((cause, f"{n:,}", f"{better[cause]:,}", f"{worse[cause]:,}") for cause, n in sorted(counts.items())),
        caption="n counts stages; the others of a line have the same verdict under both, or none under one of them.",
    )  # fmt: skip


def _each(dossier: Dossier, found: list[Difference]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for d in found:
        sla = dossier.sla[d.ticket_id]
        psa, ours = sla.result(d.stage, "psa"), sla.result(d.stage, "contract")
        rows.append((
            dossier.cell(dossier.ticket[d.ticket_id].source), d.ticket_id, d.stage, d.psa_verdict,
            wording.duration(psa.elapsed_seconds), d.our_verdict, wording.duration(ours.elapsed_seconds),
            wording.duration(d.seconds), d.cause,
        ))  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit", width=1.3), Column(title="Ticket", width=0.7), Column(title="Stage", width=0.95),
            Column(title="PSA says", width=0.8), Column(title="PSA's figure", align="right", width=0.9),
            Column(title="Computed", width=0.9), Column(title="Computed figure", align="right", width=0.9),
            Column(title="Apart", align="right", width=0.9), Column(title="Likely cause", width=2.4),
        ),
        rows=tuple(rows),
        caption=f"Apart is the computed figure minus the PSA's. n = {len(rows):,}; the same rows stand in "
        "data/tables/differences.csv.",
    )  # fmt: skip
