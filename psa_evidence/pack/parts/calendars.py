"""Where the matter file's calendar and the PSA's differ: what comes again each week, and the days that do not."""

from __future__ import annotations

from typing import Final

from psa_evidence.matter.hours import DAYS
from psa_evidence.pack import wording
from psa_evidence.pack.calendar_difference import calendar_differences, opening
from psa_evidence.pack.dossier import Dossier
from psa_evidence.sla.comparison import CalendarComparison
from psa_evidence.spi import Block, Column, Heading, Paragraph, Table

SHOWN: Final = 60
"""Holidays that the report lists; the CSV has every day that differs."""


def calendar_blocks(dossier: Dossier) -> list[Block]:
    """Empty when the matter file states no hours of its own."""
    blocks: list[Block] = []
    for name, compared in calendar_differences(dossier):
        blocks.append(Heading(text=f"The matter file's calendar and the PSA's: {name}", level=3))
        if compared.same:
            blocks.append(Paragraph(text=f"Open at the same times from {compared.start} to {compared.end}."))
            continue
        blocks.append(Paragraph(text=_sum(compared)))
        blocks.append(_weekly(compared))
        special = [day for day in compared.days if day.closed_in_first or day.closed_in_second]
        if special:
            blocks.append(_holidays(compared))
    return blocks


def _sum(compared: CalendarComparison) -> str:
    return (
        f"From {compared.start} to {compared.end} they differ on {wording.count(len(compared.days), 'day')}. Only the "
        f"matter file's calendar is open for {wording.duration(compared.only_first)}, only the PSA's for "
        f"{wording.duration(compared.only_second)}. The contract reading counts on the matter file's; each day stands "
        "in data/tables/calendar_differences.csv."
    )


def _weekly(compared: CalendarComparison) -> Table:
    return Table(
        columns=(
            Column(title="Weekday", width=1.2), Column(title="Matter file", width=1.8), Column(title="PSA", width=1.8),
            Column(title="Days", align="right", width=0.6),
        ),
        rows=tuple((DAYS[day].capitalize(), ours, theirs, f"{n:,}") for day, ours, theirs, n in compared.weekly),
        caption=f"Local hours in {compared.zone} of the days that differ.",
    )  # fmt: skip


def _holidays(compared: CalendarComparison) -> Table:
    special = [day for day in compared.days if day.closed_in_first or day.closed_in_second]
    rest = len(special) - SHOWN
    return Table(
        columns=(
            Column(title="Day", width=1), Column(title="Matter file", width=1.5), Column(title="PSA", width=1.5),
            Column(title="Holiday of the matter file", width=1.5), Column(title="Holiday of the PSA", width=1.5),
        ),
        rows=tuple(
            (
                day.day.isoformat(), opening(day.first), opening(day.second),
                "; ".join(day.closed_in_first) or "none", "; ".join(day.closed_in_second) or "none",
            )
            for day in special[:SHOWN]
        ),
        caption="Holidays that only one of the two has, or has with other hours."
        + (f" {rest:,} more in the CSV." if rest > 0 else ""),
    )  # fmt: skip
