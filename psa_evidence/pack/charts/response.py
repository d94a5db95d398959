"""Response times against their targets: how many tickets were responded to within which share of the target."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Bar, Chart

BINS: Final = ((25, "up to 25 %"), (50, "25 to 50 %"), (75, "50 to 75 %"), (100, "75 to 100 %"))
BEYOND: Final = ((150, "100 to 150 %"), (200, "150 to 200 %"), (None, "over 200 %"))


def chart(dossier: Dossier) -> Chart:
    within, over, left = [0] * len(BINS), [0] * len(BEYOND), 0
    for _, result in dossier.stage_results("contract"):
        if result.stage != "response":
            continue
        judged = result.verdict in {"met", "missed"} and result.met_at is not None
        if not judged or not result.target_seconds or result.elapsed_seconds is None:
            left += 1
            continue
        elapsed, target = result.elapsed_seconds, result.target_seconds
        if result.verdict == "met":
            within[next((n for n, (most, _) in enumerate(BINS) if 100 * elapsed <= most * target), -1)] += 1
        else:
            over[next((n for n, (most, _) in enumerate(BEYOND) if most and 100 * elapsed <= most * target), -1)] += 1
    bars = [Bar(label=name, values=(n, 0)) for (_, name), n in zip(BINS, within, strict=True)]
    bars += [Bar(label=name, values=(0, n)) for (_, name), n in zip(BEYOND, over, strict=True)]
    total = sum(within) + sum(over)
    return Chart(
        title="Response time as a share of the target, contract reading",
        series=("within the target", "over the target"),
        bars=tuple(bars),
        unit="tickets",
        caption=(
            "Query: data/tables/sla_results.csv, reading = contract, stage = response, elapsed_seconds divided by "
            f"target_seconds. n = {wording.count(total, 'ticket')}. Not drawn: "
            f"{wording.count(left, 'ticket')} without a target, not determined, excluded, or not responded to when "
            "captured."
        ),
    )
