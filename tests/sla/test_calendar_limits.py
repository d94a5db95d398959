"""Calendars that make no sense are refused wherever the senseless hours stand; what round the clock means."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, Version, attainment, evaluate
from psa_evidence.sla.calendar import NeverOpenError

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
    assert "_days" not in repr(hours)


def test_a_result_of_a_ticket_that_is_not_among_the_records_is_counted_under_no_agreement(desk, clock):
    records = desk.all()
    results = evaluate(records, as_of=clock.at(24))
    rows = attainment(replace(records, tickets=()), results, time_zone="UTC")
    assert {row.agreement for row in rows} == {"(no agreement)"}
    assert sum(row.n for row in rows) == len(results[0].results)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def sundays(start, end, zone):
    """Open on Sundays between two local times, in minutes after midnight."""
    return BusinessHours(week=((),) * 6 + ((Span(start=start * 60, end=end * 60),),), zone=zone)


def test_a_span_may_end_two_days_after_its_midnight_and_no_later():
    BusinessHours(week=((Span(start=DAY - 1, end=2 * DAY),), *((),) * 6), zone="UTC")
    with pytest.raises(ConfigurationError):
        BusinessHours(week=((Span(start=DAY - 1, end=2 * DAY + 1),), *((),) * 6), zone="UTC")


@pytest.mark.parametrize(
    ("start", "opens"),
    [(120, (15, 30)), (125, (15, 35)), (145, (15, 55)), (165, (15, 45))],
)
def test_a_clock_change_of_half_an_hour_is_met_to_the_minute(start, opens):
    """On Lord Howe, 2026-10-04, the clock went from 02:00 to 02:30."""
    hours = sundays(start, 240, "Australia/Lord_Howe")
    assert hours.next_open(utc(2026, 10, 3)) == utc(2026, 10, 3, *opens)


def test_a_span_that_a_clock_change_makes_empty_opens_nothing():
    hours = sundays(120, 180, "America/Chicago")
    assert hours.next_open(utc(2026, 3, 8, 0)) == utc(2026, 3, 15, 7)


def test_a_partial_closing_at_an_end_of_the_hours_opens_nothing_there():
    nine_to_five = (Span(start=9 * 3600, end=17 * 3600),)
    cuts = (Span(start=9 * 3600, end=10 * 3600), Span(start=16 * 3600, end=17 * 3600))
    hours = BusinessHours(week=(nine_to_five,) * 7, zone="UTC", closed=(ClosedDay.on(date(2026, 5, 1), spans=cuts),))
    assert hours.next_open(utc(2026, 5, 1, 8)) == utc(2026, 5, 1, 10)
    assert hours.next_close(utc(2026, 5, 1, 8)) == utc(2026, 5, 1, 16)
    assert hours.next_open(utc(2026, 5, 1, 16)) == utc(2026, 5, 2, 9)


def test_the_closed_days_of_a_date_are_told():
    holiday = ClosedDay.on(date(2026, 5, 1), name="May Day")
    hours = BusinessHours(week=OFFICE, zone="UTC", closed=(holiday,))
    assert (hours.closed_on(date(2026, 5, 1)), hours.closed_on(date(2026, 5, 2))) == ((holiday,), ())


def test_many_working_days_are_counted_and_none_after_the_last_date():
    hours = BusinessHours(week=OFFICE, zone="UTC")
    assert hours.add_workdays(utc(2026, 3, 2, 9), 260) == utc(2027, 3, 1, 9)
    with pytest.raises(NeverOpenError, match="before the year 10000"):
        hours.add_workdays(utc(9999, 12, 30, 9), 5)


def test_working_days_lead_to_the_first_of_two_equal_local_times():
    """In Chicago the clock showed half past one twice on 2026-11-01."""
    hours = BusinessHours(week=((Span(start=0, end=DAY),),) * 7, zone="America/Chicago")
    assert hours.add_workdays(utc(2026, 10, 31, 6, 30), 1) == utc(2026, 11, 1, 6, 30)
    assert hours.add_workdays(utc(2026, 10, 30, 6, 30), 2) == utc(2026, 11, 1, 6, 30)
