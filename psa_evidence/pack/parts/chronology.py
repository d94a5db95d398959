"""Communications, one line each: when, from whom and to whom, how, on what. The full texts are in the exhibits."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Message
from psa_evidence.spi import Block, Column, Heading, Paragraph, Part, Table

SHOWN: Final = 400
"""Lines printed; beyond them the CSV is the better tool, and the page says so."""

SUBJECT: Final = 90
"""Characters of the beginning of a message."""
PRINTED: Final = 76
"""The same in the report, where it takes the two lines that the times take beside it."""


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
        worked = sum(m.from_time_entry for m in messages)
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
                    Column(title="Local time, UTC", width=0), Column(title="From, side", width=1.2),
                    Column(title="To, channel", width=1.2), Column(title="Begins", width=2.5),
                    Column(title="Exhibit", width=0.9),
                ),
                rows=tuple(
                    (
                        _instant(dossier, m.at), f"{wording.text(m.author)}\n{side(m)}", _way(dossier, m),
                        subject(m.text, PRINTED), dossier.cell(m.source),
                    )
                    for m in shown
                ),
                caption=f"{len(shown):,} of {len(messages):,} messages, by time, {worked:,} of them the notes of time "
                "entries, which the PSA lists among the notes. 'internal' was never shown to the client. E-mail to "
                "somebody: the audit trail says that one was sent to his address within a minute after the note, by "
                "the same person; that it said the same is not recorded. Other channels: as the note names them, or "
                f"of the first, entered with the ticket, the ticket.{_withheld(dossier)}",
            ),
        ]  # fmt: skip
    blocks += _activities(dossier)
    return Part(id="chronology", number=number, title="Communications chronology", page_kind="B", blocks=tuple(blocks))


def _activities(dossier: Dossier) -> list[Block]:
    """Calls, meetings, letters and e-mails that the PSA keeps as activities, not on a ticket."""
    activities = sorted(dossier.records.activities, key=lambda a: (a.starts_at is None, wording.utc(a.starts_at), a.id))
    if not activities:
        return []
    shown = activities[:SHOWN]
    hidden = dossier.withholds("activity")
    withheld = f" This copy withholds {wording.count(hidden, 'activity', 'activities')}." if hidden else ""
    return [
        Heading(text="Calls, meetings, letters and e-mails recorded as activities"),
        Table(
            columns=(
                Column(title="Local time, UTC", width=0), Column(title="Member, contact", width=1.7),
                Column(title="Kind", width=0.7), Column(title="Name, and how the notes begin", width=2.7),
                Column(title="Exhibit", width=0.9),
            ),
            rows=tuple(
                (
                    _instant(dossier, a.starts_at), f"{wording.text(a.member)}\n{wording.text(a.contact)}",
                    wording.text(a.kind),
                    f"{subject(a.name)}\n{subject(a.notes, PRINTED) if a.notes.strip() else 'no notes'}",
                    dossier.cell(a.source),
                )
                for a in shown
            ),
            caption=f"{len(shown):,} of {wording.count(len(activities), 'activity', 'activities')}, by the start that "
            "each records. What was said is what the notes say of it; who wrote to whom has no field of its own."
            + withheld,
        ),
    ]  # fmt: skip


def side(message: Message) -> str:
    return "internal" if message.internal else message.side


def _withheld(dossier: Dossier) -> str:
    if dossier.withheld or any(native.withheld for native in dossier.natives):
        return " 'Not recorded' stands also where this copy withholds what would tell."
    return ""


def _way(dossier: Dossier, message: Message) -> str:
    """One line when neither is known."""
    way = dossier.conveyed[message.source.key]
    return way.to if way.to == way.channel else f"{way.to}\n{way.channel}"


def _instant(dossier: Dossier, at: datetime | None) -> str:
    return wording.NONE if at is None else f"{wording.local(at, dossier.zone)}\n{wording.utc(at)}"


def subject(text: str, most: int = SUBJECT) -> str:
    """The beginning of a text on one line, cut with an ellipsis: a greeting alone tells nothing. The exhibit has the
    whole."""
    line = " ".join(text[: 40 * most].split()) or "(empty)"
    if len(line) <= most:
        return line
    whole, space, _ = line[:most].rpartition(" ")
    return f"{whole if space and len(whole) > most // 2 else line[: most - 1]}…"
