"""Rule 11: a promise is taken from the settings that were captured last before the ticket was entered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import methodology
from psa_evidence.pack.settings_in_force import settings_in_force
from psa_evidence.pack.tables import tables
from psa_evidence.spi import Silent

FIRST = datetime(2025, 3, 1, tzinfo=UTC)
SECOND = datetime(2025, 6, 1, tzinfo=UTC)
EARLY, LATE = "1002", "1003"  # entered 5 March and 1 April 2025


def changed(psa, kind, id_, **fields):
    """The PSA after an administrator changed one record of the settings."""
    for n, (a_kind, an_id, row, client, parent, at) in enumerate(psa.rows):
        if (a_kind, an_id) == (kind, id_):
            psa.rows[n] = (a_kind, an_id, {**row, **fields}, client, parent, at)
    return psa


def results(matter, vault, connector):
    dossier = gather(matter, vault, connector, software="test", progress=Silent()).dossier
    return dossier.sla


@pytest.fixture
def both(empty_vault, new_psa):
    """The first capture knew a response target of one hour, the second one of five; hours changed likewise."""

    def fill(kind="sla", id_="1", **fields):
        new_psa().story().fill(empty_vault, start=FIRST)
        changed(new_psa().story(), kind, id_, **fields).fill(empty_vault, start=SECOND)
        return empty_vault

    return fill


def test_the_target_of_the_earlier_capture_governs_a_ticket_entered_after_it(both, matter, connector):
    """Answered after 100 minutes: one hour was promised then, and whoever raised it to five since cannot undo that."""
    result = results(matter, both(respondHours=5.0), connector)[EARLY].result("response", "contract")
    assert (result.target_seconds, result.verdict) == (3600, "missed")
    assert any("2025-03-01" in note for note in result.notes)


def test_the_calendar_of_the_earlier_capture_governs(both, matter, connector):
    result = results(
        matter, both("calendar", "1", wednesdayStartTime="08:00:00", wednesdayEndTime="10:15:00"), connector
    )[EARLY].result("response", "contract")
    assert (result.elapsed_seconds, result.verdict) == (6000, "missed")


def test_what_a_status_meant_then_governs(both, matter, connector):
    """`Waiting on client` was a pause when 1003 was entered; mapped anew afterwards, it would count."""
    paused = results(matter, both("status", "3", escalationStatus="Responded"), connector)[LATE]
    assert paused.result("resolution", "contract").paused_seconds == 160 * 60


def test_without_an_earlier_capture_the_earliest_known_settings_are_used_and_said_to_be(
    empty_vault, new_psa, matter, connector
):
    new_psa().story().fill(empty_vault, start=SECOND)
    changed(new_psa().story(), "sla", "1", respondHours=5.0).fill(empty_vault, start=datetime(2025, 7, 1, tzinfo=UTC))
    result = results(matter, empty_vault, connector)[EARLY].result("response", "contract")
    assert (result.target_seconds, result.verdict) == (3600, "missed")
    assert any("the earliest known ones, captured 2025-06-01" in note for note in result.notes)


def test_a_status_set_up_after_the_earlier_capture_is_known_by_its_first_version(
    empty_vault, new_psa, matter, connector
):
    first = new_psa().story()
    first.rows = [row for row in first.rows if (row[0], row[1]) != ("status", "3")]
    first.fill(empty_vault, start=FIRST)
    new_psa().story().fill(empty_vault, start=SECOND)
    assert results(matter, empty_vault, connector)[LATE].result("resolution", "contract").paused_seconds == 160 * 60


def test_a_target_added_later_to_a_known_sla_was_no_promise_before(empty_vault, new_psa, matter, connector):
    new_psa().story().fill(empty_vault, start=FIRST)
    later = new_psa().story()
    later.add("sla_target", {"id": 9, "sla": {"id": 1}, "priority": {"id": 6}, "respondHours": 9.0}, parent="sla/1")
    later.fill(empty_vault, start=SECOND)
    assert results(matter, empty_vault, connector)[EARLY].result("response", "contract").target_seconds == 3600


def test_captures_that_knew_the_same_share_one_record_set(empty_vault, new_psa, connector):
    for month in (3, 4, 5):
        new_psa().story().fill(empty_vault, start=datetime(2025, month, 1, tzinfo=UTC))
    found = settings_in_force(empty_vault, connector, connection="demo", client="10")
    assert [one.at.month for one in found] == [3, 4, 5]
    assert found[0].records is found[1].records is found[2].records


def test_the_pack_says_which_settings_governed_how_many_tickets(both, matter, connector):
    dossier = gather(matter, both(respondHours=5.0), connector, software="test", progress=Silent()).dossier
    (table,) = (one for one in tables(dossier) if one.name == "sla_results")
    at = [name for name, _ in table.columns].index("settings")
    assert {(row[0], row[at][:10], row[at + 1]) for row in table.rows} == {
        (ticket, "2025-03-01", "before entry") for ticket in ("1001", EARLY, LATE)
    }
    part = str(methodology.part(dossier, 9))
    assert "earliest known" in part
    assert "after that capture and before the next" in part
