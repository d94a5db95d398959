"""The matter over time: what was recorded in each month."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.charts.months import month_of, months
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import said_once
from psa_evidence.spi import Bar, Chart

SERIES: Final = (
    "tickets entered", "notes and e-mails of the client", "of the provider", "of others or of unknown side",
    "time entries",
)  # fmt: skip


def chart(dossier: Dossier) -> Chart:
    counts: Counter[tuple[str, int]] = Counter()
    left = 0
    records = dossier.records
    sides = {"client": 1, "msp": 2}
    seen = [(t.entered_at, 0) for t in dossier.population.tickets]
    seen += [(m.at, sides.get(m.side, 3)) for m in said_once(records)]
    seen += [(e.started_at, 4) for e in records.time_entries]
    for at, kind in seen:
        month = month_of(dossier, at)
        if month is None:
            left += 1
        else:
            counts[month, kind] += 1
    bars = [
        Bar(label=month, values=tuple(counts[month, kind] for kind in range(len(SERIES)))) for month in months(dossier)
    ]
    return Chart(
        title="Activity by month",
        series=SERIES,
        bars=tuple(bars),
        unit="records",
        caption=(
            f"Query: tickets of the population with their notes and time entries, by month in "
            f"{dossier.matter.time_zone}. n = {wording.count(sum(counts.values()), 'record')}. Not drawn: "
            f"{wording.count(left, 'record')} without a time, or with one outside the period. A time "
            "entry that the PSA lists among the notes as well is drawn once, as the time entry."
        ),
    )
