"""Raw records to typed ones."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.records import KINDS, RecordSet, Span
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise import connector, zones
from psa_evidence_connectwise.interpret import READERS

NASTY = Path(__file__).parents[4] / "shared" / "data" / "text" / "blns.json"
AT = datetime(2025, 1, 1, tzinfo=UTC)


def test_a_ticket_with_the_psas_own_figures(raw, interpret):
    value = {
        "id": 7, "summary": "No mail", "recordType": "ServiceTicket", "board": {"id": 1, "name": "Help Desk"},
        "status": {"id": 5, "name": "New", "sort": 1}, "priority": {"id": 2, "name": "High"},
        "company": {"id": 10, "identifier": "Acme", "name": "Acme Ltd"}, "contact": {"id": 3, "name": "Ann Lee"},
        "owner": {"id": 1, "identifier": "jdoe", "name": "Jane Doe"}, "resources": "jdoe, tsmith,",
        "agreement": {"id": 30, "name": "Gold"}, "sla": {"id": 4, "name": "SLA Gold"}, "source": {"name": "Phone"},
        "closedFlag": False, "parentTicketId": 6, "mergedParentTicket": {"id": 5}, "isInSla": True,
        "slaStatus": "Resolve by Tue 10/04 11:00 PM UTC-05", "respondMinutes": 12, "resPlanMinutes": 3,
        "respondedSkippedMinutes": 1, "minutesWaiting": 9, "dateResponded": "2025-01-02T10:00:00Z",
        "respondByGoalUTC": "2025-01-02T11:00:00Z", "actualHours": 1.25,
        "_info": {"lastUpdated": "2025-01-03T08:00:00Z", "dateEntered": "2025-01-02T09:00:00Z", "enteredBy": "jdoe"},
    }  # fmt: skip
    (ticket,) = interpret([raw("ticket", "7", value)]).tickets
    assert (ticket.id, ticket.client_id, ticket.owner, ticket.channel) == ("7", "10", "jdoe", "Phone")
    assert ticket.resources == ("jdoe", "tsmith")
    assert (ticket.parent_id, ticket.merged_into_id, ticket.sla_id, ticket.closed) == ("6", "5", "4", False)
    assert ticket.entered_at == datetime(2025, 1, 2, 9, tzinfo=UTC)
    assert ticket.updated_at == datetime(2025, 1, 3, 8, tzinfo=UTC)
    assert (ticket.psa.respond_minutes, ticket.psa.plan_minutes, ticket.psa.waiting_minutes) == (12, 3, 9)
    assert ticket.psa.in_sla is True
    assert ticket.psa.responded_at == datetime(2025, 1, 2, 10, tzinfo=UTC)
    assert ticket.psa.resolved_at is None


def test_null_absent_and_unknown_are_told_apart(raw, interpret):
    value = {"id": 7, "closedFlag": None, "closedDate": None, "quantumFlag": 1, "addressLine1": "x"}
    (ticket,) = interpret([raw("ticket", "7", value)]).tickets
    assert ticket.source.nulls == ("closedDate", "closedFlag")
    assert ticket.source.unknown == ("addressLine1", "quantumFlag")
    assert ticket.closed is None


def test_a_field_that_cannot_be_read_is_listed_and_the_rest_is_kept(raw, interpret):
    value = {"id": 7, "summary": "s", "board": "secret text", "dateEntered": "tomorrow"}
    records = interpret([raw("ticket", "7", value)])
    assert records.tickets[0].summary == "s"
    assert [(one.ticket_id, one.reason) for one in records.unread] == [
        ("7", "field board cannot be read"), ("7", "field dateEntered cannot be read"),
    ]  # fmt: skip
    assert "secret" not in repr(records.unread)


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"null", b"{}", b'{"id": "x"}', b'{"id": null}', b"\xff\xfe"]
)
@pytest.mark.parametrize("kind", sorted(set(READERS) - {"permission"}))
def test_a_broken_record_is_unread_and_never_an_exception(raw, interpret, kind, body):
    records = interpret([raw(kind, "1", body, parent="ticket/1")])
    assert len(records.unread) == 1
    assert records.unread[0].source.kind == kind


FIELDS = (
    *("id", "name", "text", "board", "company", "date", "_info", "lastUpdated", "respondHours", "mondayStartTime"),
    *("mondayEndTime", "timeStart", "timeEnd", "allDayFlag", "communicationItems"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)


@given(st.sampled_from(KINDS), JSON)
def test_any_json_is_interpreted_without_an_exception(kind, value):
    body = json.dumps(value).encode()
    raw = RawRecord(
        kind=kind, id="1", sha256="0" * 64, body=body, client=None, parent="ticket/1", capture="c", captured_at=AT
    )
    assert isinstance(connector.interpret([raw]), RecordSet)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0.5, 1800), (0.1, 360), (4, 14400), (0.3333, 1200), (1 / 3, 1200), (0, 0), (None, None), (0.25, 900),
     (1.0001388888888889, 3601), (1.000138888, 3600), (0.00013888888, 0), (0.0004166666666666667, 2)],
)  # fmt: skip
def test_hours_become_whole_seconds_exactly(raw, interpret, hours, expected):
    (policy,) = interpret(
        [raw("sla", "3", {"id": 3, "name": "Gold", "basedOn": "MyCalendar", "respondHours": hours})]
    ).sla_policies
    assert policy.goal.response == expected


@pytest.mark.parametrize("hours", ["NaN", "Infinity", "-1", "1e300"])
def test_impossible_hours_are_listed(raw, interpret, hours):
    body = b'{"id": 3, "name": "Gold", "respondHours": %s}' % hours.encode()
    records = interpret([raw("sla", "3", body)])
    assert records.sla_policies[0].goal.response is None
    assert records.unread


def test_a_target_takes_its_sla_from_where_it_hangs(raw, interpret):
    value = {"id": 60, "priority": {"id": 1}, "respondHours": 0.25, "respondPercent": 90}
    (target,) = interpret([raw("sla_target", "60", value, parent="sla/3")]).sla_targets
    assert (target.sla_id, target.priority_id, target.goal.response, target.goal.response_percent) == (
        "3",
        "1",
        900,
        90,
    )


def test_a_calendar_with_normal_overnight_and_closed_days(raw, interpret):
    value = {
        "id": 4, "name": "Office", "mondayStartTime": "08:00:00", "mondayEndTime": "17:30:00",
        "tuesdayStartTime": "22:00:00", "tuesdayEndTime": "06:00:00", "wednesdayStartTime": "8:00 AM",
        "wednesdayEndTime": "5:00 PM", "thursdayStartTime": "00:00:00", "thursdayEndTime": "24:00:00",
        "fridayStartTime": None, "fridayEndTime": "", "holidayList": {"id": 5},
    }  # fmt: skip
    records = interpret([raw("calendar", "4", value)])
    (calendar,) = records.calendars
    spans = [[(one.start, one.end) for one in day] for day in calendar.week]
    assert spans == [[(28800, 63000)], [(79200, 108000)], [(28800, 61200)], [(0, 86400)], [], [], []]
    assert calendar.holiday_list_id == "5"
    assert records.unread == ()


def test_a_holiday_is_the_day_as_written_whatever_the_zone(raw, interpret):
    whole = raw("holiday", "1", {"id": 1, "name": "x", "date": "2025-12-25T00:00:00Z"}, parent="holiday_list/5")
    hours = {"allDayFlag": False, "timeStart": "12:00:00", "timeEnd": "17:00:00"}
    half = raw("holiday", "2", {"id": 2, "name": "y", "date": "2025-12-24", "holidayList": {"id": 5}, **hours})
    found = interpret([whole, half]).holidays
    assert [(one.day, one.closed) for one in found] == [
        (date(2025, 12, 24), (Span(start=43200, end=61200),)), (date(2025, 12, 25), None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Eastern Standard Time", "America/New_York"), ("US Eastern", "America/New_York"),
     ("Europe/Dublin", "Europe/Dublin"),
     ("(UTC-06:00) Central Time (US & Canada)", "America/Chicago"), ("GMT Standard Time", "Europe/London"),
     ("Pakistan Standard Time", "Asia/Karachi"),
     ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", "Europe/Kyiv"),
     ("Mars Standard Time", None), ("UTC-05:00", None), ("../../etc/passwd", None), ("", None)],
)  # fmt: skip
def test_time_zone_names(raw, interpret, name, zone):
    info = interpret([raw("system_info", "1", {"version": "v1", "serverTimeZone": name})]).system
    assert info is not None
    assert info.time_zone == zone


@pytest.mark.parametrize(
    ("flags", "internal"),
    [({"internalAnalysisFlag": True}, True), ({"internalAnalysisFlag": True, "detailDescriptionFlag": True}, False),
     ({"detailDescriptionFlag": True}, False), ({"resolutionFlag": True, "internalAnalysisFlag": True}, False),
     ({"internalFlag": True, "externalFlag": True}, False), ({"internalFlag": True}, True), ({}, None),
     ({"internalAnalysisFlag": False, "detailDescriptionFlag": False}, False)],
)  # fmt: skip
def test_internal_means_never_shown_to_the_client(raw, interpret, flags, internal):
    (message,) = interpret([raw("note", "1", {"id": 1, "text": "t", **flags}, parent="ticket/9")]).messages
    assert message.internal is internal
    assert message.ticket_id == "9"


@pytest.mark.parametrize(
    ("who", "side"),
    [({"member": {"id": 1, "name": "J"}}, "msp"), ({"contact": {"id": 1, "name": "A"}}, "client"), ({}, "unknown"),
     ({"member": {"id": 1}, "contact": {"id": 2}}, "unknown"), ({"originalAuthor": "Workflow"}, "system")],
)  # fmt: skip
def test_sides(raw, interpret, who, side):
    (message,) = interpret([raw("note", "1", {"id": 1, **who}, parent="ticket/9")]).messages
    assert message.side == side


def test_every_zone_that_a_name_stands_for_is_in_the_zone_data():
    assert {*zones._WINDOWS.values(), *zones._SPOKEN.values()} <= available_timezones()


def test_a_zone_is_read_from_the_setup_that_a_client_refers_to_whatever_the_setup_is_called(raw, interpret):
    setup = {"id": 2, "name": "Coast", "timeZone": {"id": 9, "name": "(GMT-05:00) Eastern Time (US & Canada)"}}
    client = {"id": 10, "name": "Acme", "timeZoneSetup": {"id": 2, "name": "Coast"}}
    found = interpret([raw("client", "10", client), raw("time_zone", "2", setup)])
    assert found.clients[0].time_zone == "America/New_York"
    assert not found.unread


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("00:00:00", "00:00:00", "start and end are the same"),
        ("08:00:00", None, "a start without an end, or the reverse"),
        ("8 Uhr", "17:00", "not a time of day"),
        ({"hour": 8}, {"hour": 17}, "not a time of day"),
    ],
)
def test_a_calendar_with_a_day_that_cannot_be_read_is_none(raw, interpret, start, end, said):
    """Taken as closed, the day would stop the clock, and targets would be met that nobody can say were."""
    value = {"id": 4, "name": "Hours", "mondayStartTime": start, "mondayEndTime": end,
             "tuesdayStartTime": "08:00:00", "tuesdayEndTime": "17:00:00"}  # fmt: skip
    records = interpret([raw("calendar", "4", value)])
    assert records.calendars == ()
    assert records.unread[-1].reason == (
        f"opening hours of monday: {said}; so nothing is determined that this calendar measures"
    )


def test_a_zone_that_is_named_and_not_known_is_neither_absent_nor_silent(raw, interpret):
    client = {"id": 10, "name": "Acme", "timeZoneSetup": {"id": 2, "name": "Coast"}}
    found = interpret([raw("client", "10", client)])
    assert found.clients[0].time_zone == "Coast"
    assert [one.reason for one in found.unread] == ["names a time zone that is not known"]


def test_api_members_are_keys_and_so_is_a_member_of_the_same_identifier(raw, interpret):
    found = interpret([
        raw("api_member", "90", {"id": 90, "identifier": "RewstBot", "name": "Rewst"}),
        raw("api_member", "91", {"id": 91, "identifier": "sync"}),
        raw("member", "91", {"id": 91, "identifier": "Sync", "firstName": "Data", "lastName": "Sync",
                             "licenseClass": "F"}),
        raw("member", "1", {"id": 1, "identifier": "jdoe", "licenseClass": "F"}),
    ])  # fmt: skip
    assert {(one.identifier, one.name, one.api) for one in found.members} == {
        ("RewstBot", "Rewst", True), ("sync", "sync", True), ("Sync", "Data Sync", True), ("jdoe", "jdoe", False),
    }  # fmt: skip


def test_time_without_zone_is_utc_and_the_year_one_is_never(raw, interpret):
    value = {
        "id": 1,
        "timeStart": "2025-01-02T10:00:00",
        "timeEnd": "0001-01-01T00:00:00Z",
        "dateEntered": "2025-01-02T12:00:00+02:00",
    }
    records = interpret([raw("time_entry", "1", value)])
    entry = records.time_entries[0]
    assert entry.started_at == entry.entered_at == datetime(2025, 1, 2, 10, tzinfo=UTC)
    assert entry.ended_at is None
    assert records.unread == ()


def test_notes_of_an_opportunity_stand_with_it(raw, interpret):
    records = interpret([
        raw("opportunity", "8", {"id": 8, "name": "Backup", "status": {"name": "Lost"}, "notes": "Offered."}),
        raw("opportunity_note", "82", {"id": 82, "text": "Declined.", "enteredBy": "jdoe",
                                       "_info": {"dateEntered": "2025-02-01T00:00:00Z"}}, parent="opportunity/8"),
        raw("opportunity_note", "81", {"id": 81, "text": "Asked."}, parent="opportunity/8"),
    ])  # fmt: skip
    (found,) = records.opportunities
    assert found.notes == "Offered.\n\nAsked.\n\n[2025-02-01, jdoe] Declined."
    assert (found.won, found.lost) == (False, True)


def test_a_lone_surrogate_is_shown_as_its_escape_not_dropped(raw, interpret):
    (message,) = interpret([raw("note", "1", b'{"id": 1, "text": "a\\ud800b"}', parent="ticket/9")]).messages
    assert message.text == "a\\ud800b"
    message.text.encode()


@pytest.mark.skipif(not NASTY.exists(), reason="the list of naughty strings is not beside the project")
def test_naughty_strings_come_through_unchanged(raw, interpret):
    nasty = json.loads(NASTY.read_text(encoding="utf-8"))
    raws = [
        raw("note", str(n), {"id": n, "text": text, "originalAuthor": text}, parent="ticket/9")
        for n, text in enumerate(nasty)
    ]
    raws += [
        raw("ticket", str(n), {"id": n, "summary": text, "status": {"name": text}}) for n, text in enumerate(nasty)
    ]
    records = interpret(raws)
    assert records.unread == ()
    assert [m.text for m in records.messages] == nasty
    assert [t.summary for t in records.tickets] == nasty


def test_order_and_repetition_of_raw_records_do_not_matter(shelf, serving, capture, interpret):
    with serving(shelf) as at:
        raws = capture(at).raws()
    first = interpret(raws)
    for seed in range(3):
        shuffled = raws + raws[: seed * 7]
        random.Random(seed).shuffle(shuffled)
        assert interpret(shuffled) == first


def test_two_versions_of_a_record_are_both_read(raw, interpret):
    records = interpret([raw("ticket", "7", {"id": 7, "summary": "a"}), raw("ticket", "7", {"id": 7, "summary": "b"})])
    assert sorted(t.summary for t in records.tickets) == ["a", "b"]


def test_numeric_ids_are_ordered_by_number(raw, interpret):
    records = interpret([raw("board", str(n), {"id": n, "name": "b"}) for n in (10, 9, 100)])
    assert [one.id for one in records.boards] == ["9", "10", "100"]


@pytest.mark.parametrize(
    ("function", "level", "hides"),
    [("Time Entry", "My", "time_entry"), ("time entry", "None", "time_entry"), ("Time Entry", "All", None),
     ("Time Entry", None, None), ("Invoicing", "None", None)],
)  # fmt: skip
def test_a_level_below_all_on_time_hides_acts_of_the_msp(raw, interpret, function, level, hides):
    row = {"moduleFunctionName": function} | ({} if level is None else {"inquireLevel": level})
    (permission,) = interpret([raw("permission", "time", row)]).permissions
    assert permission.hides == hides


@pytest.mark.parametrize(
    ("row", "channel"),
    [({"originalAuthor": "EmailConnector"}, "e-mail"), ({"createdBy": "Email Connector"}, "e-mail"),
     ({"_info": {"enteredBy": "Portal"}}, "portal"), ({"noteType": "TimeEntryNote"}, "time entry"),
     ({"noteType": "MeetingNote", "originalAuthor": "Portal"}, "meeting"), ({"originalAuthor": "jdoe"}, None),
     ({}, None)],
)  # fmt: skip
def test_a_note_came_by_the_way_that_it_says_itself(raw, interpret, row, channel):
    (message,) = interpret([raw("note", "1", {"id": 1, "ticketId": 7, **row})]).messages
    assert message.channel == channel


@pytest.mark.parametrize(
    ("row", "to"),
    [({"text": "E-mail sent to Ann.Lee@Client.example, <b@x.example>."}, ("ann.lee@client.example", "b@x.example")),
     ({"text": "Sent to a@x.example and again to A@x.example", "auditSubType": "Sent"}, ("a@x.example",)),
     ({"text": "No reply from a@x.example", "auditSubType": "Failed"}, ()),
     ({"text": "Contact is a@x.example", "auditType": "Ticket"}, ()), ({"text": "E-mail sent to @ and a@b"}, ())],
)  # fmt: skip
def test_a_line_about_an_e_mail_that_was_sent_names_the_addresses(raw, interpret, row, to):
    value = {"enteredDate": "2025-01-02T09:00:00Z", "auditType": "Email", **row}
    (entry,) = interpret([raw("history", "7-1", value, parent="ticket/7")]).history
    assert entry.mailed_to == to
