"""Invoices of the period and their payments, as recorded."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
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
