from dataclasses import replace
from datetime import timedelta

import pytest

from psa_evidence.records import Goal, SystemInfo
from psa_evidence.sla import BusinessHours, ContractTerms
from psa_evidence.sla.terms import STAGES

HOUR = 3600


def test_a_stage_that_ended_in_time_is_met_with_what_was_left(desk):
    desk.message(0.5)
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.reason) == ("met", "30 min of open time, 1 h 30 min left")


def test_a_stage_that_ended_in_the_second_of_the_entry_took_no_time(desk):
    desk.message(0)
    judged = desk.judge()
    assert judged.result("response", "contract").reason == "0 s of open time, 2 h left"
    assert judged.result("response", "strict").paused_seconds == 0


def test_a_stage_that_ended_exactly_at_its_target_is_met(desk):
    desk.message(2)
    assert desk.judge().result("response", "contract").verdict == "met"


def test_a_stage_that_ended_late_is_missed_by_the_overrun(desk):
    desk.message(3)
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.reason) == ("missed", "missed by 1 h; due 2026-03-02T17:00:00Z")


def test_a_due_time_that_is_asked_for_after_the_intervals_is_the_same(desk):
    desk.status(0.5, "Waiting")
    desk.status(1.5, "Assigned")
    desk.status(4, "Resolved")
    for reading in ("contract", "strict"):
        first, second = (desk.judge().result("resolution", reading) for _ in range(2))
        due = first.due_at
        assert second.intervals == first.intervals
        assert second.due_at == due == desk.ticket.entered_at + timedelta(hours=25 if reading == "contract" else 8)


def test_an_open_ticket_before_its_due_time_is_not_determined(desk):
    result = desk.judge(hours=1).result("response", "contract")
    assert result.verdict == "not determined"
    assert result.reason == "still open at 2026-03-02T16:00:00Z; due 2026-03-02T17:00:00Z"


def test_an_open_ticket_past_its_due_time_is_missed(desk):
    result = desk.judge(hours=3).result("response", "contract")
    assert result.verdict == "missed"
    assert result.reason.endswith("still open at 2026-03-02T18:00:00Z")


def test_an_open_paused_ticket_has_no_due_time(desk):
    desk.status(0.5, "Waiting")
    result = desk.judge(hours=3).result("resolution", "contract")
    assert (result.verdict, result.due_at) == ("not determined", None)
    assert "the clock is paused, 7 h 30 min left" in result.reason


@pytest.mark.parametrize("stage", STAGES)
def test_a_merged_ticket_is_excluded_and_says_into_which(desk, stage):
    desk.set(merged_into_id="99")
    for reading in ("psa", "contract", "strict"):
        result = desk.judge().result(stage, reading)
        assert (result.verdict, result.reason) == ("excluded", "merged into 99")


def test_a_ticket_whose_history_says_deleted_is_excluded(desk):
    desk.change(3, "deleted", None)
    assert desk.judge().result("response", "contract").verdict == "excluded"
    assert desk.judge(hours=2).result("response", "contract").verdict == "not determined"


def test_a_ticket_entered_after_the_instant_judged_from_is_excluded(desk):
    assert desk.judge(hours=-1).result("response", "strict").reason.startswith("entered after")


def test_a_ticket_without_time_of_entry_is_not_determined(desk):
    desk.set(entered_at=None)
    assert desk.judge().result("response", "strict").verdict == "not determined"


def test_a_ticket_entered_in_an_absurd_year_is_not_determined(desk, clock):
    desk.set(entered_at=clock.entered.replace(year=1))
    result = desk.judge().result("response", "strict")
    assert (result.verdict, "years 1900" in result.reason) == ("not determined", True)


def test_a_ticket_without_sla_has_no_target(desk):
    desk.set(sla_id=None, agreement_id=None)
    for result in desk.judge().results:
        assert result.verdict == "no target"
    desk.status(1, "Resolved")
    ours = [result for result in desk.judge().results if result.reading != "psa"]
    assert {result.reason for result in ours} == {"no target is promised for this stage"}


def test_the_agreements_sla_governs_a_ticket_that_names_none(desk):
    desk.set(sla_id=None)
    assert desk.judge().result("response", "contract").target_seconds == 2 * HOUR


def test_without_a_time_zone_nothing_is_determined(desk):
    desk.put(system=replace(desk.records.system, time_zone=None))
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.reason) == ("not determined", "no time zone known")
    desk.put(clients=(replace(desk.records.clients[0], time_zone="America/Chicago"),))
    assert desk.judge().result("response", "contract").verdict == "missed"


