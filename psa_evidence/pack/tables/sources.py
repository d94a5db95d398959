"""Which columns of the tables are plain copies of members of the source records, and of which: for a verifier.

The list is part of the format (docs/format/pack.md): a verifier asks for every line of it.
"""

from __future__ import annotations

from typing import Final, Literal

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import table
from psa_evidence.records import Kind
from psa_evidence.spi import DataTable

Rule = Literal["text", "instant", "day", "decimal", "yes or no", "ticket"]

COPIES: Final[tuple[tuple[str, str, Kind, str, Rule], ...]] = (
    ("tickets", "summary", "ticket", "summary", "text"),
    ("tickets", "status", "ticket", "status_name", "text"),
    ("tickets", "priority", "ticket", "priority_name", "text"),
    ("tickets", "type", "ticket", "type_name", "text"),
    ("tickets", "contact", "ticket", "contact_name", "text"),
    ("tickets", "owner", "ticket", "owner", "text"),
    ("tickets", "channel", "ticket", "channel", "text"),
    ("tickets", "agreement", "ticket", "agreement_name", "text"),
    ("tickets", "entered_at", "ticket", "entered_at", "instant"),
    ("tickets", "entered_by", "ticket", "entered_by", "text"),
    ("tickets", "closed_at", "ticket", "closed_at", "instant"),
    ("tickets", "closed", "ticket", "closed", "yes or no"),
    ("tickets", "parent", "ticket", "parent_id", "text"),
    ("tickets", "merged_into", "ticket", "merged_into_id", "text"),
    ("tickets", "actual_hours", "ticket", "actual_hours", "decimal"),
    ("tickets", "psa_in_sla", "ticket", "psa.in_sla", "yes or no"),
    ("tickets", "psa_sla_status", "ticket", "psa.status", "text"),
    ("messages", "ticket", "note", "ticket_id", "ticket"),
    ("messages", "at", "note", "at", "instant"),
    ("messages", "author", "note", "author", "text"),
    ("messages", "resolution", "note", "resolution", "yes or no"),
    ("messages", "updated_at", "note", "updated_at", "instant"),
    ("messages", "updated_by", "note", "updated_by", "text"),
    ("messages", "text", "note", "text", "text"),
    ("time_entries", "ticket", "time_entry", "ticket_id", "ticket"),
    ("time_entries", "member", "time_entry", "member", "text"),
    ("time_entries", "started_at", "time_entry", "started_at", "instant"),
    ("time_entries", "ended_at", "time_entry", "ended_at", "instant"),
    ("time_entries", "hours", "time_entry", "hours", "decimal"),
    ("time_entries", "work_type", "time_entry", "work_type", "text"),
    ("time_entries", "billing", "time_entry", "billable", "text"),
    ("time_entries", "entered_at", "time_entry", "entered_at", "instant"),
    ("time_entries", "entered_by", "time_entry", "entered_by", "text"),
    ("time_entries", "updated_at", "time_entry", "updated_at", "instant"),
    ("time_entries", "updated_by", "time_entry", "updated_by", "text"),
    ("time_entries", "notes", "time_entry", "notes", "text"),
    ("time_entries", "internal_notes", "time_entry", "internal_notes", "text"),
    ("history", "ticket", "history", "ticket_id", "ticket"),
    ("history", "at", "history", "at", "instant"),
    ("history", "by", "history", "by", "text"),
    ("history", "type", "history", "audit_type", "text"),
    ("history", "subtype", "history", "audit_subtype", "text"),
    ("history", "text", "history", "text", "text"),
    ("agreements", "name", "agreement", "name", "text"),
    ("agreements", "type", "agreement", "type_name", "text"),
    ("agreements", "start", "agreement", "start", "day"),
    ("agreements", "end", "agreement", "end", "day"),
    ("agreements", "open_ended", "agreement", "open_ended", "yes or no"),
    ("agreements", "cancelled", "agreement", "cancelled", "yes or no"),
    ("agreements", "cancelled_on", "agreement", "cancelled_on", "day"),
    ("agreements", "cancel_reason", "agreement", "cancel_reason", "text"),
    ("agreements", "status", "agreement", "status", "text"),
    ("agreements", "sla", "agreement", "sla_id", "text"),
    ("agreements", "amount", "agreement", "bill_amount", "decimal"),
    ("agreements", "currency", "agreement", "currency", "text"),
    ("opportunities", "name", "opportunity", "name", "text"),
    ("opportunities", "contact", "opportunity", "contact", "text"),
    ("opportunities", "status", "opportunity", "status", "text"),
    ("opportunities", "stage", "opportunity", "stage", "text"),
    ("opportunities", "entered_at", "opportunity", "entered_at", "instant"),
    ("opportunities", "closed_at", "opportunity", "closed_at", "instant"),
    ("invoices", "number", "invoice", "number", "text"),
    ("invoices", "type", "invoice", "kind", "text"),
    ("invoices", "issued_on", "invoice", "issued_on", "day"),
    ("invoices", "due_on", "invoice", "due_on", "day"),
    ("invoices", "total", "invoice", "total", "decimal"),
    ("invoices", "paid", "invoice", "paid", "decimal"),
    ("invoices", "balance", "invoice", "balance", "decimal"),
    ("invoices", "currency", "invoice", "currency", "text"),
    ("invoices", "status", "invoice", "status", "text"),
)
"""Table, column, kind of record, attribute of the typed record, rule by which the member becomes the cell."""

NOT_SAID: Final = ""
"""In place of a pointer, when the connector names none."""


def sources(dossier: Dossier) -> DataTable:
    columns = (
        ("table", "name of the table, data/tables/<name>.csv"),
        ("column", "a plain copy of a member of the source record"), ("kind", "kind of record"),
        ("pointer", "JSON pointer (RFC 6901); the first that gives something; empty: the connector names none"),
        ("rule", "text, instant, day, decimal, yes or no, ticket"),
    )  # fmt: skip
    rows = (
        ((name, column, kind, pointer, rule), None)
        for name, column, kind, attribute, rule in COPIES
        for pointer in dossier.copied.get(f"{kind}.{attribute}", (NOT_SAID,))
    )
    return table("sources", "Where the plain columns come from", columns, rows)
