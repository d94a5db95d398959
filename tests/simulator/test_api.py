from __future__ import annotations

import io

import pypdf
import pytest

from psa_evidence.simulator import running


@pytest.fixture(scope="module")
def http(small_store, client):
    with running(small_store()) as where:
        yield client(where)


def test_a_list_has_25_rows_a_page_and_1000_at_most(http) -> None:
    assert len(http.get("service/tickets").json()) == 25
    assert len(http.get("service/tickets?pageSize=1000").json()) == 60
    answer = http.get("service/tickets?pageSize=1001")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "pageSize"


def test_links_lead_through_numbered_pages(http) -> None:
    first = http.get("service/tickets?pageSize=20&conditions=id>0")
    assert set(first.links) == {"next", "last"}
    second = http.get(first.links["next"]["url"])
    assert set(second.links) == {"first", "prev", "next", "last"}
    third = http.get(second.links["last"]["url"])
    assert set(third.links) == {"first", "prev"}
    assert [row["id"] for page in (first, second, third) for row in page.json()] == list(range(1, 61))
    assert http.get("service/tickets?pageSize=20&page=9").json() == []


@pytest.mark.parametrize("forward_only", [False, True])
@pytest.mark.parametrize("size", [1, 7, 30, 59, 60, 61])
def test_both_kinds_of_paging_give_every_row_once(http, follow, size, forward_only) -> None:
    rows = follow(http, f"service/tickets?pageSize={size}", forward_only=forward_only)
    assert [row["id"] for row in rows] == list(range(1, 61))


def test_forward_only_links_name_the_last_id_and_are_empty_at_the_end(http) -> None:
    forward = {"pagination-type": "forward-only"}
    answer = http.get("service/tickets?pageSize=50&page=2", headers=forward)
    assert list(answer.links) == ["next"]
    assert "pageId=50" in answer.links["next"]["url"]
    last = http.get(answer.links["next"]["url"], headers=forward)
    assert last.headers["link"] == ""
    assert len(last.json()) == 10
    assert http.get("service/tickets?orderBy=id desc", headers=forward).status_code == 400


def test_forward_only_resumes_even_when_the_id_column_is_not_asked_for(http, follow) -> None:
    rows = follow(http, "service/tickets?pageSize=7&fields=summary,company/identifier", forward_only=True)
    assert len(rows) == 60
    assert rows[0] == {"summary": "Printer 1 is on fire", "company": {"identifier": "C1"}}


def test_conditions_filter_lists_and_counts_alike(http, follow) -> None:
    wanted = "company/id=2 and summary contains 'printer'"
    for forward_only in (False, True):
        rows = follow(http, f"service/tickets?pageSize=3&conditions={wanted}", forward_only=forward_only)
        assert [row["id"] for row in rows] == [1, 7, 13, 19, 25, 31, 37, 43, 49, 55]
    assert http.get("service/tickets/count", params={"conditions": wanted}).json() == {"count": 10}
    assert http.get("service/tickets/count").json() == {"count": 60}


def test_time_conditions_see_the_audit_columns(http) -> None:
    rows = http.get("service/tickets", params={"conditions": "lastUpdated > [2026-01-28T00:00:00Z]"}).json()
    assert [row["id"] for row in rows] == [27, 55]


def test_child_conditions_speak_of_one_element(http) -> None:
    asked = {"childConditions": 'communicationItems/type="Email" and communicationItems/value="a@x.example"'}
    assert [row["id"] for row in http.get("company/contacts", params=asked).json()] == [1]
    refused = http.get("company/contacts", params={"childConditions": "communicationItems/type in ('Email')"})
    assert refused.status_code == 400


def test_order_by_works_over_pages(http, follow) -> None:
    rows = follow(http, "service/tickets?pageSize=11&orderBy=lastUpdated desc, id desc")
    keys = [(row["_info"]["lastUpdated"], row["id"]) for row in rows]
    assert len(keys) == 60
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        "conditions=nonsense", "conditions=id > null", "orderBy=id sideways", "page=0", "page=x", "pageSize=0",
        "pageSize=-1", "childConditions=a/b=1 or c/d=2",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["service/tickets", "service/tickets/1/allNotes"])
def test_bad_parameters_answer_400_with_the_vendor_s_body(http, path, query) -> None:
    answer = http.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "errors"}
    assert answer.json()["errors"][0]["field"] in query


