"""What networks, servers and moving data do, and what is said about it."""

from __future__ import annotations

import asyncio
import socket

import pytest

from psa_evidence.errors import AuthenticationError, PermissionMissingError, TransientError, UnreachableError
from psa_evidence.simulator import Running
from psa_evidence.spi import Below, Scope
from psa_evidence_connectwise.run import DENIED_AFTER


def everything(found):
    return (
        len(found.seen("ticket")),
        len(found.seen("note")),
        len(found.seen("history")),
        len(found.seen("time_entry")),
    )


WHOLE = (12, 24, 48, 12)


@pytest.mark.parametrize(
    "knobs",
    [
        {"server_error_share": 0.15},
        {"cut_share": 0.15},
        {"truncated_share": 0.05},
        {"html_share": 0.05},
        {"rate_limit": 40, "rate_window_s": 0.2},
        {"repeated_page_share": 0.5},
        {"server_error_share": 0.05, "cut_share": 0.05, "truncated_share": 0.03, "rate_limit": 200,
         "rate_window_s": 0.2},
    ],
    ids=["5xx", "cut connections", "truncated JSON", "HTML", "429", "repeated pages", "several"],
)  # fmt: skip
def test_a_capture_survives(shelf, serving, capture, knobs):
    with serving(shelf, **knobs) as at:
        found = capture(at, page_size="5")
    assert everything(found) == WHOLE
    assert len(set(found.seen("ticket"))) == 12


def test_answers_that_could_not_be_used_are_kept_too(shelf, serving, capture):
    with serving(shelf, server_error_share=0.2) as at:
        found = capture(at)
    failed = [(e, s) for e, s in found.exchanges if e.status >= 500]
    assert failed
    assert all(s == () for _, s in failed)


def test_a_row_left_out_of_a_page_is_found_by_the_count(shelf, serving, capture):
    """It is asked for again, and said when it is left out again: which pages lack one depends on their order."""
    with serving(shelf, lost_row_share=0.3) as at:
        found = capture(at, page_size="4")
    came = len(set(found.seen("ticket")))
    said = sum(count for resource, reason, count, _ in found.lost if resource == "service/tickets" and count)
    assert came > 12 - 3
    assert came + said == 12


def test_a_row_that_never_comes_is_reported_as_a_difference(shelf, serving, capture):
    with serving(shelf, lost_row_share=1.0) as at:
        found = capture(at)
    lost = [one for one in found.lost if one[:2] == ("service/tickets", "count differs")]
    assert lost
    assert found.asked_for["service/tickets"] == found.got["service/tickets"] + lost[0][2]


def test_a_resource_without_permission_is_named_and_the_rest_goes_on(shelf, serving, capture):
    with serving(shelf, deny=("finance/invoices", "system/audittrail")) as at:
        found = capture(at)
    reasons = {one[:2] for one in found.lost}
    assert ("finance/invoices", "no permission") in reasons
    assert ("system/audittrail", "no permission") in reasons
    assert len(found.seen("ticket")) == 12
    assert len(found.seen("note")) == 24


def test_a_list_of_one_ticket_that_does_not_come_is_named_with_its_unit(shelf, serving, capture):
    with serving(shelf, broken=("service/tickets/103/allNotes", "system/audittrail?type=Ticket&id=104")) as at:
        found = capture(at, max_wait="0")
    basis = {one.parent: one.basis for one in found.below}
    assert sorted(found.below, key=lambda one: one.parent) == [
        Below(kind="note", parent="ticket/103", unit="service/tickets/103/allNotes", basis=basis["ticket/103"]),
        Below(kind="history", parent="ticket/104", unit="system/audittrail/Ticket/104", basis=basis["ticket/104"]),
    ]
    assert all(basis.values())
    assert len(found.seen("note")) == 22


