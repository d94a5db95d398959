"""Incidents, handover and notice: listed by what the records say, and one line when there is nothing."""

import hashlib

import pytest


@pytest.fixture
def parts(make, psa, empty_vault, pages):
    def run(*, out="out", **more):
        psa.fill(empty_vault)
        make(empty_vault, out=out, **more)
        return {p.id: p for p in pages.content.parts}

    return run


def cells(part):
    return [row for block in part.blocks for row in getattr(block, "rows", ())]


def test_incidents_are_tickets_of_the_first_priority(parts):
    assert [row[0].exhibit for row in cells(parts()["incidents"])] == ["T-1001", "T-1002", "T-1003"]


def test_incidents_are_also_tickets_whose_type_says_so(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "ticket":
            row["priority"] = {"id": 9, "name": "Priority 4"}
        if kind == "ticket" and row["id"] == 1003:
            row["type"] = {"id": 1, "name": "Security Incident"}
    assert [(row[0].exhibit, row[3]) for row in cells(parts()["incidents"])] == [("T-1003", "type Security Incident")]


def test_without_one_a_line_says_so(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "ticket":
            row["priority"] = {"id": 9, "name": "Priority 4"}
    made = parts()
    for name in ("incidents", "handover"):
        [block] = made[name].blocks
        assert block.text.startswith("No ticket")


def test_handover_is_found_by_name_and_in_order(parts, psa):
    psa.ticket(1010, "2025-05-05T15:00:00+00:00", summary="Hand-over of the documentation")
    psa.ticket(1011, "2025-05-04T15:00:00+00:00", summary="Deliver admin credentials")
    psa.ticket(1012, "2025-05-06T15:00:00+00:00", summary="Offline printer")
    listed, held = [b for b in parts()["handover"].blocks if hasattr(b, "rows")]
    assert [row[0].exhibit for row in listed.rows] == ["T-1011", "T-1010"]
    assert [row[0].exhibit for row in held.rows] == ["T-1011", "T-1010"]


def test_the_notice_says_that_nothing_is_signed(parts):
    assert "No certificate is signed" in repr(parts()["notice"])


def test_without_a_target_nothing_is_said_of_one(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "sla":
            row.update(respondHours=0, planWithin=0, resolutionHours=0)
        if kind == "ticket" and row["id"] != 1001:
            row["dateEntered"] = "2020-01-01T00:00:00Z"
    said = next(b.text for b in parts()["methodology"].blocks if getattr(b, "text", "").startswith("Ticket 1001"))
    assert "Reason: no target is promised for this stage." in said
    assert "The target is" not in said
    assert "overrun" not in said


def test_a_closed_ticket_is_counted_in_the_month_of_its_closing(parts, psa):
    psa.ticket(1010, "2025-04-30T15:00:00+00:00", closed=60 * 24 * 3)
    table = parts()["services"].blocks[1]
    assert table.columns[2].title == "Tickets closed"
    months = {row[0]: row[1:3] for row in table.rows}
    assert months["2025-04"] == ("2", "1")
    assert months["2025-05"] == ("0", "1")


def facts_of(part):
    return dict(row for b in part.blocks if hasattr(b, "rows") and not hasattr(b, "columns") for row in b.rows)


def said_in(part):
    return " ".join(b.text for b in part.blocks if hasattr(b, "text"))


def table_with(part, title):
    return next(b for b in part.blocks if title in [c.title for c in getattr(b, "columns", ())])


def test_services_say_what_no_capture_reads_and_by_what_source_tickets_came(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "ticket" and row["id"] in {1001, 1003}:
            row["source"] = {"id": 4, "name": "Monitoring"}
    facts = facts_of(parts()["services"])
    assert facts["Tickets by source"] == "Monitoring 2, no source 1"
    assert "not read" in facts["Monitoring reports"]


def test_services_say_how_long_after_the_work_time_was_typed_in(parts, psa):
    """Two entries 30 hours after, one two minutes before the work ended."""
    for kind, _, row, *_ in psa.rows:
        if kind == "time_entry" and row["id"] == 100101:
            row["dateEntered"] = "2025-03-04T16:28:00Z"
    said = said_in(parts()["services"])
    assert "within 1 hour 1, within 24 hours 1, within 7 days 3 of 3 entries with both times (0 lack one)" in said
    assert "Middle entry: 1 d 6 h after; latest: 1 d 6 h after." in said


def test_entries_without_both_times_have_no_lag(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "time_entry":
            row["dateEntered"] = None
    assert "No time entry records both when the work was done and when it was typed in." in said_in(parts()["services"])


def test_invoices_count_credit_notes_and_name_what_is_neither_paid_nor_open(parts, psa):
    invoice = {"company": {"id": 10}, "date": "2025-03-01T00:00:00Z", "total": 100.0, "balance": 0.0, "payments": 60.0}
    psa.add("invoice", {**invoice, "id": 41, "invoiceNumber": "INV-41"}, client="10")
    psa.add("invoice", {**invoice, "id": 42, "invoiceNumber": "CM-42", "type": "CreditMemo"}, client="10")
    said = said_in(parts()["invoices"])
    assert "1 credit note by type; 1 other invoice with a total that is not paid plus balance" in said
    assert "correction): INV-41." in said
    assert "CM-42" not in said


def test_invoices_list_what_names_a_dispute_or_a_notice_and_cancelled_agreements(parts, psa):
    psa.ticket(1010, "2025-05-05T15:00:00+00:00", summary="We dispute INV-40")
    psa.add("document", {
        "id": 78, "title": "Notice of termination", "fileName": "n.pdf",
        "_info": {"dateEntered": "2025-05-01T15:10:00Z"},
    }, client="10", parent="ticket/1010")  # fmt: skip
    for kind, _, row, *_ in psa.rows:
        if kind == "agreement":
            row.update(cancelledFlag=True, dateCancelled="2025-05-30T00:00:00Z", reasonCancelled="Client's notice")
    part = parts()["invoices"]
    rows = table_with(part, "Status as recorded").rows
    assert [(row[2], row[3]) for row in rows] == [
        ("document", "Notice of termination"),
        ("ticket", "We dispute INV-40"),
    ]
    said = next(b for b in part.blocks if getattr(b, "text", "").startswith("The agreement 'Managed'"))
    assert said.text.endswith("is recorded as cancelled on 2025-05-30; reason as recorded: Client's notice.")
    assert [c.exhibit for c in said.cites] == ["A-50"]


def test_without_such_records_the_part_says_so(parts):
    assert "No ticket, activity or document with one of these words is shown" in said_in(parts()["invoices"])


def test_handover_says_who_asked_what_was_ticked_off_and_when_the_client_wrote_last(parts, psa):
    psa.ticket(1010, "2025-05-05T15:00:00+00:00", summary="Hand-over", contactName="Ann Client")
    for number, done in ((1, True), (2, False)):
        task = {"id": number, "ticketId": 1010, "notes": "password: hunter2", "closedFlag": done}
        psa.add("task", task, client="10", parent="ticket/1010")
    part = parts()["handover"]
    [row] = table_with(part, "Steps ticked off").rows
    assert row[1:] == ("Ann Client", "1 of 2", "none recorded", "1", "2025-05-05 11:01:00 -04:00")
    assert "hunter2" not in repr(part)


def test_recommendations_show_how_their_notes_begin_and_what_followed(parts, psa):
    psa.add("activity", {
        "id": 60, "name": "Call about it", "type": {"id": 1, "name": "Call"}, "company": {"id": 10},
        "opportunity": {"id": 30}, "dateStart": "2025-02-03T15:00:00Z",
    }, client="10")  # fmt: skip
    [row] = table_with(parts()["recommendations"], "Activities, documents").rows
    assert row[2] == "Backup proposal\nDeclined by phone"
    assert row[6] == "Call 1; last 2025-02-03\n0 documents"


def test_a_pause_stands_beside_the_messages_before_and_after_it(parts, psa):
    """The client wrote a minute after entry, the provider at 39 minutes; the pause began at 40, he wrote at 190."""
    for number, minute, who in ((7, 39, "member"), (8, 190, "contact"), (9, 195, "contact")):
        at = f"2025-04-01T{14 + minute // 60}:{minute % 60:02d}:00Z"
        psa.add("note", {
            "id": number, "noteType": "TicketNote", "ticket": {"id": 1003}, "text": "x", "detailDescriptionFlag": True,
            who: {"id": 5, "name": "Tess"}, "_info": {"dateEntered": at},
        }, client="10", parent="ticket/1003")  # fmt: skip
    [row] = table_with(parts()["waiting"], "Client wrote next").rows
    assert row[5:] == ("2025-04-01 10:39:00 -04:00", "2025-04-01 13:10:00 -04:00")


def test_incidents_say_who_entered_them_and_from_what_source(parts, psa):
    for kind, _, row, *_ in psa.rows:
        if kind == "ticket":
            row["source"] = {"id": 4, "name": "Monitoring"}
    assert {row[4] for row in table_with(parts()["incidents"], "Entered by, source").rows} == {"tbell\nMonitoring"}


def of_the_client(psa, title="Notice of termination"):
    """A document that hangs on the client's own record, and its bytes."""
    psa.add("document", {
        "id": 79, "title": title, "fileName": "paper.pdf", "recordType": "Company", "recordId": 10,
    }, client="10", parent="client/10")  # fmt: skip
    psa.add("attachment", b"%PDF of 79", id="79", client="10", parent="document/79")


def test_a_document_of_the_client_himself_has_an_exhibit_and_is_cited_by_it(parts, psa, pages):
    of_the_client(psa)
    rows = table_with(parts()["invoices"], "Status as recorded").rows
    assert [(row[0].exhibit, row[3]) for row in rows] == [("D-LIST", "Notice of termination")]
    shown = next(e for e in pages.content.exhibits if e.id == "D-LIST")
    [row] = table_with(shown, "Attached to").rows
    assert row[:2] == ("Notice of termination\npaper.pdf", "company 10")
    assert row[4] == hashlib.sha256(b"%PDF of 79").hexdigest()


def test_its_file_is_produced_with_it(parts, psa, pages):
    of_the_client(psa)
    parts()
    document = next(d for d in pages.content.documents if d.exhibit == "D-LIST")
    assert [(a.native.key, a.name) for a in document.attachments] == [("attachment/79", "paper.pdf")]


def test_a_waiver_is_listed_by_its_name_and_not_said_to_be_signed(parts, psa):
    of_the_client(psa, "Waiver: no backup (UNSIGNED)")
    made = parts()["recommendations"]
    assert [row[3] for row in table_with(made, "Status as recorded").rows] == ["Waiver: no backup (UNSIGNED)"]
    assert "Whether anybody signed or sent one is for the record itself to show." in repr(made)


def test_without_a_waiver_the_words_looked_for_are_said(parts):
    said = [b.text for b in parts()["recommendations"].blocks if hasattr(b, "text")][-1]
    assert said.startswith("No ticket, activity or document with one of these words is shown by these records: waiver,")
