"""A ticket shown whole: header, clock, every note, time entry, history line, schedule entry and attachment."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.clock_statement import clock_statement
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Change, HistoryEntry, Message, Ticket
from psa_evidence.spi import Block, Cell, Column, Exhibit, Facts, Heading, Paragraph, Table, Verbatim


def ticket_exhibit(dossier: Dossier, ticket: Ticket) -> Exhibit:
    """Whole threads, never excerpts: every record that hangs on the ticket and was captured is here."""
    blocks: list[Block] = [
        Facts(rows=_header(dossier, ticket)),
        *_messages(dossier, ticket),
        *_time(dossier, ticket),
        *_history(dossier, ticket),
        *_schedule(dossier, ticket),
        *_around(dossier, ticket),
        *_attachments(dossier, ticket),
        *_natives(dossier, ticket),
    ]
    sources = [ticket.source]
    sources += [m.source for m in dossier.messages.get(ticket.id, ())]
    sources += [e.source for e in dossier.time_entries.get(ticket.id, ())]
    sources += [h.source for h in dossier.history.get(ticket.id, ())]
    sources += [s.source for s in dossier.schedule.get(ticket.id, ())]
    sources += [a.source for a in dossier.ticket_activities.get(ticket.id, ())]
    sources += [s.source for s in dossier.surveys.get(ticket.id, ())]
    sources += [d.source for d in dossier.documents.get(ticket.id, ())]
    return Exhibit(
        id=f"T-{ticket.id}", title=f"Ticket {ticket.id}: {ticket.summary or 'no summary'}", blocks=tuple(blocks),
        sources=tuple(dict.fromkeys(sources)), computed=tuple(clock_statement(dossier, ticket)),
    )  # fmt: skip


def _header(dossier: Dossier, ticket: Ticket) -> tuple[tuple[str, Cell], ...]:
    zone, psa = dossier.zone, ticket.psa
    rows: list[tuple[str, Cell]] = [
        ("Ticket", ticket.id),
        ("Summary", wording.text(ticket.summary)),
        ("Record type", wording.text(ticket.record_type)),
        ("Board", dossier.board_name(ticket.board_id)),
        ("Status", wording.text(ticket.status_name)),
        ("Priority", wording.text(ticket.priority_name)),
        ("Type", wording.text(ticket.type_name)),
        ("Contact", wording.text(ticket.contact_name)),
        ("Owner", wording.text(ticket.owner)),
        ("Resources", ", ".join(ticket.resources) or wording.NONE),
        ("Channel", wording.text(ticket.channel)),
        ("Agreement", _agreement(dossier, ticket)),
        ("SLA named by the PSA", wording.text(ticket.sla_name)),
        ("Entered", wording.both(ticket.entered_at, zone)),
        ("Entered by", wording.text(ticket.entered_by)),
        ("Last updated", wording.both(ticket.updated_at, zone)),
        ("Closed", wording.both(ticket.closed_at, zone)),
        ("Closed flag", wording.yes(ticket.closed)),
        ("Actual hours", wording.hours(ticket.actual_hours)),
        ("Parent ticket", dossier.ticket_cell(ticket.parent_id)),
        ("Merged into", dossier.ticket_cell(ticket.merged_into_id)),
        ("PSA's SLA status", wording.text(psa.status)),
        ("PSA's flag 'in SLA'", wording.yes(psa.in_sla)),
        ("PSA's minutes: respond, plan, resolve", _minutes(psa.respond_minutes, psa.plan_minutes, psa.resolve_minutes)),
        ("PSA's minutes skipped: respond, plan; waiting",
         _minutes(psa.respond_skipped_minutes, psa.plan_skipped_minutes, psa.waiting_minutes)),
        ("PSA's instants: responded", wording.both(psa.responded_at, zone)),
        ("PSA's instants: planned", wording.both(psa.planned_at, zone)),
        ("PSA's instants: resolved", wording.both(psa.resolved_at, zone)),
    ]  # fmt: skip
    if ticket.source.nulls:
        rows.append(("Sent by the PSA as null", ", ".join(ticket.source.nulls)))
    if ticket.source.unknown:
        rows.append(("Fields kept in the native, not interpreted", ", ".join(ticket.source.unknown)))
    return tuple(rows)


def _agreement(dossier: Dossier, ticket: Ticket) -> Cell:
    if ticket.agreement_id is None:
        return wording.text(ticket.agreement_name)
    return dossier.cite(f"agreement/{ticket.agreement_id}", ticket.agreement_name or "") or wording.text(
        ticket.agreement_name
    )


def _minutes(*values: int | None) -> str:
    return ", ".join(wording.NONE if v is None else str(v) for v in values)


def _messages(dossier: Dossier, ticket: Ticket) -> list[Block]:
    messages = dossier.messages.get(ticket.id, ())
    blocks: list[Block] = [Heading(text=f"Notes and e-mails ({len(messages)})")]
    if not messages:
        blocks.append(Paragraph(text="No note or e-mail was captured for this ticket."))
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


def _time(dossier: Dossier, ticket: Ticket) -> list[Block]:
    entries = dossier.time_entries.get(ticket.id, ())
    recorded = [e.hours for e in entries if e.hours is not None]
    blocks: list[Block] = [
        Heading(text=f"Time entries ({len(entries)})"),
        Table(
            columns=(
                Column(title="Id", width=0.6), Column(title="Start", width=1.6), Column(title="End", width=1.6),
                Column(title="Hours", align="right", width=0.6), Column(title="Member", width=0.9),
                Column(title="Work type", width=0.9), Column(title="Typed in", width=1.6),
            ),
            rows=tuple(
                (
                    e.id, wording.local(e.started_at, dossier.zone), wording.local(e.ended_at, dossier.zone),
                    wording.hours(e.hours), wording.text(e.member), wording.text(e.work_type),
                    wording.local(e.entered_at, dossier.zone),
                )
                for e in entries
            ),
            empty="No time entry was captured for this ticket.",
            caption=f"{len(recorded)} entries with hours, {wording.hours(sum(recorded))} hours in "
            "all." if entries else "",
        ),
    ]  # fmt: skip
    for entry in entries:
        for label, text in (("notes", entry.notes), ("internal notes", entry.internal_notes)):
            if text:
                blocks.append(
                    Verbatim(label=f"Time entry {entry.id}, {label}, {wording.text(entry.member)}", text=text)
                )
    return blocks


def _history(dossier: Dossier, ticket: Ticket) -> list[Block]:
    lines = dossier.history.get(ticket.id, ())
    return [
        Heading(text=f"History ({len(lines)})"),
        Table(
            columns=(
                Column(title="Time", width=1.5), Column(title="By", width=0.9),
                Column(title="Text as recorded", width=3),
                Column(title="Read as", width=1.6),
            ),
            rows=tuple(
                (wording.local(h.at, dossier.zone), wording.text(h.by), h.text, _meaning(dossier, h)) for h in lines
            ),
            caption="The last column is this program's reading of the line and no part of the record." if lines else "",
            empty="No history line was captured for this ticket.",
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


def _schedule(dossier: Dossier, ticket: Ticket) -> list[Block]:
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


def _around(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Activities and survey results that name this ticket."""
    blocks: list[Block] = []
    activities = dossier.ticket_activities.get(ticket.id, ())
    surveys = dossier.surveys.get(ticket.id, ())
    if activities or surveys:
        blocks.append(Heading(text=f"Activities and survey results ({len(activities) + len(surveys)})"))
    blocks += [
        Verbatim(
            label=f"{wording.both(a.starts_at, dossier.zone)} | {wording.text(a.kind)} | {a.name} | "
            f"contact {wording.text(a.contact)} | status {wording.text(a.status)} | {a.source.key}",
            text=a.notes or "(no notes)",
        )
        for a in activities
    ]
    blocks += [
        Verbatim(
            label=f"{wording.both(s.at, dossier.zone)} | survey result | points "
            f"{wording.NONE if s.points is None else s.points} | {s.source.key}",
            text=s.comment or "(no comment)",
        )
        for s in surveys
    ]
    return blocks


