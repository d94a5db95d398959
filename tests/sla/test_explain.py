import json
from dataclasses import replace

import pytest

from psa_evidence.records import Goal
from psa_evidence.sla import StageResult, result_to_dict, statement, strip_for_terminal, ticket_to_dict
from psa_evidence.sla.results import Interval


def story(desk):
    desk.status(1, "Waiting")
    desk.status(3, "In Progress")
    desk.status(30, "Resolved")
    return desk.judge(every_open_period=True)


def test_the_strip_shows_counted_paused_and_closed_time_and_the_due_time(desk):
    result = story(desk).result("resolution", "contract")
    strip = strip_for_terminal(result, 60)
    assert len(strip) == 60
    assert strip.startswith("██░░░░██")
    assert "·" * 20 in strip
    assert strip.count("|") == 1


def test_the_strip_of_a_met_stage_reaches_to_its_due_time(desk):
    desk.message(0.5)
    strip = strip_for_terminal(desk.judge().result("response", "contract"), 40)
    assert strip == "█" * 10 + " " * 29 + "|"


def test_the_strip_has_the_width_asked_for_whatever_the_result(desk):
    judged = story(desk)
    for width in (0, 1, 2, 7, 200):
        for result in judged.results:
            assert len(strip_for_terminal(result, width)) == (width if result.intervals else 0)


def test_the_statement_runs_up_to_the_figure_and_names_its_sources(desk):
    result = story(desk).result("resolution", "contract")
    lines = statement(result, time_zone="America/Chicago")
    assert lines[0].startswith("resolution, contract reading: missed. Missed by")
    assert sum(line.count("[history/") for line in lines) == len([i for i in result.intervals if i.source])
    assert any(line.startswith(f"counted in all 12 h ({result.elapsed_seconds} s)") for line in lines)
    assert "2026-03-02 09:00:00 -0600" in lines[2]


def test_the_data_is_json_with_times_in_utc(desk):
    judged = story(desk)
    data = json.loads(json.dumps(ticket_to_dict(judged)))
    assert len(data["results"]) == 9
    contract = result_to_dict(judged.result("resolution", "contract"))
    assert contract["due_at"].endswith("Z")
    assert sum(i["seconds"] for i in contract["intervals"]) == contract["elapsed_seconds"]


NEW = "2026-03-02 15:00:00 +0000  2026-03-02 16:00:00 +0000  counted     1:00:00     1:00:00  status 'New'"
WAITING = (
    "2026-03-02 16:00:00 +0000  2026-03-02 18:00:00 +0000  paused            -     1:00:00  "
    "status 'Waiting' stops the clock  [history/2]"
)
AT_CAPTURE = "No settings captured before this ticket was entered are at hand: those at capture are used."


def test_a_statement_word_for_word(desk):
    assert statement(story(desk).result("resolution", "contract")) == (
        "resolution, contract reading: missed. Missed by 4 h; due 2026-03-03T17:00:00Z.",
        "calendar: Office (America/Chicago); times in UTC",
        NEW,
        WAITING,
        ("2026-03-02 18:00:00 +0000  2026-03-02 23:00:00 +0000  counted     5:00:00     6:00:00  status 'In Progress'"
        "  [history/3]"),
        ("2026-03-02 23:00:00 +0000  2026-03-03 15:00:00 +0000  closed            -     6:00:00  status 'In Progress'; "
        "outside opening hours  [history/3]"),
        ("2026-03-03 15:00:00 +0000  2026-03-03 21:00:00 +0000  counted     6:00:00    12:00:00  status 'In Progress'"
        "  [history/3]"),
        "counted in all 12 h (43200 s); target 8 h (28800 s)",
        "due 2026-03-03 17:00:00 +0000",
        "ended 2026-03-03 21:00:00 +0000",
        AT_CAPTURE,
    )  # fmt: skip


def test_a_statement_of_time_in_doubt_word_for_word(desk):
    desk.status(1, "Waiting")
    desk.status(3, "Odd", known=False)
    desk.status(6, "In Progress")
    result = desk.judge(hours=7).result("resolution", "contract")
    assert (result.elapsed_seconds, result.paused_seconds) == (5 * 3600, 2 * 3600)
    assert statement(result)[2:] == (
        NEW,
        WAITING,
        ("2026-03-02 18:00:00 +0000  2026-03-02 21:00:00 +0000  counted     3:00:00     4:00:00  status 'Odd', in "
        "doubt (the settings do not show a status 'Odd'): counted  [history/3]"),
        ("2026-03-02 21:00:00 +0000  2026-03-02 22:00:00 +0000  counted     1:00:00     5:00:00  status 'In Progress'"
        "  [history/4]"),
        "counted in all 5 h (18000 s); target 8 h (28800 s)",
        "due 2026-03-03 17:00:00 +0000",
        AT_CAPTURE,
    )  # fmt: skip


