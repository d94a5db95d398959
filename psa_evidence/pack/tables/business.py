"""Agreements, invoices, opportunities."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import UTC, exhibit, flag, number, table, text_of
from psa_evidence.pack.wording import utc
from psa_evidence.spi import DataTable


def invoices(dossier: Dossier) -> DataTable:
    columns = (
        ("invoice", "id"), ("number", ""), ("type", ""), ("issued_on", "date"), ("due_on", "date"), ("total", ""),
        ("paid", ""), ("balance", ""), ("currency", ""), ("status", ""), ("payments", "amount on date"),
    )  # fmt: skip
    rows = (
        (
            (
                i.id, i.number, i.kind or "", text_of(i.issued_on), text_of(i.due_on), number(i.total), number(i.paid),
                number(i.balance), i.currency or "", i.status or "",
                "; ".join(f"{number(p.amount)} on {text_of(p.paid_on)}" for p in dossier.payments.get(i.id, ())),
            ),
            exhibit(dossier, i.source.key),
        )
        for i in dossier.records.invoices
    )  # fmt: skip
    return table("invoices", "Invoices and payments", columns, rows)


def opportunities(dossier: Dossier) -> DataTable:
    columns = (
        ("opportunity", "id"), ("name", ""), ("contact", ""), ("status", ""), ("stage", ""), ("won", ""), ("lost", ""),
        ("reason", ""), ("entered_at", UTC), ("closed_at", UTC), ("notes", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                o.id, o.name, o.contact or "", o.status or "", o.stage or "", flag(o.won), flag(o.lost),
                o.reason or "", utc(o.entered_at), utc(o.closed_at), o.notes,
            ),
            exhibit(dossier, o.source.key),
        )
        for o in dossier.records.opportunities
    )  # fmt: skip
    return table("opportunities", "Recommendations and quotes", columns, rows)


def agreements(dossier: Dossier) -> DataTable:
    columns = (
        ("agreement", "id"), ("name", ""), ("type", ""), ("start", "date"), ("end", "date"), ("open_ended", ""),
        ("cancelled", ""), ("cancelled_on", "date"), ("cancel_reason", ""), ("status", ""), ("sla", "SLA id"),
        ("amount", ""), ("currency", ""),
    )  # fmt: skip
    rows = (
        (
            (
                a.id, a.name, a.type_name or "", text_of(a.start), text_of(a.end), flag(a.open_ended),
                flag(a.cancelled), text_of(a.cancelled_on), a.cancel_reason or "", a.status or "", a.sla_id or "",
                number(a.bill_amount), a.currency or "",
            ),
            exhibit(dossier, a.source.key),
        )
        for a in dossier.records.agreements
    )  # fmt: skip
    return table("agreements", "Agreements", columns, rows)
