"""A ticket shown whole: header, clock, every note, time entry, history line, schedule entry and attachment."""

from __future__ import annotations

from psa_evidence.pack import ticket_details, ticket_surroundings, ticket_work, withheld_here, wording
from psa_evidence.pack.clock_statement import clock_statement
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cell, Exhibit, Facts, Paragraph


def ticket_exhibit(dossier: Dossier, ticket: Ticket) -> Exhibit:
    """Whole threads, never excerpts: every record that hangs on the ticket and was captured is here."""
    blocks: list[Block] = [
        *withheld_here.notice(dossier, ticket.id),
        Facts(rows=_header(dossier, ticket)),
        *_uninterpreted(ticket),
        *ticket_work.messages(dossier, ticket),
        *ticket_work.time(dossier, ticket),
        *ticket_details.details(dossier, ticket),
        *ticket_work.history(dossier, ticket),
        *ticket_work.schedule(dossier, ticket),
        *ticket_surroundings.around(dossier, ticket),
        *ticket_surroundings.attachments(dossier, ticket),
        *ticket_surroundings.natives(dossier, ticket),
    ]
    sources = [ticket.source]
    sources += [m.source for m in dossier.messages.get(ticket.id, ())]
    sources += [e.source for e in dossier.time_entries.get(ticket.id, ())]
    sources += [h.source for h in dossier.history.get(ticket.id, ())]
    sources += [s.source for s in dossier.schedule.get(ticket.id, ())]
    sources += [a.source for a in dossier.ticket_activities.get(ticket.id, ())]
    sources += [s.source for s in dossier.surveys.get(ticket.id, ())]
    sources += [d.source for d in dossier.documents.get(ticket.id, ())]
    sources += ticket_details.sources(dossier, ticket)
    return Exhibit(
        id=f"T-{ticket.id}", title=f"Ticket {ticket.id}: {ticket.summary or 'no summary'}", blocks=tuple(blocks),
        sources=tuple(dict.fromkeys(sources)), computed=tuple(clock_statement(dossier, ticket)),
    )  # fmt: skip


def _header(dossier: Dossier, ticket: Ticket) -> tuple[tuple[str, Cell], ...]:
    """In twos, which stand side by side when both are short."""
    zone, psa = dossier.zone, ticket.psa
    return (
        ("Ticket", ticket.id),
        ("Record type", wording.text(ticket.record_type)),
        ("Status", wording.text(ticket.status_name)),
        ("Priority", wording.text(ticket.priority_name)),
        ("Type", wording.text(ticket.type_name)),
        ("Channel", wording.text(ticket.channel)),
        ("Board", dossier.board_name(ticket.board_id)),
        ("Contact", wording.text(ticket.contact_name)),
        ("Owner", wording.text(ticket.owner)),
        ("Resources", ", ".join(ticket.resources) or wording.NONE),
        ("Parent ticket", dossier.ticket_cell(ticket.parent_id)),
        ("Merged into", dossier.ticket_cell(ticket.merged_into_id)),
        ("Closed flag", wording.yes(ticket.closed)),
        ("Actual hours", wording.hours(ticket.actual_hours)),
        ("Summary", wording.text(ticket.summary)),
        ("Agreement", _agreement(dossier, ticket)),
        ("Entered", wording.both(ticket.entered_at, zone)),
        ("Entered by", wording.text(ticket.entered_by)),
        ("Last updated", wording.both(ticket.updated_at, zone)),
        ("Closed", wording.both(ticket.closed_at, zone)),
        ("SLA named by the PSA", wording.text(ticket.sla_name)),
        ("PSA's SLA status", wording.text(psa.status)),
        ("PSA's flag 'in SLA'", wording.yes(psa.in_sla)),
        ("PSA's minutes: waiting", _minutes(psa.waiting_minutes)),
        ("PSA's minutes: respond", _minutes(psa.respond_minutes)),
        ("PSA's skipped: respond", _minutes(psa.respond_skipped_minutes)),
        ("PSA's minutes: plan", _minutes(psa.plan_minutes)),
        ("PSA's skipped: plan", _minutes(psa.plan_skipped_minutes)),
        ("PSA's minutes: resolve", _minutes(psa.resolve_minutes)),
        ("PSA: responded at", wording.both(psa.responded_at, zone)),
        ("PSA: planned at", wording.both(psa.planned_at, zone)),
        ("PSA: resolved at", wording.both(psa.resolved_at, zone)),
    )


def _uninterpreted(ticket: Ticket) -> list[Block]:
    """Names of fields whose values are not printed; they are in the native."""
    lists = (
        ("Sent by the PSA as null", ticket.source.nulls),
        ("Fields kept in the native, not interpreted", ticket.source.unknown),
    )
    return [Paragraph(text=f"{said}: {', '.join(names)}", style="small") for said, names in lists if names]


def _agreement(dossier: Dossier, ticket: Ticket) -> Cell:
    if ticket.agreement_id is None:
        return wording.text(ticket.agreement_name)
    return dossier.cite(f"agreement/{ticket.agreement_id}", ticket.agreement_name or "") or wording.text(
        ticket.agreement_name
    )


def _minutes(value: int | None) -> str:
    return wording.NONE if value is None else str(value)