def test_the_clients_own_calendar_is_read_in_the_clients_zone_and_the_msps_in_the_psas(desk):
    desk.message(1)
    policy = desk.records.sla_policies[0]
    desk.put(clients=(replace(desk.records.clients[0], time_zone="Europe/Berlin", calendar_id="1"),))
    assert desk.judge().result("response", "contract").calendar == "Office (America/Chicago)"
    desk.put(sla_policies=(replace(policy, based_on="Customer"),))
    assert desk.judge().result("response", "contract").calendar == "Office (Europe/Berlin)"


def test_the_contracts_zone_goes_before_the_clients_and_the_systems(desk):
    desk.message(1)
    desk.put(clients=(replace(desk.records.clients[0], time_zone="Europe/Berlin"),))
    assert desk.judge(time_zone="Asia/Tokyo").result("response", "contract").calendar == "Office (Asia/Tokyo)"


def test_an_unknown_zone_is_a_reason_and_no_crash(desk):
    desk.put(system=replace(desk.records.system, time_zone="Mars/Olympus"))
    assert "cannot be used" in desk.judge().result("response", "contract").reason


def test_without_a_calendar_nothing_is_determined(desk):
    desk.put(calendars=())
    result = desk.judge().result("response", "strict")
    assert (result.verdict, result.reason) == ("not determined", "no calendar known: the records show none for the MSP")


def test_a_calendar_that_never_opens_never_counts(desk):
    desk.put(calendars=(replace(desk.records.calendars[0], week=((),) * 7),))
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.due_at) == ("not determined", None)


@pytest.mark.parametrize(
    ("based_on", "calendar_id", "name"),
    [
        ("AllHours", None, "All hours (24x7)"),
        ("MyCalendar", None, "Office (America/Chicago)"),
        ("Customer", None, "Client's (America/Chicago)"),
        ("Custom", "2", "Client's (America/Chicago)"),
        (None, "2", "Client's (America/Chicago)"),
        (None, None, None),
    ],
)
def test_the_calendar_is_the_one_the_sla_is_based_on(desk, based_on, calendar_id, name):
    office = desk.records.calendars[0]
    desk.put(
        calendars=(office, replace(office, id="2", name="Client's")),
        clients=(replace(desk.records.clients[0], calendar_id="2"),),
        sla_policies=(replace(desk.records.sla_policies[0], based_on=based_on, calendar_id=calendar_id),),
    )
    assert desk.judge().result("response", "contract").calendar == name


def test_the_row_of_a_priority_overrides_the_slas_own_goal(desk):
    desk.set(priority_id="1", priority_name="High")
    assert desk.judge().result("resolution", "contract").target_seconds == 4 * HOUR


def test_contract_terms_override_the_settings_and_both_are_printed(desk):
    desk.message(2.5)
    terms = ContractTerms(
        goals={"LOW": Goal(response=3 * HOUR)}, calendar=BusinessHours.always(), calendar_name="Round the clock"
    )  # fmt: skip
    result = desk.judge(contract=terms).result("response", "contract")
    assert (result.verdict, result.calendar) == ("met", "Round the clock")
    assert "The contract promises response in 3 h; the PSA's settings say 2 h." in result.notes
    assert any("calendar is Round the clock; the PSA's settings name Office" in note for note in result.notes)
    assert desk.judge(contract=terms).result("plan", "contract").target_seconds == 4 * HOUR


def test_a_contract_for_any_priority_covers_those_it_does_not_name(desk):
    terms = ContractTerms(goals={"High": Goal(response=HOUR), "*": Goal(response=5 * HOUR)})
    assert desk.judge(contract=terms).result("response", "contract").target_seconds == 5 * HOUR


def test_a_reopened_ticket_goes_on_and_the_statement_shows_it(desk, clock):
    desk.status(1, "Resolved")
    desk.status(3, "In Progress")
    desk.status(5, "Resolved")
    result = desk.judge().result("resolution", "contract")
    assert (result.elapsed_seconds, result.met_at) == (5 * HOUR, clock.at(5))
    assert any(note.startswith("Reopened 2026-03-02T18:00:00Z") for note in result.notes)


def test_the_second_step_of_a_close_does_not_move_the_end(desk, clock):
    closed = replace(desk.records.statuses[0], id="9", name="Closed", escalation="NoEscalation", closed=True)
    desk.put(statuses=(*desk.records.statuses, closed))
    desk.status(2, "Resolved")
    desk.status(30, "Closed")
    assert desk.judge().result("resolution", "contract").met_at == clock.at(2)


