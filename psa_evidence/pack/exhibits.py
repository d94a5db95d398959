"""All exhibits of a pack, in one order: tickets, agreements, advice, invoices, assets, other records, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from psa_evidence.pack import wording
from psa_evidence.pack.agreement_terms import terms
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.list_exhibits import list_exhibits
from psa_evidence.pack.natives import Native
from psa_evidence.pack.numbering import SETTINGS
from psa_evidence.pack.project_exhibit import project_exhibit
from psa_evidence.pack.settings_exhibit import settings_exhibit
from psa_evidence.pack.ticket_exhibit import ticket_exhibit
from psa_evidence.pack.withheld_here import none
from psa_evidence.records import SourceRef
from psa_evidence.spi import Block, Cell, Column, Exhibit, Facts, Heading, Table, Verbatim

LONG_TEXTS: Final = frozenset({"notes", "comment", "description", "reason", "internal_notes"})
"""Fields printed as texts of their own, not as a line of facts."""


def exhibits(dossier: Dossier, advance: Callable[[], None] = lambda: None) -> Iterator[Exhibit]:
    """One exhibit for each ticket of the population and each other record that the report lists, as it is drawn."""
    for ticket in dossier.population.tickets:
        yield ticket_exhibit(dossier, ticket)
        advance()
    records = dossier.records
    yield from (_agreement(dossier, a) for a in records.agreements)
    yield from (_opportunity(dossier, o) for o in records.opportunities)
    yield from (_invoice(dossier, i) for i in records.invoices)
    yield from list_exhibits(dossier)
    yield from project_exhibit(dossier)
    if SETTINGS in dossier.shown_by:
        yield settings_exhibit(dossier)


def _label(field: str) -> str:
    words = wording.named(field)
    return words[:1].upper() + words[1:]


def record_exhibit(
    dossier: Dossier, record: Any, exhibit_id: str, title: str, extra: Iterable[Block] = (),
    sources: tuple[SourceRef, ...] = (),
) -> Exhibit:  # fmt: skip
    """Any record with all its fields, texts verbatim, and where its native lies."""
    source: SourceRef = record.source
    rows: list[tuple[str, Cell]] = []
    texts: list[Block] = []
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "source":
            continue
        if field.name in LONG_TEXTS and value:
            texts.append(Verbatim(label=_label(field.name), text=str(value)))
        else:
            rows.append((_label(field.name), _value(dossier, value)))
    native = dossier.native.get(source.key)
    known = {source.key, *(s.key for s in sources)}
    further = tuple(n for n in dossier.shown_by.get(exhibit_id, ()) if n.key not in known)
    rows += [
        ("Native", native.path if native else "not in this pack"),
        ("SHA-256", native.sha256 if native else "-"),
    ]
    return Exhibit(
        id=exhibit_id, title=title, blocks=(Facts(rows=tuple(rows)), *texts, *extra, *_further(further)),
        sources=(source, *sources),
    )  # fmt: skip


def _further(natives: tuple[Native, ...]) -> tuple[Block, ...]:
    """Records that hang on this one and are not laid out: where their bytes stand."""
    if not natives:
        return ()
    table = Table(
        columns=(
            Column(title="Record", width=1.2), Column(title="File in this pack", width=1.8),
            Column(title="Bytes", align="right", width=0.6), Column(title="SHA-256", width=2.2),
        ),
        rows=tuple((n.key, n.copy or n.path, f"{n.size:,}", n.sha256) for n in natives),
    )  # fmt: skip
    return (Heading(text=f"Further source records ({len(natives)})"), table)


def _value(dossier: Dossier, value: object) -> str:
    if value is None or value == "":
        return wording.NONE
    if isinstance(value, bool):
        return wording.yes(value)
    if isinstance(value, datetime):
        return wording.both(value, dossier.zone)
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, tuple):
        return ", ".join(_value(dossier, v) for v in value) or wording.NONE
    return str(value)


def _agreement(dossier: Dossier, agreement: Any) -> Exhibit:
    others, read = terms(dossier, agreement.id)
    additions = [a for a in dossier.records.additions if a.agreement_id == agreement.id]
    table = Table(
        columns=(
            Column(title="Product"), Column(title="Description", width=2), Column(title="Quantity", align="right"),
            Column(title="Unit price", align="right"), Column(title="From"), Column(title="Cancelled"),
        ),
        rows=tuple(
            (
                wording.text(a.product), wording.text(a.description), _value(dossier, a.quantity),
                wording.money(a.unit_price), wording.day(a.effective), wording.day(a.cancelled),
            )
            for a in additions
        ),
        empty=none(dossier, "No addition was captured for this agreement.", "addition"),
    )  # fmt: skip
    return record_exhibit(
        dossier, agreement, f"A-{agreement.id}", f"Agreement {agreement.id}: {agreement.name}",
        (Heading(text=f"Additions ({len(additions)})"), table, *others),
        (*(a.source for a in additions), *read),
    )  # fmt: skip


def _opportunity(dossier: Dossier, opportunity: Any) -> Exhibit:
    activities = dossier.activities.get(opportunity.id, ())
    blocks: list[Block] = [Heading(text=f"Activities ({len(activities)})")]
    blocks.append(
        Table(
            columns=(
                Column(title="Start", width=1.5), Column(title="Kind"), Column(title="Name", width=2),
                Column(title="Contact"), Column(title="Status"),
            ),
            rows=tuple(
                (
                    wording.local(a.starts_at, dossier.zone), wording.text(a.kind), a.name, wording.text(a.contact),
                    wording.text(a.status),
                )
                for a in activities
            ),
            empty=none(dossier, "No activity was captured for this opportunity.", "activity"),
        )
    )  # fmt: skip
    blocks += [Verbatim(label=f"Activity {a.id}, notes", text=a.notes) for a in activities if a.notes]
    return record_exhibit(
        dossier, opportunity, f"O-{opportunity.id}", f"Opportunity {opportunity.id}: {opportunity.name}",
        blocks, tuple(a.source for a in activities),
    )  # fmt: skip


def _invoice(dossier: Dossier, invoice: Any) -> Exhibit:
    payments = dossier.payments.get(invoice.id, ())
    table = Table(
        columns=(Column(title="Paid on"), Column(title="Amount", align="right"), Column(title="Kind")),
        rows=tuple((wording.day(p.paid_on), wording.money(p.amount), wording.text(p.kind)) for p in payments),
        empty=none(dossier, "No payment was captured for this invoice.", "payment"),
    )
    return record_exhibit(
        dossier, invoice, f"I-{invoice.id}", f"Invoice {invoice.number}",
        (Heading(text=f"Payments ({len(payments)})"), table), tuple(p.source for p in payments),
    )  # fmt: skip
