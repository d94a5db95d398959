"""Wordings that no simulator of ours writes: orders, marks, languages, mark-up, names that contain one another."""

from __future__ import annotations

import pytest

from psa_evidence_connectwise.audit_names import names
from psa_evidence_connectwise.audit_prose import Told, Unclear, read_line

KNOWN = names({
    "status": ["New", "In Progress", "Waiting", "Waiting on Owner", "Waiting Client Response ", "Closed",
               "Closed - Billed", "New (email)", "Assigned", "Re-opened", "Completed >", ">Scheduled", "Sched.",
               "R&D review",
               "On Hold (Vendor)", "Handed to L2", "Set to Vendor", "User's turn", "Wartet auf Kunde", "Résolu"],
    "priority": ["Priority 1 - Critical", "High", "Low", "3 - Low", "Priority 3"],
    "board": ["Help Desk", "Projects", "Service Board"],
    "owner": ["jsmith", "Jane Smith"],
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
        "Status: New >> Closed",
        "[Status] New => Closed",
        "Changed Status from [New] to [Closed]",
        "Jane Smith updated Status: New → Closed",
        "Status transitioned New→Closed",
        "Status: New to Closed",
        "Status updated (New to Closed)",
        "Status New was changed to Closed by jsmith",
        "Status changed to: Closed; from: New",
        "Status changed (from: New | to: Closed)",
        "Status changed to Closed (previously New)",
        "Status set to Closed, was New",
        'Ticket status is now "Closed" instead of "New"',
        "Replaced status New with Closed",
        "Status Closed replaces New",
        "Status [New] was replaced by [Closed]",
        "The status went from 'New' into 'Closed'",
        "Field 'Status' changed from 'New' to 'Closed'",
        'Field "Status" updated: "New" to "Closed"',
        "10:04 AM jsmith - Status: New to Closed",
        "Ticket 55 - Status changed from New to Closed",
        "Status changed from New to Closed on 3/4/2025 at 10:00 AM",
        "Status changed from New (id 1) to Closed (id 9)",
        "Status changed from New [1] to Closed [9]",
        "Status changed from New to Closed because the printer was closed",
        "Status changed from New to Closed because child ticket #77 was closed",
        "Status changed from New to Closed while priority stayed High",
        'Workflow rule "Auto close" changed status from New to Closed',
        "Customer replied, status automatically set from New to Closed",
    ],
)
def test_orders_and_marks(text):
    assert told(text) == [("status", "New", "Closed")]


@pytest.mark.parametrize(
    "text",
    [
        "The ticket status has been modified. Old Value: New, New Value: Closed",
        'Ticket status updated. Previous status: "New". Current status: "Closed".',
        "Old status: New\nNew status: Closed",
        "Field: Status\nOld: New\nNew: Closed",
        "Modified Status (Old=New; New=Closed)",
        'Modified: Status. Before: "New". After: "Closed".',
        "Status changed. New: Closed. Old: New.",
        '{"field":"Status","oldValue":"New","newValue":"Closed"}',
        '{"Status": {"old": "New", "new": "Closed"}}',
    ],
)
def test_labelled_values_over_lines_and_sentences(text):
    assert told(text) == [("status", "New", "Closed")]


