"""To whom a message went and how: what the records say of it, and no guess where they do not."""

from datetime import UTC, datetime, timedelta

import pytest

from psa_evidence.pack.conveyance import Conveyed, conveyed
from psa_evidence.records import Contact, Digest, HistoryEntry, Member, Message, RecordSet, SourceRef, Ticket

AT = datetime(2025, 3, 4, 15, 0, tzinfo=UTC)


def ref(kind, number):
    return SourceRef(kind, str(number), Digest("0" * 64))


def note(number, *, after=0, ticket="1", by="tbell", **more):
    return Message(
        source=ref("note", number), id=str(number), ticket_id=ticket, text="x", at=AT + timedelta(seconds=after),
        entered_by=by, **{"side": "msp", "internal": False, **more},
    )  # fmt: skip


def mail(number, *to, after=2, ticket="1", by="TBell"):
    return HistoryEntry(
        source=ref("history", number), id=str(number), ticket_id=ticket, text="sent",
        at=AT + timedelta(seconds=after), by=by, mailed_to=to,
    )  # fmt: skip


def way(*records, contacts=(), members=(), channel=None, entered=AT):
    ticket = Ticket(source=ref("ticket", 1), id="1", client_id="10", summary="", channel=channel, entered_at=entered)
    notes = tuple(r for r in records if isinstance(r, Message))
    lines = tuple(r for r in records if isinstance(r, HistoryEntry))
    made = conveyed(
        RecordSet(tickets=(ticket,), messages=notes, history=lines, contacts=contacts, members=members)
    )  # fmt: skip
    return {key.removeprefix("note/"): value for key, value in made.items()}


def contact(number, name, *emails):
    return Contact(source=ref("contact", number), id=str(number), client_id="10", name=name, emails=emails)


def test_an_e_mail_that_the_audit_trail_names_is_that_of_the_note_before_it():
    found = way(note(1), note(2, after=10), mail(7, "ann@client.example", after=12))
    assert found == {
        "1": Conveyed(),
        "2": Conveyed("ann@client.example", "e-mail", "history/7"),
    }


def test_an_address_is_called_by_the_one_person_who_has_it():
    people = (contact(1, "Ann", "Ann@Client.Example"), contact(2, "Bob", "office@client.example"),
              contact(3, "Eve", "office@client.example"))  # fmt: skip
    member = Member(source=ref("member", 1), id="1", identifier="t", name="Tess", email="t@msp.example")
    found = way(
        note(1), mail(7, "ann@client.example", "office@client.example", "t@msp.example"),
        contacts=people, members=(member,),
    )  # fmt: skip
    assert found["1"].to == "Ann, office@client.example, Tess"


@pytest.mark.parametrize(
    "line",
    [
        mail(7, "ann@client.example", after=61),
        mail(7, "ann@client.example", after=-1),
        mail(7, "ann@client.example", by="other"),
        mail(7, "ann@client.example", ticket="2"),
        mail(7),
    ],
    ids=["a minute later", "before", "by another", "on another ticket", "without an address"],
)
def test_a_line_that_may_be_about_something_else_is_no_proof(line):
    assert way(note(1), line) == {"1": Conveyed()}


def test_an_internal_note_went_to_nobody_outside_whatever_was_mailed_after_it():
    assert way(note(1, internal=True), mail(7, "ann@client.example")) == {"1": Conveyed("internal")}


def test_a_receipt_to_the_client_is_not_what_he_said():
    assert way(note(1, side="client"), mail(7, "ann@client.example")) == {"1": Conveyed("provider")}


def test_two_notes_of_one_second_are_told_apart_by_nothing():
    assert way(note(1), note(2), mail(7, "ann@client.example")) == {"1": Conveyed(), "2": Conveyed()}


def test_what_the_client_wrote_came_to_the_provider_by_the_way_that_is_recorded():
    found = way(
        note(1, side="client"), note(2, after=9, side="client", channel="e-mail"), note(3, after=9, side="client"),
        channel="Phone",
    )  # fmt: skip
    assert found == {
        "1": Conveyed("provider", "Phone", "ticket/1"),
        "2": Conveyed("provider", "e-mail"),
        "3": Conveyed("provider"),
    }
    assert way(note(1, channel="portal", side="client"), channel="Phone") == {"1": Conveyed("provider", "portal")}


@pytest.mark.parametrize(
    ("notes", "entered"),
    [((note(1), note(2)), AT), ((note(1),), AT - timedelta(seconds=61)), ((note(1),), None)],
    ids=["two at once", "a minute later", "a ticket without a time"],
)
def test_a_message_that_did_not_begin_the_ticket_has_no_channel_of_it(notes, entered):
    assert {w.channel for w in way(*notes, channel="Phone", entered=entered).values()} == {"not recorded"}


def test_report_table_and_facts_say_the_same(make, psa, empty_vault, pages, tmp_path):
    psa.add("history", {
        "text": 'E-mail sent to Ann.Client@client.example using template "x".', "enteredDate": "2025-03-04T15:01:02Z",
        "enteredBy": "tbell", "auditType": "Email", "auditSubType": "Sent", "auditSource": "Member",
    }, id="1001-zz", client="10", parent="ticket/1001")  # fmt: skip
    note = next(row for kind, _, row, *_ in psa.rows if kind == "note" and row["id"] == 100100)
    note["member"] = {"id": 5, "name": "Tessa Bell"}
    del note["contact"]
    psa.fill(empty_vault)
    make(empty_vault)
    content = pages.content
    part = next(p for p in content.parts if p.id == "chronology")
    [table] = [b for b in part.blocks if getattr(b, "columns", ())]
    row = next(r for r in table.rows if r[4].exhibit == "T-1001")
    assert row[1:3] == ("Tessa Bell\nmsp", "ann.client@client.example\ne-mail")
    messages = next(t for t in content.tables if t.name == "messages")
    names = [name for name, _ in messages.columns]
    told = dict(zip(names, next(r for r in messages.rows if r[1] == "1001"), strict=True))
    assert (told["to"], told["channel"], told["told_by"]) == (
        "ann.client@client.example", "e-mail", "history/1001-zz",
    )  # fmt: skip
    event = next(e for e in content.events if e.key == "note/100100")
    assert (event.to, event.channel) == ("ann.client@client.example", "e-mail")
    other = next(e for e in content.events if e.key == "note/100200")
    assert (other.to, other.channel) == ("provider", "not recorded")
