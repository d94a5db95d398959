from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from psa_evidence.simulator import running
from psa_evidence.simulator.incident_log import KEPT, TIMES, IncidentLogError
from psa_evidence.simulator.incidents import IncidentStore

REAL = Path(__file__).parents[3] / "shared" / "data" / "incidents" / "incident_event_log.csv.gz"

COLUMNS = ["number", *KEPT, *TIMES]
PLAIN = {
    **dict.fromkeys(KEPT, "?"), "made_sla": "true", "reopen_count": "0", "caller_id": "Caller 12",
    "opened_by": "Opened by  8",
    "contact_type": "Phone", "location": "Location 4", "category": "Category 1", "subcategory": "Subcategory 2",
    "impact": "2 - Medium", "urgency": "1 - High", "priority": "3 - Moderate", "assignment_group": "Group 5",
    "knowledge": "false", "u_priority_confirmation": "false", "closed_code": "code 5", "resolved_by": "Resolved by 149",
    "opened_at": "1/2/2016 01:16", "resolved_at": "29/2/2016 11:29", "closed_at": "5/3/2016 12:00",
}  # fmt: skip


def event(number: str, state: str, updated: str, **other: str) -> dict[str, str]:
    return {
        **PLAIN,
        "number": number,
        "incident_state": state,
        "sys_updated_at": updated,
        "sys_updated_by": "Updated by 21",
    } | other


EVENTS = [
    event("INC0000045", "New", "1/2/2016 01:23"),
    event("INC0000045", "Active", "2/2/2016 08:53", assigned_to="Resolver 31"),
    event("INC0000045", "Active", "2/2/2016 08:53", assigned_to="Resolver 31"),
    event("INC0000045", "Active", "2/2/2016 08:53", assigned_to="Resolver 31"),
    event("INC0000045", "Awaiting User Info", "3/2/2016 09:00", priority="2 - High"),
    event("INC0000045", "Closed", "5/3/2016 12:00", priority="2 - High", made_sla="false"),
    event("INC0000007", "New", "7/2/2016 10:00", location="?", contact_type="Email"),
    event("INC0000007", "-100", "8/2/2016 10:00", location="?", contact_type="Email", opened_by="Opened by 8"),
]


def write(path: Path, events: list[dict[str, str]]) -> Path:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(events)
    return path


@pytest.fixture(params=["log.csv", "log.csv.gz"])
def store(request, tmp_path) -> IncidentStore:
    return IncidentStore(write(tmp_path / request.param, EVENTS))


def test_every_incident_is_a_ticket_and_every_event_one_entry_even_where_entries_look_alike(store) -> None:
    assert [row["id"] for row in store.rows("service/tickets")] == [7, 45]
    assert store.count("service/tickets") == 2
    assert [entry["text"] for entry in store.audit("Ticket", 45)] == [
        'Ticket #45 created with status "New" and priority "3 - Moderate".',
        'Status has been changed from "New" to "Active". Owner has been set to "Resolver 31".',
        "Ticket updated.",
        "Ticket updated.",
        (
            'Status has been changed from "Active" to "Awaiting User Info".'
            ' Priority has been changed from "3 - Moderate" to "2 - High". Owner "Resolver 31" has been removed.'
        ),
        'Status has been changed from "Awaiting User Info" to "Closed".',
    ]
    assert len(store.audit("Ticket", 7)) == 2
    assert store.events == 8


def test_spaces_in_the_log_do_not_make_another_person(store) -> None:
    logins = [row["identifier"] for row in store.rows("system/members")]
    assert sorted(logins) == ["closer149", "opener8", "resolver31", "user21"]


def test_entries_bear_the_event_s_utc_time_and_a_member_s_login(store) -> None:
    entry = store.audit("Ticket", 45)[1]
    assert entry["enteredDate"] == "2016-02-02T08:53:00Z"
    assert entry["enteredBy"] == "user21"
    assert entry["enteredBy"] in {row["identifier"] for row in store.rows("system/members")}


def test_a_ticket_shows_the_last_event_s_state(store) -> None:
    row = store.row("service/tickets", 45)
    assert row["status"]["name"] == "Closed"
    assert row["priority"] == {"id": 2, "name": "2 - High"}
    assert (row["severity"], row["impact"]) == ("High", "Medium")
    assert row["isInSla"] is False
    assert row["closedDate"] == "2016-03-05T12:00:00Z"
    assert row["dateResolved"] == "2016-02-29T11:29:00Z"
    assert row["_info"]["dateEntered"] == "2016-02-01T01:16:00Z"
    assert row["_info"]["lastUpdated"] == "2016-03-05T12:00:00Z"


def test_closing_fields_do_not_show_before_the_ticket_is_closed(store) -> None:
    row = store.row("service/tickets", 7)
    assert row["closedFlag"] is False
    assert not {"closedDate", "closedBy", "dateResolved", "resolvedBy"} & set(row)
    assert "code 5" not in str(store.children("service/tickets", 7, "allNotes"))
    assert not re.search(r"5/3/2016|2016-03-05|Resolved by", str(store.audit("Ticket", 45)[:5]))


