"""SLA attainment by month: how many stages were met, missed and not determined under the contract reading."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.charts.months import months
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.wording import share
from psa_evidence.spi import Bar, Chart

SHOWN: Final = ("met", "missed", "not determined")


def chart(dossier: Dossier) -> Chart:
    counts: Counter[tuple[str, str]] = Counter()
    for row in dossier.attainment:
        if row.reading == "contract":
            for name, number in zip(SHOWN, (row.met, row.missed, row.not_determined), strict=True):
                counts[row.month, name] += number
    rest = sum(row.no_target + row.excluded for row in dossier.attainment if row.reading == "contract")
    bars = []
    for month in months(dossier):
        met, missed, unknown = (counts[month, name] for name in SHOWN)
        judged = f"{met:,} of {met + missed:,} met ({share(met, met + missed)})" if met + missed else "none judged"
        bars.append(Bar(label=month, values=(met, missed, unknown), note=judged))
    return Chart(
        title="SLA stages by month of entry, contract reading",
        series=SHOWN,
        bars=tuple(bars),
        unit="stages of tickets",
        caption=(
            f"Query: data/tables/sla_results.csv, reading = contract, grouped by month of entered_at in "
            f"{dossier.matter.time_zone}. n = {wording.count(sum(counts.values()), 'stage')} (three for each "
            f"ticket). Not drawn: {wording.count(rest, 'stage')} without a target or excluded; the part on SLA "
            "attainment counts them."
        ),
    )