def test_a_pause_in_doubt_is_counted_and_says_why(desk):
    desk.status(1, "Waiting")
    desk.unread(2, "a line on the status")
    desk.unread(2.5, "a line on the status")
    desk.status(3, "Assigned")
    result = desk.judge(hours=4).result("resolution", "contract")
    doubt = "status 'Waiting', in doubt (a line of the history of 2026-03-02T17:00:00Z cannot be read): counted"
    assert [(i.state, i.seconds, i.why) for i in result.intervals] == [
        ("counted", 3600, "status 'New'"), ("paused", 0, "status 'Waiting' stops the clock"), ("counted", 3600, doubt),
        ("counted", 3600, "status 'Assigned'"),
    ]  # fmt: skip


def test_a_status_that_is_not_known_at_all_says_so(desk):
    desk.status(1, "In Progress", old=None)
    desk.put(history=desk.records.history[1:])
    why = desk.judge(hours=4).result("resolution", "contract").intervals[0].why
    assert why.startswith("status not known, in doubt (")


def test_a_statement_without_target_calendar_or_end(desk):
    desk.set(sla_id=None, agreement_id=None)
    lines = statement(desk.judge().result("resolution", "contract"))
    assert lines[0] == "resolution, contract reading: no target. No target is promised for this stage."
    assert not any(line.startswith(("calendar:", "due ", "ended ", "counted in all")) for line in lines)
    policy = desk.records.sla_policies[0]
    desk.set(sla_id="1")
    desk.put(sla_targets=(), sla_policies=(replace(policy, goal=Goal()),))
    assert "counted in all 1 h (3600 s); target none" in statement(desk.judge(hours=1).result("plan", "contract"))


def test_intervals_cut_at_each_opening_have_a_length_each(desk):
    desk.status(8, "Waiting")
    desk.status(24, "In Progress")
    desk.status(32, "Resolved")
    intervals = desk.judge(every_open_period=True).result("resolution", "contract").intervals
    assert all(interval.start < interval.end for interval in intervals)
    assert [i.state for i in intervals] == ["counted", "closed", "counted"]


def test_differences_are_told_as_data(desk, clock):
    desk.message(1)
    desk.psa(respond_minutes=7, responded_at=clock.at(1))
    assert ticket_to_dict(desk.judge())["differences"] == [{
        "stage": "response", "psa_verdict": "met", "our_verdict": "met", "seconds": 3180,
        "cause": "not explained by these records",
    }]  # fmt: skip


@pytest.mark.parametrize(("hours", "strip"), [(8, "███████|"), (4, "████   |")])
def test_the_strip_of_a_stage_that_ends_at_its_due_time_or_before(desk, hours, strip):
    desk.status(hours, "Resolved")
    assert strip_for_terminal(desk.judge().result("resolution", "contract"), 8) == strip


def test_the_strip_of_a_missed_stage_ends_with_it(desk):
    desk.status(8, "Planned")
    assert strip_for_terminal(desk.judge().result("plan", "contract"), 8) == "████|███"


def test_intervals_are_made_anew_each_time_and_not_held_by_the_result(desk):
    result = story(desk).result("resolution", "contract")
    assert result.intervals == result.intervals
    assert result.intervals is not result.intervals


@pytest.mark.parametrize(("cut", "strip"), [(1.6, "██░░"), (1.4, "█░░░"), (0.4, "░░░░"), (3.6, "████"), (3.4, "███░")])
def test_a_cell_shows_what_most_of_its_time_was(desk, clock, cut, strip):
    parts = ((0, cut, "counted"), (cut, 4, "paused"))
    intervals = tuple(
        Interval(start=clock.at(low), end=clock.at(high), state=state, seconds=0, why="") for low, high, state in parts
    )
    result = StageResult("7", "plan", "contract", "not determined", "", intervals=intervals)
    assert strip_for_terminal(result, 4) == strip


def test_a_reason_that_begins_with_the_name_of_a_field_keeps_it(desk, clock):
    desk.message(1)
    desk.psa(respond_minutes=60, responded_at=clock.at(1))
    first = statement(desk.judge().result("response", "psa"))[0]
    assert first == "response, psa reading: met. respondMinutes + respondedSkippedMinutes = 60 min, target 2 h."
