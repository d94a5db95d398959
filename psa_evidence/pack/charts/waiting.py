"""Who was being waited for: resolution clocks by the wall, divided by what the status says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from psa_evidence.pack.charts.months import month_of, months
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Bar, Chart

SIDES: Final = ("provider (clock ran)", "client", "vendor or other party", "paused, party not named")
_CLIENT: Final = re.compile(r"\b(client|customer|user|requester|end.?user)", re.IGNORECASE)
_VENDOR: Final = re.compile(r"\b(vendor|supplier|third.?party|manufacturer|isp|carrier)", re.IGNORECASE)


def chart(dossier: Dossier) -> Chart:
    seconds: Counter[tuple[str, int]] = Counter()
    tickets, left = 0, 0
    for ticket, result in dossier.stage_results("contract"):
        if result.stage != "resolution":
            continue
        month = month_of(dossier, ticket.entered_at)
        if not result.intervals or month is None:
            left += 1
            continue
        tickets += 1
        for interval in result.intervals:
            if interval.state in {"counted", "paused"}:
                side = 0 if interval.state == "counted" else side_of(interval.why)
                seconds[month, side] += int((interval.end - interval.start).total_seconds())
    bars = [
        Bar(label=month, values=tuple(round(seconds[month, side] / 3600, 1) for side in range(len(SIDES))))
        for month in months(dossier)
    ]
    return Chart(
        title="Who was being waited for, by month of entry",
        series=SIDES,
        bars=tuple(bars),
        unit="hours by the wall clock",
        caption=(
            f"Query: intervals of the resolution clock under the contract reading (clock statements of the exhibits). "
            f"n = {tickets:,} tickets. A pause belongs to the client or a vendor when the name of its status says so "
            "(client, customer, user; vendor, supplier, third party, manufacturer, carrier). Not drawn: time outside "
            f"business hours, and {left:,} tickets without a clock statement. An hour in which a party was waited for "
            "is no finding that it was late."
        ),
    )


def side_of(why: str) -> int:
    """Place in SIDES of a pause, by the words of its reason."""
    client, vendor = bool(_CLIENT.search(why)), bool(_VENDOR.search(why))
    if client != vendor:
        return 1 if client else 2
    return 3
