"""The last instant, second or act that still counts, and the first that does not: where one step decides a verdict."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

SECOND = 1 / 3600
STATUS = "a line on the status that is not understood"


def by(judged, stage, reading="contract"):
    return judged.result(stage, reading)


@pytest.mark.parametrize(("minutes", "verdict"), [(120, "met"), (121, "missed")])
def test_the_psas_minutes_at_its_target_are_met(desk, clock, minutes, verdict):
    desk.psa(respond_minutes=minutes, responded_at=clock.at(2))
    assert by(desk.judge(), "response", "psa").verdict == verdict


@pytest.mark.parametrize(("more", "verdict"), [(0, "met"), (SECOND, "missed")])
def test_the_psas_date_at_its_goal_is_met(desk, clock, more, verdict):
    desk.psa(responded_at=clock.at(2 + more), respond_by=clock.at(2))
    assert by(desk.judge(), "response", "psa").verdict == verdict


@pytest.mark.parametrize(("hours", "verdict"), [(2, "not determined"), (2 + SECOND, "missed")])
def test_the_psas_goal_is_past_after_it(desk, clock, hours, verdict):
    desk.psa(respond_by=clock.at(2))
    assert by(desk.judge(hours=hours), "response", "psa").verdict == verdict


@pytest.mark.parametrize("figures", [{}, {"plan_minutes": 5}, {"respond_minutes": 5}, {"resolve_minutes": 5}])
def test_a_figure_of_the_psa_with_a_segment_missing_is_none(desk, clock, figures):
    desk.psa(**figures, responded_at=clock.at(1), planned_at=clock.at(1), resolved_at=clock.at(1))
    assert by(desk.judge(), "plan", "psa").elapsed_seconds is None
    assert by(desk.judge(), "resolution", "psa").elapsed_seconds is None


def test_the_psas_skipped_minutes_count_for_their_own_stage_and_waiting_for_the_resolution(desk, clock):
    ends = {"responded_at": clock.at(1), "planned_at": clock.at(1), "resolved_at": clock.at(1)}
    segments = {"respond_minutes": 1, "plan_minutes": 2, "resolve_minutes": 4}
    desk.psa(**segments, respond_skipped_minutes=8, plan_skipped_minutes=16, waiting_minutes=32, **ends)
    judged = desk.judge()
    stages = ("response", "plan", "resolution")
    assert [by(judged, stage, "psa").elapsed_seconds for stage in stages] == [9 * 60, 19 * 60, 7 * 60]
    assert [by(judged, stage, "psa").paused_seconds for stage in stages] == [None, None, 32 * 60]


def test_what_the_psa_does_not_say_it_skipped_is_nothing(desk, clock):
    desk.psa(respond_minutes=1, plan_minutes=2, responded_at=clock.at(1), planned_at=clock.at(1))
    assert [by(desk.judge(), stage, "psa").elapsed_seconds for stage in ("response", "plan")] == [60, 180]


@pytest.mark.parametrize("flag", [True, False, None])
def test_the_psas_flag_is_quoted_as_it_is(desk, flag):
    desk.psa(in_sla=flag)
    said = {"True": "is true", "False": "is false", "None": ""}[str(flag)]
    assert [said in note for note in by(desk.judge(), "plan", "psa").notes] == ([] if flag is None else [True])


@pytest.mark.parametrize(("hours", "counts"), [(0, True), (-SECOND, False), (4, True), (4 + SECOND, False)])
def test_an_act_counts_from_the_second_of_the_entry_to_that_of_the_judgement(desk, clock, hours, counts):
    desk.message(hours)
    assert by(desk.judge(hours=4), "response").met_at == (clock.at(hours) if counts else None)


def test_a_stage_that_ended_at_the_entry_has_no_interval(desk, clock):
    desk.message(0)
    result = by(desk.judge(), "response")
    assert (result.verdict, result.elapsed_seconds, result.intervals) == ("met", 0, ())
    assert result.due_at == clock.at(2)


def test_of_acts_in_one_second_the_first_of_the_records_is_named(desk):
    desk.message(1)
    desk.message(1)
    desk.work(1, 2)
    desk.status(1, "In Progress")
    [note] = [note for note in by(desk.judge(), "response").notes if note.startswith("Response")]
    assert note == "Response: message to the client, note/2."


def test_a_doubtful_act_leaves_a_miss_open_from_its_own_second_on(desk):
    """Of two in one second the first is named; one at the second of a certain act is no doubt any more."""
    desk.message(1, side="unknown")
    desk.message(1, internal=None)
    desk.message(3)
    result = by(desk.judge(), "response")
    assert (result.verdict, "on whose side" in result.reason) == ("not determined", True)


def test_a_doubtful_act_in_the_second_of_a_certain_one_is_no_doubt(desk):
    desk.message(3, side="unknown")
    desk.message(3)
    assert by(desk.judge(), "response").verdict == "missed"


@pytest.mark.parametrize(("late", "says"), [(24, False), (24 + SECOND, True)])
def test_work_written_down_later_than_a_day_after_it_ended_says_so(desk, late, says):
    desk.work(0.5, 1, entered=1 + late)
    assert any("written down" in note for note in by(desk.judge(), "response").notes) == says


def test_work_without_its_times_is_no_act_and_work_without_an_end_is_one(desk, clock):
    desk.work(0.5, 1, entered=40)
    [entry] = desk.records.time_entries
    desk.put(time_entries=(replace(entry, ended_at=None),))
    assert any("written down" in note for note in by(desk.judge(), "response").notes)
    desk.put(time_entries=(replace(entry, entered_at=None),))
    assert not any("written down" in note for note in by(desk.judge(), "response").notes)
    desk.put(time_entries=(replace(entry, started_at=None),))
    assert by(desk.judge(), "response").met_at is None


def test_a_message_without_a_time_is_no_act(desk):
    desk.message(1)
    [message] = desk.records.messages
    desk.put(messages=(replace(message, at=None),))
    assert by(desk.judge(), "response").met_at is None


def test_work_of_a_stranger_is_doubtful(desk):
    desk.work(1, 2, member="zoe")
    desk.message(3)
    result = by(desk.judge(), "response")
    assert (result.verdict, "a person made the time entry" in result.reason) == ("not determined", True)


def test_work_and_a_change_of_status_by_a_key_are_no_response(desk):
    desk.work(1, 2, member="robot")
    desk.status(1, "In Progress", by="robot")
    desk.message(3)
    assert by(desk.judge(), "response").verdict == "missed"


def test_an_act_of_nobody_is_doubtful(desk):
    desk.message(1, author=None)
    desk.message(3)
    assert by(desk.judge(), "response").verdict == "not determined"


def test_a_gap_that_begins_with_the_response_is_no_doubt_of_it(desk):
    """The gap from the second of the act on may hold other acts, none before it."""
    desk.message(3)
    desk.status(3, "In Progress")
    desk.unread(3 + SECOND, STATUS)
    desk.unread(3 + 2 * SECOND, STATUS)
    assert by(desk.judge(), "response").verdict == "missed"


def test_a_gap_before_the_response_leaves_a_miss_open(desk):
    desk.status(1, "Assigned")
    desk.unread(1.5, STATUS)
    desk.unread(1.6, STATUS)
    desk.message(3)
    result = by(desk.judge(), "response")
    assert (result.verdict, "cannot be read" in result.reason) == ("not determined", True)
    desk.message(1.5)
    assert by(desk.judge(), "response").verdict == "met"


@pytest.mark.parametrize("reading", ["contract", "strict"])
@pytest.mark.parametrize(("hours", "verdict"), [(4, "met"), (4 + SECOND, "missed")])
def test_a_stage_that_ended_at_its_target_is_met_by_both_readings(desk, hours, verdict, reading):
    desk.status(hours, "Planned")
    assert by(desk.judge(), "plan", reading).verdict == verdict


@pytest.mark.parametrize(("hours", "verdict"), [(4, "missed"), (4 - SECOND, "not determined")])
def test_an_open_stage_is_missed_when_more_than_its_target_has_passed(desk, hours, verdict):
    assert by(desk.judge(hours=hours + SECOND), "plan").verdict == verdict


@pytest.mark.parametrize("field", ["deleted", "merged"])
@pytest.mark.parametrize(("hours", "verdict"), [(4, "excluded"), (4 + SECOND, "not determined")])
def test_a_deletion_or_merger_counts_when_it_is_not_after_the_judgement(desk, field, hours, verdict):
    desk.change(hours, field, "9")
    assert by(desk.judge(hours=4), "resolution").verdict == verdict


@pytest.mark.parametrize("into", [None, "7"])
def test_a_merger_into_nothing_or_itself_excludes_nothing(desk, into):
    desk.change(1, "merged", into)
    assert by(desk.judge(hours=4), "resolution").verdict == "not determined"


@pytest.mark.parametrize(("later", "verdict"), [(0, "not determined"), (1, "excluded")])
def test_a_ticket_that_was_entered_at_the_instant_of_the_judgement_is_judged(desk, clock, later, verdict):
    desk.set(entered_at=clock.entered + timedelta(seconds=later))
    assert by(desk.judge(hours=0), "resolution").verdict == verdict


@pytest.mark.parametrize(("year", "absurd"), [(1899, True), (1900, False), (8999, False), (9000, True)])
def test_a_year_of_entry_that_is_absurd(desk, clock, year, absurd):
    entered = datetime(year, 6, 1, tzinfo=UTC)
    desk.set(entered_at=entered)
    judged = desk.judge(hours=(entered - clock.entered) / timedelta(hours=1) + 4)
    assert by(judged, "plan").reason.startswith("the time of entry lies outside") == absurd


@pytest.mark.parametrize(("closed_at", "bounds"), [(24 * 3, True), (24 * 3 + SECOND, False)])
def test_a_closing_time_after_the_judgement_bounds_nothing(desk, clock, closed_at, bounds):
    """Nothing is known of the status from the first hour on: by the closing time it was resolved, which is too late."""
    desk.status(1, "In Progress")
    desk.unread(1, STATUS)
    desk.unread(1, STATUS)
    desk.set(closed=True, closed_at=clock.at(closed_at))
    result = by(desk.judge(hours=24 * 3), "resolution")
    assert result.verdict == "not determined"
    assert result.met_at == (clock.at(closed_at) if bounds else None)


def test_a_plan_in_a_status_in_doubt_is_no_plan_yet(desk, clock):
    """Whether it stayed planned is open from the second of the line on; resolved it is certainly."""
    desk.status(3, "Planned")
    desk.unread(3, STATUS)
    desk.unread(3, STATUS)
    desk.status(5, "Resolved")
    result = by(desk.judge(), "plan")
    assert (result.verdict, result.met_at) == ("not determined", clock.at(5))


@pytest.mark.parametrize(("hours", "same"), [(3, True), (4, False)])
def test_the_priority_at_the_very_second_of_the_end_is_the_one_before(desk, clock, hours, same):
    """A change in the second in which the stage ends comes too late for it."""
    desk.priority(3, "High", "Low")
    desk.status(hours, "Planned")
    result = by(desk.judge(), "plan")
    assert (result.priority, result.target_seconds) == (("Low", 4 * clock.hour) if same else ("High", 2 * clock.hour))
    assert any("Priority changed" in note for note in result.notes) != same


def test_a_change_after_the_judgement_tells_what_was_before_it(desk):
    """The PSA's clock is ahead of ours: the ticket shows already what is still to come."""
    desk.status(6, "Planned")
    desk.status(8, "Resolved")
    for stage in ("response", "plan", "resolution"):
        result = by(desk.judge(hours=3), stage)
        assert (result.verdict, result.met_at) == ("missed" if stage == "response" else "not determined", None)
        assert [interval.why for interval in result.intervals] == ["status 'New'"]
    assert by(desk.judge(hours=5), "plan").verdict == "missed"


def test_two_changes_in_one_second_after_the_judgement_tell_nothing(desk):
    desk.status(6, "Planned")
    desk.status(6, "Resolved")
    result = by(desk.judge(hours=5), "plan")
    assert (result.verdict, result.met_at) == ("not determined", None)
    assert result.reason == "the history does not say what the value was at entry"


def test_a_priority_after_the_judgement_governs_nothing(desk):
    desk.priority(6, "High", "Low")
    result = by(desk.judge(hours=5), "resolution")
    assert (result.priority, result.target_seconds) == ("Low", 8 * 3600)


def test_a_history_that_ends_in_another_status_than_the_tickets_is_in_doubt(desk):
    """The ticket has the status before the last change: something later is missing."""
    desk.status(1, "Assigned")
    desk.status(2, "Resolved")
    desk.set(status_name="Assigned", status_id="2")
    result = by(desk.judge(hours=99), "resolution")
    assert (result.verdict, "the history ends in 'Resolved'" in result.reason) == ("not determined", True)
