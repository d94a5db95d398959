"""Offboarding and handover: tickets and activities whose type or name says so. What was handed over is for them to say;
credentials are never printed here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Cell, Column, Paragraph, Part, Table

NAMED: Final = re.compile(
    r"\b(off-?\s?boarding|hand-?\s?over|hand-?\s?off|transition|credentials?|exit plan|termination)\b", re.IGNORECASE
)
"""Words looked for in a ticket's type and summary, and in an activity's kind and name."""

SHOWN: Final = 200
_WORDS: Final = "offboarding, handover, handoff, transition, credentials, exit plan, termination"


def part(dossier: Dossier, number: int) -> Part:
    rows = _rows(dossier)
    blocks: list[Block]
    if rows:
        blocks = [
            Paragraph(
                text=f"Tickets and activities in whose type or name one of these words stands: {_WORDS}. The list does "
                "not say what was asked for or handed over, nor that an entry concerns the end of the agreement."
            ),
            Table(
                columns=(
                    Column(title="Exhibit"), Column(title="When", width=1.3), Column(title="Record", width=1.1),
                    Column(title="Name", width=3), Column(title="Status as recorded", width=1.3),
                    Column(title="Closed", width=1.3),
                ),
                rows=tuple(row for _, row in rows[:SHOWN]),
                caption=f"{min(len(rows), SHOWN):,} of {len(rows):,} shown.",
            ),
        ]  # fmt: skip
    else:
        blocks = [Paragraph(text=f"No ticket or activity with one of these words is shown by these records: {_WORDS}.")]
    return Part(id="handover", number=number, title="Offboarding and handover", page_kind="B", blocks=tuple(blocks))


def _rows(dossier: Dossier) -> list[tuple[str, tuple[Cell, ...]]]:
    """With the instant to order by, undated ones last."""
    zone = dossier.zone
    made: list[tuple[str, tuple[Cell, ...]]] = [
        (
            _order(t.entered_at),
            (
                dossier.cell(t.source), wording.local(t.entered_at, zone), "ticket", wording.text(t.summary),
                wording.text(t.status_name), wording.local(t.closed_at, zone),
            ),
        )
        for t in dossier.population.tickets if NAMED.search(f"{t.type_name or ''}\n{t.summary}")
    ]  # fmt: skip
    made += [
        (
            _order(a.starts_at),
            (
                dossier.cell(a.source), wording.local(a.starts_at, zone), f"activity, {a.kind or 'no kind'}", a.name,
                wording.text(a.status), wording.local(a.closed_at, zone),
            ),
        )
        for a in dossier.records.activities if NAMED.search(f"{a.kind or ''}\n{a.name}")
    ]  # fmt: skip
    return sorted(made, key=lambda pair: pair[0])


def _order(at: datetime | None) -> str:
    return wording.utc(at) or "9999"
