"""Rule 11 for calendars: each day counts by the hours and closed days that the last capture before it showed."""

from dataclasses import replace
from datetime import date

import pytest

from psa_evidence.records import Holiday, Span
from psa_evidence.sla import BusinessHours, ContractTerms

HOUR = 3600
HOURS = "The PSA's calendar Office has other hours from 2026-03-03 on, when they were captured."
CLOSED = "The PSA's calendar Office has other closed days from 2026-03-03 on, when they were captured."


@pytest.fixture
def captured(desk, clock):
    """Settings captured so many hours after the entry, with office hours up to a local hour, and so many closed days
    more."""
    [office] = desk.records.calendars

    def capture(hours, until=17, more=()):
        week = ((Span(start=9 * HOUR, end=until * HOUR),),) * 5 + ((), ())
        days = tuple(
            Holiday(source=clock.ref("holiday", 9 + i), id=str(9 + i), list_id="1", name="off", day=day)
            for i, day in enumerate(more)
        )
        calendars, holidays = (replace(office, week=week),), (*desk.records.holidays, *days)
        return clock.at(hours), replace(desk.all(), calendars=calendars, holidays=holidays)

    return capture


def judged(desk, *settings, **more):
    desk.put(calendars=settings[-1][1].calendars, holidays=settings[-1][1].holidays)
    return desk.judge(settings=settings, **more)


def notes(result):
    return [note for note in result.notes if "when they were captured" in note]


def test_hours_that_a_later_capture_shows_count_from_its_local_day_on(desk, captured):
    """Eight hours of Monday by the old hours, three of Tuesday by the new."""
    desk.message(1)
    desk.status(32, "Resolved")
    found = judged(desk, captured(-48), captured(24, until=12))
    result = found.result("resolution", "contract")
    assert (result.elapsed_seconds, notes(result)) == (11 * HOUR, [HOURS])
    assert notes(found.result("response", "contract")) == []


def test_closed_days_that_a_later_capture_shows_count_from_its_local_day_on(desk, captured):
    desk.status(32, "Resolved")
    result = judged(desk, captured(-48), captured(24, more=[date(2026, 3, 2), date(2026, 3, 3)])).result(
        "resolution", "contract"
    )
    assert (result.elapsed_seconds, notes(result)) == (8 * HOUR, [CLOSED])


def test_captures_that_show_the_same_change_nothing(desk, captured):
    desk.status(32, "Resolved")
    result = judged(desk, captured(-48), captured(-24), captured(24)).result("resolution", "contract")
    assert (result.elapsed_seconds, notes(result)) == (16 * HOUR, [])


def test_of_two_captures_of_a_day_the_last_counts_and_both_are_told(desk, captured):
    desk.status(32, "Resolved")
    result = judged(desk, captured(-48), captured(24, until=12), captured(30, until=15)).result(
        "resolution", "contract"
    )
    assert (result.elapsed_seconds, notes(result)) == (14 * HOUR, [HOURS, HOURS])


def test_changes_on_several_days_count_each_from_its_own(desk, captured):
    """Eight hours on Monday, three on Tuesday; Wednesday is a holiday; five on Thursday."""
    desk.status(80, "Resolved")
    result = judged(desk, captured(-48), captured(24, until=12), captured(72, until=14)).result(
        "resolution", "contract"
    )
    assert (result.elapsed_seconds, len(notes(result))) == (16 * HOUR, 2)


def test_a_change_on_the_local_day_of_the_entry_is_before_it(desk, captured):
    desk.status(7, "Resolved")
    result = judged(desk, captured(-48), captured(3, until=12)).result("resolution", "contract")
    assert (result.elapsed_seconds, notes(result)) == (3 * HOUR, [])


def test_the_contracts_own_hours_are_told_apart_from_the_settings(desk, captured):
    desk.status(3, "Resolved")
    [office] = desk.records.calendars
    closed = BusinessHours(week=office.week, zone="America/Chicago")
    for calendar, differs in ((BusinessHours.always("America/Chicago"), True), (closed, True)):
        terms = ContractTerms(calendar=calendar, calendar_name="Ours")
        told = desk.judge(contract=terms).result("resolution", "contract").notes
        assert ("The contract's calendar is Ours; the PSA's settings name Office (America/Chicago)." in told) == differs
    desk.put(holidays=())
    told = desk.judge(contract=ContractTerms(calendar=closed, calendar_name="Ours")).result("resolution", "contract")
    assert not any("The contract's calendar" in note for note in told.notes)


@pytest.mark.parametrize(
    ("based_on", "calendar_id", "reason"),
    [
        (None, None, "no calendar known: SLA Gold does not say which hours count"),
        (None, "9", "no calendar known: the records show none for SLA Gold"),
        ("Custom", "9", "no calendar known: the records show none for SLA Gold"),
        ("Customer", "1", "no calendar known: the records show none for the client"),
    ],
)
def test_why_no_calendar_is_known_is_said(desk, based_on, calendar_id, reason):
    [policy] = desk.records.sla_policies
    desk.put(sla_policies=(replace(policy, based_on=based_on, calendar_id=calendar_id),))
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, result.reason) == ("not determined", reason)


def test_a_calendar_that_is_named_counts_though_its_kind_is_not_said(desk):
    [policy] = desk.records.sla_policies
    desk.put(sla_policies=(replace(policy, based_on=None, calendar_id="1"),))
    assert desk.judge().result("resolution", "contract").calendar == "Office (America/Chicago)"


@pytest.mark.parametrize(("zone", "entered"), [("America/Chicago", 8), (None, 8)])
def test_all_hours_need_no_zone(desk, zone, entered):
    [policy] = desk.records.sla_policies
    desk.put(sla_policies=(replace(policy, based_on="AllHours"),), system=replace(desk.records.system, time_zone=zone))
    desk.status(entered, "Resolved")
    result = desk.judge().result("resolution", "contract")
    assert (result.elapsed_seconds, result.calendar) == (entered * HOUR, "All hours (24x7)")
