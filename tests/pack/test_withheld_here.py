"""An exhibit of a copy that withholds records of it says so on its page, and does not deny that there are any."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.matter import CopyRules, Rule
from psa_evidence.pack.exhibits import exhibits
from psa_evidence.pack.gather import gather
from psa_evidence.spi import Silent

SLIP = "Withheld from this copy: 1 record of this ticket."


@pytest.fixture
def shown(vault, matter, connector, psa):
    """Exhibits of a copy by their ids, as text; ticket 1003 has an internal note."""
    psa.add("note", {
        "id": 7002, "noteType": "TicketNote", "ticket": {"id": 1003}, "text": "Between us",
        "internalAnalysisFlag": True, "member": {"id": 5, "name": "Tessa"},
        "_info": {"dateEntered": "2025-04-01T15:00:00Z", "enteredBy": "tbell"},
    }, client="10", parent="ticket/1003")  # fmt: skip
    psa.fill(vault)

    def run(*rules):
        copies = (("production", CopyRules(withhold=rules)),)
        chosen = replace(matter, copies=copies).as_copy("production")
        dossier = gather(chosen, vault, connector, software="test", progress=Silent()).dossier
        return {e.id: repr(e) for e in exhibits(dossier)}

    return run


def test_the_exhibit_of_a_ticket_has_a_slip_and_others_have_none(shown):
    made = shown(Rule(reason="privilege", internal=True))
    assert SLIP in made["T-1003"]
    assert SLIP not in made["T-1001"]


def test_a_copy_that_withholds_nothing_says_nothing_of_it(shown):
    assert not any("ithheld from this copy" in text or "this copy withholds" in text for text in shown().values())


def test_where_a_kind_is_withheld_no_exhibit_denies_that_there_are_records_of_it(shown):
    made = shown(Rule(reason="confidential", kinds=("note", "time_entry")))
    assert "No note or e-mail was captured" not in made["T-1001"]
    assert "No time entry was captured" not in made["T-1001"]
    assert made["T-1001"].count("None is shown; this copy withholds records of this kind.") == 2
