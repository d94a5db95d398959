"""Incidents, handover and notice: listed by what the records say, and one line when there is nothing."""

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
    assert [row[0].exhibit for row in cells(parts()["handover"])] == ["T-1011", "T-1010"]


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
