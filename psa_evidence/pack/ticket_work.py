"""What was said and done on a ticket: notes, time entries, the audit trail, the schedule."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.withheld_here import none
from psa_evidence.records import Change, HistoryEntry, Message, Ticket
from psa_evidence.spi import Block, Column, Heading, Paragraph, Table, Verbatim


def messages(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Every note and e-mail, whole."""
    messages = dossier.messages.get(ticket.id, ())
    blocks: list[Block] = [Heading(text=f"Notes and e-mails ({len(messages)})")]
    if not messages:
        blocks.append(Paragraph(text=none(dossier, "No note or e-mail was captured for this ticket.", "note")))
    blocks.extend(
        Verbatim(label=_label(dossier, m), text=m.text, side="internal" if m.internal else m.side) for m in messages
    )
    return blocks


def _label(dossier: Dossier, message: Message) -> str:
    marks = [
        word for word, held in (
            ("internal, not shown to the client", message.internal),
            ("resolution", message.resolution),
            ("discussion", message.discussion),
            ("from a time entry", message.from_time_entry),
        ) if held
    ]  # fmt: skip
    edited = ""
    if message.updated_at is not None and message.at is not None and message.updated_at > message.at:
        edited = (
            f"; last changed {wording.local(message.updated_at, dossier.zone)} by {message.updated_by or 'unknown'}"
        )
    return (
        f"{wording.both(message.at, dossier.zone)} | {message.author or 'author not recorded'} | side: {message.side}"
        f"{' | ' + ', '.join(marks) if marks else ''} | {message.source.key}{edited}"
    )


def time(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Every time entry, and its notes whole."""
    entries = dossier.time_entries.get(ticket.id, ())
    recorded = [e.hours for e in entries if e.hours is not None]
    blocks: list[Block] = [
        Heading(text=f"Time entries ({len(entries)})"),
        Table(
            columns=(
                Column(title="Id", width=0), Column(title="Start", width=0), Column(title="End", width=0),
                Column(title="Hours", align="right", width=0), Column(title="Member", width=0.9),
                Column(title="Work type", width=0.9), Column(title="Typed in", width=0),
            ),
            rows=tuple(
                (
                    e.id, wording.local(e.started_at, dossier.zone), wording.local(e.ended_at, dossier.zone),
                    wording.hours(e.hours), wording.text(e.member), wording.text(e.work_type),
                    wording.local(e.entered_at, dossier.zone),
                )
                for e in entries
            ),
            empty=none(dossier, "No time entry was captured for this ticket.", "time_entry"),
            caption=f"{wording.count(len(recorded), 'entry', 'entries')} with hours, "
            f"{wording.hours(sum(recorded))} hours in all." if entries else "",
        ),
    ]  # fmt: skip
    for entry in entries:
        for label, text in (("notes", entry.notes), ("internal notes", entry.internal_notes)):
            if text:
                blocks.append(
                    Verbatim(label=f"Time entry {entry.id}, {label}, {wording.text(entry.member)}", text=text)
                )
    return blocks


def history(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Every line of the audit trail with this program's reading of it."""
    lines = dossier.history.get(ticket.id, ())
    return [
        Heading(text=f"History ({len(lines)})"),
        Table(
            columns=(
                Column(title="Time", width=0), Column(title="By", width=0.9),
                Column(title="Text as recorded", width=3),
                Column(title="Read as", width=1.6),
            ),
            rows=tuple(
                (wording.local(h.at, dossier.zone), wording.text(h.by), h.text, _meaning(dossier, h)) for h in lines
            ),
            caption="The last column is this program's reading of the line and no part of the record." if lines else "",
            empty=none(dossier, "No history line was captured for this ticket.", "history"),
        ),
    ]  # fmt: skip


def _meaning(dossier: Dossier, line: HistoryEntry) -> str:
    changes = dossier.changes.get(line.source.key, ())
    if changes:
        return "; ".join(_change(c) for c in changes)
    unread = dossier.unread.get(line.source.key, ())
    return "not read: " + "; ".join(u.reason for u in unread) if unread else "not read"


def _change(change: Change) -> str:
    old = f" from {change.old}" if change.old else ""
    new = f" to {change.new}" if change.new else ""
    return f"{change.field}{old}{new}{' (automatic)' if change.automatic else ''}"


def schedule(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Schedule entries; empty when there are none."""
    entries = dossier.schedule.get(ticket.id, ())
    if not entries:
        return []
    return [
        Heading(text=f"Schedule ({len(entries)})"),
        Table(
            columns=(Column(title="Start"), Column(title="End"), Column(title="Member"), Column(title="Done")),
            rows=tuple(
                (
                    wording.local(s.starts_at, dossier.zone), wording.local(s.ends_at, dossier.zone),
                    wording.text(s.member), wording.yes(s.done),
                )
                for s in entries
            ),
        ),
    ]  # fmt: skip