def _attachments(dossier: Dossier, ticket: Ticket) -> list[Block]:
    documents = dossier.documents.get(ticket.id, ())
    if not documents:
        return []
    rows: list[tuple[Cell, ...]] = []
    for document in documents:
        native = dossier.native.get(f"attachment/{document.id}")
        rows.append((
            document.file_name or document.title, wording.local(document.entered_at, dossier.zone),
            wording.text(document.entered_by), f"{native.size:,}" if native else "-",
            native.sha256 if native else "its bytes were not captured", (native.copy or native.path) if native else "-",
        ))  # fmt: skip
    return [
        Heading(text=f"Attachments ({len(documents)})"),
        Table(
            columns=(
                Column(title="Name", width=1.4), Column(title="Added", width=1.4), Column(title="By", width=0.8),
                Column(title="Bytes", align="right", width=0.6), Column(title="SHA-256", width=2.2),
                Column(title="File in this pack", width=1.6),
            ),
            rows=tuple(rows),
        ),
    ]  # fmt: skip


def _natives(dossier: Dossier, ticket: Ticket) -> list[Block]:
    """Which native files this exhibit shows. The full list is in the manifest; a ticket's own record is printed."""
    own = dossier.native.get(ticket.source.key)
    shown = len(dossier.shown_by.get(f"T-{ticket.id}", ()))
    rows: tuple[tuple[str, Cell], ...] = (
        ("Native of the ticket", own.path if own else "not in this pack"),
        ("SHA-256", own.sha256 if own else "-"),
        ("Captured", wording.both(own.captured_at, dossier.zone) if own else "-"),
        ("Native records shown by this exhibit", f"{shown:,}; each with its digest in data/tables/natives.csv"),
    )
    return [Heading(text="Source records"), Facts(rows=rows)]
