"""Check 8.5 on lists of Bates numbers and tables made here: what a row may cite, and whose pages are whose."""

from __future__ import annotations

import csv
import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.verify import cited_pages
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

LABELS = ["NWR-0001", "NWR-0002", *(f"NW-000{n}" for n in range(1, 6))]
LEDGER = [
    ("NW-0001", "NW-0002", "T-1", "in this pack"),
    ("NW-0003", "NW-0003", "T-2", "in this pack"),
    ("NW-0007", "NW-0009", "T-3", "issued earlier, not in this pack"),
    ("NW-0004", "NW-0005", "S", "in this pack"),
]


EACH = "each citing the first page of the exhibit of its record"


def record(kind, number, exhibit, seal=1, ending=""):
    native = f"data/natives/{kind}/{number}{ending}.json"
    return SimpleNamespace(kind=kind, id=number, native=native, exhibit=exhibit, seal=seal, index=0)


RECORDS = [
    record("ticket", "1", "T-1"), record("ticket", "=2", "T-2"), record("note", "9", "T-1"),
    record("agreement", "5", "S", seal=2), record("agreement", "5", "T-1", ending=".2"), record("work_type", "7", None),
    record("history", "1-a", "T-2"),
]  # fmt: skip
FIRST = {"T-1": "NW-0001", "T-2": "NW-0003", "S": "NW-0004"}
ROWS = {
    "natives": [("native", "bates"), *((r.native, FIRST.get(r.exhibit, "")) for r in RECORDS)],
    "tickets": [("ticket", "bates"), ("1", "NW-0001"), ("'=2", "NW-0003")],
    "messages": [("note", "ticket", "bates"), ("9", "1", "NW-0001")],
    "history": [("line", "bates"), ("1-a", "NW-0003")],
    "agreements": [("agreement", "bates"), ("5", "NW-0004")],
    "sla_results": [("ticket", "bates"), ("1", "NW-0001"), ("1", "NW-0001")],
    "sla_intervals": [("ticket", "stage"), ("1", "response")],
}  # fmt: skip


def judged(ledger=LEDGER, rows=None, labels=LABELS, records=RECORDS):
    def text(lines):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows(lines)
        return out.getvalue().encode("utf-8-sig")

    files = {f"data/tables/{name}.csv": text(lines) for name, lines in (ROWS | (rows or {})).items() if lines}
    if ledger is not None:
        files[cited_pages.LEDGER] = text([("first", "last", "exhibit", "state"), *ledger])
    held = SimpleNamespace(files={p: len(d) for p, d in files.items()}, open=lambda path: io.BytesIO(files[path]))
    bag = Bag(held, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})
    checks = Checklist()
    cited_pages.check_cited_pages(bag, checks, SimpleNamespace(records=records), labels)
    return [(c.status, c.detail, c.subject) for c in checks.report().checks]


def failed(**given):
    return [(detail, subject) for status, detail, subject in judged(**given) if status == "fail"]


def test_rows_that_cite_the_first_page_of_their_exhibit_pass():
    assert judged() == [("pass", f"3 exhibits in the list of Bates numbers; 13 rows of tables, {EACH}", "")]


def test_numbers_whose_prefix_a_spreadsheet_must_not_run_are_the_same():
    def disarmed(text):
        return text.replace("NW-", "'-W-")

    ledger = [(disarmed(a), disarmed(b), *rest) for a, b, *rest in LEDGER]
    rows = {name: [tuple(map(disarmed, row)) for row in lines] for name, lines in ROWS.items()}
    assert not failed(ledger=ledger, rows=rows, labels=[label.replace("NW-", "-W-") for label in LABELS])


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("natives", 1, ("data/natives/ticket/1.json", "NW-0003")), ("natives", 1, ("data/natives/ticket/1.json", "")),
        ("natives", 6, ("data/natives/work_type/7.json", "NW-0001")), ("natives", 5, (RECORDS[4].native, "NW-0004")),
        ("natives", 1, ("data/natives/ticket/8.json", "NW-0001")), ("tickets", 1, ("1", "NW-0002")),
        ("tickets", 1, ("1", "NW-0007")), ("tickets", 1, ("1", "'")), ("messages", 1, ("9", "1", "NW-0003")),
        ("messages", 1, ("10", "1", "NW-0001")), ("messages", 1, ("19", "1", "NW-0001")),
        ("agreements", 1, ("5", "NW-0001")),
        ("sla_results", 2, ("1", "NW-0003")), ("tickets", 2, ("''=2", "NW-0003")),
    ],
)  # fmt: skip
def test_a_row_that_cites_another_page_is_found(table, row, cells):
    lines = [*ROWS[table][:row], cells, *ROWS[table][row + 1 :]]
    words = f"{table}: does not cite the first page of the exhibit of its record"
    assert failed(rows={table: lines}) == [(words, cells[0])]


