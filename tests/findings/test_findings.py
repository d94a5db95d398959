from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from psa_evidence.findings import Finding, examine, pauses
from psa_evidence.records import (
    Activity,
    Change,
    Digest,
    HistoryEntry,
    Invoice,
    Message,
    Opportunity,
    Payment,
    PsaSla,
    RecordSet,
    SourceRef,
    Ticket,
    TimeEntry,
    Unread,
)
from psa_evidence.sla import Difference, Interval, StageResult, TicketSla

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")


def ref(kind, number):
    return SourceRef(kind, str(number), Digest("0" * 64))


def finding(name, records=None, results=()) -> Finding:
    found = {f.id: f for f in examine(records or RecordSet(), results, as_of=NOW, zone=ZONE)}
    return found[name]


def texts(found: Finding, *, adverse=None):
    return [s.text for s in found.statements if adverse is None or s.adverse is adverse]


def work(number, late: timedelta, **more):
    ended = NOW - timedelta(days=9)
    return TimeEntry(**{
        "source": ref("time_entry", number), "id": str(number), "ticket_id": "7", "client_id": "1", "member": "ann",
        "started_at": ended, "ended_at": ended, "hours": 0.0, "entered_at": ended + late, **more,
    })  # fmt: skip


def ticket(number=7, **more):
    return Ticket(**{
        "source": ref("ticket", number), "id": str(number), "client_id": "1", "summary": "", "entered_at": NOW, **more,
    })  # fmt: skip


def result(verdict="missed", *, intervals=(), number="7", stage="resolution", paused=0):
    one = StageResult(
        ticket_id=number, stage=stage, reading="contract", verdict=verdict, reason="", intervals=tuple(intervals),
        paused_seconds=paused,
    )  # fmt: skip
    return TicketSla(ticket_id=number, results=(one,))


def message(hours, side, *, internal=False, from_time_entry=False):
    return Message(
        source=ref("note", hours), id=str(hours), ticket_id="7", text="", at=NOW + timedelta(hours=hours), side=side,
        internal=internal, from_time_entry=from_time_entry,
    )  # fmt: skip


def test_every_question_is_answered_also_of_no_records():
    found = examine(RecordSet(), (), as_of=NOW, zone=ZONE)
    assert len({f.id for f in found}) == len(found) == 8
    assert not any(s.adverse for f in found for s in f.statements)
    assert all(f.limits and f.question.endswith("?") for f in found)


def test_time_typed_in_more_than_a_day_later_is_stated_with_the_share_typed_in_time():
    records = RecordSet(
        time_entries=(
            work(1, timedelta(hours=24)), work(2, timedelta(hours=24, seconds=1)), work(3, timedelta(hours=1)),
            work(4, timedelta(), entered_at=None),
        )
    )  # fmt: skip
    found = finding("late-entries", records)
    assert "2 of 3 time entries" in found.statements[0].text
    assert "(66.7 %), 1 later" in found.statements[0].text
    (late,) = [s for s in found.statements if s.adverse]
    assert late.sources == (ref("time_entry", 2),)
    assert late.text.endswith("1 d later.")
    assert (found.examined, "1 entry lacks" in found.limits) == (4, True)


def test_notes_and_time_changed_afterwards_are_stated_and_the_rest_counted():
    made = NOW - timedelta(days=1)
    records = RecordSet(
        messages=(
            replace(message(0, "msp"), at=made, updated_at=made + timedelta(seconds=60)),
            replace(message(1, "msp"), at=made, updated_at=made + timedelta(hours=3), updated_by="bob"),
            message(2, "msp"),
        ),
        time_entries=(work(1, timedelta(), updated_at=NOW),),
    )
    found = finding("edits", records)
    assert len(texts(found, adverse=True)) == 2
    assert any("by bob, 3 h later" in text for text in texts(found))
    assert found.statements[0].text.startswith("Of 4 notes and time entries, 2 were updated")
    assert "1 was not; of 1 the records" in found.statements[0].text


def test_a_note_of_work_is_made_when_it_was_typed_in_and_counts_once_beside_its_time_entry():
    """The PSA lists the text of a time entry among the notes as well, dated with the beginning of the work."""
    entry = work(1, timedelta(hours=1))
    copy = replace(
        message(0, "msp"), ticket_id=entry.ticket_id, at=entry.started_at, from_time_entry=True,
        entered_at=entry.entered_at, updated_at=entry.entered_at,
    )  # fmt: skip
    found = finding("edits", RecordSet(messages=(copy,), time_entries=(replace(entry, updated_at=entry.entered_at),)))
    assert [s.text for s in found.statements] == [
        "Of 1 note or time entry, 0 were updated more than a minute after being made; 1 was not."
    ]
    alone = finding("edits", RecordSet(messages=(replace(copy, entered_at=None),)))
    assert alone.statements[0].text.endswith("of 1 the records do not show both times.")


