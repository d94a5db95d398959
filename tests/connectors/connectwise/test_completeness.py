"""What a capture says of its own completeness: presence, numbers, rights, lists that the PSA does not have."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from psa_evidence.spi import Scope

LATE = datetime.fromisoformat("2030-01-01T00:00:00+00:00")


def present(found, kind):
    """Ids of the complete list of a kind, None when there is none."""
    ids, whole = set(), False
    for name, some, complete, _, parent, _ in found.lists:
        if name == kind and parent is None:
            ids.update(some)
            whole = whole or complete
    return ids if whole else None


@pytest.fixture
def project_tickets(shelf):
    shelf.lists["project/tickets"] = [
        {
            "id": 113,
            "summary": "Move",
            "company": {"id": 10},
            "closedFlag": False,
            "_info": {"lastUpdated": "2025-04-01T00:00:00Z"},
        }
    ]
    shelf.below["project/tickets", "allNotes"] = [{"id": 5, "text": "Planned", "ticket": {"id": 113}}]
    shelf.below["project/tickets", "tasks"] = [{"id": 6, "ticketId": 113, "notes": "Step", "closedFlag": False}]
    return shelf


def test_a_full_capture_says_which_records_are_there(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at)
    assert present(found, "ticket") == {str(100 + n) for n in range(1, 13)}
    assert present(found, "client") == {"10", "11"}
    assert present(found, "time_entry") == {str(500 + n) for n in range(1, 13)}
    notes = [one for one in found.lists if one[0] == "note" and one[4] == "ticket/101"]
    assert notes == [("note", ["1010", "time-1010"], True, (), "ticket/101", "")]


def test_a_capture_of_changes_asks_for_all_ids_and_stores_no_record_of_them(shelf, serving, capture, memory):
    with serving(shelf) as at:
        first = capture(at)
        at.control(delete=[{"resource": "service/tickets", "id": 105}, {"resource": "time/entries", "id": 507}])
        second = capture(at, recorder=memory(before=first, changed=LATE))
    assert second.seen("ticket") == []
    assert present(second, "ticket") == {str(100 + n) for n in range(1, 13)} - {"105"}
    assert present(second, "time_entry") == {str(500 + n) for n in range(1, 13)} - {"507"}


def test_a_capture_of_a_period_still_says_what_is_there_beyond_it(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at, Scope(since=LATE))
    assert len(found.seen("time_entry")) < 12  # of tickets still open
    assert len(present(found, "time_entry")) == 12


def test_one_clients_capture_claims_nothing_of_the_others(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at, Scope(clients=("10",)))
    lists = {(kind, clients) for kind, _, complete, clients, parent, _ in found.lists if complete and parent is None}
    assert ("time_entry", ("10",)) in lists
    assert ("contact", ("10",)) in lists
    assert ("ticket", ()) in lists  # asked for without a condition: whose each number is must be known
    assert not any(kind == "schedule_entry" for kind, _ in lists)


@pytest.mark.parametrize("knobs", [{"lost_row_share": 1.0}, {"html_share": 1.0}], ids=["rows left out", "web pages"])
def test_ids_that_do_not_agree_with_the_count_never_count_as_complete(shelf, serving, capture, memory, knobs):
    with serving(shelf) as at:
        first = capture(at)
        at.control(knobs=knobs)
        second = capture(at, recorder=memory(before=first, changed=LATE))
    assert present(second, "ticket") is None


def test_a_denied_list_says_that_its_absence_proves_nothing(shelf, serving, capture):
    with serving(shelf, deny=("finance/invoices",)) as at:
        found = capture(at)
    assert ("invoice", [], False, (), None, "no permission") in found.lists


def test_numbers_are_told_apart_and_add_up(project_tickets, serving, capture):
    shelf = project_tickets
    shelf.lists["service/tickets"][2]["mergedParentTicket"] = {"id": 101}
    shelf.lists["service/tickets"].append({**shelf.ticket(20), "id": 120})
    del shelf.lists["service/tickets"][6]  # 107
    with serving(shelf) as at:
        found = capture(at, Scope(clients=("10",)))
    facts = found.facts
    listed, other = facts["ticket_numbers_listed"], facts["ticket_numbers_of_other_clients"]
    first, last = facts["ticket_numbers_first"], facts["ticket_numbers_last"]
    projects, nobody = facts["ticket_numbers_of_project_tickets"], facts["ticket_numbers_in_no_list"]
    assert listed + other + projects + nobody == last - first + 1
    assert (first, last) == (102, 120)
    assert projects == 1
    assert facts["ticket_numbers_in_no_list_are"] == "107, 114-119"
    assert facts["ticket_numbers_complete"] is True


def test_many_gaps_are_cut_with_a_count_of_what_is_left_out(shelf, serving, capture):
    shelf.lists["service/tickets"] = [{**shelf.ticket(2), "id": 1000 + 2 * n} for n in range(800)]
    with serving(shelf) as at:
        facts = capture(at, ticket_parts="notes").facts
    assert facts["ticket_numbers_in_no_list"] == 799
    assert len(facts["ticket_numbers_in_no_list_are"]) < 1600
    assert facts["ticket_numbers_in_no_list_are"].endswith("ranges more")


def test_level_my_is_a_missing_permission_although_rows_came(shelf, serving, capture):
    shelf.lists["system/mySecurity"][0]["inquireLevel"] = "My"
    with serving(shelf) as at:
        found = capture(at)
    assert ("service/tickets", "no permission") in {one[:2] for one in found.lost}


@pytest.mark.parametrize(("level", "lost"), [("None", True), ("All", False)])
def test_an_empty_list_is_told_apart_from_a_missing_permission(shelf, serving, capture, level, lost):
    shelf.lists["finance/invoices"] = []
    shelf.lists["system/mySecurity"][1]["inquireLevel"] = level
    with serving(shelf) as at:
        found = capture(at)
    assert (("finance/invoices", "no permission") in {one[:2] for one in found.lost}) is lost
    assert ("finance/invoices (level All)" in (found.facts["empty_lists"] or "")) is not lost


def test_boards_hidden_from_the_key_are_named(shelf, serving, capture):
    shelf.lists["system/mySecurity"][0]["member"] = {"id": 2, "identifier": "rmmapi"}
    shelf.lists["system/members"][1]["excludedServiceBoardIds"] = [7]
    shelf.lists["system/apiMembers"] = [{"id": 2, "identifier": "rmmapi", "excludedServiceBoardIds": [7, 9]}]
    with serving(shelf) as at:
        found = capture(at)
    assert ("service/tickets", "no permission", None, "boards hidden from the key: 7, 9") in found.lost
    assert found.facts["excluded_boards"] == 2


def test_lists_that_the_psa_does_not_have_are_a_fact_and_no_loss(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at)
    assert found.lost == []
    assert "project/tickets" in found.facts["not_offered"]
    assert "time/workTypes" in found.facts["not_offered"]


def campaigns(shelf):
    shelf.lists["marketing/campaigns"] = [
        {"id": 400 + n, "name": "Sign-in", "startDate": "2025-03-04T00:00:00Z", "emailsSent": 25} for n in range(1, 3)
    ]
    shelf.below["marketing/campaigns", "emailsOpened"] = [
        {"id": n, "campaignId": 401, "contactId": 20, "dateOpened": "2025-03-05T00:00:00Z"} for n in (1, 2, 3)
    ]
    return shelf


def test_of_campaigns_come_the_counts_of_mails_and_nobodys_name(shelf, serving, capture, body_of):
    with serving(campaigns(shelf)) as at:
        found = capture(at)
    assert found.lost == []
    assert found.seen("campaign") == ["401", "402"]
    counts = {
        one.id: (one, json.loads(body_of(exchange)[one.start : one.end]))
        for exchange, some in found.exchanges for one in some if one.kind == "campaign_count"
    }  # fmt: skip
    assert len(counts) == 6
    assert counts["401-emailsOpened"][1] == {"count": 3}
    assert {(one.parent, one.client) for one, _ in counts.values()} == {("campaign/401", None), ("campaign/402", None)}
    assert not [e.url for e, _ in found.exchanges if "emailsOpened" in e.url and not e.url.endswith("/count")]


def test_a_count_of_mails_that_is_refused_is_missing(shelf, serving, capture):
    with serving(campaigns(shelf), deny=("marketing/campaigns/emailsOpened",)) as at:
        found = capture(at)
    assert {(resource, reason) for resource, reason, _, _ in found.lost} == {
        ("marketing/campaigns/emailsOpened", "no permission")
    }
    assert found.seen("campaign") == ["401", "402"]


def test_parts_that_were_not_wanted_are_named(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at, ticket_parts="notes")
    assert found.facts["not_asked"] == "configurations, documents, history, tasks, time_audits"
    assert found.seen("note")
    assert found.seen("history") == []


def test_project_tickets_come_with_notes_and_tasks_and_are_no_service_tickets(
    project_tickets, serving, capture, interpret
):
    with serving(project_tickets) as at:
        found = capture(at)
    assert found.lost == []
    assert found.seen("project_ticket") == ["113"]
    assert found.seen("project_note") == ["5"]
    records = interpret(found.raws())
    assert [one.id for one in records.project_tickets] == ["113"]
    assert [one.ticket_id for one in records.tasks] == ["113"]
    assert len(records.tickets) == 12
    assert not [one for one in records.messages if one.ticket_id == "113"]


def test_time_entries_changed_after_they_were_made_come_with_their_audit(shelf, serving, capture, interpret):
    entry = shelf.lists["time/entries"][0]
    entry["dateEntered"] = entry["_info"]["lastUpdated"]
    changed = shelf.lists["time/entries"][1]
    changed["dateEntered"] = "2025-03-05T00:00:00Z"
    for other in shelf.lists["time/entries"][2:]:
        other["dateEntered"] = other["_info"]["lastUpdated"]
    shelf.below["time/entries", "audits"] = [
        {"id": 9, "type": "DateTime", "message": "End time changed", "oldValue": "a", "newValue": "b",
         "member": {"id": 1, "identifier": "jdoe"}, "_info": {"dateEntered": "2025-03-06T00:00:00Z"}}
    ]  # fmt: skip
    with serving(shelf) as at:
        found = capture(at)
    asked = [e.url for e, _ in found.exchanges if e.url.endswith("audits?page=1&pageSize=1000")]
    assert len(asked) == 1
    (audit,) = interpret(found.raws()).time_audits
    assert (audit.time_entry_id, audit.old, audit.new, audit.by) == ("502", "a", "b", "jdoe")


def test_rows_that_change_while_a_list_is_read_are_read_again(shelf, serving, capture):
    with serving(shelf, change_every=1) as at:
        found = capture(at, page_size="3")
    versions = {}
    for exchange, some in found.exchanges:
        for one in some:
            if one.kind == "ticket":
                versions.setdefault(one.id, []).append((exchange.url, one.end - one.start))
    assert found.facts["read_again"] > 0
    assert any(len(some) > 1 for some in versions.values())
    assert found.asked_for["service/tickets"] == found.got["service/tickets"] == 12


def test_terms_of_agreements_are_read_again_once_a_month_or_when_the_agreement_changed(shelf, serving, capture, memory):
    shelf.lists["finance/agreements"][0]["_info"] = {"lastUpdated": "2025-01-01T00:00:00Z"}
    shelf.below["finance/agreements", "workTypes"] = [
        {"id": 3, "agreementId": 30, "workType": {"id": 1, "name": "Remote"}, "rateType": "Custom", "rate": 120.0}
    ]

    def asked(found):
        return [e.url for e, _ in found.exchanges if "/worktypes" in e.url]

    with serving(shelf) as at:
        first = capture(at)
        second = capture(at, recorder=memory(before=first))
        earlier = memory(before=first)
        earlier.units = {
            unit: basis.partition("|")[0] + "|1999-01" if "|" in basis else basis for unit, basis in first.units.items()
        }
        third = capture(at, recorder=memory(before=earlier))
    assert len(asked(first)) == len(asked(third)) == 1
    assert asked(second) == []


def test_the_clock_of_a_list_is_the_psas_own(shelf, serving, capture):
    """A PSA whose clock is a day behind: rows stamped by it are still seen as changed."""
    with serving(shelf, change_every=1, clock_skew_s=-86_400) as at:
        assert capture(at, page_size="3").facts["read_again"] > 0


def test_periods_and_changes_do_not_stop_the_sweep_of_a_list_that_lost_its_fields_parameter(
    shelf, serving, capture, memory, monkeypatch
):
    from psa_evidence.simulator import api

    real = api.query_of

    def refuse(parameters, **more):
        if "fields" in parameters:
            raise api.invalid("unknown field", "fields")
        return real(parameters, **more)

    monkeypatch.setattr(api, "query_of", refuse)
    with serving(shelf) as at:
        found = capture(at, recorder=memory(changed=LATE + timedelta(days=1)))
    assert len(present(found, "ticket")) == 12
