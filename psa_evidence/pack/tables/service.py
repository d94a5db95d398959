"""The records of the work: tickets, time entries, notes, the audit trail."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import UTC, exhibit, flag, number, table
from psa_evidence.pack.wording import NONE, utc
from psa_evidence.spi import DataTable


def tickets(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("summary", "as recorded"), ("board", "name, when captured"),
        ("status", "when captured"), ("priority", "when captured"), ("type", "when captured"),
        ("contact", "the client's contact"), ("owner", "of the ticket, when captured"),
        ("channel", "by which way it came, as recorded"), ("agreement", "name, as recorded"), ("entered_at", UTC),
        ("entered_by", "who typed it in"), ("closed_at", UTC), ("closed", "yes or no"), ("parent", "ticket id"),
        ("merged_into", "ticket id"), ("actual_hours", "hours, the PSA's figure"), ("psa_in_sla", "the PSA's own flag"),
        ("psa_sla_status", "the PSA's own words"),
    )  # fmt: skip
    rows = (
        (
            (
                t.id, t.summary, dossier.board_name(t.board_id), t.status_name or "", t.priority_name or "",
                t.type_name or "", t.contact_name or "", t.owner or "", t.channel or "", t.agreement_name or "",
                utc(t.entered_at), t.entered_by or "", utc(t.closed_at), flag(t.closed), t.parent_id or "",
                t.merged_into_id or "", number(t.actual_hours), flag(t.psa.in_sla), t.psa.status or "",
            ),
            exhibit(dossier, t.source.key),
        )
        for t in dossier.population.tickets
    )  # fmt: skip
    return table("tickets", "Tickets of the population", columns, rows)


def time_entries(dossier: Dossier) -> DataTable:
    columns = (
        ("time_entry", "id"), ("ticket", "ticket id"), ("member", "whose work it is"), ("started_at", UTC),
        ("ended_at", UTC), ("hours", "the PSA's figure"), ("work_type", "as recorded"),
        ("billing", "whether it is billed, as recorded"), ("entered_at", f"typed in; {UTC}"),
        ("entered_by", "who typed it in"), ("updated_at", UTC), ("updated_by", "who changed it last"),
        ("notes", "as recorded"), ("internal_notes", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                e.id, e.ticket_id or "", e.member or "", utc(e.started_at), utc(e.ended_at), number(e.hours),
                e.work_type or "", e.billable or "", utc(e.entered_at), e.entered_by or "", utc(e.updated_at),
                e.updated_by or "", e.notes, e.internal_notes,
            ),
            exhibit(dossier, e.source.key),
        )
        for e in dossier.records.time_entries
    )  # fmt: skip
    return table("time_entries", "Time entries", columns, rows)


def messages(dossier: Dossier) -> DataTable:
    columns = (
        ("note", "id"), ("ticket", "ticket id"), ("at", UTC), ("author", "who wrote it, as recorded"),
        ("side", "msp, client, vendor, system or unknown"), ("internal", "yes: never shown to the client"),
        ("to", "whom it went to, as far as the records shown say"), ("channel", "by what way, as far as they say"),
        ("told_by", "key of the record beside the note that says so"), ("resolution", "yes or no"), ("updated_at", UTC),
        ("updated_by", "who changed it last"), ("text", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                m.id, m.ticket_id, utc(m.at), m.author or "", m.side, flag(m.internal),
                *_conveyed(dossier, m.source.key), flag(m.resolution), utc(m.updated_at), m.updated_by or "", m.text,
            ),
            exhibit(dossier, m.source.key),
        )
        for m in dossier.records.messages
    )  # fmt: skip
    return table("messages", "Notes and e-mails", columns, rows)


def _conveyed(dossier: Dossier, key: str) -> tuple[str, str, str]:
    way = dossier.conveyed[key]
    return "" if way.to == NONE else way.to, "" if way.channel == NONE else way.channel, way.told_by


def history(dossier: Dossier) -> DataTable:
    columns = (
        ("line", "id"), ("ticket", "ticket id"), ("at", UTC), ("by", "who did it, as recorded"),
        ("type", "the PSA's kind of the line"), ("subtype", "the PSA's kind within it"), ("text", "as recorded"),
        ("read_as", "field, old and new value; empty: not understood"),
    )  # fmt: skip
    rows = (
        (
            (
                h.id, h.ticket_id, utc(h.at), h.by or "", h.audit_type or "", h.audit_subtype or "", h.text,
                "; ".join(f"{c.field}: {c.old or ''} -> {c.new or ''}" for c in dossier.changes.get(h.source.key, ())),
            ),
            exhibit(dossier, h.source.key),
        )
        for h in dossier.records.history
    )  # fmt: skip
    return table("history", "Audit trail, every line", columns, rows)