def test_the_plan_stage_ends_with_the_first_plan_or_later(desk, clock):
    desk.status(1, "In Progress")
    desk.status(2, "Resolved")
    desk.status(3, "Planned")
    assert desk.judge().result("plan", "contract").met_at == clock.at(2)


def test_a_status_that_the_settings_do_not_show_is_in_doubt(desk):
    desk.status(1, "Mystery", known=False)
    desk.status(26, "Resolved")
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, "do not show a status 'Mystery'" in result.reason) == ("not determined", True)


def test_a_status_whose_meaning_differs_between_boards_is_taken_from_the_tickets_board(desk):
    other = replace(desk.records.statuses[5], id="50", board_id="2", escalation="Responded")
    desk.put(statuses=(*desk.records.statuses, other))
    desk.status(1, "Waiting", known=False)
    desk.status(3, "Resolved")
    assert desk.judge().result("resolution", "contract").paused_seconds == 2 * HOUR
    desk.set(board_id="3")
    desk.status(40, "In Progress", known=False)
    desk.status(41, "Waiting", known=False)
    assert "boards differ" in str([i.why for i in desk.judge().result("resolution", "contract").intervals])


def test_a_history_that_starts_late_leaves_the_resolution_open_only_where_it_matters(desk):
    desk.put(history=())
    desk.status(100, "Resolved", old=None)
    assert desk.judge().result("resolution", "contract").verdict == "not determined"
    assert "begins only" in desk.judge().result("resolution", "contract").reason


def test_a_ticket_without_history_is_bounded_by_its_own_closing_time(desk, clock):
    desk.put(history=())
    desk.set(status_name="Resolved", status_id=desk.status_id("Resolved"), closed=True, closed_at=clock.at(2))
    assert desk.judge().result("resolution", "contract").verdict == "met"
    desk.set(closed_at=clock.at(24 * 9))
    assert desk.judge().result("resolution", "contract").verdict == "not determined"


def test_a_closing_time_before_the_ticket_can_have_been_resolved_bounds_nothing(desk, clock):
    """The history shows work until the fourth day; what follows is in doubt, and the ticket names its third hour."""
    desk.status(1, "In Progress")
    desk.status(24 * 3, "Resolved")
    desk.unread(24 * 3 + 1)
    desk.unread(24 * 3 + 2)
    desk.set(closed=True, closed_at=clock.at(24 * 3))
    assert desk.judge().result("resolution", "contract").verdict == "missed"
    desk.set(closed_at=clock.at(3))
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, result.met_at) == ("missed", clock.at(24 * 3))
    note = "own closing time 2026-03-02T18:00:00Z is before its history lets it be resolved: it bounds nothing."
    assert [each for each in result.notes if "closing time" in each] == [f"The ticket's {note}"]


def test_a_closing_time_between_the_bounds_is_the_likely_end(desk, clock):
    """It may have been resolved in the gap; the ticket says that it was closed there."""
    desk.status(1, "In Progress")
    desk.status(24 * 3, "Resolved", old=None)
    desk.unread(2)
    desk.unread(2.5)
    desk.unread(24 * 3 + 1)
    desk.unread(24 * 3 + 2)
    desk.set(closed=True, closed_at=clock.at(3))
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, result.met_at, result.elapsed_seconds) == ("met", clock.at(3), 3 * clock.hour)


def test_unreadable_lines_leave_the_verdict_open_only_where_they_can_matter(desk):
    desk.status(1, "In Progress")
    desk.unread(2)
    desk.unread(3)
    desk.status(4, "Resolved")
    assert desk.judge().result("resolution", "contract").verdict == "met"
    desk.status(5, "In Progress")
    desk.unread(6)
    desk.unread(7)
    desk.status(30, "Resolved")
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, "cannot be read" in result.reason) == ("not determined", True)


def test_an_unknown_priority_is_open_only_where_the_targets_disagree(desk, clock):
    desk.put(history=())
    desk.set(closed=True, closed_at=clock.at(3), status_name="Resolved", status_id="5")
    assert desk.judge().result("resolution", "contract").verdict == "met"
    desk.set(closed_at=clock.at(6))
    result = desk.judge().result("resolution", "contract")
    assert (result.verdict, result.reason.startswith("the priority is not known")) == ("not determined", True)


