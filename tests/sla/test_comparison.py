from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, Version, compare_calendars

HOUR = 3600
NINE = Span(start=9 * HOUR, end=17 * HOUR)
OFFICE = ((NINE,),) * 5 + ((), ())
LONG = ((Span(start=8 * HOUR, end=18 * HOUR),),) * 5 + ((), ())
MARCH = {"start": date(2026, 3, 2), "end": date(2026, 3, 8)}


def test_the_same_hours_do_not_differ():
    found = compare_calendars(BusinessHours(week=OFFICE, zone="UTC"), BusinessHours(week=OFFICE, zone="UTC"), **MARCH)
    assert (found.same, found.days, found.weekly, found.only_first, found.only_second) == (True, (), (), 0, 0)


def test_other_hours_are_told_by_span_by_day_and_by_what_comes_again():
    found = compare_calendars(
        BusinessHours(week=OFFICE, zone="America/Chicago"), BusinessHours(week=LONG, zone="America/Chicago"), **MARCH
    )
    assert (found.only_first, found.only_second, len(found.spans), len(found.days)) == (0, 10 * HOUR, 10, 5)
    assert found.spans[0].start == datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert found.spans[0].open_in == "second"
    assert found.weekly == tuple((day, "09:00-17:00", "08:00-18:00", 1) for day in range(5))


def test_a_holiday_that_only_one_has_is_named():
    off = ClosedDay.on(date(2026, 3, 4), name="Founder's day")
    found = compare_calendars(
        BusinessHours(week=OFFICE, zone="UTC", closed=(off,)), BusinessHours(week=OFFICE, zone="UTC"), **MARCH
    )
    (day,) = found.days
    assert (day.day, day.first, day.closed_in_first, day.closed_in_second) == (
        date(2026, 3, 4), (), ("Founder's day",), (),
    )  # fmt: skip
    assert found.weekly == ((2, "closed", "09:00-17:00", 1),)


def test_hours_that_changed_differ_from_that_day_on():
    changed = BusinessHours(week=OFFICE, zone="UTC", later=(Version(date(2026, 3, 5), LONG),))
    found = compare_calendars(changed, BusinessHours(week=OFFICE, zone="UTC"), **MARCH)
    assert [day.day.day for day in found.days] == [5, 6]


def test_calendars_of_two_zones_differ_where_they_do_not_cover_the_same_time():
    found = compare_calendars(
        BusinessHours(week=OFFICE, zone="UTC"), BusinessHours(week=OFFICE, zone="America/Chicago"), **MARCH
    )
    assert (found.only_first, found.only_second) == (30 * HOUR, 30 * HOUR)


def test_a_shift_past_midnight_is_cut_at_midnight_and_at_the_period():
    night = BusinessHours(week=((Span(start=22 * HOUR, end=26 * HOUR),),) * 7, zone="UTC")
    never = BusinessHours(week=((),) * 7, zone="UTC")
    found = compare_calendars(night, never, start=MARCH["start"], end=MARCH["start"])
    assert found.weekly == ((0, "00:00-02:00, 22:00-24:00", "closed", 1),)
    assert found.only_first == 4 * HOUR


def test_a_period_that_ends_before_it_starts_is_refused():
    hours = BusinessHours.always()
    with pytest.raises(ValueError, match="ends before"):
        compare_calendars(hours, hours, start=date(2026, 3, 2), end=date(2026, 3, 1))


spans = st.lists(st.integers(0, 47), min_size=2, max_size=6, unique=True).map(
    lambda cuts: tuple(
        Span(start=low * 1800, end=high * 1800)
        for low, high in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    )
)
calendars = st.builds(
    BusinessHours, week=st.tuples(*[spans] * 7), zone=st.sampled_from(("UTC", "America/Chicago", "Asia/Kathmandu"))
)


@settings(max_examples=30, deadline=None)
@given(calendars, calendars, st.integers(0, 20))
def test_what_only_one_has_and_what_both_have_add_up_to_each(first, second, days):
    start = date(2026, 3, 2)
    end = start + timedelta(days=days)
    found = compare_calendars(first, second, start=start, end=end, zone="UTC")
    low, high = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC) + timedelta(days=days)
    assert first.elapsed(low, high) - found.only_first == second.elapsed(low, high) - found.only_second
    for span in found.spans:
        mine, other = (first, second) if span.open_in == "first" else (second, first)
        assert mine.elapsed(span.start, span.end) == span.seconds == int((span.end - span.start).total_seconds())
        assert other.elapsed(span.start, span.end) == 0
    assert found.same == (not found.days)
    assert [span.start for span in found.spans] == sorted(span.start for span in found.spans)
