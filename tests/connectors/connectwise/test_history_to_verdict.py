"""From audit lines to a verdict: what the history determines is counted, and what it leaves open is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from psa_evidence.sla import evaluate

DAY = "2025-03-04T"
AS_OF = datetime(2025, 3, 5, tzinfo=UTC)
WORDINGS = {
    "plain": "Status changed from {old} to {new}",
    "labels": "Field: Status\nOld value: {old}\nNew value: {new}",
    "arrow": "[Status] {old} => {new}",
    "reversed": "Status is now '{new}' (previously '{old}')",
    "german": "Der Status wurde von „{old}“ auf „{new}“ geändert.",
    "html": "<b>Status</b> changed from <i>{old}</i> to <i>{new}</i>",
    "no field": "Ticket moved from {old} to {new} by jdoe",
}


@pytest.fixture
def told(raw, interpret):
    """Results of ticket 1: entered at 10:00, with these lines of (time, text) and the last status."""

    def run(lines, *, status="Closed", shuffled=False, **more):
        ids = {"New": 10, "Waiting": 11, "Waiting on Owner": 12, "Working": 13, "Closed": 14, "Closed - Billed": 15}
        meanings = ("NotResponded", "NoEscalation", "NoEscalation", "Responded", "Resolved", "Resolved")
        records = [
            raw("board", "1", {"id": 1, "name": "Help Desk"}),
            raw("priority", "5", {"id": 5, "name": "High"}), raw("priority", "6", {"id": 6, "name": "Low"}),
            raw("member", "7", {"id": 7, "identifier": "jdoe", "firstName": "Jane", "lastName": "Doe",
                                "licenseClass": "F"}),
            raw("sla", "3", {"id": 3, "name": "Gold", "basedOn": "AllHours", "respondHours": 1, "planWithin": 2,
                             "resolutionHours": 4}),
            raw("sla_target", "60", {"id": 60, "sla": {"id": 3}, "priority": {"id": 5}, "respondHours": 1,
                                     "planWithin": 2, "resolutionHours": 4}, parent="sla/3"),
            raw("sla_target", "61", {"id": 61, "sla": {"id": 3}, "priority": {"id": 6}, "respondHours": 1,
                                     "planWithin": 2, "resolutionHours": 8}, parent="sla/3"),
            *(
                raw("status", str(number), {
                    "id": number, "name": name, "board": {"id": 1}, "escalationStatus": meaning,
                    "closedStatus": name.startswith("Closed"),
                }, parent="board/1")
                for (name, number), meaning in zip(ids.items(), meanings, strict=True)
            ),
            raw("ticket", "1", {
                "id": 1, "board": {"id": 1}, "status": {"id": ids[status], "name": status}, "sla": {"id": 3},
                "priority": {"id": 5, "name": "High"}, "dateEntered": DAY + "10:00:00Z",
                "closedFlag": status.startswith("Closed"), **more,
            }, client="9"),
        ]  # fmt: skip
        entries = [
            raw("history", f"1-{n:016x}", {"text": text, "enteredDate": f"{DAY}{at}Z", "enteredBy": "jdoe",
                                           "auditType": "Ticket", "auditSource": "Member"}, parent="ticket/1")
            for n, (at, text) in enumerate(lines)
        ]  # fmt: skip
        found = interpret([*records, *(reversed(entries) if shuffled else entries)])
        (ticket,) = evaluate(found, as_of=AS_OF)
        return ticket, found

    return run


def figures(ticket, stage="resolution"):
    result = ticket.result(stage, "contract")
    return result.verdict, result.elapsed_seconds, result.paused_seconds


def said(wording, *steps):
    return [(at, WORDINGS[wording].format(old=old, new=new)) for at, old, new in steps]


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_wording_gives_the_same_seconds(told, wording):
    """Waiting from 10:30 to 15:30 of 10:00 to 16:00: an hour of work."""
    ticket, _ = told([("10:00:00", "Ticket #1 was created."), *said(
        wording, ("10:10:00", "New", "Working"), ("10:30:00", "Working", "Waiting on Owner"),
        ("15:30:00", "Waiting on Owner", "Working"), ("16:00:00", "Working", "Closed"),
    )])  # fmt: skip
    assert figures(ticket) == ("met", 3600, 5 * 3600)
    assert ticket.result("resolution", "strict").verdict == "missed"


@pytest.mark.parametrize("wording", WORDINGS)
def test_closed_is_not_closed_billed(told, wording):
    """The ticket was solved when it was closed, not when it was billed."""
    ticket, _ = told(
        said(
            wording,
            ("10:10:00", "New", "Working"),
            ("11:00:00", "Working", "Closed"),
            ("18:00:00", "Closed", "Closed - Billed"),
        ),
        status="Closed - Billed",
    )
    assert figures(ticket) == ("met", 3600, 0)


def test_entries_out_of_order_give_the_same_result(told):
    lines = said("plain", ("10:10:00", "New", "Working"), ("10:30:00", "Working", "Waiting"),
                 ("15:30:00", "Waiting", "Working"), ("16:00:00", "Working", "Closed"))  # fmt: skip
    assert told(lines)[0] == told(lines, shuffled=True)[0]


@pytest.mark.parametrize("text", ["Ticket created with status Waiting", 'Ticket #1 opened as "Waiting"'])
def test_created_in_a_pausing_status_is_paused_from_the_start(told, text):
    ticket, _ = told([
        ("10:00:00", text), *said("plain", ("15:00:00", "Waiting", "Working"), ("15:30:00", "Working", "Closed")),
    ])  # fmt: skip
    assert figures(ticket) == ("met", 1800, 5 * 3600)


def test_reopening_goes_on_counting(told):
    ticket, _ = told([
        ("10:00:00", "Ticket created. Status: New"),
        *said("labels", ("10:10:00", "New", "Working"), ("11:00:00", "Working", "Closed"),
              ("12:00:00", "Closed", "Working"), ("16:30:00", "Working", "Closed")),
    ])  # fmt: skip
    result = ticket.result("resolution", "contract")
    assert result.verdict == "missed"
    assert result.met_at == datetime(2025, 3, 4, 16, 30, tzinfo=UTC)


def test_two_changes_in_one_second_that_chain_are_ordered(told):
    for reverse in (False, True):
        steps = said("arrow", ("10:30:00", "Working", "Waiting"), ("10:30:00", "Waiting", "Closed"))
        ticket, _ = told([
            ("10:00:00", "Ticket created. Status: New"), *said("plain", ("10:10:00", "New", "Working")),
            *(reversed(steps) if reverse else steps),
        ])  # fmt: skip
        assert figures(ticket) == ("met", 1800, 0)


def test_two_changes_in_one_second_that_do_not_chain_are_not_determined(told):
    """Which of the two was last decides whether the next six hours were paused."""
    ticket, _ = told([
        ("10:00:00", "Ticket created. Status: New"), ("10:30:00", "Status set to Waiting"),
        ("10:30:00", "Status set to Working"), ("16:30:00", "Status set to Closed"),
    ])  # fmt: skip
    result = ticket.result("resolution", "contract")
    assert result.verdict == "not determined"
    assert "same second" in result.reason


def test_a_history_that_begins_late_is_not_determined(told):
    ticket, _ = told(said("plain", ("15:00:00", "Waiting", "Working"), ("16:00:00", "Working", "Closed"))[1:])
    result = ticket.result("resolution", "contract")
    assert result.verdict == "not determined"
    assert "begins only" in result.reason


def test_several_changes_in_one_entry_all_count(told):
    """Solved with priority High, whose target is four hours; Low would have had eight."""
    ticket, found = told([
        ("10:00:00", "Ticket created. Status: New. Priority: Low"),
        ("10:20:00", "Status: New -> Working; Priority: Low -> High"), ("15:00:00", "Status: Working -> Closed"),
    ])  # fmt: skip
    assert [(c.field, c.old, c.new) for c in found.changes][-3:] == [
        ("status", "New", "Working"), ("priority", "Low", "High"), ("status", "Working", "Closed"),
    ]  # fmt: skip
    assert figures(ticket) == ("missed", 5 * 3600, 0)


def test_a_line_with_two_readings_leaves_the_verdict_open_and_is_listed(told):
    ticket, found = told([
        ("10:00:00", "Ticket created. Status: New"), ("10:30:00", "Status: Waiting, Working"),
        ("16:30:00", "Status set to Closed"),
    ])  # fmt: skip
    assert len(found.unread) == 1
    result = ticket.result("resolution", "contract")
    assert result.verdict == "not determined"
    assert "cannot be read" in result.reason


def test_a_renamed_status_is_unknown_to_the_clock_and_said_so(told):
    ticket, found = told([
        ("10:00:00", "Ticket created. Status: New"),
        *said("plain", ("10:30:00", "New", "Parked"), ("16:30:00", "Parked", "Closed")),
    ])  # fmt: skip
    assert found.changes[-1].old == "Parked"
    result = ticket.result("resolution", "contract")
    assert result.verdict == "not determined"
    assert "Parked" in result.reason


def test_lines_about_a_child_ticket_do_not_move_this_one(told):
    ticket, found = told([
        ("10:00:00", "Ticket created. Status: New"), *said("plain", ("10:10:00", "New", "Working")),
        ("10:20:00", "Child ticket #77 status changed from New to Closed"),
        *said("plain", ("16:00:00", "Working", "Closed")),
    ])  # fmt: skip
    assert figures(ticket) == ("missed", 6 * 3600, 0)
    assert found.unread == ()


def test_a_merged_ticket_is_excluded_with_the_one_that_was_kept(told):
    ticket, _ = told([("10:00:00", "Ticket created. Status: New"), ("10:20:00", "This ticket was merged into #77")])
    result = ticket.result("resolution", "contract")
    assert (result.verdict, result.reason) == ("excluded", "merged into 77")