@pytest.mark.parametrize(
    "text",
    [
        'Der Status wurde von "New" auf "Closed" geändert.',
        "Status von New auf Closed geändert",
        "Le statut a été modifié de « New » à « Closed »",
        "Le statut du ticket est passé de New à Closed",
        "El estado cambió de New a Closed",
        'Estado cambiado de "New" a "Closed" por jsmith',
        "Stato modificato da New a Closed",
        "O status foi alterado de New para Closed",
        "Status gewijzigd van New naar Closed",
        "Status endret fra New til Closed",
        "ステータスが「New」から「Closed」に変更されました",
        '状态从"New"更改为"Closed"',
    ],
)
def test_sentences_of_other_languages(text):
    assert told(text) == [("status", "New", "Closed")]


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Status &quot;New&quot; changed to &quot;R&amp;D review&quot;", "New", "R&D review"),
        ("Status changed from <b>New</b> to <b>R&amp;D review</b>.", "New", "R&D review"),
        ("Status&nbsp;changed from New to Waiting&nbsp;Client&nbsp;Response", "New", "Waiting Client Response"),
        ("Status changed from &amp;gt;Scheduled to New", ">Scheduled", "New"),
        ("Status changed from New<br/>to Closed", "New", "Closed"),
        ("Status changed from  New \u200b to\u00a0 Re\u0301solu", "New", "Résolu"),
    ],
)
def test_entities_markup_and_odd_spaces(text, old, new):
    assert told(text.replace("<br/>", " ")) == [("status", old, new)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Closed", "Closed - Billed"),
        ("Closed - Billed", "Closed"),
        ("Waiting", "Waiting on Owner"),
        ("New (email)", "New"),
        ("Waiting on Owner", "Waiting"),
        ("New", "Handed to L2"),
        ("Handed to L2", "Closed"),
        ("Assigned", "Set to Vendor"),
        ("Set to Vendor", "Assigned"),
        (">Scheduled", "Completed >"),
        ("Completed >", ">Scheduled"),
        ("Sched.", "Closed"),
        ("User's turn", "Closed"),
        ("On Hold (Vendor)", "New"),
        ("Waiting Client Response", "R&D review"),
        ("Wartet auf Kunde", "New"),
    ],
)
@pytest.mark.parametrize(
    "sentence",
    [
        "Status changed from {old} to {new}",
        'Status changed from "{old}" to "{new}".',
        "Ticket status: {old} -> {new}",
        "Status changed to {new} from {old}",
        "Status was updated to {new} (was {old})",
        "Status von {old} auf {new} geändert",
        "Ticket moved from {old} to {new}",
        "status: old value: {old}; new value: {new}",
    ],
)
def test_names_that_contain_one_another_or_words_of_direction(sentence, old, new):
    assert told(sentence.format(old=old, new=new)) == [("status", old, new)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ticket #55 moved from New to In Progress", [("status", "New", "In Progress")]),
        ("Changed from New to Assigned", [("status", "New", "Assigned")]),
        ("Closed -> Re-opened by email connector", [("status", "Closed", "Re-opened")]),
        ("Moved to Waiting Client Response", [("status", None, "Waiting Client Response")]),
        ("Jane Smith set this ticket to Closed", [("status", None, "Closed")]),
        ("Ticket is now Closed", [("status", None, "Closed")]),
        ("Escalated from Low to High", [("priority", "Low", "High")]),
        ("Moved from Help Desk to Projects", [("board", "Help Desk", "Projects")]),
        ("Priority level changed from Low to High", [("priority", "Low", "High")]),
        ("Priorität von Low auf High geändert", [("priority", "Low", "High")]),
        ('Service Board changed from "Help Desk" to "Projects"', [("board", "Help Desk", "Projects")]),
        ("Ticket #55 opened as New", [("created", None, None), ("status", None, "New")]),
    ],
)
def test_a_field_that_is_not_named_is_known_by_its_names(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize("sub", ["Status", "TicketStatus", "Status Change", "status_changed", "Ticket Status"])
def test_the_subtype_may_be_written_in_many_ways(sub):
    assert told("Set to Closed", sub=sub) == [("status", None, "Closed")]
    assert told("«New» ⇒ «Closed»", sub=sub) == [("status", "New", "Closed")]


def test_several_changes_in_one_entry():
    assert told("Status: New -> Closed; Priority: Low -> High; Owner: jsmith -> Jane Smith") == [
        ("status", "New", "Closed"), ("priority", "Low", "High"), ("owner", "jsmith", "Jane Smith"),
    ]  # fmt: skip
    assert told('Ticket status changed from "New" to "Closed" Ticket owner changed from "jsmith" to "Jane Smith"') == [
        ("status", "New", "Closed"),
        ("owner", "jsmith", "Jane Smith"),
    ]
    assert told("Status changed from New to Assigned, status changed from Assigned to Closed") == [
        ("status", "New", "Assigned"), ("status", "Assigned", "Closed"),
    ]  # fmt: skip
    assert told("Ticket #12 merged into this ticket. Status changed from New to Closed.") == [
        ("merged", "12", "55"), ("status", "New", "Closed"),
    ]  # fmt: skip


def test_a_name_taken_out_of_the_settings_is_kept_as_it_stands():
    assert told('Status changed from "Neu" to "Geschlossen"') == [("status", "Neu", "Geschlossen")]
    assert told("Status changed from New to Waiting for parts") == [("status", "New", "Waiting for parts")]


@pytest.mark.parametrize(
    "text",
    [
        "Status: New, In Progress",
        "Status New In Progress",
        "Status changed to Closed, In Progress",
        "Status | New | Closed",
        "Status: New; Closed",
        "Ticket Status Changed :: New :: Closed",
        "Tila vaihtui: New, Closed",
        "Approval status changed from New to Closed",
        "SLA paused: status Waiting",
        "Ticket board/status: Help Desk/New to Projects/Assigned",
        "Status of all tickets like #77 changed from New to Closed",
        "Status changed from New to Waiting to Closed",
    ],
)
def test_what_can_be_read_in_two_ways_is_listed(text):
    assert told(text) == [("status", "unclear")]


def test_two_statuses_whose_names_join_with_to_are_not_told_apart():
    known = names({"status": ["A one", "A one to B two", "B two to C three", "C three"]})
    (found,) = read_line("Status changed from A one to B two to C three", "Ticket", "", "55", known)
    assert found == Unclear("status", "more than one way to read the change of status")


@pytest.mark.parametrize(
    "text",
    [
        "Severity changed from High to Low",
        'Impact has been changed from "High" to "Low".',
        "Type changed from High to Low",
        "Team has been changed from New to Closed",
        'Workflow rule "From New to Closed" executed.',
        "Child ticket #77 status changed from New to Closed",
        "Status of ticket #77 changed from New to Closed",
        "Parent ticket's status set to Closed",
        "Ticket assigned to Jane Smith",
        "E-mail to client: status changed from New to Closed",
        "status_id changed from 1 to 4",
        "Ticket converted from project ticket #44",
    ],
)
def test_other_fields_and_other_tickets_are_no_changes_of_this_one(text):
    assert told(text) == []


def test_a_merge_counts_only_when_it_says_which_ticket_was_kept():
    assert told("This ticket has been combined into ticket #99") == [("merged", None, "99")]
    assert told("Merged with ticket #99") == [("merged", "unclear")]
    assert told("Tickets #12 and #13 were merged") == [("merged", "unclear")]
