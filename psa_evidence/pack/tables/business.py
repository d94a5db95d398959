"""Agreements, invoices, opportunities."""

from __future__ import annotations

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import UTC, exhibit, flag, number, table, text_of
from psa_evidence.pack.wording import utc
from psa_evidence.spi import DataTable


def invoices(dossier: Dossier) -> DataTable:
    columns = (
        ("invoice", "id"), ("number", "as printed on the invoice"), ("type", "kind of invoice, such as a credit note"),
        ("issued_on", "date"), ("due_on", "date"), ("total", "the PSA's figure"), ("paid", "the PSA's figure"),
        ("balance", "still open, the PSA's figure"), ("currency", "of the amounts, as recorded"),
        ("status", "when captured"), ("payments", "amount on date"),
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
        ("opportunity", "id"), ("name", "of the recommendation or quote"), ("contact", "to whom it was made"),
        ("status", "when captured"), ("stage", "of the sale, when captured"), ("won", "yes: recorded as accepted"),
        ("lost", "yes: recorded as declined"), ("reason", "why it was accepted or declined, as recorded"),
        ("entered_at", UTC), ("closed_at", UTC), ("notes", "as recorded"),
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
        ("agreement", "id"), ("name", "as recorded"), ("type", "kind of agreement"), ("start", "date"), ("end", "date"),
        ("open_ended", "yes: recorded as without an end"), ("cancelled", "yes or no"), ("cancelled_on", "date"),
        ("cancel_reason", "as recorded"), ("status", "when captured"), ("sla", "SLA id"),
        ("amount", "billed for each period, as recorded"), ("currency", "of the amount, as recorded"),
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
