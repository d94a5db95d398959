"""Invoices with an open balance."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count
from psa_evidence.records import Invoice, Payment, RecordSet


def unpaid_invoices(records: RecordSet, *, as_of: datetime, zone: tzinfo) -> Finding:
    """Each invoice that has an open balance, with the days past due on the day of `as_of` in `zone`."""
    today = as_of.astimezone(zone).date()
    payments: dict[str, list[Payment]] = {}
    for payment in records.payments:
        payments.setdefault(payment.invoice_id, []).append(payment)
    open_ones = [_statement(i, payments.get(i.id, []), today) for i in records.invoices if i.balance and i.balance > 0]
    paid = [i for i in records.invoices if i.balance is not None and i.balance <= 0]
    unknown = sum(i.balance is None for i in records.invoices)
    summary = Statement(
        text="No invoice is shown by these records."
        if not records.invoices
        else f"Of {count(len(records.invoices), 'invoice')}, {len(open_ones):,} have an open balance and {len(paid):,} "
        "have none" + (f"; of {unknown:,} the balance is not shown by these records." if unknown else "."),
        sources=tuple(i.source for i in paid),
    )
    return Finding(
        id="unpaid-invoices",
        title="Open invoices",
        question="Which invoices had an open balance?",
        statements=(summary, *open_ones),
        examined=len(records.invoices),
        limits="Balances are those at capture. Why an invoice is open, and whether it is disputed, is not shown by "
        "these records.",
    )


def _statement(invoice: Invoice, payments: list[Payment], today: date) -> Statement:
    currency = f" {invoice.currency}" if invoice.currency else ""
    total = f" of {invoice.total:,.2f}{currency}" if invoice.total is not None else ""
    if invoice.due_on is None:
        due = "its due date is not shown by these records"
    else:
        days = (today - invoice.due_on).days
        due = f"due {invoice.due_on.isoformat()}, " + (
            f"{count(days, 'day')} past due on {today.isoformat()}" if days > 0 else "not yet due"
        )
    issued = f" issued {invoice.issued_on.isoformat()}" if invoice.issued_on else ""
    received = f" {count(len(payments), 'payment')} on it is recorded." if len(payments) == 1 else ""
    received = f" {count(len(payments), 'payment')} on it are recorded." if len(payments) > 1 else received
    return Statement(
        text=f"Invoice {invoice.number}{issued}{total} has an open balance of {invoice.balance:,.2f}{currency}; {due}."
        f"{received}",
        sources=(invoice.source, *(payment.source for payment in payments)),
    )
