"""Who was being waited for: opening hours of the resolution clocks, divided by what the status says."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.findings import waited_for
from psa_evidence.pack import wording
from psa_evidence.pack.charts.months import month_of, months
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Side
from psa_evidence.spi import Bar, Chart

SIDES: Final = (
    "provider (clock ran)", "client", "vendor or other party", "provider (clock paused)", "paused, party not named",
)  # fmt: skip
_PLACES: Final[dict[Side, int]] = {"client": 1, "vendor": 2, "msp": 3}


def chart(dossier: Dossier) -> Chart:
    seconds: Counter[tuple[str, int]] = Counter()
    statuses = {change.source.key: change.new for change in dossier.records.changes}
    tickets, left = 0, 0
    for ticket, result in dossier.stage_results("contract"):
        if result.stage != "resolution":
            continue
        month = month_of(dossier, ticket.entered_at)
        intervals = result.intervals
        if not intervals or month is None:
            left += 1
            continue
        tickets += 1
        for interval in intervals:
            if interval.state in {"counted", "paused"}:
                status = statuses.get(interval.source.key) if interval.source else None
                side = 0 if interval.state == "counted" else side_of(status or interval.why)
                seconds[month, side] += int((interval.end - interval.start).total_seconds())
    bars = [
        Bar(label=month, values=tuple(round(seconds[month, side] / 3600, 1) for side in range(len(SIDES))))
        for month in months(dossier)
    ]
    return Chart(
        title="Who was being waited for, by month of entry",
        series=SIDES,
        bars=tuple(bars),
        unit="opening hours",
        caption=(
            f"Query: intervals of the resolution clock under the contract reading (clock statements of the exhibits). "
            f"n = {wording.count(tickets, 'ticket')}. A pause belongs to the client or a vendor when the name of its "
            "status says so (client, customer, user, contact, caller, requester; vendor, supplier, third party, "
            "manufacturer, carrier, parts), to the provider when it names its own people or planning (internal, "
            "technician, engineer, schedule, dispatch). Not drawn: time outside "
            f"business hours, and {wording.count(left, 'ticket')} without a clock statement. An hour in "
            "which a party was waited for is no finding that it was late."
        ),
    )


def side_of(status: str) -> int:
    """Place in SIDES of a pause, by the name of its status."""
    return _PLACES.get(waited_for(status), len(SIDES) - 1)
