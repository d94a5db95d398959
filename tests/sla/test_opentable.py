"""The table of open time beside a plain reading of the same periods, at every instant where the two could part.

The periods are made up: shifts over New Year, periods that touch or overlap, years without any, and a beginning and an
end, so that the table has to grow, in steps and both ways, to answer.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from psa_evidence.sla import opentable
from psa_evidence.sla.instants import seconds_of
from psa_evidence.sla.opentable import OpenTable

DAY = 86_400
EMPTY = range(2003, 2007)
LENGTHS = (1, 30, 61, 91, 1_300, 150_000, 400_000, 1_500_000)


def at(*parts):
    return seconds_of(datetime(*parts, tzinfo=UTC))


def year_of_periods(year):
    """In no order, as a calendar may give them."""
    if not 1998 <= year <= 2012 or year in EMPTY:
        return []
    january, july = at(year, 1, 5), at(year, 7, 1, 8)
    return [
        (at(year, 12, 30, 12), at(year + 1, 1, 1, 6)),
        (july + 500, july + 700), (july, july + 1_000), (july + 1_000, july + 1_300),
        (january, january + 60), (january + 90, january + 91), (at(year, 1, 2, 3), at(year, 1, 2, 4)),
        (at(year, 2, 28, 23, 59, 50), at(year, 2, 28, 23, 59, 50) + 30),
        (at(year, 12, 27, 23, 59), at(year, 12, 28, 0, 1)),
        *([(at(year, 1, 4, 12), at(year, 1, 5, 12))] if year == 2000 else []),
    ]  # fmt: skip


def merged():
    found = []
    for start, end in sorted(period for year in range(1990, 2020) for period in year_of_periods(year)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


PLAIN = merged()
INSTANTS = sorted({
    bound + step
    for year in (1997, 1998, 2000, 2002, 2003, 2006, 2007, 2012, 2013)
    for bound in (
        at(year, 1, 1), at(year, 1, 1, 6), at(year, 1, 2, 4),
        at(year, 1, 5), at(year, 1, 5) + 60, at(year, 1, 5, 12), at(year, 7, 1, 8),
        at(year, 7, 1, 8) + 1_300, at(year, 12, 28), at(year, 12, 28, 0, 1), at(year, 12, 30, 12),
    )
    for step in (-1, 0, 1)
})  # fmt: skip


def elapsed(start, end):
    return sum(max(0, min(high, end) - max(low, start)) for low, high in PLAIN)


def after(instant, seconds):
    """By when so many seconds more were open."""
    for low, high in PLAIN:
        here = high - max(low, instant)
        if here >= seconds:
            return max(low, instant) + seconds
        seconds -= max(here, 0)
    return None


def before(instant, seconds):
    """Since when so many were."""
    for low, high in reversed(PLAIN):
        here = min(high, instant) - low
        if here >= seconds:
            return min(high, instant) - seconds
        seconds -= max(here, 0)
    return None


def check(table, instant):
    assert table.next_open(instant) == next((max(low, instant) for low, high in PLAIN if high > instant), None)
    assert table.next_close(instant) == next((high for _, high in PLAIN if high > instant), None)
    assert table.prev_close(instant) == next((min(high, instant) for low, high in PLAIN[::-1] if low < instant), None)
    assert table.add(instant, 0) == table.next_open(instant)
    assert table.subtract(instant, 0) == table.prev_close(instant)


@pytest.mark.parametrize("instant", INSTANTS[::3] + INSTANTS[1::3])
def test_a_table_that_knows_the_year_before_or_this_one_answers_as_the_periods_say(instant):
    year = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).year
    for known in (at(year - 1, 7, 1), at(year, 7, 1), at(year + 1, 7, 1)):
        table = OpenTable(year_of_periods)
        table.count(known)
        assert table.elapsed(known, instant) == elapsed(known, instant) - elapsed(instant, known)
        check(table, instant)


@pytest.mark.parametrize("instant", INSTANTS[::3] + INSTANTS[1::3])
def test_a_new_table_answers_as_the_periods_say(instant):
    check(OpenTable(year_of_periods), instant)
    for seconds in LENGTHS:
        assert OpenTable(year_of_periods).add(instant, seconds) == after(instant, seconds)
        assert OpenTable(year_of_periods).subtract(instant, seconds) == before(instant, seconds)


@pytest.mark.parametrize("year", [2000, 2004, 2008])
def test_a_table_that_grows_answers_the_same_and_keeps_its_zero(year):
    table = OpenTable(year_of_periods)
    first = at(year, 7, 1)
    zero = table.count(first)
    order = [*INSTANTS[len(INSTANTS) // 3 :: 7], *INSTANTS[::-5], *INSTANTS]
    for instant in order:
        check(table, instant)
        assert table.count(instant) - zero == elapsed(first, instant) - elapsed(instant, first)
        assert table.count(first) == zero
    for seconds in LENGTHS:
        for instant in INSTANTS[::4]:
            assert table.add(instant, seconds) == table.subtract(instant, -seconds) == after(instant, seconds)
            assert table.subtract(instant, seconds) == table.add(instant, -seconds) == before(instant, seconds)


@pytest.mark.parametrize("first", INSTANTS[::2])
def test_counts_and_periods_of_a_new_table(first):
    later = [instant for instant in INSTANTS if instant >= first][:40]
    found = OpenTable(year_of_periods).counts(later)
    assert [b - a for a, b in pairwise(found)] == [elapsed(a, b) for a, b in pairwise(later)]
    end = later[-1]
    cut = [(max(low, first), min(high, end)) for low, high in PLAIN if low < end and high > first]
    assert OpenTable(year_of_periods).periods(first, end) == cut
    assert OpenTable(year_of_periods).elapsed(first, end) == -OpenTable(year_of_periods).elapsed(end, first)
    assert OpenTable(year_of_periods).elapsed(first, end) == elapsed(first, end)
    far = INSTANTS[INSTANTS.index(first) :: 30]
    found = OpenTable(year_of_periods).counts(far)
    assert [b - a for a, b in pairwise(found)] == [elapsed(a, b) for a, b in pairwise(far)]


def test_nothing_takes_no_time():
    table = OpenTable(year_of_periods)
    assert table.counts([]) == []
    assert table.count(0) == table.elapsed(0, 0) == 0


def test_what_is_there_is_not_asked_for_again():
    asked = []
    table = OpenTable(lambda year: asked.append(year) or year_of_periods(year))
    for instant in (at(2000, 7, 1), at(2000, 8, 1), at(2000, 3, 1)):
        table.count(instant)
    assert asked == [2000]
    table.elapsed(at(2000, 7, 1), at(2001, 7, 1))
    assert asked == [2000, 2001]


@pytest.mark.parametrize(("days", "found"), [(36_599, True), (36_800, False)])
def test_the_search_ends_after_a_century(days, found):
    """One period so many days after the instant, or before it; the last year is searched whole."""
    here = at(2000, 7, 1)
    for sign in (1, -1):
        start = here + sign * days * DAY
        year = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=start)).year
        table = OpenTable(lambda asked, year=year, start=start: [(start, start + 60)] if asked == year else [])
        if sign > 0:
            assert (table.next_open(here), table.next_close(here)) == ((start, start + 60) if found else (None, None))
            assert OpenTable(table._periods_of).add(here, 60) == (start + 60 if found else None)
        else:
            assert table.prev_close(here) == (start + 60 if found else None)


def test_more_seconds_than_there_are_dates_are_not_searched_for():
    asked = []
    table = OpenTable(lambda year: asked.append(year) or [])
    assert table.subtract(at(2000, 7, 1), opentable._LAST - opentable._FIRST + 1) is None
    assert asked == []
