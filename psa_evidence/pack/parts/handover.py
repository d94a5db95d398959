"""Offboarding and handover: tickets, activities and documents whose type or name says so. What was handed over is for
them to say; credentials are never printed here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import named_records
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

NAMED: Final = re.compile(
    r"\b(off-?\s?boarding|hand-?\s?over|hand-?\s?off|transition|credentials?|exit plan|termination)\b", re.IGNORECASE
)
"""Words looked for in a ticket's type and summary, an activity's kind and name, a document's title and file name."""

_WORDS: Final = "offboarding, handover, handoff, transition, credentials, exit plan, termination"
NO_FIELDS: Final = (
    "The PSA has no field for what was handed over, to whom, for an acknowledgement or a refusal: the steps of the "
    "check list, the documents and the messages on the tickets show what was recorded of them. Values of credentials "
    "are not repeated here."
)


def part(dossier: Dossier, number: int) -> Part:
    rows = named_records.named(dossier, NAMED)
    tickets = named_records.tickets_named(dossier, NAMED)
    blocks: list[Block]
    if rows:
        blocks = [
            Paragraph(
                text="Tickets, activities and documents in whose type or name one of these words stands: "
                f"{_WORDS}. The list does not say what was asked for or handed over, nor that an entry concerns the "
                "end of the agreement."
            ),
            named_records.table(rows),
        ]
        if tickets:
            blocks += [Heading(text="What these tickets hold"), Paragraph(text=NO_FIELDS), _held(dossier, tickets)]
    else:
        blocks = [
            Paragraph(
                text=f"No ticket, activity or document with one of these words is shown by these records: {_WORDS}."
            )
        ]
    return Part(id="handover", number=number, title="Offboarding and handover", page_kind="B", blocks=tuple(blocks))


def _held(dossier: Dossier, tickets: Sequence[Ticket]) -> Table:
    """Who asked, what was ticked off and attached, and whether the client wrote after it was closed."""
    rows: list[tuple[Cell, ...]] = []
    for t in tickets[: named_records.SHOWN]:
        tasks = dossier.tasks.get(t.id, ())
        written = [m.at for m in dossier.messages.get(t.id, ()) if m.side == "client" and m.at is not None]
        rows.append((
            dossier.cell(t.source), wording.text(t.contact_name),
            f"{sum(task.closed is True for task in tasks):,} of {len(tasks):,}" if tasks else "no list",
            ", ".join(d.title for d in dossier.documents.get(t.id, ())) or "none recorded",
            f"{len(written):,}", wording.local(max(written, default=None), dossier.zone),
        ))  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="Contact"), Column(title="Steps ticked off", width=0.8),
            Column(title="Documents attached", width=2), Column(title="Messages of the client", width=0.9),
            Column(title="The last of them", width=1.3),
        ),
        rows=tuple(rows),
        caption=f"n = {wording.count(len(rows), 'ticket')}.",
    )  # fmt: skip