@pytest.mark.parametrize(
    ("fields", "words", "adverse"),
    [
        ({"lost": True, "reason": "too dear"}, "recorded as declined. Reason recorded: too dear.", False),
        ({"won": True}, "recorded as accepted.", False),
        ({}, "has no answer after 2 d that these records show", True),
    ],
)
def test_advice_is_stated_with_its_answer(fields, words, adverse):
    advice = Opportunity(
        source=ref("opportunity", 1), id="1", name="Backup", client_id="1", entered_at=NOW - timedelta(days=2), **fields
    )
    found = finding("declined-advice", RecordSet(opportunities=(advice,)))
    assert words in found.statements[1].text
    assert found.statements[1].adverse is adverse


def test_a_name_is_quoted_as_received():
    """Not as Python writes it: its escapes stand for characters that the record does not have."""
    advice = Opportunity(
        source=ref("opportunity", 1), id="1", name="O'Brien's \\\\ \u202eplan", client_id="1",
        entered_at=NOW - timedelta(days=2),
    )  # fmt: skip
    found = finding("declined-advice", RecordSet(opportunities=(advice,)))
    assert "The recommendation 'O'Brien's \\\\ \u202eplan'" in found.statements[1].text


def test_unanswered_advice_that_was_followed_up_is_not_adverse_and_shows_the_activity():
    advice = Opportunity(
        source=ref("opportunity", 1), id="1", name="Backup", client_id="1", entered_at=NOW - timedelta(days=2)
    )
    call = Activity(
        source=ref("activity", 5), id="5", name="Call", kind=None, client_id="1", opportunity_id="1",
        starts_at=NOW - timedelta(days=1),
    )  # fmt: skip
    statement = finding("declined-advice", RecordSet(opportunities=(advice,), activities=(call,))).statements[1]
    assert (statement.adverse, statement.sources) == (False, (advice.source, call.source))
    assert "1 activity on it is recorded" in statement.text


def test_open_invoices_are_stated_with_the_days_past_due():
    def invoice(number, balance, due):
        return Invoice(
            source=ref("invoice", number), id=str(number), number=f"INV{number}", client_id="1", total=100.0,
            balance=balance, due_on=due, currency="USD",
        )  # fmt: skip

    records = RecordSet(
        invoices=(
            invoice(1, 40.0, date(2026, 5, 2)), invoice(2, 0.0, None), invoice(3, None, None),
            invoice(4, 100.0, date(2026, 6, 1)), invoice(5, 5.0, None),
        ),
        payments=(Payment(source=ref("payment", 1), id="1", invoice_id="1", amount=60.0, paid_on=None),),
    )  # fmt: skip
    found = finding("unpaid-invoices", records)
    assert found.statements[0].text == (
        "Of 5 invoices, 3 have an open balance and 1 have none; of 1 the balance is not shown by these records."
    )
    assert found.statements[1].text == (
        "Invoice INV1 of 100.00 USD has an open balance of 40.00 USD; due 2026-05-02, 30 days past due on 2026-06-01. "
        "1 payment on it is recorded."
    )
    assert "not yet due" in found.statements[2].text
    assert "due date is not shown" in found.statements[3].text


def test_a_flag_that_says_in_sla_over_a_missed_promise_is_adverse():
    records = RecordSet(tickets=(ticket(psa=PsaSla(in_sla=True)),))
    assert texts(finding("psa-disagreements", records, (result(),)), adverse=True) == [
        "The PSA flags ticket 7 as in SLA; by the contract reading it missed: resolution."
    ]
    assert texts(finding("psa-disagreements", records, (result("met"),)), adverse=True) == []


def test_where_the_psa_gives_a_figure_is_counted_apart_from_all_stages():
    (contract,) = result("met").results
    stated = StageResult("7", "resolution", "psa", "met", "")
    silent = StageResult("7", "plan", "psa", "not determined", "")
    judged = result("met")._replace(results=(contract, stated, silent))
    (text,) = texts(finding("psa-disagreements", RecordSet(tickets=(ticket(),)), (judged,)))
    assert text == (
        "Of 2 stages of 1 ticket the PSA gives a figure or a verdict for 1; 0 of them differ from the computation. No "
        "ticket that missed a target bears the PSA's flag 'in SLA'."
    )


