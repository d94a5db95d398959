"""Invoices of the period and their payments, as recorded; credit notes; what names a dispute or a notice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import named_records
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.records import Invoice
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

CREDIT: Final = re.compile(r"credit", re.IGNORECASE)
"""In the type of an invoice that takes something back."""
SMALLEST: Final = 0.005
"""Amounts are decimal fractions read as floating point."""
NAMED_MOST: Final = 12
NOTICES: Final = re.compile(
    r"\b(billing|disput\w+|notices?|overdue|past due|unpaid|non-?payment|reminders?|credit (?:note|memo)s?|refunds?|"
    r"suspen(?:d|ded|sion)|cancel\w*|terminat\w+)\b",
    re.IGNORECASE,
)
WORDS: Final = (
    "billing, dispute, notice, overdue, past due, unpaid, non-payment, reminder, credit note, refund, suspension, "
    "cancellation, termination, and their other forms"
)


def part(dossier: Dossier, number: int) -> Part:
    invoices = dossier.records.invoices
    blocks: list[Block]
    if not invoices:
        blocks = [Paragraph(text="No invoice of the period is shown by these records.")]
    else:
        today = dossier.as_of.astimezone(dossier.zone).date()
        rows: list[tuple[Cell, ...]] = []
        for i in invoices:
            payments = dossier.payments.get(i.id, ())
            paid = (
                ", ".join(f"{wording.money(p.amount)} on {wording.day(p.paid_on)}" for p in payments) or "none recorded"
            )
            rows.append((
                dossier.cell(i.source), i.number, _kind(i), wording.day(i.issued_on), _due(i, today),
                wording.money(i.total, i.currency), wording.money(i.paid, i.currency), wording.money(i.balance,
                i.currency),
                paid,
            ))  # fmt: skip
        unpaid = sum(1 for i in invoices if i.balance is not None and i.balance > 0)
        blocks = [
            Paragraph(
                text=f"{wording.count(len(invoices), 'invoice')} dated in the period; {unpaid:,} with a balance "
                "above zero "
                f"when captured. {_credit_words(invoices)} Whether an invoice was disputed, and when it was sent, is "
                "not a field of these records."
            ),
            Paragraph(text=_sums(invoices)),
            Table(
                columns=(
                    Column(title="Exhibit"), Column(title="Number"), Column(title="Type, status"),
                    Column(title="Issued"), Column(title="Due"), Column(title="Total", align="right"),
                    Column(title="Paid", align="right"), Column(title="Balance", align="right"),
                    Column(title="Payments", width=1.8),
                ),
                rows=tuple(rows),
                caption=f"n = {len(rows):,}; the same rows stand in data/tables/invoices.csv. Days past due: of what "
                f"is open, on {today.isoformat()}, the day of the records.",
            ),
        ]  # fmt: skip
    blocks += findings_in(dossier, "invoices", above=True)
    blocks += _notices(dossier)
    return Part(id="invoices", number=number, title="Invoices and payments", page_kind="B", blocks=tuple(blocks))


def _kind(invoice: Invoice) -> str:
    return f"{wording.text(invoice.kind)}\n{invoice.status or 'no status'}"


def _due(invoice: Invoice, today: date) -> str:
    """With the days past due when something is open."""
    if invoice.due_on is None or not invoice.balance or invoice.balance <= 0:
        return wording.day(invoice.due_on)
    days = (today - invoice.due_on).days
    late = f"{wording.count(days, 'day')} past due" if days > 0 else "not yet due"
    return f"{wording.day(invoice.due_on)}\n{late}"


def _credit_words(invoices: Sequence[Invoice]) -> str:
    """Credit notes by their type, and what is neither paid nor open."""
    notes = [i for i in invoices if i.kind and CREDIT.search(i.kind)]
    gone = [
        i for i in invoices
        if i.total is not None and i.paid is not None and i.balance is not None
        and abs(i.total - i.paid - i.balance) >= SMALLEST and i not in notes
    ]  # fmt: skip
    return (
        f"{wording.count(len(notes), 'credit note')} by type; {wording.count(len(gone), 'other invoice')} with a total "
        "that is not paid plus balance (a credit, a write-off or a correction)"
        f"{': ' + ', '.join(i.number for i in gone[:NAMED_MOST]) if gone else ''}."
    )


def _notices(dossier: Dossier) -> list[Block]:
    """Cancelled agreements, and records whose names say dispute, notice or suspension."""
    cancelled = [a for a in dossier.records.agreements if a.cancelled or a.cancelled_on is not None]
    rows = named_records.named(dossier, NOTICES)
    found: list[Block] = [Heading(text="Disputes, notices, suspension, termination")]
    found += [
        Paragraph(
            text=f"The agreement '{a.name}' is recorded as cancelled{f' on {a.cancelled_on}' if a.cancelled_on else ''}"
            f"; reason as recorded: {a.cancel_reason or 'none'}.",
            cites=dossier.cites([a.source]),
        )
        for a in cancelled
    ]
    if rows:
        found.append(
            Paragraph(
                text=f"Tickets, activities and documents in whose type or name one of these words stands: {WORDS}. The "
                "list does not say that a notice was served, or that an entry concerns these invoices."
            )
        )
        found.append(named_records.table(rows))
    else:
        found.append(
            Paragraph(
                text=f"No ticket, activity or document with one of these words is shown by these records: {WORDS}."
            )
        )
    return found


def _sums(invoices: Sequence[Invoice]) -> str:
    """Totals by currency, each over the invoices that state the amount."""
    told = []
    for currency in sorted({i.currency or "" for i in invoices}):
        here = [i for i in invoices if (i.currency or "") == currency]
        parts = [
            f"{name} {wording.money(round(sum(known), 2), currency)} ({wording.count(len(known), 'invoice')})"
            for name, known in (
                ("total", [i.total for i in here if i.total is not None]),
                ("paid", [i.paid for i in here if i.paid is not None]),
                ("balance", [i.balance for i in here if i.balance is not None]),
            )
        ]
        told.append(f"Sums{'' if currency else ' without a currency recorded'}: {', '.join(parts)}.")
    return " ".join(told)
