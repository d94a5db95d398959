"""Audit sentences: read when certain, listed when not, left alone when about something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence_connectwise.audit_names import names
from psa_evidence_connectwise.audit_prose import Told, Unclear, read_line

KNOWN = names({
    "status": ["New", "In Progress", "Waiting", "Waiting on Owner", "Waiting Client Response", "Closed", "Assigned",
               "Re-opened", "Completed >", "Moved to Project"],
    "priority": ["Priority 1 - Critical", "High", "Low", "3 - Low"],
    "board": ["Help Desk", "Projects"],
    "owner": ["jsmith", "Jane Smith", "Tom O'Hara"],
    "agreement": ["Gold Care"],
    "sla": ["Gold", "Silver"],
})  # fmt: skip


def told(text, kind="Ticket", sub=""):
    return [
        (one.field, one.old, one.new) if isinstance(one, Told) else (one.field, "unclear")
        for one in read_line(text, kind, sub, "55", KNOWN)
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Status has been changed from "New" to "In Progress".',
        "Status changed from New to In Progress",
        "STATUS CHANGED FROM NEW TO IN PROGRESS.",
        "The status of this ticket was changed from New to In Progress.",
        "Status was updated to In Progress (was New)",
        "Status updated to In Progress, previously New.",
        'Ticket status: "New" -> "In Progress"',
        "Status: New => In Progress",
        "Status changed to In Progress from New",
        "Status New changed to In Progress",
        "Status was New, now In Progress",
        "old status: New, new status: In Progress",
        "Status: old value: New, new value: In Progress",
        "Status changed from 'New' to 'In Progress'",
        "Status changed from “New” to “In Progress”",
        "Changed status from New to In Progress by jsmith",
    ],
)
def test_old_and_new_are_found_in_either_order(text):
    assert told(text) == [("status", "New", "In Progress")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Status changed from New to Waiting on Owner", ("status", "New", "Waiting on Owner")),
        ("Status changed from Waiting on Owner to Waiting", ("status", "Waiting on Owner", "Waiting")),
        ("Status changed from Moved to Project to Closed", ("status", "Moved to Project", "Closed")),
        ('Status changed from "Done, from A to B" to "Closed"', ("status", "Done, from A to B", "Closed")),
        ("Status set to Waiting", ("status", None, "Waiting")),
        ('Status changed to "Gone from the list".', ("status", None, "Gone from the list")),
        ("Priority was raised from Low to Priority 1 - Critical.", ("priority", "Low", "Priority 1 - Critical")),
        ("Ticket moved from board Help Desk to board Projects.", ("board", "Help Desk", "Projects")),
        ("Jane Smith has been assigned as owner.", ("owner", None, "Jane Smith")),
        ("Ticket owner was updated to Tom O'Hara (was jsmith)", ("owner", "jsmith", "Tom O'Hara")),
        ('Owner "Jane Smith" has been removed.', ("owner", "Jane Smith", None)),
        ('Agreement changed from "" to "Gold Care"', ("agreement", None, "Gold Care")),
        ("SLA changed from Silver to Gold", ("sla", "Silver", "Gold")),
        ("Merged into ticket #99", ("merged", None, "99")),
        ("Ticket #12 has been merged into this ticket.", ("merged", "12", "55")),
        ("Ticket #55 has been deleted.", ("deleted", None, None)),
        ("Status changed from Foo to Bar", ("status", "Foo", "Bar")),
    ],
)
def test_names_values_and_events(text, expected):
    assert told(text) == [expected]


def test_the_subtype_names_the_field_when_the_text_does_not():
    assert told("Ticket is now Closed", sub="Status") == [("status", None, "Closed")]
    assert told('From "New" to "Closed"', sub="Status") == [("status", "New", "Closed")]


def test_other_sentences_of_a_line_are_not_read_as_the_field_of_its_subtype():
    """The subtype says Status; the second sentence is about the team, which nobody asked for."""
    text = 'Status has been changed from "New" to "Closed". Team has been changed from "Group 70" to "Group 23".'
    assert told(text, sub="Status") == [("status", "New", "Closed")]
    assert told('Team has been changed from "Group 70" to "Group 23".', sub="Status") == [("status", "unclear")]
    assert told('Impact has been changed from "High" to "Low".', sub="Impact") == []


def test_several_sentences_give_several_changes():
    text = 'Board has been changed from "Help Desk" to "Projects". Status has been changed from "New" to "Assigned".'
    assert told(text) == [("board", "Help Desk", "Projects"), ("status", "New", "Assigned")]
    text = "Changed status from New to Closed and priority from Low to High"
    assert told(text) == [("status", "New", "Closed"), ("priority", "Low", "High")]


@pytest.mark.parametrize(
    "text",
    ['Ticket #55 created with status "New" and priority "3 - Low".', "Ticket created. Status: New. Priority: 3 - Low",
     "Service ticket #55 was created by jsmith with status New and priority 3 - Low"],
)  # fmt: skip
def test_a_line_of_creation_tells_the_first_values(text):
    assert told(text) == [("created", None, None), ("status", None, "New"), ("priority", None, "3 - Low")]


@pytest.mark.parametrize(
    "text",
    [
        "The status of this ticket was changed.",
        "Status changed from Foo to Bar to Baz",
        "Approval status changed from New to Closed",
        "Note added: see below. Status changed from New to Closed.",
        "Ticket merged",
        "Status changed to something nobody set up",
    ],
)
def test_what_allows_two_readings_or_none_is_listed_not_guessed(text):
    assert [one[1] for one in told(text)] == ["unclear"]


@pytest.mark.parametrize(
    "text",
    [
        'E-mail sent to status@x.example using template "Status changed".',
        "Note added: please change status to Closed",
        'Workflow rule "SLA watch" evaluated, no action.',
        'Priority confirmation has been changed from "True" to "False".',
        "SLA status changed from Respond to Resolve",
        "Resource Jane Smith has been scheduled.",
        'Custom field "Status" updated.',
        "Document created.",
        "Ticket #77 created from this ticket",
        "",
        "Configuration attached to ticket.",
    ],
)  # fmt: skip
def test_lines_about_other_things_are_no_changes_and_not_unread(text):
    assert told(text) == []


def test_text_of_a_note_does_not_become_a_change():
    assert told("please set status to Closed", kind="Note") == []


def test_a_very_long_line_is_free_text():
    assert told("Status changed from New to Closed. " + "x" * 5000) == []


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text):
    for one in read_line(text, "Ticket", "Status", "55", KNOWN):
        assert isinstance(one, Told | Unclear)


WORDS = (
    *("status", "changed", "from", "to", "New", "Closed", '"', "'", "->", "was", "(", ")", ".", "owner", "priority"),
    *("set", "High", "and", ",", "\ue000", "created", "ticket", "#55", "merged", "into", "removed"),
)


@given(st.lists(st.sampled_from([*WORDS, "Waiting on Owner"]), max_size=25))
def test_any_order_of_the_words_is_read_without_an_exception(words):
    read_line(" ".join(words), "Ticket", "", "55", KNOWN)
