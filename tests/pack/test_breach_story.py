"""Each missed target bears the cause as it was recorded then, its overrun, and when and how it was met afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from psa_evidence.pack.behind import Behind
from psa_evidence.pack.breach_story import NO_CAUSE, NOT_CURED, cause_words, story_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.missed import misses
from psa_evidence.pack.parts import breaches
from psa_evidence.spi import Silent

ENTERED = datetime.fromisoformat("2025-03-05T15:00:00+00:00")


def stamp(minutes):
    return (ENTERED + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def told(empty_vault, new_psa, matter, connector):
    """Ticket 1002: answered after 100 minutes (60 promised), closed after 400 (240 promised); these records beside."""

    def run(*, notes=(), entries=(), reading="contract", stage="response"):
        psa = new_psa().story()
        psa.rows = [row for row in psa.rows if not (row[0] in {"note", "time_entry"} and row[4] == "ticket/1002")]
        for n, (minutes, text, internal) in enumerate(notes):
            psa.add("note", {
                "id": 7000 + n, "noteType": "TicketNote", "ticket": {"id": 1002}, "text": text,
                "detailDescriptionFlag": not internal, "internalAnalysisFlag": internal, "resolutionFlag": False,
                "member": {"id": 5, "identifier": "tbell", "name": "Tessa"},
                "_info": {"dateEntered": stamp(minutes), "lastUpdated": stamp(minutes)},
            }, at=ENTERED, client="10", parent="ticket/1002")  # fmt: skip
        for n, (start, typed, text) in enumerate(entries):
            psa.add("time_entry", {
                "id": 8000 + n, "company": {"id": 10}, "chargeToId": 1002, "chargeToType": "ServiceTicket",
                "member": {"id": 5, "identifier": "tbell", "name": "Tessa"}, "timeStart": stamp(start),
                "timeEnd": stamp(start + 10), "actualHours": 0.2, "notes": text, "enteredBy": "tbell",
                "dateEntered": stamp(typed), "ticket": {"id": 1002},
            }, at=ENTERED, client="10", parent="ticket/1002")  # fmt: skip
        psa.fill(empty_vault)
        dossier = gather(matter, empty_vault, connector, software="test", progress=Silent()).dossier
        (miss,) = [m for m in misses(dossier, reading) if (m.ticket.id, m.result.stage) == ("1002", stage)]
        return dossier, miss, story_of(dossier, miss)

    return run


def test_the_cause_is_what_was_written_while_the_stage_ran(told):
    dossier, _, story = told(notes=[
        (20, "Everyone is at the flooded site.", True), (90, "Waiting for Sam to come back.", True),
        (100, "I am looking at it now.", False), (500, "It was the dog who ate it.", True),
    ])  # fmt: skip
    assert story.cause.text == "Waiting for Sam to come back."
    assert "internal note 7001" in cause_words(dossier, story)


def test_a_message_to_the_client_is_the_cause_when_no_note_was_kept(told):
    _, _, story = told(notes=[(100, "Sorry for the wait, half of us are ill.", False)])
    assert story.cause.text == "Sorry for the wait, half of us are ill."


def test_what_was_typed_in_days_later_is_no_cause_recorded_then(told):
    """The attack: an excuse written into a time entry after the complaint, dated back to the day."""
    dossier, _, story = told(entries=[(150, 60 * 24 * 9, "Client had not told us which server.")], stage="resolution")
    assert story.cause is None
    assert cause_words(dossier, story).startswith(NO_CAUSE)


def test_a_time_entry_typed_in_the_same_day_is(told):
    _, _, story = told(entries=[(150, 420, "Waited for the key of the server room.")], stage="resolution")
    assert story.cause.text == "Waited for the key of the server room."


def test_a_long_text_is_shortened_openly(told):
    dossier, _, story = told(notes=[(90, "word " * 200, True)])
    assert "[...] (whole in the exhibit)" in cause_words(dossier, story)
    assert story.cause.text == "word " * 200


def test_the_cure_names_the_record_of_the_instant(told):
    _, miss, story = told(notes=[(100, "I am looking at it now.", False)])
    assert miss.overrun == 2400
    assert "2025-03-05 11:40:00 -05:00" in story.cure
    assert story.cured_by.key in {"note/7000", "history/1002-0000000000000001"}


def test_the_cure_of_a_resolution_is_the_status_that_ended_it(told):
    _, _, story = told(notes=[(100, "I am looking at it now.", False)], stage="resolution")
    assert "status Closed by tbell" in story.cure
    assert story.status.new == "In Progress"


def test_a_target_not_met_by_the_records_date_has_no_cure(told):
    dossier, miss, _ = told(notes=[(100, "x", False)])
    still_open = type(miss)(miss.ticket, _Open(miss.result))
    assert story_of(dossier, still_open).cure == NOT_CURED


class _Open:
    """The same result, not met."""

    def __init__(self, result):
        self._result = result
        self.met_at = None

    def __getattr__(self, name):
        return getattr(self._result, name)


def test_the_message_that_opened_the_ticket_is_no_cause(told):
    dossier, _, story = told(notes=[(0, "ALERT: the agent has not reported for 72 hours", False)], stage="resolution")
    assert story.cause is None
    assert cause_words(dossier, story).startswith(NO_CAUSE)


def test_a_copy_that_withholds_records_of_the_ticket_says_so_beside_its_last_word(told):
    """The internal note is the last word; the copy without it must not give out the one before as the last."""
    dossier, *_ = told(
        notes=[(10, "We look at it", False), (50, "Nobody is here who knows it", True)], stage="resolution"
    )
    silent = breaches.part(dossier, 8)
    assert "withheld from this copy" not in repr(silent)
    kept = tuple(m for m in dossier.records.messages if not m.internal)
    copy = replace(
        dossier, records=replace(dossier.records, messages=kept), behind=Behind(records={"1002": 1})
    )  # fmt: skip
    rows = [row for b in breaches.part(copy, 8).blocks for row in getattr(b, "rows", ()) if row[1] == "1002"]
    said = [row[-1] for row in rows if "We look at it" in row[-1]]
    assert said
    assert all("1 record of this ticket withheld from this copy" in words for words in said)