def test_what_is_not_asked_for_any_more_is_named_too(shelf, serving, capture, monkeypatch):
    """After so many failures in a row the rest is not asked for: their notes did not come either."""
    monkeypatch.setattr("psa_evidence_connectwise.run.BLOWN_AFTER", 3)
    tickets = [f"service/tickets/{number}/allNotes" for number in range(103, 113)]
    with serving(shelf, broken=tuple(tickets)) as at:
        found = capture(at, max_wait="0", concurrency="1")
    lacking = {one.parent for one in found.below if one.kind == "note"}
    assert {f"ticket/{number}" for number in range(101, 113)} - lacking == {r[1] for r in noted(found)}
    assert len(lacking) >= 10
    assert {reason for _, reason, _, _ in found.lost} == {"gave up"}


def noted(found):
    return {(one.kind, one.parent) for _, seen in found.exchanges for one in seen if one.kind == "note"}


def test_lists_that_the_role_does_not_allow_are_named_once_for_all_records(shelf, serving, capture):
    with serving(shelf, deny=("service/tickets/allNotes", "time/entries")) as at:
        found = capture(at, concurrency="1")
    assert Below(kind="note") in found.below
    assert Below(kind="time_entry") in found.below
    assert len([one for one in found.below if one.kind == "note"]) == DENIED_AFTER + 1


def test_persistent_web_pages_are_called_unreadable_and_kept(shelf, serving, capture):
    with serving(shelf) as at:
        at.control(knobs={"html_share": 1.0})
        found = capture(at)
    assert ("service/tickets", "unreadable") in {one[:2] for one in found.lost}
    assert any(b"<html" in e.response_body.lower() or e.status == 200 for e, _ in found.exchanges)


def test_wrong_keys_stop_everything_with_words(shelf, serving, capture):
    with serving(shelf) as at, pytest.raises(AuthenticationError) as caught:
        capture(at, private_key="wrong-key-wrong-key")
    assert "wrong-key" not in str(caught.value) + caught.value.why + caught.value.next_step


def test_an_unknown_company_is_named_as_such(shelf, serving, capture):
    with serving(shelf) as at, pytest.raises(UnreachableError, match="company id"):
        capture(at, company="nobody")


def test_nobody_at_the_address_is_unreachable(capture):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = Running(f"http://127.0.0.1:{port}", "c", "publickey", "privatekey", "id", "t", "v")
    with pytest.raises(UnreachableError, match="No answer"):
        capture(at)


def test_a_psa_that_stops_answering_fails_the_capture_and_it_can_be_resumed(shelf, serving, capture, memory):
    first = memory()
    with serving(shelf) as at:
        whole = capture(at)
        at.control(knobs={"cut_share": 1.0})
        with pytest.raises((TransientError, UnreachableError)):
            capture(at, recorder=first, concurrency="2")
        at.control(knobs={"cut_share": 0.0})
        second = capture(at, recorder=memory(before=first))
    assert everything(second) == everything(whole)


def test_a_codebase_upgrade_in_the_middle_is_followed(shelf, serving, capture):
    with serving(shelf, upgrade_after=60) as at:
        found = capture(at, concurrency="1")
    assert everything(found) == WHOLE
    assert found.lost == []


def test_a_second_capture_skips_what_arrived_on_the_same_basis(shelf, serving, capture, memory):
    with serving(shelf) as at:
        first = capture(at)
        second = capture(at, recorder=memory(before=first))
        again = capture(at, recorder=memory(before=first, changed=shelf.now))
    assert second.seen("note") == []
    assert second.seen("history") == []
    assert second.seen("attachment") == []
    assert len(second.seen("ticket")) == 12
    assert again.seen("ticket") == []
    assert not [e.url for e, _ in again.exchanges if "allNotes" in e.url or "type=Ticket" in e.url]


def test_what_is_missing_is_fetched_by_the_next_run(shelf, serving, capture, memory):
    with serving(shelf, deny=("system/audittrail",)) as at:
        first = capture(at)
        at.control(knobs={"deny": []})
        second = capture(at, recorder=memory(before=first))
    assert second.seen("note") == []
    assert len(second.seen("history")) == 48


def test_tickets_deleted_while_paging_do_not_stop_the_rest(shelf, serving, capture):
    with serving(shelf, delete_every=2) as at:
        found = capture(at, page_size="3")
    assert len(found.seen("ticket")) >= 8
    assert {one[1] for one in found.lost} <= {"not found", "count differs"}