def test_a_record_that_is_not_in_the_pack_cites_nothing():
    assert not failed(rows={"messages": [*ROWS["messages"], ("10", "1", "")]})


def with_tickets_in(one, two):
    records = [record("ticket", "1", one), record("ticket", "=2", two), *RECORDS[2:]]
    first = {**FIRST, None: ""}
    rows = {
        "natives": [("native", "bates"), *((r.native, first.get(r.exhibit, "")) for r in records)],
        "tickets": [("ticket", "bates"), ("1", first[one]), ("'=2", first[two])],
        "sla_results": None,
    }  # fmt: skip
    return {"records": records, "rows": rows}


def test_a_ticket_without_an_exhibit_fails():
    """He says so in the manifest, and empties what cites its pages."""
    assert failed(**with_tickets_in("T-1", None)) == [("has no exhibit", "ticket '=2")]


def test_two_tickets_in_one_exhibit_fail():
    assert failed(**with_tickets_in("T-1", "T-1")) == [("is in the exhibit of ticket 1", "ticket '=2")]


def test_without_the_list_of_numbers_nothing_says_that_there_are_exhibits():
    nothing = {name: [tuple(c if "NW-" not in c else "" for c in row) for row in lines] for name, lines in ROWS.items()}
    records = [record(r.kind, r.id, None) for r in RECORDS[:3]]
    assert not failed(
        ledger=None, records=records, rows=nothing | {"natives": None, "history": None, "agreements": None}
    )


LIST = "in the list of Bates numbers"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({0: ("NW-0001", "NW-0002", "X", "in this pack")}, "holds records of the manifest, and has no pages " + LIST),
        ({1: ("NW-0003", "NW-0003", "T-1", "in this pack")}, f"stands twice {LIST}"),
        ({0: ("NW-0001", "NW-0006", "T-1", "in this pack")}, f"its pages {LIST} are not pages of the PDFs"),
        ({1: ("NW-0006", "NW-0003", "T-2", "in this pack")}, f"its pages {LIST} are not pages of the PDFs"),
        ({0: ("NW-0002", "NW-0001", "T-1", "in this pack")}, f"its pages {LIST} are not pages of the PDFs"),
        ({0: ("NW-0001", "NW-0003", "T-1", "in this pack")}, "has a page that belongs to another exhibit too"),
        ({0: ("NW-0001", "NW-0001", "T-1", "in this pack")}, "before it there are pages of no exhibit"),
        ({3: ("NW-0004", "NW-0004", "S", "in this pack")}, "behind the last exhibit there are pages of none"),
        (
            {0: ("NW-0001", "NW-0002", "T-1", "issued earlier, not in this pack")},
            "before it there are pages of no exhibit",
        ),
    ],
)
def test_each_page_of_exhibits_is_of_one_exhibit(changes, found):
    assert found in {detail for detail, _ in failed(ledger=[changes.get(n, row) for n, row in enumerate(LEDGER)])}


def test_ranges_stand_in_any_order_of_the_list():
    assert not failed(ledger=LEDGER[::-1])


def test_where_a_pdf_could_not_be_read_the_rows_are_compared_all_the_same():
    assert not failed(labels=[])
    rows = {"tickets": [("ticket", "bates"), ("1", "NW-0002")]}
    assert len(failed(labels=[], rows=rows)) == 1


def test_without_the_list_no_row_cites_a_page():
    assert len(failed(ledger=None)) == 13
    silent = {name: [lines[0], *((*row[:-1], "") for row in lines[1:])] for name, lines in ROWS.items()}
    silent["sla_intervals"] = ROWS["sla_intervals"]
    words = f"0 exhibits in the list of Bates numbers; 0 rows of tables, {EACH}"
    assert judged(ledger=None, rows=silent) == [("pass", words, "")]


def test_a_list_or_table_that_cannot_be_read_fails(monkeypatch):
    assert failed(ledger=[("NW-0001",)]) == [("row 2 has another number of cells than the heading", cited_pages.LEDGER)]
    table = {"tickets": [("ticket", "bates"), ("1",)]}
    assert failed(rows=table) == [("row 2 has another number of cells than the heading", "data/tables/tickets.csv")]
    monkeypatch.setattr(cited_pages, "MAX_EXHIBITS", 2)
    assert failed() == [("more than 2 exhibits", cited_pages.LEDGER)]
    monkeypatch.setattr(cited_pages, "MAX_EXHIBITS", 3)
    assert not failed()


def test_a_pack_of_exhibits_alone_begins_with_one():
    assert not failed(labels=LABELS[2:])
    assert {detail for detail, _ in failed(labels=["NW-0000", *LABELS[2:]])} == {
        "before it there are pages of no exhibit"
    }
