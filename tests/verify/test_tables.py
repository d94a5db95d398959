"""Tables as rows, what a row of results says of itself, and load files: bounded, and wrong ones are refused."""

from __future__ import annotations

import hashlib
import io

import pytest

from psa_evidence.verify import clock, loadfile, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed


class Memory:
    def __init__(self, data):
        self.files, self.empty, self.problems, self.data = {"t": len(data)}, [], [], data

    def open(self, path):
        return io.BytesIO(self.data)

    def close(self):
        pass


def read(data, *columns, hashed=None, **more):
    digest = hashlib.sha256(data if hashed is None else hashed).hexdigest()
    bag = Bag(Memory(data), {"t": Hashed({"sha256": digest}, len(data))})
    return list(tables.rows(bag, "t", columns, **more))


def test_rows_have_the_cells_that_were_asked_for_in_any_order_of_columns():
    data = b'\xef\xbb\xbfb,x,a\r\n1,"two\r\n""lines""",3\r\n4,,"5"'
    assert read(data, "a", "b", optional=("c", "x")) == [
        {"a": "3", "b": "1", "x": 'two\r\n"lines"'}, {"a": "5", "b": "4", "x": ""},
    ]  # fmt: skip


def test_a_character_on_the_border_of_two_blocks_is_read(monkeypatch):
    monkeypatch.setattr("psa_evidence.verify.container.BLOCK", 3)
    assert read("a\n\u00e9\u20ac\U0001f600,\n".encode().replace(b",", b""), "a") == [{"a": "\u00e9\u20ac\U0001f600"}]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no heading"), (b"b\n1\n", "column a is missing"), (b"a,a\n1,2\n", "column a stands twice"),
        (b"a\n1,2\n", "another number of cells"), (b"a,b\n1\n", "another number of cells"),
        (b'a\n"1', "not CSV"), (b'a\n"1"2\n', "not CSV"), (b"a\n\xff\n", "not UTF-8"), (b"a\n\xc3", "not UTF-8"),
        (b"a\n1\rb\n", "not CSV"), (b"a" + b"," * 2000 + b"\n", "columns"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(data, why):
    with pytest.raises(Unreadable, match=why):
        read(data, "a")


def test_a_row_without_end_is_refused_before_it_is_kept(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROW", 100)
    assert read(b"a\n" + b"x\n" * 200, "a")
    for row in (b"x" * 101, b'"' + b"x\n" * 60 + b'"', b'"' + b"x\n" * 60):
        with pytest.raises(Unreadable, match="a row over the limit"):
            read(b"a\n" + row, "a")
    monkeypatch.setattr(tables, "MAX_TABLE", 100)
    with pytest.raises(Unreadable, match="limit of 100 bytes"):
        read(b"a\n" + b"x\n" * 200, "a")


def test_so_many_bytes_and_columns_at_most(monkeypatch):
    data = b"a,b\n1,2\n"
    monkeypatch.setattr(tables, "MAX_TABLE", len(data))
    monkeypatch.setattr(tables, "MAX_COLUMNS", 2)
    assert read(data, "a") == [{"a": "1"}]
    with pytest.raises(Unreadable, match="limit of 8 bytes"):
        read(data + b"\n", "a")
    with pytest.raises(Unreadable, match="more than 2 columns"):
        read(b"a,b,c", "a")


@pytest.mark.parametrize("opening", [b'"', b'"x ""', b'"a",""",'])
def test_lines_of_one_cell_are_counted_as_one_row_and_what_follows_it_is_not(monkeypatch, opening):
    """However many quotes stand in the line where it begins: an odd number opens a cell, the next such line ends it."""
    monkeypatch.setattr(tables, "MAX_ROW", 100)
    rest = b"," * (opening.count(b",") == 0)
    head = b"a,b\n"
    whole = opening + b"\n" * 30 + b'"' + rest + b"\n"
    assert len(read(head + whole + b"x,y\n" * 200, "a")) == 201
    with pytest.raises(Unreadable, match="a row over the limit"):
        read(head + opening + b"\n" * 120 + b'"' + rest + b"\n", "a")


def test_a_file_that_changed_after_it_was_hashed_is_refused():
    with pytest.raises(Unreadable, match="changed while"):
        read(b"a\n1\n", "a", hashed=b"a\n2\n")


@pytest.mark.parametrize(
    "cell",
    ["", "1.0", "1e3", "+1", " 1", "--1", "0x1", "\u0661", "1" * 19, "nan", "01", "-01", "00", "-0", "1_0", "1\n"],
)
def test_a_number_that_is_none_or_is_spelt_otherwise_is_refused(cell):
    with pytest.raises(Unreadable):
        tables.whole(cell)


@pytest.mark.parametrize("number", [0, 1, -1, 10, -10, 10**18 - 1, 1 - 10**18])
def test_a_number_in_its_one_spelling(number):
    assert tables.whole(str(number)) == number


@pytest.mark.parametrize(
    ("cell", "known"),
    [("2026-01-31T23:59:59Z", True), ("2024-02-29T00:00:00Z", True), ("2026-02-29T00:00:00Z", False),
     ("2026-01-01T24:00:00Z", False), ("2026-01-01T10:00:00+00:00", False), ("2026-01-01T10:00:00", False),
     ("2026-01-01 10:00:00Z", False), ("2026-01-01T10:00Z", False), ("2026-01-01T10:00:00.5Z", False),
     ("2026-01-01T10:00:00z", False), ("2026-01-01T10:00:00Z\n", False), ("\u0662026-01-01T10:00:00Z", False),
     ("", False)],
)  # fmt: skip
def test_an_instant_of_a_table_is_written_in_one_way(cell, known):
    assert tables.is_instant(cell) is known


def result(reading="contract", target=60, elapsed=50, due="12:00:00", met="11:00:00", verdict="met", reason="1 left"):
    return clock.result_of({
        "ticket": "1", "entered_at": "", "priority": "P", "stage": "plan", "reading": reading,
        "verdict": verdict, "reason": reason,
        "target_seconds": "" if target is None else str(target),
        "elapsed_seconds": "" if elapsed is None else str(elapsed),
        "due_at": due and f"2026-01-01T{due}Z", "met_at": met and f"2026-01-01T{met}Z",
    })  # fmt: skip


MISSED = {"elapsed": 70, "met": "13:00:00", "verdict": "missed", "reason": "missed by 0:00:10; due x"}
SHARED = {"elapsed": 70, "reason": "0:01:10 of open time"}
QUOTED = {"reading": "psa", "reason": "x"}


@pytest.mark.parametrize(
    "row",
    [
        {}, {"elapsed": 60}, {"elapsed": 60, "met": "12:30:00"}, {"elapsed": 60, "met": "12:00:00"}, {"due": ""},
        MISSED, {**MISSED, "met": ""}, {**MISSED, "due": ""}, SHARED, {**SHARED, "met": "12:00:00"},
        {**SHARED, "elapsed": 50, "met": "13:00:00", "verdict": "missed", "reason": "missed; due x"},
        {**QUOTED, "met": "13:00:00"}, {**QUOTED, "elapsed": 70, "verdict": "missed"}, {**QUOTED, "elapsed": None},
        {**QUOTED, "elapsed": 60}, {**QUOTED, "elapsed": None, "verdict": "missed", "met": ""},
        {**QUOTED, "elapsed": None, "verdict": "missed", "met": "12:00:00"},
        {"verdict": "no target", "target": 0}, {"verdict": "no target", "target": None},
        {"verdict": "excluded", "target": None, "elapsed": None, "due": "", "met": ""},
        {"verdict": "not determined", "elapsed": 70},
    ],
)  # fmt: skip
def test_a_row_that_agrees_with_itself(row):
    assert result(**row).problem() is None


@pytest.mark.parametrize(
    "row",
    [
        {"elapsed": 61}, {"verdict": "missed"}, {"elapsed": 60, "verdict": "missed"}, {"met": ""}, {"elapsed": None},
        {"target": None}, {"target": 0}, {"met": "12:00:01"}, {**MISSED, "met": "11:00:00"},
        {**MISSED, "met": "12:00:00"},
        {**MISSED, "verdict": "met"}, {**MISSED, "elapsed": 60}, {**SHARED, "met": "12:00:01"},
        {**SHARED, "verdict": "missed"}, {**SHARED, "met": ""}, {**QUOTED, "verdict": "missed"}, {**QUOTED, "met": ""},
        {**QUOTED, "elapsed": 61}, {**QUOTED, "target": None}, {**QUOTED, "elapsed": None, "met": "12:00:01"},
        {**QUOTED, "elapsed": None, "verdict": "missed"}, {**QUOTED, "elapsed": None, "due": ""},
        {"verdict": "no target"},
    ],
)  # fmt: skip
def test_a_row_whose_verdict_does_not_follow(row):
    assert result(**row).problem()


@pytest.mark.parametrize(
    "cells", [{"stage": "repair"}, {"reading": "ours"}, {"verdict": "fine"}, {"due_at": "2026-01-01"},
              {"entered_at": "2026-01-01"}, {"due_at": "2026-13-01T10:00:00Z"},
              {"met_at": "2026-01-01T10:00:00+01:00"}, {"elapsed_seconds": "soon"}],
)  # fmt: skip
def test_a_row_with_a_word_number_or_instant_that_is_none_is_refused(cells):
    row = dict.fromkeys(clock.COLUMNS, "") | {"stage": "plan", "reading": "psa", "verdict": "met"}
    clock.result_of(row)
    with pytest.raises(Unreadable):
        clock.result_of(row | cells)


HEAD = ("BEGBATES", "ENDBATES", "PARENTBATES", "PAGECOUNT", "SHA256HASH", "NATIVELINK")


def dat(*lines, head=HEAD):
    return (
        b"\xef\xbb\xbf"
        + "".join("\x14".join(f"\u00fe{cell}\u00fe" for cell in line) + "\r\n" for line in (head, *lines)).encode()
    )


def test_a_load_file_is_read_by_any_profile():
    line = ("A-1", "A-2", "", "2", "", "")
    read = loadfile.documents_of(dat(line))
    assert read == loadfile.documents_of(dat(line, head=("Bates Beg", "Bates End", "Parent Document ID", "Page Count",
                                                         "SHA256 Hash", "FILE_PATH")))  # fmt: skip
    assert read == loadfile.documents_of(dat(line, head=("BEGDOC", "ENDDOC", "PARENTID", "NUMPAGES", "HASHSHA",
                                                         "NATIVELINK")))  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", dat()[3:], dat()[:-2], dat()[:-1], dat(("1",) * 5), dat(head=HEAD[1:]), dat(head=(*HEAD, "BEGDOC")),
     dat() + b"\xff\r\n", dat() + b"\xfe\r\n", dat() + b"plain\r\n", dat() + "\u00fe\r\n".encode(),
     dat() + "\u00fea\u00feb\u00fe\r\n".encode()],
)  # fmt: skip
def test_what_is_no_load_file_is_refused(data):
    with pytest.raises(Unreadable):
        loadfile.documents_of(data)
