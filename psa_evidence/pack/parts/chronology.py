"""Communications, one line each: when, which side, who, on what. The full texts are in the exhibits."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Message
from psa_evidence.spi import Block, Column, Paragraph, Part, Table

SHOWN: Final = 400
"""Lines printed; beyond them the CSV is the better tool, and the page says so."""

SUBJECT: Final = 100
"""Characters of the first line of a message."""


def part(dossier: Dossier, number: int) -> Part:
    messages = sorted(dossier.records.messages, key=lambda m: (m.at is None, wording.utc(m.at), m.ticket_id, m.id))
    shown = messages[:SHOWN]
    blocks: list[Block]
    if not messages:
        blocks = [Paragraph(text="No note or e-mail is shown by these records.")]
    else:
        sides: dict[str, int] = {}
        for m in messages:
            sides[side(m)] = sides.get(side(m), 0) + 1
        counted = ", ".join(f"{name} {n:,}" for name, n in sorted(sides.items()))
        rest = (
            ""
            if len(shown) == len(messages)
            else f" The first {SHOWN:,} are shown here; all are in data/tables/messages.csv."
        )
        blocks = [
            Paragraph(text=f"{wording.count(len(messages), 'message')}: {counted}.{rest}"),
            Table(
                columns=(
                    Column(title="Local time", width=1.5), Column(title="UTC", width=1.4),
                    Column(title="Side", width=0.7),
                    Column(title="Author"), Column(title="Begins", width=2.6), Column(title="Exhibit"),
                ),
                rows=tuple(
                    (
                        wording.local(m.at, dossier.zone), wording.utc(m.at) or wording.NONE, side(m),
                        wording.text(m.author), subject(m.text), dossier.cell(m.source),
                    )
                    for m in shown
                ),
                caption=f"{len(shown):,} of {len(messages):,} messages, by time. 'internal' was never shown to the "
                "client.",
            ),
        ]  # fmt: skip
    return Part(id="chronology", number=number, title="Communications chronology", page_kind="B", blocks=tuple(blocks))


def side(message: Message) -> str:
    return "internal" if message.internal else message.side


def subject(text: str) -> str:
    """The first line that is not empty, cut with an ellipsis; the exhibit has the whole."""
    line = next((stripped for raw in text.splitlines() if (stripped := raw.strip())), "(empty)")
    return line if len(line) <= SUBJECT else f"{line[: SUBJECT - 1]}…"
