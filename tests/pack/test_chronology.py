"""A reminder by letter or a meeting is a communication, although it hangs on no ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from psa_evidence.pack.events import events
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import chronology, recommendations
from psa_evidence.spi import Silent, Table


@pytest.fixture
def dossier(vault, matter, connector, psa):
    for number, at, name, notes in (
        (8002, "2025-03-20T14:00:00Z", "Final notice before collection", "Registered letter, delivered."),
        (8001, "2025-02-20T14:00:00Z", "Quarterly review", ""),
    ):
        psa.add("activity", {
            "id": number, "name": name, "type": {"id": 1, "name": "Letter"}, "company": {"id": 10}, "notes": notes,
            "contact": {"id": 7, "name": "Ann Client"}, "assignTo": {"id": 5, "identifier": "tbell"}, "dateStart": at,
        }, client="10")  # fmt: skip
    psa.add("document", {
        "id": 79, "title": "Notice of termination", "recordType": "Company", "recordId": 10,
        "_info": {"dateEntered": "2025-04-07T14:00:00Z", "enteredBy": "tbell"},
    }, client="10", parent="client/10")  # fmt: skip
    psa.fill(vault)
    return gather(matter, vault, connector, software="test", progress=Silent()).dossier


def test_activities_stand_in_the_chronology_by_time(dossier):
    tables = [b for b in chronology.part(dossier, 13).blocks if isinstance(b, Table)]
    assert [(row[0][:10], row[2], row[3], row[4].exhibit) for row in tables[-1].rows] == [
        ("2025-02-20", "Letter", "Quarterly review\nno notes", "Y-LIST"),
        ("2025-03-20", "Letter", "Final notice before collection\nRegistered letter, delivered.", "Y-LIST"),
    ]


def test_a_copy_says_how_many_it_withholds(dossier):
    copy = replace(dossier, withheld=(("activity", "privilege", 2),))
    assert "This copy withholds 2 activities." in repr(chronology.part(copy, 13))


def test_activities_and_documents_are_dated_facts(dossier):
    made = {e.key: (e.at.date().isoformat(), e.text, e.topic) for e in events(dossier)}
    assert made["activity/8002"] == ("2025-03-20", "Letter: Final notice before collection", "activity")
    assert made["document/79"] == ("2025-04-07", "A document was added: Notice of termination", "document added")


def test_what_was_said_of_advice_outside_the_period_is_not_denied(vault, matter, connector, psa):
    """Advice is in, whatever its age; without the meetings about it the report said that none is recorded."""
    for number, at, about in (
        (8003, datetime(2024, 11, 20, 14, tzinfo=UTC), {"opportunity": {"id": 30}}),
        (8004, datetime(2025, 6, 20, 14, tzinfo=UTC), {"opportunity": {"id": 30}}),
        (8005, datetime(2025, 6, 20, 14, tzinfo=UTC), {}),
        (8006, datetime(2025, 6, 20, 14, tzinfo=UTC), {"ticket": {"id": 1003}}),
    ):
        psa.add("activity", {
            "id": number, "name": "Backup presented", "type": {"id": 1, "name": "Meeting"}, "company": {"id": 10},
            "dateStart": at.isoformat().replace("+00:00", "Z"), **about,
        }, client="10", at=at)  # fmt: skip
    psa.fill(vault)
    dossier = gather(matter, vault, connector, software="test", progress=Silent()).dossier
    assert [a.id for a in dossier.activities["30"]] == ["8003", "8004"]
    assert [a.id for a in dossier.records.activities] == ["8003", "8004", "8006"]
    assert "No activity on it is recorded" not in repr(recommendations.part(dossier, 15))
