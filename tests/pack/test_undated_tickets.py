"""Tickets that cannot be placed in the period: they are counted and named by what is known of them, never as dated."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from psa_evidence.pack.rebuilding import rebuild
from psa_evidence.verify import verify_pack

AT = datetime(2025, 3, 6, tzinfo=UTC)


def rows(folder, path):
    return list(csv.DictReader(io.StringIO((folder / path).read_text("utf-8-sig"), newline="")))


@pytest.fixture
def build(empty_vault, make, pages, tables):
    def run(psa, **more):
        psa.fill(empty_vault)
        return make(empty_vault, exporters={"pages": pages, "tables": tables}, **more).folder

    return run


@pytest.fixture
def said(pages):
    """The words of a part of the report that was built."""

    def words(part):
        return repr(next(p for p in pages.content.parts if p.id == part))

    return words


def reasons(folder, kind):
    return {r["reason"]: r["number"] for r in rows(folder, "data/logs/population.csv") if r["kind"] == kind}


@pytest.mark.parametrize("date", [{}, {"dateEntered": None}, {"dateEntered": "yesterday"}])
def test_a_ticket_without_an_entry_date_is_not_said_to_be_dated_outside_the_period(psa, build, said, date):
    psa.add("ticket", {"id": 1701, "summary": "Undated", "company": {"id": 10}, **date}, client="10")
    folder = build(psa)
    assert reasons(folder, "ticket")["no entry date that could be read"] == "1"
    assert reasons(folder, "ticket")["entered outside the period"] == "2"
    assert "1 ticket of this client has no entry date that could be read" in said("answer")
    assert "out of scope: no entry date that could be read" in said("scope")


def test_a_ticket_under_another_agreement_is_said_to_be_that(psa, build, matter, said):
    """It was entered in the period: the page that says how many were must say of which it speaks."""
    psa.ticket(1601, "2025-03-07T15:00:00+00:00", agreement={"id": 51, "name": "Project work"})
    folder = build(psa, matter=replace(matter, agreement="Managed"))
    assert reasons(folder, "ticket")["under another agreement, or none"] == "1"
    assert "3 tickets entered in the period under the agreement 'Managed'. Under another, or none: 1" in (
        said("answer")
    )
    assert "3 tickets entered in the period under the agreement 'Managed'." in said("attainment")


def test_an_agreement_that_nobody_has_is_named_when_the_pack_is_built(psa, empty_vault, make, matter):
    psa.fill(empty_vault)
    made = make(empty_vault, matter=replace(matter, agreement="Manged"))
    assert "0 tickets of the period are under it, 3 under another" in made.warnings[0]
    assert "the agreement 'Manged' (the records show 'Managed')" in made.warnings[1]
    assert not any("No ticket was entered in the period" in warning for warning in made.warnings)
    assert len(make(empty_vault, matter=replace(matter, agreement="managed")).warnings) == 1


def test_a_ticket_that_cannot_be_read_is_in_the_pack_with_the_reason_and_in_no_figure(
    psa, build, said, connector, tables
):
    psa.add("ticket", b'{"id": 1700, "summary": 5', id="1700", client="10", at=AT)
    psa.add("note", {"id": 170000, "text": "x"}, client="10", parent="ticket/1700", at=AT)
    folder = build(psa)
    assert (folder / "data/natives/ticket/1700.json").read_bytes() == b'{"id": 1700, "summary": 5'
    assert [(r["record"], r["reason"]) for r in rows(folder, "data/tables/unread.csv")] == [("ticket/1700", "not JSON")]
    assert "1700" not in {r["ticket"] for r in rows(folder, "data/tables/tickets.csv")}
    assert reasons(folder, "note")["hangs on a ticket that could not be read"] == "1"
    assert "not in the population, since they could not be read" in said("scope")
    assert "1 record or line could not be read" in said("answer")
    assert "nothing that could not be read" not in said("answer")
    assert rebuild(folder, None, connector, tables).agrees
    [check] = [c for c in verify_pack(folder, []).checks if c.id == "9.7"]
    assert check.status == "pass"
    assert check.detail.endswith("No figure counts 1 ticket that the pack says could not be read: 1700")