def test_the_psas_minutes_are_segments_and_are_added_up(desk, clock):
    desk.psa(
        respond_minutes=60, respond_skipped_minutes=5, plan_minutes=100, plan_skipped_minutes=7, resolve_minutes=321,
        waiting_minutes=30, responded_at=clock.at(1), planned_at=clock.at(2), resolved_at=clock.at(9), in_sla=True,
    )  # fmt: skip
    judged = desk.judge()
    figures = [judged.result(stage, "psa").elapsed_seconds // 60 for stage in STAGES]
    assert figures == [65, 167, 481]
    assert [judged.result(stage, "psa").verdict for stage in STAGES] == ["met", "met", "missed"]
    result = judged.result("resolution", "psa")
    assert result.reason == "respondMinutes + resPlanMinutes + resolveMinutes = 481 min, target 8 h"
    assert result.notes == ("The PSA's flag isInSla is true; it is no proof.",)
    assert result.paused_seconds == 1800


def test_a_psa_without_figures_determines_nothing(desk, clock):
    assert desk.judge().result("plan", "psa").verdict == "not determined"
    desk.psa(in_sla=True, responded_at=clock.at(1))
    result = desk.judge().result("response", "psa")
    assert (result.verdict, "neither" in result.reason) == ("not determined", True)


def test_a_psas_goal_that_passed_without_an_end_is_its_own_miss(desk, clock):
    desk.psa(respond_by=clock.at(2))
    assert desk.judge().result("response", "psa").verdict == "missed"
    assert desk.judge(hours=1).result("response", "psa").verdict == "not determined"


def test_the_psas_dates_serve_when_it_gives_no_minutes(desk, clock):
    desk.psa(responded_at=clock.at(3), respond_by=clock.at(2))
    assert desk.judge().result("response", "psa").verdict == "missed"


@pytest.mark.parametrize("detail", [False, True])
def test_intervals_cover_the_stage_without_gap_and_add_up(desk, clock, detail):
    desk.status(1, "Waiting")
    desk.status(4, "In Progress")
    desk.status(9, "Planned")
    desk.status(20, "In Progress")
    desk.status(24 * 8 + 3.5, "Resolved")
    desk.message(5)
    judged = desk.judge(every_open_period=detail)
    for result in judged.results:
        if result.reading == "psa":
            continue
        assert result.intervals[0].start == clock.entered
        assert result.intervals[-1].end == result.met_at
        for before, after in zip(result.intervals, result.intervals[1:], strict=False):
            assert before.end == after.start
        assert sum(i.seconds for i in result.intervals) == result.elapsed_seconds
        assert all((i.seconds > 0) == (i.state == "counted") for i in result.intervals)
        if detail:
            counted = [i for i in result.intervals if i.state == "counted"]
            assert all(i.seconds == int((i.end - i.start).total_seconds()) for i in counted)


def test_every_ticket_has_nine_results_whatever_its_state(desk):
    for fields in ({}, {"entered_at": None}, {"merged_into_id": "3"}, {"sla_id": None, "agreement_id": None}):
        desk.set(**fields)
        assert len(desk.judge().results) == 9


def test_the_system_zone_comes_from_the_records(desk):
    assert isinstance(desk.records.system, SystemInfo)
    assert desk.judge().result("response", "strict").calendar == "Office (America/Chicago)"


def test_an_unreadable_line_that_is_about_another_field_leaves_the_clock_alone(desk):
    desk.status(1, "In Progress")
    desk.unread(6, "the owner's name is not known")
    desk.unread(7, "more than one way to read the change of board")
    desk.status(30, "Resolved")
    assert desk.judge().result("resolution", "contract").verdict == "missed"


def test_an_unreadable_line_without_a_time_is_not_passed_over(desk):
    desk.status(1, "In Progress")
    desk.status(30, "Resolved", old=None)
    assert desk.judge().result("resolution", "contract").verdict == "missed"
    desk.unread(None, "a change of status without a time")
    assert desk.judge().result("resolution", "contract").verdict == "not determined"


def test_a_pause_after_the_stages_end_does_not_move_its_due_time(desk, clock):
    desk.message(0.5)
    desk.status(1, "Waiting")
    desk.status(5, "In Progress")
    assert desk.judge().result("response", "contract").due_at == clock.at(2)


def test_a_stage_that_ended_while_paused_is_due_what_was_left_after_its_end(desk, clock):
    desk.status(1, "Waiting")
    desk.status(3, "Resolved")
    assert desk.judge().result("resolution", "contract").due_at == clock.at(26)
