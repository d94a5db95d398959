"""Which credits name a ticket: credit memos, invoices below zero, adjustments of agreements. Nothing is computed.

A credit names a ticket when the PSA's own reference says so, or when the ticket's number stands in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import AgreementAdjustment, Invoice, SourceRef

NO_CREDIT: Final = "no credit is recorded"
NONE_SHOWN: Final = "no credit is shown by this copy"
LOST_IN: Final = frozenset({"invoices", "adjustments"})
"""Last steps of the resources that a capture may state losses of."""
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_WORD: Final = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Credit:
    """`words` name it with its day and amount; `tickets` are numbers that stand in it, of tickets or of anything."""

    words: str
    source: SourceRef
    tickets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Credits:
    """All credits of a pack, in the order of invoices and adjustments. `none` says that there is none."""

    every: tuple[Credit, ...]
    none: str
    _by_number: dict[str, list[Credit]] = field(repr=False)

    @classmethod
    def of(cls, dossier: Dossier) -> Credits:
        every = tuple(_credits(dossier))
        by_number: dict[str, list[Credit]] = {}
        for credit in every:
            for number in credit.tickets:
                by_number.setdefault(number, []).append(credit)
        hidden = dossier.withholds("invoice", "adjustment")
        return cls(every, NONE_SHOWN if hidden else NO_CREDIT, by_number)

    def naming(self, ticket: str) -> tuple[Credit, ...]:
        return tuple(self._by_number.get(ticket, ()))

    def told(self, ticket: str) -> str:
        """For a cell: the credits that name the ticket, or that there is none."""
        return "; ".join(credit.words for credit in self.naming(ticket)) or self.none


def _credits(dossier: Dossier) -> Iterator[Credit]:
    for invoice in dossier.records.invoices:
        if "credit" in (invoice.kind or "").casefold() or (invoice.total or 0) < 0:
            yield _of_invoice(dossier, invoice)
    names = {a.id: a.name for a in dossier.records.agreements}
    for adjustment in dossier.records.adjustments:
        yield _of_adjustment(dossier, adjustment, names.get(adjustment.agreement_id, adjustment.agreement_id))


def _of_invoice(dossier: Dossier, invoice: Invoice) -> Credit:
    numbers = _numbers(f"{invoice.reference} {invoice.comment}")
    return Credit(
        f"{invoice.kind or 'invoice'} {invoice.number} of {wording.day(invoice.issued_on)}, "
        f"{wording.money(invoice.total, invoice.currency)}{_where(dossier, invoice.source)}",
        invoice.source,
        numbers if invoice.ticket_id is None else numbers | {invoice.ticket_id},
    )


def _of_adjustment(dossier: Dossier, adjustment: AgreementAdjustment, agreement: str) -> Credit:
    return Credit(
        f"adjustment {adjustment.id} of {wording.day(adjustment.effective)}, {wording.money(adjustment.amount)} in the "
        f"units of {agreement}{_where(dossier, adjustment.source)}",
        adjustment.source,
        _numbers(adjustment.description),
    )


def _where(dossier: Dossier, source: SourceRef) -> str:
    shown = dossier.exhibit_of.get(source.key)
    return f" (exhibit {shown})" if shown else ""


def _numbers(text: str) -> frozenset[str]:
    """Words of a text that may be ids; no part of a decimal number is one."""
    return frozenset(_WORD.findall(_DECIMAL.sub(" ", text)))
