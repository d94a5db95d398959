from __future__ import annotations

import urllib.error

import pytest

from psa_evidence.simulator import Knobs, running


@pytest.fixture
def where(small_store):
    with running(small_store()) as found:
        yield found


def test_knobs_turn_while_it_runs(where, client) -> None:
    http = client(where)
    assert http.get("finance/invoices").status_code == 200
    state = where.control(knobs={"deny": ["finance/invoices"], "latency_ms": 1})
    assert state["knobs"]["deny"] == ["finance/invoices"]
    assert http.get("finance/invoices").status_code == 403
    where.control(knobs={"deny": []})
    assert http.get("finance/invoices").status_code == 200


def test_a_month_later(where) -> None:
    assert where.control(advance_days=30)["now"] == "2026-03-02T12:00:00Z"


def test_an_edit_changes_the_record_wherever_it_is_read(where, client) -> None:
    http = client(where)
    http.get("service/tickets?conditions=summary='rewritten'")
    patch = {"summary": "rewritten", "closedFlag": None, "_info": {"lastUpdated": "2026-02-01T00:00:00Z"}}
    assert where.control(edit=[{"resource": "service/tickets", "id": 4, "set": patch}])["edited"] == 1
    expected = http.get("service/tickets/4").json()
    assert expected["summary"] == "rewritten"
    assert "closedFlag" not in expected
    assert expected["_info"] == {"lastUpdated": "2026-02-01T00:00:00Z", "updatedBy": "jdoe"}
    for forward in ({}, {"pagination-type": "forward-only"}):
        found = http.get("service/tickets?conditions=summary='rewritten'", headers=forward).json()
        assert found == [expected]


def test_a_deleted_ticket_is_gone_with_all_that_hangs_on_it(where, client) -> None:
    http = client(where)
    assert where.control(delete=[{"resource": "service/tickets", "id": 1}])["deleted"] == 1
    assert http.get("service/tickets/1").status_code == 404
    assert http.get("service/tickets/1/allNotes").status_code == 404
    assert http.get("system/audittrail?type=Ticket&id=1").status_code == 400
    assert http.get("system/documents?recordType=Ticket&recordId=1").json() == []
    assert http.get("service/tickets/count").json() == {"count": 59}
    assert http.get("service/tickets/count?conditions=id<10").json() == {"count": 8}
    assert http.get("service/tickets?pageSize=1").json()[0]["id"] == 2


def test_a_note_can_be_edited_and_deleted(where, client) -> None:
    http = client(where)
    note = {"resource": "service/tickets", "id": 3, "child": "allNotes", "child_id": 302}
    assert where.control(edit=[{**note, "set": {"text": "never said"}}])["edited"] == 1
    assert http.get("service/tickets/3/allNotes/302").json()["text"] == "never said"
    assert where.control(delete=[note])["deleted"] == 1
    assert http.get("service/tickets/3/allNotes/302").status_code == 404
    assert http.get("service/tickets/3/allNotes/count").json() == {"count": 29}


def test_a_deleted_document_is_not_listed_nor_downloaded(where, client) -> None:
    where.control(delete=[{"resource": "system/documents", "id": 3}])
    assert client(where).get("system/documents?recordType=Ticket&recordId=1").json() == []
    assert client(where).get("system/documents/3/download").status_code == 404


def test_an_edited_company_moves_a_ticket_between_clients(where, client) -> None:
    http = client(where)
    where.control(edit=[{"resource": "service/tickets", "id": 1, "set": {"company": {"id": 77}}}])
    assert [row["id"] for row in http.get("service/tickets?conditions=company/id=77").json()] == [1]


def test_edits_of_what_is_not_there_count_nothing(where) -> None:
    gone = {"resource": "service/tickets", "id": 999}
    child = {"resource": "service/tickets", "id": 1, "child": "allNotes", "child_id": 999}
    state = where.control(edit=[{**gone, "set": {"a": 1}}, {**child, "set": {"a": 1}}], delete=[gone, child])
    assert (state["edited"], state["deleted"]) == (0, 0)


def test_stats_begin_anew_on_request(where, client) -> None:
    client(where).get("system/info")
    where.control(reset_stats=True)
    assert where.stats()["requests"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"knob": {}}, {"knobs": {"latency": 1}}, {"knobs": {"latency_ms": "much"}}, {"knobs": {"hostile": 1}},
        {"knobs": {"cut_share": 7}}, {"knobs": {"rate_limit": True}}, {"knobs": {"deny": "finance"}}, {"knobs": []},
        {"advance_days": -1}, {"advance_days": "x"}, {"advance_days": 1e99}, {"edit": {}}, {"edit": [{}]},
        {"edit": [{"resource": "service/tickets", "id": 1}]}, {"delete": [{"resource": "service/tickets", "id": "1"}]},
        {"delete": [{"resource": "service/tickets", "id": 1, "child": "allNotes"}]},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(where, wrong) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        where.control(**wrong)
    caught.value.close()
    assert caught.value.code == 400


def test_hostile_text_can_be_turned_on_and_off(where, client) -> None:
    http = client(where)
    plain = http.get("service/tickets").json()
    where.control(knobs={"hostile": True})
    assert http.get("service/tickets").json() != plain
    where.control(knobs={"hostile": False})
    assert http.get("service/tickets").json() == plain


def test_an_edit_survives_hostile_text(small_store, client) -> None:
    with running(small_store(), Knobs(hostile=True)) as where:
        where.control(edit=[{"resource": "service/tickets", "id": 1, "set": {"summary": "mine"}}])
        assert client(where).get("service/tickets/1").json()["summary"].startswith("mine ")
