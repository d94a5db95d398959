from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.simulator.world.clock import Clock
from psa_evidence.simulator.world.holidays import england_and_wales, united_states
from psa_evidence.simulator.world.instants import LONDON, NEW_YORK, NOW, START, iso, utc, wall
from psa_evidence.simulator.world.settings import CLIENT_OFFICE, EXTENDED, STANDARD, UK_OFFICE, clock

DESK = clock(STANDARD, NEW_YORK)
INSTANTS = st.integers(START, NOW)


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        ("2026-03-06 17:00", 3600, "2026-03-06 18:00"),  # ends exactly at closing: due at the close
        ("2026-03-06 17:00", 3601, "2026-03-09 08:00:01"),  # over the weekend and the clock change
        ("2026-03-07 12:00", 60, "2026-03-09 08:01"),
        ("2025-12-24 11:30", 3600, "2025-12-26 08:30"),  # half day, then Christmas
        ("2025-06-13 11:00", 7200, "2025-06-13 16:00"),  # closed from 12:00 to 15:00
        ("2025-11-27 09:00", 60, "2025-11-28 08:01"),  # Thanksgiving, open the morning after
        ("2025-11-28 11:59", 120, "2025-12-01 08:01"),
    ],
)
def test_adding_open_time(start, seconds, end):
    assert iso(DESK.add(wall(start), seconds)) == iso(wall(end))


def test_a_night_shift_is_five_hours_long_when_the_clock_goes_back():
    night = Clock([None] * 6 + [(time(0), time(4))], {}, NEW_YORK)
    assert night.elapsed(wall("2025-11-01 12:00"), wall("2025-11-02 12:00")) == 5 * 3600
    assert night.elapsed(wall("2026-03-07 12:00"), wall("2026-03-08 12:00")) == 3 * 3600


@given(INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_is_additive(a, b, c):
    assert DESK.elapsed(a, b) + DESK.elapsed(b, c) == DESK.elapsed(a, c)


@given(INSTANTS, st.integers(1, 500_000), st.sampled_from([STANDARD, CLIENT_OFFICE, EXTENDED, UK_OFFICE]))
def test_adding_and_elapsed_are_inverse(start, seconds, calendar):
    ours = clock(calendar, LONDON if calendar == UK_OFFICE else NEW_YORK)
    assert ours.elapsed(start, ours.add(start, seconds)) == seconds
    assert ours.elapsed(start, ours.add(start, seconds) - 1) == seconds - 1


def test_public_holidays_fall_on_the_days_that_were_observed():
    us = {day.name: day.day.isoformat() for day in united_states() if day.day.year == 2026}
    assert us["Independence Day"] == "2026-07-03"
    assert us["Memorial Day"] == "2026-05-25"
    assert us["Thanksgiving"] == "2026-11-26"
    assert us["Martin Luther King Jr. Day"] == "2026-01-19"
    uk = {day.name: day.day.isoformat() for day in england_and_wales() if day.day.year == 2026}
    assert (uk["Good Friday"], uk["Easter Monday"]) == ("2026-04-03", "2026-04-06")
    assert uk["Summer bank holiday"] == "2026-08-31"


def test_instants_are_written_as_the_api_writes_them():
    assert iso(utc("2026-10-31T17:00:00")) == "2026-10-31T17:00:00Z"
    assert iso(wall("2025-11-02 01:30", fold=1)) == "2025-11-02T06:30:00Z"
