"""A whole fetch over a real socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from psa_evidence.spi import Connector, Scope
from psa_evidence_connectwise import connector

T0 = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def whole(shelf, serving, capture):
    with serving(shelf) as at:
        yield capture(at)


def test_the_entry_point_is_a_connector():
    assert isinstance(connector, Connector)
    assert {s.name for s in connector.info.settings if s.secret} == {"public_key", "private_key"}


def test_everything_on_the_shelf_arrives_once_and_nothing_is_missing(shelf, whole):
    assert whole.lost == []
    assert whole.seen("ticket") == [str(100 + n) for n in range(1, 13)]
    assert len(whole.seen("time_entry")) == 12
    assert whole.seen("note") == sorted(f"{p}{(100 + n) * 10}" for n in range(1, 13) for p in ("", "time-"))
    assert len(whole.seen("history")) == 12 * 4
    assert len(set(whole.seen("history"))) == 12 * 4
    assert whole.seen("attachment") == ["900"]
    assert whole.seen("invoice_pdf") == ["40"]
    assert whole.seen("status") == ["50", "51", "52"]
    for resource, count in whole.asked_for.items():
        assert whole.got[resource] == count


def test_each_span_cuts_out_exactly_the_element(whole, body_of):
    for exchange, sightings in whole.exchanges:
        body = body_of(exchange)
        values = []
        for one in sightings:
            part = body[one.start : one.end]
            if one.kind in {"attachment", "invoice_pdf"}:
                assert part == body
                continue
            assert part[:1] == b"{"
            assert part[-1:] == b"}"
            values.append(json.loads(part))
        if values and len(values) == len(sightings):
            top = json.loads(body)
            assert values == (top if isinstance(top, list) else [top])


def test_bodies_are_kept_as_they_came_with_their_content_coding(whole):
    codings = {dict(e.response_headers).get("content-encoding") for e, _ in whole.exchanges}
    assert "gzip" in codings
    for exchange, _ in whole.exchanges:
        if dict(exchange.response_headers).get("content-encoding") == "gzip":
            assert exchange.response_body[:2] == b"\x1f\x8b"


def test_only_get_requests_leave_the_machine(whole):
    assert {exchange.method for exchange, _ in whole.exchanges} == {"GET"}


def test_sightings_name_client_parent_and_time(whole):
    found = {(s.kind, s.id): s for _, some in whole.exchanges for s in some}
    ticket = found["ticket", "101"]
    assert (ticket.client, ticket.parent, ticket.at) == ("11", None, T0 + timedelta(days=1))
    assert ticket.updated_at == T0 + timedelta(days=1, hours=5)
    assert found["note", "time-1010"].parent == "ticket/101"
    assert found["note", "time-1010"].client == "11"
    assert found["client", "10"].client == "10"
    assert found["status", "50"].parent == "board/1"
    assert found["sla_target", "60"].parent == "sla/3"
    assert found["holiday", "61"].parent == "holiday_list/5"
    assert found["payment", "62"].parent == "invoice/40"
    assert found["payment", "62"].client == "11"
    assert found["attachment", "900"].parent == "document/900"
    assert found["document", "900"].parent == "ticket/101"
    assert found["board", "1"].client is None


def test_identical_audit_lines_of_one_ticket_each_count(whole):
    ids = [one for one in whole.seen("history") if one.startswith("101-")]
    assert len(ids) == 4
    assert sum(1 for one in ids if one.endswith("-2")) == 1


def test_facts_about_the_source_are_recorded(whole):
    assert whole.facts["host"]
    assert whole.facts["codebase"]
    assert whole.facts["version"] == "v2025.1"
    assert whole.facts["server_time_zone"] == "Eastern Standard Time"
    assert abs(whole.facts["clock_offset_seconds"]) < 5


def test_the_clock_offset_is_measured_from_date_headers(shelf, serving, capture):
    with serving(shelf, clock_skew_s=-3600) as at:
        assert capture(at).facts["clock_offset_seconds"] == pytest.approx(-3600, abs=5)


def test_one_clients_capture_holds_that_clients_records_only(shelf, serving, capture):
    shelf.below["service/surveys", "results"] = [
        {"id": 80, "ticketId": 101, "company": {"id": 11}, "totalPoints": 5},
        {"id": 81, "ticketId": 102, "company": {"id": 10}, "totalPoints": 1},
    ]
    with serving(shelf) as at:
        found = capture(at, Scope(clients=("11",)))
    kept = {(s.kind, s.client) for _, some in found.exchanges for s in some if s.client is not None}
    assert {client for _, client in kept} == {"11"}
    assert len(found.seen("ticket")) == 6
    assert found.seen("schedule_entry") == ["70"]
    assert found.seen("survey_result") == ["80"]
    assert found.lost == []


def test_a_period_takes_tickets_entered_closed_updated_or_open_in_it_with_all_their_time(shelf, serving, capture):
    since, until = T0 + timedelta(days=5, hours=12), T0 + timedelta(days=8)
    shelf.lists["time/entries"].append(
        {**shelf.time_entry(2), "id": 999, "timeStart": "2026-01-01T00:00:00Z", "timeEnd": "2026-01-01T01:00:00Z"}
    )
    with serving(shelf) as at:
        found = capture(at, Scope(since=since, until=until))
    assert found.seen("ticket") == ["102", "104", "106", "107"]  # open ones of before, closed one of within
    assert "999" in found.seen("time_entry")
    assert "502" in found.seen("time_entry")
    assert "503" not in found.seen("time_entry")


def test_without_attachments_no_bytes_are_downloaded(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at, Scope(attachments=False))
    assert found.seen("attachment") == []
    assert found.seen("invoice_pdf") == []
    assert found.seen("document") == ["900", "901"]


def test_a_document_over_the_limit_is_named_as_too_large(shelf, serving, capture):
    with serving(shelf) as at:
        found = capture(at, Scope(max_attachment_bytes=10))
    assert ("system/documents/download", "too large", 1, "document/900: 11 bytes") in found.lost


def test_a_document_that_hides_its_size_is_stopped_at_the_limit(shelf, serving, capture):
    del shelf.lists["system/documents"][0]["size"]
    with serving(shelf) as at:
        found = capture(at, Scope(max_attachment_bytes=10))
    assert ("system/documents/download", "too large") in {lost[:2] for lost in found.lost}


@pytest.mark.parametrize("page_size", ["1", "2", "5", "12", "13"])
def test_every_page_size_brings_the_same_records(shelf, serving, capture, page_size):
    with serving(shelf) as at:
        found = capture(at, page_size=page_size)
    assert found.lost == []
    assert len(found.seen("ticket")) == 12
    assert len(set(found.seen("ticket"))) == 12
    assert len(found.seen("history")) == 48


def test_interpretation_of_a_whole_capture(whole, interpret):
    records = interpret(whole.raws())
    assert records.unread == ()
    assert len(records.tickets) == 12
    assert records.system is not None
    assert records.system.time_zone == "America/New_York"
    assert records.system.default_calendar_id == "4"
    assert [(c.field, c.old, c.new, c.old_id, c.new_id) for c in records.changes if c.ticket_id == "101"] == [
        ("created", None, None, None, None),
        ("status", None, "New", None, "50"),
        ("status", "New", "In Progress", "50", "51"),
    ]