def test_without_a_pause_no_length_is_told():
    assert texts(finding("waiting", RecordSet(), (result("met"),))) == ["The clock stood still in no pause."]


@pytest.mark.parametrize(("psa", "ours", "adverse"), [("met", "missed", True), ("missed", "met", False)])
def test_a_difference_is_adverse_when_the_psa_is_the_kinder(psa, ours, adverse):
    difference = Difference(
        ticket_id="7", stage="response", psa_verdict=psa, our_verdict=ours, seconds=-90, cause="calendar"
    )
    judged = result(ours, stage="response")._replace(differences=(difference,))
    statement = finding("psa-disagreements", RecordSet(tickets=(ticket(),)), (judged,)).statements[1]
    assert statement.adverse is adverse
    assert "1 min 30 s shorter. Likely cause: calendar." in statement.text


def test_gaps_in_numbers_are_neutral_and_recorded_deletions_are_adverse():
    deleted = Change(source=ref("history", 1), ticket_id="9", at=NOW, field="deleted", old=None, new=None, by="bob")
    records = RecordSet(tickets=(ticket(7), ticket(11), ticket(12, merged_into_id="11")), changes=(deleted,))
    found = finding("number-gaps", records)
    assert "numbers from 7 to 12" in found.statements[0].text
    assert "3 numbers between them are not" in found.statements[0].text
    assert texts(found, adverse=True) == [
        "The history of ticket 9 records its deletion 2026-06-01 08:00 -04:00 by bob."
    ]
    assert "Ticket 12 was merged into ticket 11." in texts(found)


def test_without_a_ticket_nothing_is_said_of_numbers():
    """Numbers in no list of the PSA stand beside it: that none are shown would contradict them."""
    (only,) = finding("number-gaps", RecordSet()).statements
    assert (only.text, only.sources) == (
        "No ticket of these records has a number beside which another could be missing.", (),
    )  # fmt: skip


def test_without_a_time_entry_no_share_of_nothing_is_told():
    (only,) = finding("late-entries", RecordSet()).statements
    assert only.text == "No time entry of these records has both times."


def test_lines_that_tell_of_no_change_are_counted_beside_those_that_could_not_be_read():
    """An exhibit prints 'not read' beside them; without the number the report would seem to deny it."""
    lines = tuple(
        HistoryEntry(source=ref("history", n), id=str(n), ticket_id="7", text="?", at=NOW) for n in range(3)
    )  # fmt: skip
    change = Change(source=ref("history", 0), ticket_id="7", at=NOW, field="status", old="New", new="Closed")
    found = finding("unread-history", RecordSet(history=lines, changes=(change,)), (result("met"),))
    assert found.statements[0].text == (
        "Of 3 lines of history, 0 could not be read; 2 tell of no change that a figure rests on, such as an e-mail "
        "sent, and are marked 'not read' in the exhibits; 0 other records could not be read in full."
    )


def test_what_could_not_be_read_is_adverse_where_a_promise_depends_on_it():
    line = HistoryEntry(source=ref("history", 1), id="1", ticket_id="7", text="?", at=NOW)
    unread = (
        Unread(source=ref("history", 1), ticket_id="7", reason="no known status"),
        Unread(source=ref("note", 2), ticket_id="8", reason="no time"),
        Unread(source=ref("invoice", 2), ticket_id=None, reason="no number"),
    )
    found = finding("unread-history", RecordSet(history=(line,), unread=unread), (result("not determined"),))
    assert found.statements[0].text == (
        "Of 1 line of history, 1 could not be read; 2 other records could not be read in full."
    )
    assert texts(found, adverse=True) == [
        "Ticket 7: 1 record or line not read (no known status). A promise on this ticket is not determined."
    ]
    assert len(found.statements) == 4


def pause(start, end, status="Waiting for client"):
    source = ref("history", 1)
    change = Change(
        source=source, ticket_id="7", at=NOW + timedelta(hours=start), field="status", old=None, new=status
    )  # fmt: skip
    interval = Interval(
        start=NOW + timedelta(hours=start), end=NOW + timedelta(hours=end), state="paused", seconds=0,
        why=f"status {status!r} stops the clock", source=source,
    )  # fmt: skip
    return change, interval