def test_rubbish_status_stays_and_unknown_values_are_left_out(store) -> None:
    row = store.row("service/tickets", 7)
    assert row["status"]["name"] == "-100"
    assert "?" not in str(row)
    assert "owner" not in row
    assert "siteName" not in row


def test_each_status_has_a_meaning_for_the_clock(store) -> None:
    for board in store.rows("service/boards"):
        meaning = {
            row["name"]: row["escalationStatus"] for row in store.children("service/boards", board["id"], "statuses")
        }
        assert meaning["New"] == "NotResponded"
        assert {name for name, value in meaning.items() if value == "NoEscalation"} == {
            n for n in meaning if "Awaiting" in n
        }
        assert meaning["Closed"] == meaning["Resolved"] == "Resolved"


def test_references_of_a_ticket_lead_somewhere(store) -> None:
    for row in store.rows("service/tickets"):
        for field, resource in (
            ("company", "company/companies"), ("contact", "company/contacts"), ("agreement", "finance/agreements"),
            ("sla", "service/SLAs"), ("priority", "service/priorities"), ("board", "service/boards"),
        ):  # fmt: skip
            assert store.row(resource, row[field]["id"]) is not None, field
        statuses = store.children("service/boards", row["board"]["id"], "statuses")
        assert row["status"]["id"] in {status["id"] for status in statuses}
        agreement = store.row("finance/agreements", row["agreement"]["id"])
        assert agreement["company"]["id"] == row["company"]["id"]
        assert agreement["sla"] == row["sla"]


def test_each_client_has_one_agreement_with_an_sla_for_each_priority(store) -> None:
    agreements = Counter(row["company"]["id"] for row in store.rows("finance/agreements"))
    assert agreements == Counter(row["id"] for row in store.rows("company/companies"))
    for sla in store.rows("service/SLAs"):
        targets = store.children("service/SLAs", sla["id"], "priorities")
        assert [target["priority"]["id"] for target in targets] == [
            row["id"] for row in store.rows("service/priorities")
        ]


def test_what_is_not_there_is_none(store) -> None:
    assert store.row("service/tickets", 46) is None
    assert store.children("service/tickets", 46, "allNotes") is None
    assert store.children("service/boards", 9, "statuses") is None
    assert store.audit("Ticket", 46) is None
    assert store.audit("Company", 99) is None
    assert store.audit("Company", 1) == ()


def test_rows_of_one_client_are_the_same_as_all_rows_filtered(store) -> None:
    for company in range(1, 41):
        mine = [row for row in store.rows("service/tickets") if row["company"]["id"] == company]
        assert list(store.rows("service/tickets", company=company)) == mine
    assert [row["id"] for row in store.rows("service/tickets", after=7)] == [45]


def test_time_moves_but_the_log_has_no_more_events(store) -> None:
    before, now = list(store.rows("service/tickets")), store.now
    store.advance(timedelta(days=30))
    assert store.now - now == timedelta(days=30)
    assert list(store.rows("service/tickets")) == before


@pytest.mark.parametrize(
    "content",
    [
        b"", b"number,priority\n", b"\x1f\x8bnonsense", b"\xff\xfe\x00", ",".join(COLUMNS).encode() + b"\n1,2\n",
        ",".join(COLUMNS).encode() + b"\n",
    ],
)  # fmt: skip
def test_another_file_is_refused_with_one_kind_of_error(tmp_path, content) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(IncidentLogError):
        IncidentStore(tmp_path / "log")


@pytest.mark.parametrize(
    "change", [{"number": "PRB1"}, {"sys_updated_at": "2016-02-01 10:00"}, {"sys_updated_at": "?"}]
)
def test_a_spoiled_line_is_refused(tmp_path, change) -> None:
    with pytest.raises(IncidentLogError):
        IncidentStore(write(tmp_path / "log.csv", [EVENTS[0] | change]))


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/incidents is not beside the project")
def test_the_real_log_is_served_whole(client, follow) -> None:
    store = IncidentStore(REAL)
    with gzip.open(REAL, "rt", encoding="utf-8", newline="") as stream:
        lines = Counter(int(line["number"].removeprefix("INC")) for line in csv.DictReader(stream))
    assert (len(lines), lines.total()) == (24_918, 141_712)
    assert {number: len(store.audit("Ticket", number)) for number in lines} == lines
    assert store.events == lines.total()
    with running(store) as where:
        http = client(where)
        assert http.get("service/tickets/count").json() == {"count": 24_918}
        rows = follow(http, "service/tickets?pageSize=1000&fields=id,status/name", forward_only=True)
    assert [row["id"] for row in rows] == sorted(lines)
    assert {row["status"]["name"] for row in rows} == {"Closed"}
