"""Calendars that make no sense are refused wherever the senseless hours stand; what round the clock means."""

from dataclasses import replace
from datetime import date

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, Version, attainment, evaluate

DAY = 86_400
OFFICE = ((Span(start=9 * 3600, end=17 * 3600),),) * 5 + ((), ())
BAD = Span(start=DAY, end=DAY + 1)


def test_hours_of_a_holiday_that_do_not_start_within_their_day_are_refused():
    closed = (ClosedDay.on(date(2026, 1, 1), spans=(BAD,)),)
    with pytest.raises(ConfigurationError, match="within their day"):
        BusinessHours(week=OFFICE, zone="UTC", closed=closed)
    with pytest.raises(ConfigurationError, match="within their day"):
        BusinessHours(week=OFFICE, zone="UTC", later=(Version(first=date(2026, 1, 1), week=OFFICE, closed=closed),))
    with pytest.raises(ConfigurationError, match="within their day"):
        BusinessHours(week=OFFICE, zone="UTC", overrides={date(2026, 1, 1): (BAD,)})


def test_only_a_calendar_that_never_closes_is_round_the_clock():
    always = BusinessHours.always()
    assert always.is_always is True
    assert BusinessHours(week=OFFICE, zone="UTC").is_always is False
    for part in (
        {"closed": (ClosedDay.on(date(2026, 1, 1)),)},
        {"overrides": {date(2026, 1, 1): ()}},
        {"later": (Version(first=date(2026, 1, 1), week=OFFICE),)},
    ):
        assert replace(always, **part).is_always is False


def test_later_versions_are_kept_in_their_order_and_calendars_are_equal_by_what_they_say():
    versions = tuple(Version(first=date(year, 1, 1), week=OFFICE) for year in (2027, 2025, 2026))
    hours = BusinessHours(week=OFFICE, zone="UTC", later=versions)
    assert [version.first.year for version in hours.later] == [2025, 2026, 2027]
    assert hours == BusinessHours(week=OFFICE, zone="UTC", later=versions[::-1])
    assert "table" not in repr(hours)
    assert "_zone" not in repr(hours)


def test_a_result_of_a_ticket_that_is_not_among_the_records_is_counted_under_no_agreement(desk, clock):
    records = desk.all()
    results = evaluate(records, as_of=clock.at(24))
    rows = attainment(replace(records, tickets=()), results, time_zone="UTC")
    assert {row.agreement for row in rows} == {"(no agreement)"}
    assert sum(row.n for row in rows) == len(results[0].results)
