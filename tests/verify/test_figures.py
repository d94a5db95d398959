"""Check 9.2 on a table of natives: its rows are the records of the manifest, to the digest and the byte."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.verify import figures
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

FILES = {"data/natives/ticket/1.json": b"{}", "data/natives/note/2.json": b'{"id":2}'}
RECORDS = [
    SimpleNamespace(kind="ticket", id="1", native="data/natives/ticket/1.json", sha256="a" * 64),
    SimpleNamespace(kind="note", id="2", native="data/natives/note/2.json", sha256="b" * 64),
]
HEAD = ("record", "native", "sha256", "bytes", "exhibit")
ROWS = [(f"{r.kind}/{r.id}", r.native, r.sha256, str(len(FILES[r.native])), "T-1") for r in RECORDS]


def judged(rows, *, without=(), head=HEAD, counts=None):
    """Failures of 9.2, and its words when it holds."""
    files = {path: data for path, data in FILES.items() if path not in without}
    if rows is not None:
        files[figures.NATIVES] = "".join(",".join(row) + "\r\n" for row in (head, *rows)).encode()
    container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    container.open = lambda path: io.BytesIO(files[path])
    bag = Bag(container, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})
    checks = Checklist()
    figures.check_counts(bag, checks, SimpleNamespace(records=RECORDS, counts={"natives": 2, **(counts or {})}), 0)
    [*found] = (check for check in checks.report().checks if check.id == "9.2")
    return [(check.status, check.detail, check.subject) for check in found]


def test_rows_in_any_order_are_the_records():
    assert judged(ROWS[::-1]) == [("pass", "0 stated figures of tables and logs counted again", "")]


def test_a_pack_need_not_have_the_table():
    assert [status for status, *_ in judged(None)] == ["pass"]


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ([ROWS[0]], "1 record, such as note/2"),
        ([*ROWS, ROWS[0]], "1 record, such as ticket/1"),
        ([ROWS[0], ("note/3", *ROWS[1][1:])], "2 records, such as note/2"),
        ([ROWS[0], (*ROWS[1][:2], "c" * 64, *ROWS[1][3:])], "1 record, such as note/2"),
        ([ROWS[0], (*ROWS[1][:3], "9", ROWS[1][4])], "1 record, such as note/2"),
        ([ROWS[0], (ROWS[1][0], ROWS[0][1], *ROWS[1][2:])], "1 record, such as note/2"),
        ([], "2 records, such as note/2"),
    ],
)
def test_rows_that_say_something_else_are_named(rows, others):
    assert judged(rows) == [("fail", f"it says other than the manifest of {others}", figures.NATIVES)]


def test_of_a_native_that_is_missing_nothing_is_said_here():
    assert [status for status, *_ in judged(ROWS, without=[RECORDS[1].native])] == ["pass"]
    assert [status for status, *_ in judged(ROWS[:1], without=[RECORDS[1].native])] == ["pass"]


def test_a_table_that_cannot_be_read_fails():
    [(status, detail, subject)] = judged(ROWS, head=("record", "native", "sha256", "size", "exhibit"))
    assert (status, detail, subject) == ("fail", "its column bytes is missing", figures.NATIVES)


def test_figures_that_are_only_stated_are_listed():
    [(_, words, _)] = judged(None, counts={"left": 3, "captured": 2})
    assert words == "0 stated figures of tables and logs counted again; stated only: left"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_last_row_counts_with_or_without_an_end_of_line(monkeypatch, end):
    monkeypatch.setitem(FILES, "data/tables/some.csv", b'a,b\r\n1,"2\n3"' + end)
    assert [status for status, *_ in judged(None, counts={"table:some": 1})] == ["pass"]
    [(_, detail, _)] = judged(None, counts={"table:some": 2})
    assert detail == "the manifest states 2; there are 1"