def test_a_pause_over_nights_is_one_pause():
    """The clock statement divides at closing time; one silence of three days is not three."""
    change, first = pause(0, 5)
    nights = [
        Interval(start=NOW + timedelta(hours=at), end=NOW + timedelta(hours=at + 19), state="closed", seconds=0, why="")
        for at in (5, 29)
    ]
    days = [first._replace(start=NOW + timedelta(hours=at), end=NOW + timedelta(hours=at + 5)) for at in (24, 48)]
    whole = (first, nights[0], days[0], nights[1], days[1])
    found = finding("waiting", RecordSet(changes=(change,)), (result(intervals=whole, paused=15 * 3600),))
    assert found.statements[0].text.startswith("The clock stood still in 1 pause, 15 h of opening hours in all.")
    assert len(texts(found, adverse=True)) == 1
    (joined,) = pauses(result(intervals=whole).results[0])
    assert (joined.start, joined.end) == (NOW, NOW + timedelta(hours=53))
    assert (joined.open_seconds, joined.seconds) == (15 * 3600, 53 * 3600)


@pytest.mark.parametrize("between", ["counted", "another status", "the same status again"])
def test_pauses_are_joined_only_within_one_status(between):
    _, first = pause(0, 5)
    second = first._replace(start=NOW + timedelta(hours=6), end=NOW + timedelta(hours=9))
    middle = first._replace(start=NOW + timedelta(hours=5), end=NOW + timedelta(hours=6), state="closed")
    if between == "counted":
        middle = middle._replace(state="counted", seconds=3600)
    elif between == "another status":
        second = second._replace(why="status 'Waiting Vendor' stops the clock")
    else:
        second = second._replace(source=ref("history", 2))
    found = pauses(result(intervals=(first, middle, second)).results[0])
    assert [p.open_seconds for p in found] == [5 * 3600, 3 * 3600]


def test_a_pause_for_the_client_after_a_question_to_him_is_borne_out():
    change, interval = pause(0, 10)
    records = RecordSet(tickets=(ticket(),), changes=(change,), messages=(message(-0.5, "msp"), message(9.5, "client")))
    found = finding("waiting", records, (result(intervals=(interval,), paused=7200),))
    assert texts(found) == [
        "The clock stood still in 1 pause, 2 h of opening hours in all. Around the clock: 10 h waiting for the client."
    ]


def test_a_pause_for_the_client_without_a_question_is_stated():
    change, interval = pause(0, 10)
    records = RecordSet(changes=(change,), messages=(message(-2, "msp"), message(1, "msp", internal=True)))
    (text,) = texts(finding("waiting", records, (result(intervals=(interval,)),)), adverse=True)
    assert "no message to the client from an hour before it to its end is shown by these records" in text


@pytest.mark.parametrize(
    "written",
    [message(10, "msp"), message(0, "msp", from_time_entry=True)],
    ids=["as the pause ended", "as the note of a time entry"],
)
def test_what_asks_the_client_for_nothing_does_not_bear_a_pause_out(written):
    """The provider stopped the clock for the client and asked him nothing; the work that followed hid it."""
    change, interval = pause(0, 10)
    records = RecordSet(changes=(change,), messages=(written,))
    (text,) = texts(finding("waiting", records, (result(intervals=(interval,)),)), adverse=True)
    assert "no message to the client" in text


def test_pauses_are_summed_to_the_second():
    change, interval = pause(0, 10)
    found = finding("waiting", RecordSet(changes=(change,)), (result(intervals=(interval,), paused=3665),))
    assert "1 pause, 1 h 01 min 05 s of opening hours" in texts(found)[0]


def test_a_pause_that_went_on_after_the_client_had_answered_is_stated():
    change, interval = pause(0, 10)
    records = RecordSet(changes=(change,), messages=(message(0, "msp"), message(4, "client")))
    (text,) = texts(finding("waiting", records, (result(intervals=(interval,)),)), adverse=True)
    assert "the client wrote 2026-06-01 12:00 -04:00; the clock stayed paused for 6 h more" in text


def test_a_status_that_names_nobody_is_not_attributed():
    change, interval = pause(0, 10, "On hold")
    found = finding("waiting", RecordSet(changes=(change,)), (result(intervals=(interval,)),))
    assert texts(found)[0].endswith("10 h in statuses that name nobody.")
    assert not texts(found, adverse=True)
