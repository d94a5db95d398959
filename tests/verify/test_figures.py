"""Check 9.2 on a table of natives: its rows are the records of the manifest, to the digest and the byte."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.format import ManifestRecord
from psa_evidence.verify import figures, native_table
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

FILES = {"data/natives/ticket/1.json": b"{}", "data/natives/note/2.json": b'{"id":2}'}
RECORDS = [
    ManifestRecord("ticket", "1", "data/natives/ticket/1.json", "a" * 64, 1, 0, "T-1"),
    ManifestRecord("note", "2", "data/natives/note/2.json", "b" * 64, 1, 1, "T-1"),
]
SEALS = {1: SimpleNamespace(capture="20260201T020000Z-x", sealed_at="2026-02-01T02:30:00.5Z")}
HEAD = ("record", "native", "sha256", "bytes", "exhibit")
ROWS = [(f"{r.kind}/{r.id}", r.native, r.sha256, str(len(FILES[r.native])), "T-1") for r in RECORDS]


def judged(rows, *, without=(), head=HEAD, counts=None, records=RECORDS, check="9.2"):
    """Failures of the check, and its words when it holds."""
    files = {path: data for path, data in FILES.items() if path not in without}
    if rows is not None:
        files[native_table.NATIVES] = "".join(",".join(row) + "\r\n" for row in (head, *rows)).encode()
    container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    container.open = lambda path: io.BytesIO(files[path])
    bag = Bag(container, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})
    checks = Checklist()
    manifest = SimpleNamespace(records=records, counts={"natives": len(records), **(counts or {})})
    figures.check_counts(bag, checks, manifest, 0, SEALS)
    return [(found.status, found.detail, found.subject) for found in checks.report().checks if found.id == check]


def test_rows_in_any_order_are_the_records():
    assert judged(ROWS[::-1]) == [("pass", "0 stated figures of tables and logs counted again", "")]


def test_each_stated_figure_of_a_table_is_counted_once():
    words = "1 stated figure of tables and logs counted again"
    assert judged(ROWS, counts={"table:natives": 2, "left": 1}) == [("pass", f"{words}; stated only: left", "")]


def test_a_pack_need_not_have_the_table():
    assert [status for status, *_ in judged(None)] == ["pass"]


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ([ROWS[0]], "1 record, such as note/2"),
        ([*ROWS, ROWS[0]], "1 record, such as ticket/1"),
        ([ROWS[0], ("note/3", *ROWS[1][1:])], "1 record, such as note/3"),
        ([ROWS[0], (*ROWS[1][:2], "c" * 64, *ROWS[1][3:])], "1 record, such as note/2"),
        ([ROWS[0], (*ROWS[1][:3], "9", ROWS[1][4])], "1 record, such as note/2"),
        ([ROWS[0], (ROWS[1][0], ROWS[0][1], *ROWS[1][2:])], "1 record, such as note/2"),
        ([], "2 records, such as note/2"),
    ],
)
def test_rows_that_say_something_else_are_named(rows, others):
    assert judged(rows) == [("fail", f"it says other than manifest and seals of {others}", native_table.NATIVES)]


ABOUT = ("capture", "captured_at", "exhibit", "version", "versions")


def about(*cells, native=0, records=RECORDS):
    """Failures of 9.2 where one row of the table says so much more."""
    rows = [[*ROWS[n][:4], "20260201T020000Z-x", "2026-02-01T02:10:00Z", "T-1", "1", "1"] for n in (0, 1)]
    rows[native][4:] = cells
    return judged(rows, head=(*HEAD[:4], *ABOUT), records=records)[0][0]


@pytest.mark.parametrize("at", ["02:00:00", "02:30:00", "01:50:00", "02:40:00"])
def test_a_record_was_captured_in_its_capture(at):
    assert about("20260201T020000Z-x", f"2026-02-01T{at}Z", "T-1", "1", "1") == "pass"


@pytest.mark.parametrize(
    ("place", "cell"),
    [
        (0, "20260101T020000Z-x"), (0, ""), (1, "2026-02-01T01:49:59Z"), (1, "2026-02-01T02:40:01Z"), (1, ""),
        (1, "yesterday"), (2, "T-2"), (2, ""), (3, "2"), (3, ""), (4, "2"),
    ],
)  # fmt: skip
def test_what_the_table_says_of_a_record_is_what_manifest_and_seals_say(place, cell):
    honest = ["20260201T020000Z-x", "2026-02-01T02:10:00Z", "T-1", "1", "1"]
    assert about(*honest) == "pass"
    assert about(*honest[:place], cell, *honest[place + 1 :]) == "fail"


def test_a_clock_that_was_set_back_while_the_capture_ran_is_no_finding(monkeypatch):
    set_back = SimpleNamespace(capture="20260201T030000Z-x", sealed_at="2026-02-01T02:30:00Z")
    monkeypatch.setitem(SEALS, 1, set_back)
    rows = [[*row[:4], "2026-02-01T02:25:00Z"] for row in ROWS]
    assert judged(rows, head=(*HEAD[:4], "captured_at"))[0][0] == "pass"
    monkeypatch.setitem(SEALS, 1, SimpleNamespace(capture="by hand", sealed_at="2026-02-01T02:30:00Z"))
    assert judged(rows, head=(*HEAD[:4], "captured_at"))[0][0] == "pass"


def test_where_a_seal_does_not_say_when_it_was_made_an_instant_is_still_one(monkeypatch):
    monkeypatch.setitem(SEALS, 1, SimpleNamespace(capture="20260201T020000Z-x", sealed_at="in the night"))
    assert about("20260201T020000Z-x", "2026-02-03T00:00:00Z", "T-1", "1", "1") == "pass"
    assert about("20260201T020000Z-x", "yesterday", "T-1", "1", "1") == "fail"


def test_of_a_seal_that_cannot_be_read_nothing_is_said_here(monkeypatch):
    monkeypatch.delitem(SEALS, 1)
    assert about("x", "y", "T-1", "1", "1") == "pass"


def test_versions_are_numbered_from_the_oldest():
    later = [RECORDS[0], ManifestRecord("ticket", "1", RECORDS[1].native, "b" * 64, 1, 1, None)]
    rows = [[*ROWS[0][:4], "T-1", "1", "2"], ["ticket/1", *ROWS[1][1:4], "", "2", "2"]]
    head = (*HEAD[:4], "exhibit", "version", "versions")
    counts = {"earlier_versions": 1}
    assert judged(rows, head=head, records=later, counts=counts)[0][0] == "pass"
    rows[0][5], rows[1][5] = "2", "1"
    assert judged(rows, head=head, records=later, counts=counts)[0][0] == "fail"


@pytest.mark.parametrize(
    ("stated", "failed"),
    [(1, None), (0, "the manifest states 0; there are 1"), (2, "the manifest states 2; there are 1"),
     (None, "1 earlier version of records, which the manifest does not state")],
)  # fmt: skip
def test_earlier_versions_are_as_many_as_the_manifest_states(stated, failed):
    later = [RECORDS[0], ManifestRecord("ticket", "1", RECORDS[1].native, "b" * 64, 1, 1, None)]
    counts = {} if stated is None else {"earlier_versions": stated}
    [(status, words, _)] = judged(None, records=later, counts=counts, check="9.1")
    held = "2 natives, of them 1 earlier version, 0 fields withheld, as stated"
    assert (status, words) == (("fail", failed) if failed else ("pass", held))
    assert judged(None, check="9.1")[0][0] == "pass", "none need be stated where there are none"
    assert judged(None, counts={"earlier_versions": 1}, check="9.1")[0][0] == "fail"


@pytest.mark.parametrize("held", [b"", b"a,b", b"a,b\r\n"])
def test_a_table_with_a_heading_or_nothing_has_no_row(monkeypatch, held):
    monkeypatch.setitem(FILES, "data/tables/some.csv", held)
    assert [status for status, *_ in judged(None, counts={"table:some": 0})] == ["pass"]
    assert [status for status, *_ in judged(None, counts={"table:some": 1})] == ["fail"]


def test_of_a_native_that_is_missing_nothing_is_said_here():
    assert [status for status, *_ in judged(ROWS, without=[RECORDS[1].native])] == ["pass"]
    assert [status for status, *_ in judged(ROWS[:1], without=[RECORDS[1].native])] == ["pass"]


def test_a_table_that_cannot_be_read_fails():
    [(status, detail, subject)] = judged(ROWS, head=("record", "native", "sha256", "size", "exhibit"))
    assert (status, detail, subject) == ("fail", "its column bytes is missing", native_table.NATIVES)


def test_figures_that_are_only_stated_are_listed():
    [(_, words, _)] = judged(None, counts={"left": 3, "captured": 2})
    assert words == "0 stated figures of tables and logs counted again; stated only: left"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_last_row_counts_with_or_without_an_end_of_line(monkeypatch, end):
    monkeypatch.setitem(FILES, "data/tables/some.csv", b'a,b\r\n1,"2\n3"' + end)
    assert [status for status, *_ in judged(None, counts={"table:some": 1})] == ["pass"]
    [(_, detail, _)] = judged(None, counts={"table:some": 2})
    assert detail == "the manifest states 2; there are 1"
