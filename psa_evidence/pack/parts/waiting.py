"""Who was being waited for: pauses of the clock, by the status or reason the records give for them."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.sla.results import Interval
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

SHOWN = 200


def part(dossier: Dossier, number: int) -> Part:
    pauses = [
        (ticket.id, i) for ticket, r in dossier.stage_results("contract") if r.stage == "resolution"
        for i in r.intervals if i.state == "paused"
    ]  # fmt: skip
    blocks: list[Block]
    if not pauses:
        blocks = [Paragraph(text="No pause of a resolution clock is shown by these records.")]
    else:
        blocks = [
            Paragraph(
                text="Pauses of the resolution clock under the contract reading. The reason is what the records say at "
                "that time; whether the client was in fact to act is for the exhibits to show."
            ),
            Heading(text="By reason"), _by_reason(pauses), Heading(text="The longest pauses"), _longest(dossier,
            pauses),
        ]  # fmt: skip
    blocks += findings_in(dossier, "waiting")
    return Part(id="waiting", number=number, title="Client waiting and delays", page_kind="B", blocks=tuple(blocks))


def length(interval: Interval) -> int:
    """Elapsed seconds of the clock on the wall, nights included."""
    return int((interval.end - interval.start).total_seconds())


def _by_reason(pauses: list[tuple[str, Interval]]) -> Table:
    groups: dict[str, list[tuple[str, int]]] = {}
    for ticket, interval in pauses:
        groups.setdefault(interval.why, []).append((ticket, length(interval)))
    rows = sorted(
        (
            (why, f"{len(group):,}", f"{len({t for t, _ in group}):,}", wording.duration(sum(s for _, s in group)))
            for why, group in groups.items()
        ),
    )
    return Table(
        columns=(
            Column(title="Reason as recorded", width=3), Column(title="Pauses", align="right"),
            Column(title="Tickets", align="right"), Column(title="Time by the wall clock", align="right", width=1.4),
        ),
        rows=tuple(rows),
        caption=f"n = {len(pauses):,} pauses.",
    )  # fmt: skip


def _longest(dossier: Dossier, pauses: list[tuple[str, Interval]]) -> Table:
    ordered = sorted(pauses, key=lambda p: (-length(p[1]), p[0], p[1].start))
    rows: list[tuple[Cell, ...]] = [
        (
            dossier.ticket_cell(ticket), wording.local(i.start, dossier.zone), wording.local(i.end, dossier.zone),
            wording.duration(length(i)), i.why,
        )
        for ticket, i in ordered[:SHOWN]
    ]  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="From", width=1.5), Column(title="To", width=1.5),
            Column(title="By the wall clock", align="right"), Column(title="Reason", width=2),
        ),
        rows=tuple(rows),
        caption=f"{len(rows):,} of {len(pauses):,} pauses; all stand in the clock statements of the exhibits.",
    )  # fmt: skip
