"""The report names the hours it counted by: weekly hours, holidays of the period, changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from psa_evidence.pack.clock_changes import clock_changes
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import opening_hours
from psa_evidence.spi import Paragraph, Silent, Table

NEW_YORK = ZoneInfo("America/New_York")


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


def test_each_change_is_the_first_instant_of_the_new_offset():
    assert clock_changes(NEW_YORK, at("2025-01-01T05:00:00Z"), at("2026-01-01T05:00:00Z")) == (
        (at("2025-01-01T05:00:00Z"), timedelta(hours=-5)),
        (at("2025-03-09T07:00:00Z"), timedelta(hours=-4)),
        (at("2025-11-02T06:00:00Z"), timedelta(hours=-5)),
    )


@pytest.mark.parametrize(
    ("until", "changes"), [("2025-03-09T07:00:00Z", 1), ("2025-03-09T07:00:01Z", 2)], ids=["at the end", "a second in"]
)
def test_the_end_is_not_included(until, changes):
    assert len(clock_changes(NEW_YORK, at("2025-03-01T05:00:00Z"), at(until))) == changes


def test_two_changes_of_a_month_of_fasting_are_both_found():
    found = clock_changes(ZoneInfo("Africa/Casablanca"), at("2025-02-01T00:00:00Z"), at("2025-05-01T00:00:00Z"))
    assert [offset for _, offset in found] == [timedelta(hours=1), timedelta(), timedelta(hours=1)]


@pytest.fixture
def blocks(vault, matter, connector, psa):
    def run():
        psa.fill(vault)
        return opening_hours.blocks(gather(matter, vault, connector, software="test", progress=Silent()).dossier)

    return run


def test_calendars_that_were_counted_on_are_shown_and_others_not(blocks, psa):
    hours = {"mondayStartTime": "09:00:00", "mondayEndTime": "12:00:00"}
    psa.add("calendar", {"id": 9, "name": "Office", **hours})
    [table] = [b for b in blocks() if isinstance(b, Table)]
    [row] = table.rows
    assert row[:2] == ("Office hours", "Mon-Fri 08:00-18:00; Sat-Sun closed")
    assert row[3].exhibit == "S-SETTINGS"


def test_holidays_of_the_period_are_named_and_others_not(blocks, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "calendar":
            row["holidayList"] = {"id": 3, "name": "US"}
    psa.add("holiday_list", {"id": 3, "name": "US"})
    for number, day in enumerate(("2024-12-25", "2025-01-01", "2025-12-25")):
        psa.add("holiday", {
            "id": 30 + number, "name": f"Day {number}", "date": day, "allDayFlag": True,
            "holidayList": {"id": 3, "name": "US"},
        }, parent="holiday_list/3")  # fmt: skip
    [table] = [b for b in blocks() if isinstance(b, Table)]
    assert table.rows[0][2] == "1: 2025-01-01 Day 1"


def test_the_clocks_are_told_up_to_the_date_of_the_records(blocks):
    [told] = [b.text for b in blocks() if isinstance(b, Paragraph)]
    assert "UTC-05:00 at the beginning of the period, UTC-04:00 from 2025-03-09T07:00:00Z. " in told
