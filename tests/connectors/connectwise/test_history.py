"""From audit lines to ordered changes with ids."""

from __future__ import annotations

import random

import pytest


@pytest.fixture
def line(raw):
    def make(n, text, at="2025-03-04T10:00:00Z", by="jdoe", source="Member", sub="Status", ticket="1"):
        value = {"text": text, "enteredDate": at, "enteredBy": by, "auditType": "Ticket", "auditSubType": sub,
                 "auditSource": source}  # fmt: skip
        return raw("history", f"{ticket}-{n:016x}", value, parent=f"ticket/{ticket}")

    return make


@pytest.fixture
def setup(raw):
    return [
        raw("board", "1", {"id": 1, "name": "Help Desk"}),
        raw("board", "2", {"id": 2, "name": "Projects"}),
        raw("status", "10", {"id": 10, "name": "New"}, parent="board/1"),
        raw("status", "11", {"id": 11, "name": "Closed"}, parent="board/1"),
        raw("status", "20", {"id": 20, "name": "New"}, parent="board/2"),
        raw("status", "21", {"id": 21, "name": "Closed"}, parent="board/2"),
        raw("status", "22", {"id": 22, "name": "Only here"}, parent="board/2"),
        raw("priority", "5", {"id": 5, "name": "High"}),
        raw("member", "7", {"id": 7, "identifier": "rmmapi", "licenseClass": "A"}),
    ]


def test_a_status_is_looked_up_on_the_board_of_that_time(setup, line, raw, interpret):
    records = interpret([
        *setup,
        raw("ticket", "1", {"id": 1, "board": {"id": 2}}),
        line(1, 'Status changed from "New" to "Closed".', "2025-03-04T10:00:00Z"),
        line(2, 'Board changed from "Help Desk" to "Projects".', "2025-03-04T11:00:00Z", sub="Board"),
        line(3, 'Status changed from "Closed" to "New".', "2025-03-04T12:00:00Z"),
    ])  # fmt: skip
    assert [(c.field, c.old_id, c.new_id) for c in records.changes] == [
        ("status", "10", "11"), ("board", "1", "2"), ("status", "21", "20"),
    ]  # fmt: skip


def test_without_the_ticket_only_a_name_of_one_board_gets_an_id(setup, line, interpret):
    records = interpret([*setup, line(1, 'Status changed from "New" to "Only here".')])
    assert [(c.old, c.old_id, c.new_id) for c in records.changes] == [("New", None, "22")]


def test_changes_of_one_second_are_put_in_the_order_in_which_they_chain(setup, line, interpret):
    lines = [
        line(3, 'Status changed from "A" to "B".'),
        line(1, 'Status changed from "B" to "C".'),
        line(2, 'Status changed from "C" to "D".'),
    ]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        records = interpret([*setup, *(lines[i] for i in order)])
        assert [(c.old, c.new) for c in records.changes] == [("A", "B"), ("B", "C"), ("C", "D")]


@pytest.mark.parametrize(
    ("by", "source", "automatic"),
    [("jdoe", "Member", False), ("Workflow", "Member", True), ("jdoe", "API", True), ("rmmapi", "Member", True),
     ("jdoe", "EmailConnector", True), ("jdoe", None, False)],
)  # fmt: skip
def test_what_machines_did_is_marked(setup, line, interpret, by, source, automatic):
    (change,) = interpret([*setup, line(1, "Status set to New", by=by, source=source)]).changes
    assert change.automatic is automatic
    assert change.by == by


def test_every_line_stays_in_the_history_and_unclear_ones_are_listed(setup, line, interpret):
    records = interpret([
        *setup, line(1, "Status changed."), line(2, "E-mail sent."), line(3, "Status set to New", at="yesterday"),
    ])  # fmt: skip
    assert len(records.history) == 3
    assert records.changes == ()
    reasons = {(one.source.id[-1], one.reason) for one in records.unread}
    assert reasons == {
        ("1", "tells of a change of status and names no value"),
        ("3", "field enteredDate cannot be read"),
        ("3", "a change of status without a time"),
    }


def test_broken_lines_are_listed(raw, line, interpret):
    records = interpret([
        raw("history", "1-a", b"[]", parent="ticket/1"), raw("history", "1-b", {"text": "x"}),
        raw("history", "1-c", {"text": 5, "enteredDate": "2025-01-01T00:00:00Z"}, parent="ticket/1"),
    ])  # fmt: skip
    assert {one.reason for one in records.unread} == {
        "not a JSON object", "names no ticket", "field text cannot be read",
    }  # fmt: skip


def test_order_of_the_raw_records_does_not_matter(setup, line, raw, interpret):
    everything = [
        *setup, raw("ticket", "1", {"id": 1, "board": {"id": 1}}),
        *(
            line(n, f'Status changed from "S{n % 3}" to "S{(n + 1) % 3}".', f"2025-03-04T10:00:{n % 4:02d}Z")
            for n in range(20)
        ),
    ]  # fmt: skip
    first = interpret(everything)
    for seed in range(5):
        shuffled = everything.copy()
        random.Random(seed).shuffle(shuffled)
        assert interpret(shuffled) == first
