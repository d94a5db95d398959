"""What hangs on tickets and agreements beside the main records, and what a capture says of its completeness."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest

from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.spi import Cite, Silent

AT = "2025-03-05T16:00:00Z"
INFO = {"lastUpdated": AT, "updatedBy": "tbell", "dateEntered": AT, "enteredBy": "tbell"}
FACTS = (
    ("ticket_numbers_first", 990), ("ticket_numbers_last", 1999), ("ticket_numbers_listed", 6),
    ("ticket_numbers_of_other_clients", 4), ("ticket_numbers_of_project_tickets", 3),
    ("ticket_numbers_in_no_list", 997),
    ("ticket_numbers_complete", True), ("ticket_numbers_in_no_list_are", "991-1000, 1004-1499"),
    ("not_offered", "time/workTypes"), ("empty_lists", "sales/activities (level All)"), ("excluded_boards", None),
    ("clock_offset_seconds", -0.0), ("ids_as_text", 4711),
)  # fmt: skip


def texts(value):
    if isinstance(value, str | Cite):
        yield value if isinstance(value, str) else value.text
    if isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


@pytest.fixture
def content(psa, connector, matter, empty_vault):
    hang = {"client": "10", "parent": "ticket/1002"}
    psa.add("task", {"id": 1, "ticketId": 1002, "notes": "Test the restore", "closedFlag": True, "_info": INFO}, **hang)
    psa.add("ticket_configuration", {"id": 66, "deviceIdentifier": "NW-SRV-01"}, id="1002-66", **hang)
    psa.add("time_audit", {
        "id": 8, "type": "DateTime", "message": "End time changed", "oldValue": "16:10", "newValue": "17:40",
        "member": {"id": 5, "identifier": "tbell"}, "_info": INFO,
    }, client="10", parent="time_entry/100201")  # fmt: skip
    terms = {"client": "10", "parent": "agreement/50"}
    psa.add("adjustment", {"id": 2, "agreementId": 50, "amount": -2.0, "description": "Goodwill credit"}, **terms)
    psa.add("agreement_work_type", {
        "id": 3, "agreementId": 50, "workType": {"id": 3, "name": "After Hours"}, "rateType": "Multiplier", "rate": 1.5,
    }, **terms)  # fmt: skip
    psa.add("work_type_exclusion", {"id": 4, "agreementId": 50, "workType": {"id": 5, "name": "Cabling"}}, **terms)
    psa.add(
        "record_history",
        {"text": "Rate changed.", "enteredDate": AT, "enteredBy": "boss"},
        id="agreement-50-a",
        **terms,
    )
    psa.fill(empty_vault, facts=FACTS)
    dossier = gather(matter, empty_vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
    return dossier, content_of(dossier, Silent())


def words(exhibit):
    return " ".join(texts(exhibit.blocks))


def exhibit(content, name):
    return next(e for e in content.exhibits if e.id == name)


def test_a_tickets_exhibit_shows_tasks_devices_and_old_and_new_times(content):
    dossier, made = content
    shown = words(exhibit(made, "T-1002"))
    for text in ("Test the restore", "NW-SRV-01", "16:10", "17:40", "End time changed"):
        assert text in shown
    assert "Tasks (" not in words(exhibit(made, "T-1001"))
    for key in ("task/1", "ticket_configuration/1002-66", "time_audit/8"):
        assert dossier.exhibit_of[key] == "T-1002"
        assert key in {s.key for s in exhibit(made, "T-1002").sources}


def test_an_agreements_exhibit_shows_credits_rates_exclusions_and_who_changed_it(content):
    dossier, made = content
    shown = words(exhibit(made, "A-50"))
    for text in ("Goodwill credit", "-2.00", "After Hours", "1.50", "Multiplier", "Cabling", "Rate changed.", "boss"):
        assert text in shown
    assert dossier.exhibit_of["adjustment/2"] == "A-50"


def test_the_scope_says_whose_the_numbers_are_and_what_the_capture_states(content):
    _, made = content
    shown = " ".join(texts(next(p for p in made.parts if p.id == "scope").blocks))
    for text in ("all from 990 to 1999", "1,010", "997", "991-1000, 1004-1499", "time/workTypes", "level All"):
        assert text in shown
    assert "hidden from the key" in shown
    assert "Service boards hidden from the key not known" in shown
    kept = " ".join(texts(next(p for p in made.parts if p.id == "record-keeping").blocks))
    assert "What each capture says of its source" in kept
    assert "not offered" not in kept  # said once
    assert "+0.0 s over" in kept
    assert "in seconds 0.0" in shown
    assert "numbers came as text, and were read as numbers 4711" in shown
    assert "excluded boards" not in kept
