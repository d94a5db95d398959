"""What the report says of how records are kept: who enters, since when there are any, what changed in the set-up."""

from datetime import UTC, datetime

import pytest

from psa_evidence.pack.settings_updated import SettingUpdated, settings_updated
from psa_evidence.records import Digest
from psa_evidence.spi import ConnectorInfo, RawRecord

INFO = ConnectorInfo(name="x", title="X", version="1", settings=(), editor="/_info/by", edited_at="/_info/at")


def raw(body, kind="sla"):
    return RawRecord(
        kind=kind, id="1", sha256=Digest("0" * 64), body=body, client=None, parent=None, capture="c",
        captured_at=datetime(2025, 7, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "at", "by"),
    [
        (b'{"_info": {"at": "2025-03-04T10:00:00Z", "by": "tbell"}}', datetime(2025, 3, 4, 10, tzinfo=UTC), "tbell"),
        (b'{"_info": {"at": "2025-03-04T10:00:00"}}', datetime(2025, 3, 4, 10, tzinfo=UTC), ""),
        (b'{"_info": {"at": "tomorrow", "by": "tbell"}}', None, ""),
        (b'{"_info": 3}', None, ""),
        (b"no JSON", None, ""),
    ],
)
def test_a_setting_says_itself_when_and_by_whom_it_was_updated_last(body, at, by):
    assert settings_updated([raw(body)], INFO) == (SettingUpdated("sla", "1", at, by),)


def test_only_settings_that_figures_rest_on_are_asked():
    assert settings_updated([raw(b"{}", "ticket"), raw(b"{}", "member")], INFO) == ()


@pytest.fixture
def part(make, psa, empty_vault, pages):
    def run(**more):
        psa.fill(empty_vault)
        make(empty_vault, **more)
        return next(p for p in pages.content.parts if p.id == "record-keeping")

    return run


def rows_of(part):
    return dict(row for b in part.blocks if hasattr(b, "rows") and not hasattr(b, "columns") for row in b.rows)


def test_the_first_ticket_that_any_capture_got_is_named_though_it_is_out_of_scope(part):
    rows = rows_of(part())
    assert rows["First ticket captured"] == ("entered 2024-12-31 10:00:00 -05:00 (2024-12-31T15:00:00Z)")
    assert rows["Last ticket captured"] == "entered 2025-06-15 11:00:00 -04:00 (2025-06-15T15:00:00Z)"
    assert rows["Asked for"] == "tickets of all time, by at least one capture"
    assert rows["With an audit trail"] == "3 of 3 tickets"
    assert rows["Kept by the PSA"] == "for how long, it does not state"


def test_a_key_that_stands_in_two_lists_is_one_and_its_notes_are_counted(part, psa):
    """The PSA lists a program's key among the members and among the API members."""
    psa.add("member", {"id": 9, "identifier": "rmmapi", "firstName": "RMM", "lastName": "", "licenseClass": "A"})
    psa.add("api_member", {"id": 12, "identifier": "rmmapi"})
    for kind, _, row, *_ in psa.rows:
        if kind == "note" and row["id"] == 100100:
            row.pop("contact")
            row["member"] = {"id": 9, "identifier": "rmmapi", "name": "RMM"}
            row["_info"]["enteredBy"] = "RMMapi"
    rows = rows_of(part())
    assert rows["Members in the PSA"] == "1 person, 1 key of programs"
    assert rows["Notes by such keys"] == "1 of 3 notes"


def test_a_setting_that_was_updated_in_the_period_is_listed_with_its_exhibit(part, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "sla":
            row["_info"] = {"lastUpdated": "2025-03-04T10:00:00Z", "updatedBy": "tbell"}
        if kind == "priority":
            row["_info"] = {"lastUpdated": "2025-06-20T10:00:00Z", "updatedBy": "tbell"}
    made = part()
    [table] = [b for b in made.blocks if getattr(b, "columns", ()) and b.columns[0].title == "Setting"]
    [(key, at, by, cite)] = table.rows
    assert (key, at, by, cite.exhibit) == ("sla/1", "2025-03-04 05:00:00 -05:00", "tbell", "S-SETTINGS")
    said = next(b.text for b in made.blocks if getattr(b, "text", "").startswith("9 settings"))
    assert "2 state when they were last updated, 1 in the period, 1 after it, 0 before it." in said


def test_no_setting_updated_in_the_period_is_said_in_numbers(part):
    made = part()
    assert not [b for b in made.blocks if getattr(b, "columns", ()) and b.columns[0].title == "Setting"]
    said = next(b.text for b in made.blocks if getattr(b, "text", "").startswith("9 settings"))
    assert (
        "0 state when they were last updated, 0 in the period, 0 after it, 0 before it. They were captured 1 t" in said
    )
