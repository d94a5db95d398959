"""Hours recorded and fees invoiced, by month."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.charts.months import month_of, months
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.wording import UNKNOWN, money
from psa_evidence.spi import Bar, Chart

KINDS: Final = ("billable", "not billed", "billing not recorded")


def chart(dossier: Dossier) -> Chart:
    hours: defaultdict[tuple[str, int], float] = defaultdict(float)
    drawn, left = 0, 0
    for entry in dossier.records.time_entries:
        month = month_of(dossier, entry.started_at)
        if entry.hours is None or month is None:
            left += 1
            continue
        drawn += 1
        hours[month, _kind(entry.billable)] += entry.hours
    fees: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for invoice in dossier.records.invoices:
        month = month_of(dossier, invoice.issued_on)
        if month is not None and invoice.total is not None:
            fees[month][invoice.currency or UNKNOWN] += invoice.total
    bars = [
        Bar(
            label=month,
            values=tuple(round(hours[month, kind], 2) for kind in range(len(KINDS))),
            note=", ".join(f"invoiced {_fee(*item)}" for item in sorted(fees[month].items())) or "no invoice shown",
        )
        for month in months(dossier)
    ]
    return Chart(
        title="Hours recorded, and fees invoiced, by month",
        series=KINDS,
        bars=tuple(bars),
        unit="hours",
        caption=(
            f"Query: time entries of the population by the month of their start, n = {drawn:,}; invoices by the month "
            f"of their date, n = {len(dossier.records.invoices):,}, totals as recorded. Not drawn: "
            f"{wording.count(left, 'time entry', 'time entries')} without hours, or that began outside the period. An "
            "invoice may be for another month than its date."
        ),
    )


def _kind(billable: str | None) -> int:
    if billable is None:
        return 2
    return 0 if billable.casefold() == "billable" else 1


def _fee(currency: str, total: float) -> str:
    return money(round(total, 2), None if currency == UNKNOWN else currency)
