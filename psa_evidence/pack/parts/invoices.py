"""Invoices of the period and their payments, as recorded."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.records import Invoice
from psa_evidence.spi import Block, Cell, Column, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    invoices = dossier.records.invoices
    blocks: list[Block]
    if not invoices:
        blocks = [Paragraph(text="No invoice of the period is shown by these records.")]
    else:
        rows: list[tuple[Cell, ...]] = []
        for i in invoices:
            payments = dossier.payments.get(i.id, ())
            paid = (
                ", ".join(f"{wording.money(p.amount)} on {wording.day(p.paid_on)}" for p in payments) or "none recorded"
            )
            rows.append((
                dossier.cell(i.source), i.number, wording.text(i.kind), wording.day(i.issued_on), wording.day(i.due_on),
                wording.money(i.total, i.currency), wording.money(i.paid, i.currency), wording.money(i.balance,
                i.currency),
                paid,
            ))  # fmt: skip
        unpaid = sum(1 for i in invoices if i.balance is not None and i.balance > 0)
        blocks = [
            Paragraph(
                text=f"{wording.count(len(invoices), 'invoice')} dated in the period; {unpaid:,} with a balance "
                "above zero "
                "when captured. Whether an invoice was disputed is not a field of these records."
            ),
            Paragraph(text=_sums(invoices)),
            Table(
                columns=(
                    Column(title="Exhibit"), Column(title="Number"), Column(title="Type"), Column(title="Issued"),
                    Column(title="Due"), Column(title="Total", align="right"), Column(title="Paid", align="right"),
                    Column(title="Balance", align="right"), Column(title="Payments", width=1.8),
                ),
                rows=tuple(rows),
                caption=f"n = {len(rows):,}; the same rows stand in data/tables/invoices.csv.",
            ),
        ]  # fmt: skip
    blocks += findings_in(dossier, "invoices")
    return Part(id="invoices", number=number, title="Invoices and payments", page_kind="B", blocks=tuple(blocks))


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
