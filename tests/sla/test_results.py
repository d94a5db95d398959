"""Results as values: equal when they say the same, found by stage and reading; and records put together by ticket."""

import pytest

from psa_evidence.records import Change, Unread
from psa_evidence.sla.grouping import ByTicket
from psa_evidence.sla.results import StageResult


def judged(desk, clock, minutes=7):
    desk.put(messages=())
    desk.message(1)
    desk.psa(respond_minutes=minutes, responded_at=clock.at(1))
    return desk.judge()


def test_results_and_differences_are_equal_when_all_that_they_say_is(desk, clock):
    first, second, other = judged(desk, clock), desk.judge(), judged(desk, clock, 8)
    assert first == second
    assert [hash(result) for result in first.results] == [hash(result) for result in second.results]
    assert first.differences == second.differences
    assert hash(first.differences[0]) == hash(second.differences[0])
    assert first.results[0] != other.results[0]
    assert first.results[1] != other.results[0]
    assert first.differences[0] != other.differences[0]
    assert first.results[0] != first.differences[0]
    assert first.differences[0] != first.results[0]
    assert len({*first.results, *second.results}) == 9


def test_they_show_what_they_are(desk, clock):
    found = judged(desk, clock)
    assert repr(found.result("response", "contract")) == (
        "StageResult('7', 'response', 'contract', 'met', '1 h of open time, 1 h left')"
    )
    assert repr(found.differences[0]) == (
        "Difference('7', 'response', 'met', 'met', 3180, 'not explained by these records')"
    )


def test_a_reading_that_is_not_there_is_the_callers_mistake(desk):
    with pytest.raises(KeyError, match="7: no public reading of plan"):
        desk.judge().result("plan", "public")


def test_the_strict_reading_of_an_open_ticket_counts_to_the_end(desk):
    desk.status(1, "Assigned")
    desk.status(2, "Waiting")
    result = desk.judge(hours=5).result("response", "strict")
    assert (result.verdict, result.elapsed_seconds, result.paused_seconds) == ("missed", 5 * 3600, 0)


def change(desk, clock, field, hours, ticket="7"):
    return Change(source=clock.ref("history", 90), ticket_id=ticket, at=clock.at(hours), field=field, old="a", new="b")


def test_changes_of_other_fields_are_none_of_status_or_priority(desk, clock):
    desk.put(changes=tuple(
        change(desk, clock, field, hours)
        for hours, field in enumerate(("status", "owner", "priority", "board", "merged", "owner", "deleted"))
    ))  # fmt: skip
    found = ByTicket(desk.records)
    fields = [[each.field for each in group["7"]] for group in (found.statuses, found.priorities, found.endings)]
    assert fields == [["status"], ["priority"], ["merged", "deleted"]]


@pytest.mark.parametrize(
    ("changes", "line", "began"),
    [
        ([("status", -9)], None, None), ([("priority", 2), ("priority", 1)], None, 1), ([("owner", 2)], None, 2),
        ([("owner", 2), ("owner", 1), ("owner", 3)], None, 1), ([("priority", 2), ("owner", 1)], None, 1),
        ([("priority", 1), ("owner", 2)], None, 1), ([("owner", 2)], 1, 1), ([("owner", 1)], 2, 1), ([], 3, 3),
        ([("status", 1)], 3, 3),
    ],
)  # fmt: skip
def test_a_history_begins_with_its_first_line_that_is_no_change_of_status(desk, clock, changes, line, began):
    desk.put(
        history=() if line is None else (desk.records.history[0].__class__(
            source=clock.ref("history", 1), id="1", ticket_id="7", text="", at=clock.at(line)),),
        changes=tuple(change(desk, clock, field, hours) for field, hours in changes),
    )  # fmt: skip
    found = ByTicket(desk.records).began("7")
    assert found == (None if began is None else int(clock.at(began).timestamp()))


def test_only_lines_of_a_tickets_history_may_have_changed_a_field(desk, clock):
    line = desk.records.history[0].source
    desk.put(unread=tuple(
        Unread(source=source, ticket_id=ticket, reason=reason)
        for source, ticket, reason in (
            (line, "7", "no idea"), (line, "7", "the status"), (line, None, "the status"), (line, "8", "the owner"),
            (clock.ref("note", 5), "7", "the status"), (clock.ref("history", 77), "7", "the PRIORITY"),
        )
    ))  # fmt: skip
    found = ByTicket(desk.records)
    at = int(clock.entered.timestamp())
    assert (found.unread("7", "status"), found.unread("7", "priority")) == ([at, at], [at, None])
    assert found.unread("8", "status") == found.unread("9", "priority") == []


@pytest.mark.parametrize(
    ("verdict", "elapsed", "stated"),
    [
        ("met", None, True), ("missed", None, True), ("not determined", 0, True), ("no target", 5, True),
        ("not determined", None, False), ("no target", None, False), ("excluded", None, False),
    ],
)  # fmt: skip
def test_a_result_states_something_when_it_has_a_figure_or_a_verdict(verdict, elapsed, stated):
    assert StageResult("7", "plan", "psa", verdict, "x", elapsed_seconds=elapsed).stated is stated
