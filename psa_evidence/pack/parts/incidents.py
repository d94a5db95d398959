"""Incidents and outages: tickets that the PSA ranks first, or whose type says so by its name. Nothing is inferred."""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.shortened import Shortener
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cell, Column, Paragraph, Part, Table

NAMED: Final = re.compile(r"\b(outages?|incidents?|security|breach|disaster|ransomware)\b", re.IGNORECASE)
"""Words looked for in the name of a ticket's type."""

SHOWN: Final = 200


def part(dossier: Dossier, number: int) -> Part:
    first = highest(dossier)
    found = [(t, why) for t in dossier.population.tickets if (why := _why(t, first))]
    words = f"the PSA's first priority ({first})" if first else "no priority, since the PSA ranks none first"
    blocks: list[Block] = [
        Paragraph(
            text=f"Listed are tickets of {words}, and those whose type names an outage, an incident, security, "
            "a breach, a disaster or ransomware. Whether one was an incident in the contract's sense is not said. Who "
            "detected it shows in who entered the ticket and from what source; a cause that lies with a third party "
            "has no field and shows in messages, and in pauses for a vendor."
        )
    ]
    short = Shortener()
    rows: list[tuple[Cell, ...]] = [
        (
            dossier.cell(t.source), wording.local(t.entered_at, dossier.zone), short(wording.text(t.summary)), why,
            f"{wording.text(t.entered_by)}\n{t.channel or 'no source'}",
            _reached(dossier, t, "response"), _reached(dossier, t, "resolution"),
        )
        for t, why in found[:SHOWN]
    ]  # fmt: skip
    if rows:
        blocks.append(
            Table(
                columns=(
                    Column(title="Exhibit"), Column(title="Entered", width=1.3), Column(title="Summary", width=2.2),
                    Column(title="Listed for", width=1.1), Column(title="Entered by, source", width=1.1),
                    Column(title="Responded", width=1.3),
                    Column(title="Resolved", width=1.3),
                ),
                rows=tuple(rows),
                caption=f"{len(rows):,} of {wording.count(len(found), 'ticket')} shown; times by the contract "
                f"reading.{short.note}",
            )
        )  # fmt: skip
    else:
        blocks = [Paragraph(text=f"No ticket of {words}, and none whose type names an incident, is shown.")]
    return Part(id="incidents", number=number, title="Incidents and outages", page_kind="B", blocks=tuple(blocks))


def highest(dossier: Dossier) -> str | None:
    """The name of the priority that the PSA sorts first; None when it sorts none, or two alike."""
    ranked = sorted((p.sort, p.name) for p in dossier.records.priorities if p.sort is not None)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _why(ticket: Ticket, first: str | None) -> str:
    reasons = []
    if first is not None and ticket.priority_name == first:
        reasons.append("priority")
    if ticket.type_name and NAMED.search(ticket.type_name):
        reasons.append(f"type {ticket.type_name}")
    return ", ".join(reasons)


def _reached(dossier: Dossier, ticket: Ticket, stage: str) -> str:
    sla = dossier.sla.get(ticket.id)
    found = [r for r in sla.results if r.stage == stage and r.reading == "contract"] if sla else []
    return wording.local(found[0].met_at, dossier.zone) if found else wording.NONE