def test_clients_are_found_by_part_of_name_or_identifier(shelf, serving, open_source):
    async def ask(at, find):
        async with open_source(at) as source:
            return [(c.id, c.name) for c in await source.clients(find)]

    with serving(shelf) as at:
        assert asyncio.run(ask(at, "")) == [("10", "Acme Ltd"), ("11", "Birch & Sons")]
        assert asyncio.run(ask(at, "birch")) == [("11", "Birch & Sons")]
        assert asyncio.run(ask(at, "zzz")) == []
        at.control(knobs={"deny": ["company/companies"]})
        with pytest.raises(PermissionMissingError):
            asyncio.run(ask(at, ""))


def test_doctor_says_in_words_what_a_missing_permission_costs(shelf, serving, open_source):
    async def ask(at):
        async with open_source(at) as source:
            return {line.id: line for line in await source.check()}

    with serving(shelf, deny=("finance/invoices",)) as at:
        lines = asyncio.run(ask(at))
    assert lines["keys"].status == "ok"
    assert lines["finance/invoices"].status == "warning"
    assert "billed" in lines["finance/invoices"].detail
    assert "Inquire" in lines["finance/invoices"].next_step
    assert lines["service/tickets"].status == "ok"


@pytest.mark.parametrize(
    ("denied", "line", "words"),
    [
        ("system/audittrail", "tickets/audit trail", "no SLA can be recomputed"),
        ("service/tickets/allNotes", "tickets/notes", "what was said"),
    ],
)
def test_doctor_looks_into_a_ticket(shelf, serving, open_source, denied, line, words):
    async def ask(at):
        async with open_source(at) as source:
            return {line.id: line for line in await source.check()}

    with serving(shelf) as at:
        assert asyncio.run(ask(at))[line].status == "ok"
    with serving(shelf, deny=(denied,)) as at:
        found = asyncio.run(ask(at))[line]
    assert found.status == "warning"
    assert words in found.detail


def test_doctor_does_not_blame_the_role_for_a_list_that_the_psa_does_not_have(shelf, serving, open_source):
    async def ask(at):
        async with open_source(at) as source:
            return {line.id: line for line in await source.check()}

    del shelf.lists["service/surveys"]
    with serving(shelf) as at:
        found = asyncio.run(ask(at))["service/surveys"]
    assert found.detail.startswith("This PSA has no service/surveys.")


def test_doctor_stops_at_wrong_keys(shelf, serving, open_source):
    async def ask(at):
        async with open_source(at, private_key="wrong-key-wrong-key") as source:
            return await source.check()

    with serving(shelf) as at:
        lines = asyncio.run(ask(at))
    assert [(line.id, line.status) for line in lines] == [("host", "ok"), ("keys", "failed")]


def test_a_scope_with_a_client_that_is_no_number_is_refused(shelf, serving, capture):
    with serving(shelf) as at, pytest.raises(Exception, match="not a number"):
        capture(at, Scope(clients=("1 or 1=1",)))


def test_a_resource_refused_for_every_ticket_is_not_asked_for_25000_times(serving, capture, memory, shelf):
    shelf.lists["service/tickets"] = [shelf.ticket(n) for n in range(1, 200)]
    with serving(shelf, deny=("system/audittrail",)) as at:
        found = capture(at, Scope(attachments=False), concurrency="4")
    refused = [e for e, _ in found.exchanges if "audittrail" in e.url]
    assert DENIED_AFTER <= len(refused) <= 12
    assert any("not asked for any more" in detail for _, _, _, detail in found.lost)
    assert len(found.seen("note")) == 2 * 199


def test_doctor_names_levels_that_hide_rows_and_rights_to_write(shelf, serving, open_source):
    shelf.lists["system/mySecurity"][0]["editLevel"] = "All"
    shelf.lists["system/mySecurity"][1]["inquireLevel"] = "My"

    async def ask(at):
        async with open_source(at) as source:
            return {line.id: line for line in await source.check()}

    with serving(shelf) as at:
        lines = asyncio.run(ask(at))
    assert "Invoicing" in lines["role/inquire"].detail
    assert "Service Tickets" in lines["role/write"].detail