def test_one_record_by_id_and_members_by_login(http) -> None:
    assert http.get("service/tickets/7").json()["id"] == 7
    assert http.get("service/tickets/7?fields=id").json() == {"id": 7}
    assert http.get("system/members/JDoe").json()["id"] == 9
    assert http.get("system/info").json() == {"version": "v2025.1"}


@pytest.mark.parametrize(
    "path",
    [
        "service/tickets/999", "service/tickets/x", "service/tickets/999/allNotes", "service/tickets/1/allNotes/9",
        "nowhere",
        "service/nothing", "system/members/nobody", "system/documents/99", "system/documents/99/download",
        "service/tickets/²",
        "service/tickets/99999999999999999999", "system/documents/3/thumbnail", "system/myCompany/other",
    ],
)  # fmt: skip
def test_what_is_not_there_answers_404_with_a_body(http, path) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"


def test_paths_are_read_without_case(http) -> None:
    assert http.get("service/slas/1/Priorities").json() == [{"id": 11, "respondHours": 1.0}]
    assert len(http.get("Service/Tickets/1/ALLNOTES").json()) == 25


def test_children_have_pages_counts_and_ids(http, follow) -> None:
    assert http.get("service/tickets/2/allNotes/count").json() == {"count": 30}
    assert len(follow(http, "service/tickets/2/allNotes?pageSize=7")) == 30
    assert len(follow(http, "service/tickets/2/allNotes?pageSize=7", forward_only=True)) == 30
    assert http.get("service/tickets/2/allNotes/203").json() == {"id": 203, "text": "note 3"}
    assert http.get("service/tickets/2/tasks").json() == []


def test_an_audit_trail_needs_type_and_id_and_knows_page_numbers_only(http, follow) -> None:
    path = "system/audittrail?type=Ticket&id=1"
    assert len(follow(http, path)) == 30
    assert len(follow(http, f"{path}&pageSize=7")) == 30
    assert http.get("system/audittrail/count?type=Ticket&id=1").json() == {"count": 30}
    ignored = http.get(f"{path}&page=2&pageId=20", headers={"pagination-type": "forward-only"})
    assert len(ignored.json()) == 5
    for wrong in ("", "?type=Ticket", "?id=1", "?type=TimeEntry&id=1", "?type=Ticket&id=999", "?type=Ticket&id=x"):
        assert http.get(f"system/audittrail{wrong}").status_code == 400
    assert http.get("system/audittrail?type=TimeEntry&id=1").json()["errors"][0]["field"] == "type"


def test_documents_need_both_parameters_and_come_as_bytes_with_a_name(http) -> None:
    assert [row["id"] for row in http.get("system/documents?recordType=Ticket&recordId=1").json()] == [3]
    assert http.get("system/documents/count?recordType=Ticket&recordId=1").json() == {"count": 1}
    assert http.get("system/documents?recordType=Ticket").status_code == 400
    assert http.get("system/documents").status_code == 400
    assert http.get("system/documents/3").json()["title"] == "Sketch"
    answer = http.get("system/documents/3/download")
    assert answer.content == b"a house\n"
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"sk_etch _.txt\"; filename*=UTF-8''sk%22etch%20%C3%BC.txt"
    )


def test_an_invoice_comes_as_a_pdf_a_reader_opens(http) -> None:
    answer = http.get("finance/invoices/5/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = pypdf.PdfReader(io.BytesIO(answer.content), strict=True).pages[0].extract_text()
    assert "INV-5" in text
    assert "Ac(me)" in text
    assert http.get("finance/invoices/6/pdf").status_code == 404


def test_search_takes_conditions_in_the_body(http) -> None:
    answer = http.post("service/tickets/search?pageSize=2", json={"conditions": "id > 10", "orderBy": "id desc"})
    assert [row["id"] for row in answer.json()] == [60, 59]
    assert http.post("service/tickets/search", json={"conditions": "nonsense"}).status_code == 400
    assert http.post("service/tickets/search", content=b"{").status_code == 400
    assert http.post("service/tickets/search", content=b"[" * 200_000).status_code == 400
    assert http.post("service/tickets/search", json=["x"]).status_code == 400
    assert http.post("project/tickets/search", json={}).status_code == 404


def test_calculate_sla_lists_the_same_tickets(http, follow) -> None:
    assert follow(http, "service/tickets/calculateSla?pageSize=40") == follow(http, "service/tickets?pageSize=40")
