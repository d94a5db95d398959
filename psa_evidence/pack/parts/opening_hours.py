"""The hours that were counted: weekly hours and holidays of each calendar used, and when the clocks changed."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from psa_evidence.matter.hours import DAYS
from psa_evidence.pack import wording, zone_data
from psa_evidence.pack.clock_changes import clock_changes
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.settings_exhibit import hours_words
from psa_evidence.records import BusinessCalendar, Holiday, Span
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Table

NAMED: Final = 40
"""Holidays named of one calendar; its exhibit has all."""


def blocks(dossier: Dossier) -> list[Block]:
    """The PSA's calendars that a stage was counted on, and the zone of the matter. Hours of the matter file stand in
    the part on contract terms."""
    used = {r.calendar for _, r in dossier.stage_results("contract") if r.calendar}
    calendars = [c for c in dossier.records.calendars if any(_is(c, name) for name in used)]
    rows: list[tuple[Cell, ...]] = [
        (c.name, _week(c.week), _holidays(dossier, c), dossier.cell(c.source)) for c in calendars
    ]
    made: list[Block] = []
    if rows:
        table = Table(
            columns=(
                Column(title="Calendar", width=1.2), Column(title="Open", width=1.6),
                Column(title="Holidays in the period", width=3), Column(title="Exhibit"),
            ),
            rows=tuple(rows),
            caption="As captured last, in local time of the zone named above; a holiday without hours is closed all "
            "day. Where captures differ, each day counts by the settings captured last before it.",
        )  # fmt: skip
        made += [Heading(text="Hours of the calendars", level=3), table]
    return [*made, Paragraph(text=_clocks(dossier))]


def _is(calendar: BusinessCalendar, used: str) -> bool:
    """A result names its calendar with the zone in brackets."""
    return used == calendar.name or (used.startswith(f"{calendar.name} (") and used.endswith(")"))


def _week(week: tuple[tuple[Span, ...], ...]) -> str:
    """`Mon-Fri 08:00-18:00; Sat, Sun closed`: days with the same hours together."""
    told = []
    for hours, group in groupby(zip(DAYS, map(hours_words, week), strict=False), key=lambda pair: pair[1]):
        days = [day[:3].capitalize() for day, _ in group]
        told.append(f"{days[0]}{f'-{days[-1]}' if len(days) > 1 else ''} {hours}")
    return "; ".join(told)


def _holidays(dossier: Dossier, calendar: BusinessCalendar) -> str:
    first, last = dossier.matter.first_day, dossier.matter.last_day
    here = sorted(
        (
            h for h in dossier.records.holidays
            if h.list_id == calendar.holiday_list_id and first <= h.day <= last
        ),
        key=lambda h: (h.day, h.name),
    )  # fmt: skip
    if not here:
        return "none"
    rest = len(here) - NAMED
    more = f"; {rest:,} more in the exhibit" if rest > 0 else ""
    return f"{len(here):,}: {'; '.join(map(_holiday, here[:NAMED]))}{more}"


def _holiday(holiday: Holiday) -> str:
    closed = "" if holiday.closed is None else f" ({hours_words(holiday.closed)} closed)"
    return f"{holiday.day} {holiday.name}{closed}"


def _clocks(dossier: Dossier) -> str:
    """Offsets of the matter's zone over the period and up to the date of the records."""
    matter = dossier.matter
    first, *later = clock_changes(ZoneInfo(matter.time_zone), matter.since, max(matter.until, dossier.as_of))
    told = [f"{_offset(first[1])} at the beginning of the period"]
    told += [f"{_offset(offset)} from {wording.utc(at)}" for at, offset in later]
    return (
        f"Clocks of {matter.time_zone} up to the date of the records, as used: {', '.join(told)}. Stored times are "
        "instants in UTC; the zone serves to print them, and to find days and opening hours. Clocks are those of the "
        f"{zone_data.words(dossier.zone_data)}."
    )


def _offset(value: timedelta) -> str:
    minutes = int(value.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
