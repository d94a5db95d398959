"""Lines that name a change which did not happen, may not have, or happened to another thing: listed, never counted."""

from __future__ import annotations

import pytest

from psa_evidence_connectwise.audit_names import names
from psa_evidence_connectwise.audit_prose import Told, read_line

KNOWN = names({
    "status": ["New", "In Progress", "Waiting", "Closed", "Assigned", "Scheduled", "Pending", "To Do", "Not Closed"],
    "priority": ["High", "Low"],
    "board": ["Help Desk", "Projects"],
    "owner": ["jsmith", "Jane Smith", "New Hire"],
})  # fmt: skip


def read(text, sub=""):
    return read_line(text, "Ticket", sub, "55", KNOWN)


def told(text, sub=""):
    return [(one.field, one.old, one.new) for one in read(text, sub) if isinstance(one, Told)]


def listed(text):
    found = read(text)
    return bool(found) and not any(isinstance(one, Told) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "Status was not changed from New to Closed",
        "Status wasn't changed from New to Closed",
        "Failed to change status from New to Closed",
        "Attempt to change status from New to Closed was denied",
        "Status change from New to Closed was undone",
        "Status change from New to Closed was blocked by rule",
        "The change of status from New to Closed has been reverted",
        "Status will be changed from New to Closed tomorrow",
        "Status changes to Closed in 3 days",
        "If no reply, status changes to Closed",
        "Status change from New to Closed pending approval",
        "Workflow would set status to Closed",
        "Please set status to Closed",
        "Reminder: change status to Closed",
        "Status to be set to Closed by end of day",
        "Simulated: status changed from New to Closed",
        "Status change (New -> Closed) failed",
        "Status: New -> Closed (not saved)",
        "Undo: status changed from New to Closed",
        "Reverted the status change from New to Closed",
        "No status change: New to Closed not allowed",
        "Status changed from New to Closed. This change was rejected.",
        "Der Status wurde nicht von New auf Closed geändert",
        "Le statut n'a pas été modifié de New à Closed",
        "Ticket was not moved from New to Closed",
        "Cannot set this ticket to Closed",
    ],
)
def test_a_change_that_did_not_or_may_not_have_happened(text):
    assert listed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Status of time entry changed from New to Closed",
        "Status of device SRV1 changed from New to Closed",
        "Status of PO 77 changed from New to Closed",
        "Resource Jane Smith status changed from New to Closed",
        "Phase 'Rollout' status changed from New to Closed",
        "Approval: status changed from New to Closed",
        "SR 77 status changed from New to Closed",
        "Incident 77 status changed from New to Closed",
        "77: status changed from New to Closed",
        "Duplicate 77: status changed from New to Closed",
        "Changed the status of the linked request 77 from New to Closed",
        "Status update sent to client: Closed",
    ],
)
def test_a_status_of_another_thing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Status changed from New to Closed because the client did not answer",
        "Status changed from New to Closed by workflow rule No Response 3 days",
        "Status changed from New to Closed as requested by client",
        "Status changed from New to Closed. E-mail notification failed.",
        "After client did not reply, status changed from New to Closed",
        "Service request 55 status changed from New to Closed",
        "55: status changed from New to Closed",
        "Ticket 55's status changed from New to Closed",
        "2025-03-04 10:04 Status changed from New to Closed",
        "On 3 May 2025 status changed from New to Closed",
        "Resource Jane Smith changed status from New to Closed",
        "New Hire changed the status from New to Closed",
        "Email connector changed status from New to Closed",
        "Status updated from New to Closed, client notified",
        "Status: Closed ← New",
        "Status: New ➡ Closed",
        "Changes: Status [New » Closed]",
        "Status changed from /New/ to /Closed/",
        "Status change - From: New - To: Closed",
        'Status \\"New\\" changed to \\"Closed\\"',
        "Status 《New》 changed to 《Closed》",
        "Status ‚New‘ changed to ‚Closed‘",
    ],
)
def test_the_same_words_elsewhere_leave_a_change_certain(text):
    assert told(text) == [("status", "New", "Closed")]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Pending", "Scheduled"), ("Scheduled", "Pending"), ("Not Closed", "Closed"), ("To Do", "Not Closed")],
)
@pytest.mark.parametrize(
    "sentence", ["Status changed from {0} to {1}", "Status updated to {1} (was {0})", "Status: {0} -> {1}"]
)
def test_a_status_may_bear_such_a_word_as_its_name(sentence, old, new):
    assert told(sentence.format(old, new)) == [("status", old, new)]


@pytest.mark.parametrize(
    "renamed",
    ["Closed - Duplicate", "Closed (Resolved)", "Waiting, Vendor", "Waiting on the Vendor", "Waiting on Monitoring",
     "Closed and Billed", "Waiting|Vendor", "Closed by Client", "Waiting [Vendor]", "Waiting/Vendor"],
)  # fmt: skip
@pytest.mark.parametrize("sentence", ["Status changed from New to {}", "Status set to {}", "Status: New -> {}"])
def test_a_longer_name_that_the_settings_no_longer_show_is_not_read_as_the_shorter_one(sentence, renamed):
    assert not {"Closed", "Waiting"} & {new for _, _, new in told(sentence.format(renamed))}
    assert read(sentence.format(renamed))


def test_in_quotes_such_a_name_is_read():
    assert told('Status changed from "New" to "Closed - Duplicate"') == [("status", "New", "Closed - Duplicate")]


@pytest.mark.parametrize(
    "text",
    [
        "Status changed from New to Closed, and from Closed to Waiting",
        "Status changed from New to Closed then to Waiting",
        "Status changed from New to Closed via Waiting",
        "Status changed from New to either Closed or Waiting",
    ],
)
def test_a_third_value_leaves_the_change_open(text):
    assert listed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ticket Closed",
        "Previous status: New",
        "Impact/Priority changed from Low to High",
        "The ticket has entered Closed",
        "Status: [-New-]{+Closed+}",
        "Status\n- New\n+ Closed",
        "<tr><td>Status</td><td>New</td><td>Closed</td></tr>",
        "상태가 New에서 Closed(으)로 변경되었습니다",
        "Time entry saved and status changed from New to Closed",
    ],
)
def test_what_cannot_be_read_is_listed_and_not_passed_over(text):
    assert listed(text)


@pytest.mark.parametrize("source", ["portal", "API", "Outlook add-in", "mobile app", "workflow"])
def test_where_a_change_came_from_is_no_old_value(source):
    assert told(f"Status changed from {source} to Closed") == [("status", None, "Closed")]


@pytest.mark.parametrize(
    "text",
    [
        "Ticket deleted attachment.pdf",
        "Ticket was deleted from the schedule of Jane Smith",
        "Ticket was deleted and restored",
        "Record deleted: time entry 12",
        "Ticket could not be merged into #99",
        "Merged into ticket #99 (undone)",
        "Contact Bob merged into #99",
        "Notes of ticket #99 merged into this ticket",
    ],
)
def test_a_deletion_or_a_merge_that_is_not_certain_excludes_nothing(text):
    assert listed(text)


@pytest.mark.parametrize(
    "text", ["Status of " * 390 + "New to Closed", "Status set to Closed " + ", A" * 1200, "(" * 3900 + " into New x"]
)
def test_a_line_written_to_keep_the_reader_busy_is_not_looked_at_from_every_side(text):
    """Every pair of direction words is a reading, and every comma may end a value: 70 seconds for 4,000 characters."""
    assert told(text) == []
