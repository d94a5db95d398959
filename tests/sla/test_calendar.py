from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Span
from psa_evidence.sla import BusinessHours, ClosedDay, NeverOpenError, Version, local_instant

HOUR = 3600
OFFICE = ((Span(start=9 * HOUR, end=17 * HOUR),),) * 5 + ((), ())
SPLIT = ((Span(start=8 * HOUR, end=12 * HOUR), Span(start=13 * HOUR, end=18 * HOUR)),) * 5 + ((), ())
NIGHT = ((Span(start=22 * HOUR, end=26 * HOUR),),) * 7
ZONES = ("UTC", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")


def utc(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


calendars = st.builds(
    BusinessHours,
    week=st.sampled_from((OFFICE, SPLIT, NIGHT)),
    zone=st.sampled_from(ZONES),
    closed=st.lists(
        st.builds(
            ClosedDay.on,
            st.dates(date(2025, 1, 1), date(2026, 12, 31)),
            spans=st.sampled_from((None, (Span(start=10 * HOUR, end=11 * HOUR),))),
        ),
        max_size=5,
    ).map(tuple),
)
instants = st.integers(1_735_689_600, 1_798_761_600).map(lambda s: datetime.fromtimestamp(s, UTC))


@settings(max_examples=40, deadline=None)
@given(calendars, instants, instants, instants)
def test_elapsed_is_additive_over_split_spans(hours, a, b, c):
    assert hours.elapsed(a, b) + hours.elapsed(b, c) == hours.elapsed(a, c)


@settings(max_examples=40, deadline=None)
@given(calendars, instants, st.integers(1, 400 * HOUR))
def test_add_and_elapsed_are_inverse(hours, start, seconds):
    end = hours.add(start, seconds)
    assert hours.elapsed(start, end) == seconds
    assert hours.elapsed(start, end - timedelta(seconds=1)) == seconds - 1
    assert hours.elapsed(hours.subtract(start, seconds), start) == seconds


@settings(max_examples=40, deadline=None)
@given(instants, instants, st.sampled_from(ZONES))
def test_a_calendar_round_the_clock_equals_wall_time(a, b, zone):
    assert BusinessHours.always(zone).elapsed(a, b) == int((b - a).total_seconds())


@settings(max_examples=40, deadline=None)
@given(calendars, instants, instants)
def test_periods_add_up_to_elapsed(hours, a, b):
    a, b = min(a, b), max(a, b)
    periods = hours.periods(a, b)
    assert sum(int((high - low).total_seconds()) for low, high in periods) == hours.elapsed(a, b)
    assert all(x[1] < y[0] for x, y in pairwise(periods))


@settings(max_examples=40, deadline=None)
@given(calendars, instants)
def test_edges_agree_with_each_other(hours, at):
    opening, closing, before = hours.next_open(at), hours.next_close(at), hours.prev_close(at)
    assert before <= at <= opening < closing
    assert hours.elapsed(before, opening) == 0
    assert hours.elapsed(opening, closing) == int((closing - opening).total_seconds())


@settings(max_examples=40, deadline=None)
@given(calendars, instants, st.integers(60, 100 * HOUR))
def test_an_independent_count_second_by_minute_agrees(hours, start, length):
    """Counts minutes by asking the local wall clock, with none of the table's code."""
    start = start.replace(second=0)
    minutes = min(length // 60, 600)
    zone = ZoneInfo(hours.zone)
    if hours.zone == "Australia/Lord_Howe" or hours.week == NIGHT:
        return
    counted = 0
    for i in range(minutes):
        local = (start + timedelta(minutes=i)).astimezone(zone)
        at = local.hour * HOUR + local.minute * 60
        if not any(s.start <= at < s.end for s in hours.week[local.weekday()]):
            continue
        day = [c for c in hours.closed if (c.year, c.month, c.day) == (local.year, local.month, local.day)]
        if not any(c.spans is None or any(s.start <= at < s.end for s in c.spans) for c in day):
            counted += 60
    assert hours.elapsed(start, start + timedelta(minutes=minutes)) == counted


def test_a_night_shift_is_five_hours_long_when_the_clock_goes_back():
    hours = BusinessHours(week=NIGHT, zone="America/Chicago")
    assert hours.elapsed(utc(2026, 11, 1, 0), utc(2026, 11, 1, 12)) == 5 * HOUR


def test_a_night_shift_is_three_hours_long_when_the_clock_goes_forward():
    hours = BusinessHours(week=NIGHT, zone="Europe/Berlin")
    four_to = ((Span(start=23 * HOUR, end=27 * HOUR),),) * 7
    assert BusinessHours(week=four_to, zone="Europe/Berlin").elapsed(
        utc(2026, 3, 28, 12), utc(2026, 3, 29, 12)
    ) == 3 * HOUR  # fmt: skip
    assert hours.elapsed(utc(2026, 3, 28, 12), utc(2026, 3, 29, 12)) == 4 * HOUR


def test_opening_hours_move_with_the_clock_of_the_zone():
    hours = BusinessHours(week=OFFICE, zone="America/Chicago")
    assert hours.next_open(utc(2026, 3, 6, 23, 30)) == utc(2026, 3, 9, 14)
    assert hours.next_open(utc(2026, 10, 30, 23, 30)) == utc(2026, 11, 2, 15)


def test_a_shift_that_a_clock_change_empties_is_skipped():
    week = ((),) * 6 + ((Span(start=2 * HOUR + 1800, end=3 * HOUR),),)
    hours = BusinessHours(week=week, zone="America/Chicago")
    assert hours.next_open(utc(2026, 3, 8, 0)) == utc(2026, 3, 15, 7, 30)


def test_a_holiday_on_the_day_a_shift_starts_cancels_what_runs_past_midnight():
    hours = BusinessHours(week=NIGHT, zone="UTC", closed=(ClosedDay.on(date(2026, 5, 1)),))
    assert hours.next_open(utc(2026, 5, 1, 2)) == utc(2026, 5, 2, 22)
    assert hours.elapsed(utc(2026, 5, 1, 0), utc(2026, 5, 1, 12)) == 2 * HOUR


def test_a_recurring_holiday_closes_each_year_also_the_29th_of_february():
    hours = BusinessHours(
        week=OFFICE, zone="UTC", closed=(ClosedDay(month=12, day=25), ClosedDay(month=2, day=29))
    )  # fmt: skip
    for year in (2024, 2025, 2026):
        assert hours.elapsed(utc(year, 12, 25), utc(year, 12, 26)) == 0
    assert hours.elapsed(utc(2024, 2, 29), utc(2024, 3, 1)) == 0
    assert hours.elapsed(utc(2023, 2, 28), utc(2023, 3, 1)) == 8 * HOUR


def test_a_partial_holiday_cuts_its_hours_out_of_the_shift_before_midnight_too():
    half = ClosedDay.on(date(2026, 5, 2), spans=(Span(start=0, end=HOUR),))
    hours = BusinessHours(week=NIGHT, zone="UTC", closed=(half,))
    assert hours.periods(utc(2026, 5, 1, 12), utc(2026, 5, 2, 12)) == (
        (utc(2026, 5, 1, 22), utc(2026, 5, 2, 0)),
        (utc(2026, 5, 2, 1), utc(2026, 5, 2, 2)),
    )


def test_a_partial_holiday_on_new_year_cuts_the_shift_of_the_year_before():
    cut = ClosedDay(month=1, day=1, spans=(Span(start=0, end=HOUR),))
    hours = BusinessHours(week=NIGHT, zone="UTC", closed=(cut,))
    assert hours.elapsed(utc(2025, 12, 31, 22), utc(2026, 1, 1, 12)) == 3 * HOUR


def test_hours_of_a_single_date_replace_the_weekday_even_on_a_holiday():
    day = date(2026, 5, 1)
    hours = BusinessHours(
        week=OFFICE, zone="UTC", closed=(ClosedDay.on(day),), overrides={day: (Span(start=10 * HOUR, end=12 * HOUR),)}
    )  # fmt: skip
    assert hours.elapsed(utc(2026, 5, 1), utc(2026, 5, 2)) == 2 * HOUR


def test_a_calendar_that_changed_in_march_counts_as_it_was_on_each_day():
    hours = BusinessHours(week=OFFICE, zone="UTC", later=(Version(date(2026, 3, 16), SPLIT),))
    assert hours.elapsed(utc(2026, 3, 13), utc(2026, 3, 14)) == 8 * HOUR
    assert hours.elapsed(utc(2026, 3, 16), utc(2026, 3, 17)) == 9 * HOUR
    assert hours.elapsed(utc(2027, 1, 4), utc(2027, 1, 5)) == 9 * HOUR


def test_overlapping_spans_count_once():
    week = ((Span(start=8 * HOUR, end=12 * HOUR), Span(start=10 * HOUR, end=14 * HOUR)),) * 7
    assert BusinessHours(week=week, zone="UTC").elapsed(utc(2026, 5, 1), utc(2026, 5, 2)) == 6 * HOUR


def test_spans_past_midnight_that_overlap_the_next_year_count_once():
    week = ((Span(start=20 * HOUR, end=30 * HOUR), Span(start=0, end=8 * HOUR)),) * 7
    hours = BusinessHours(week=week, zone="UTC")
    assert hours.elapsed(utc(2025, 12, 31, 20), utc(2026, 1, 1, 20)) == 12 * HOUR


def test_working_days_keep_the_local_time_over_a_clock_change():
    hours = BusinessHours(week=OFFICE, zone="America/Chicago")
    assert hours.add_workdays(utc(2026, 3, 6, 16), 1) == utc(2026, 3, 9, 15)
    assert hours.add_workdays(utc(2026, 3, 9, 15), -1) == utc(2026, 3, 6, 16)
    assert hours.add_workdays(utc(2026, 3, 7, 16), 0) == utc(2026, 3, 9, 15)


def test_a_local_time_that_happens_twice_is_its_first_occurrence_and_a_skipped_one_moves_on():
    assert local_instant(datetime(2026, 11, 1, 1, 30), "America/Chicago") == utc(2026, 11, 1, 6, 30)  # noqa: DTZ001
    assert local_instant(datetime(2026, 3, 8, 2, 30), "America/Chicago") == utc(2026, 3, 8, 8, 30)  # noqa: DTZ001


@pytest.mark.parametrize("question", ["next_open", "next_close", "prev_close"])
def test_a_calendar_that_never_opens_says_so(question):
    hours = BusinessHours(week=((),) * 7, zone="UTC")
    with pytest.raises(NeverOpenError):
        getattr(hours, question)(utc(2026, 5, 1))
    with pytest.raises(NeverOpenError):
        hours.add_workdays(utc(2026, 5, 1), 1)
    assert hours.elapsed(utc(2020, 1, 1), utc(2026, 1, 1)) == 0


def test_a_calendar_round_the_clock_never_closes():
    with pytest.raises(NeverOpenError):
        BusinessHours.always().next_close(utc(2026, 5, 1))


def test_fractions_of_a_second_are_cut_off():
    hours = BusinessHours.always()
    assert hours.elapsed(utc(2026, 5, 1, 0, 0, 0, 999_999), utc(2026, 5, 1, 0, 0, 2, 1)) == 2
    assert hours.elapsed(utc(1969, 12, 31, 23, 59, 58, 500_000), utc(1970, 1, 1)) == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"week": OFFICE[:6]},
        {"week": ((Span(start=10, end=10),),) * 7},
        {"week": ((Span(start=-1, end=10),),) * 7},
        {"week": ((Span(start=90_000, end=95_000),),) * 7},
        {"overrides": {date(2026, 1, 1): (Span(start=0, end=999_999),)}},
    ],
)
def test_impossible_calendars_are_refused(bad):
    with pytest.raises(ConfigurationError):
        BusinessHours(**{"week": OFFICE, "zone": "UTC", **bad})


def test_long_spans_cost_no_more_than_short_ones():
    """The answer is a difference of two look-ups: the table is not walked."""
    hours = BusinessHours(week=OFFICE, zone="America/Chicago")
    whole = hours.elapsed(utc(2000, 1, 3), utc(2027, 12, 31))
    parts = sum(hours.elapsed(utc(y, 1, 3), utc(y + 1, 1, 3)) for y in range(2000, 2027))
    assert whole == parts + hours.elapsed(utc(2027, 1, 3), utc(2027, 12, 31))
