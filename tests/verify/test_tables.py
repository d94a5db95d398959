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


def result(
    reading="contract", target=60, elapsed=50, due="12:00:00", met="11:00:00", verdict="met",
    reason="50 s of open time, 10 s left",
):  # fmt: skip
    return clock.result_of({
        "ticket": "1", "entered_at": "", "priority": "P", "stage": "plan", "reading": reading,
        "verdict": verdict, "reason": reason,
        "target_seconds": "" if target is None else str(target),
        "elapsed_seconds": "" if elapsed is None else str(elapsed),
        "due_at": due and f"2026-01-01T{due}Z", "met_at": met and f"2026-01-01T{met}Z",
    })  # fmt: skip


DUE = "due 2026-01-01T12:00:00Z"
OPEN = "still open at 2026-01-01T14:00:00Z"
FULL = {"elapsed": 60, "reason": "1 min of open time, 0 s left"}
MISSED = {"elapsed": 70, "met": "13:00:00", "verdict": "missed", "reason": f"missed by 10 s; {DUE}"}
STILL = {**MISSED, "met": "", "reason": f"missed by 10 s; {DUE}; {OPEN}"}
SHARED = {"elapsed": 70, "reason": "1 min 10 s of open time"}
SHARED_MISSED = {"elapsed": 50, "met": "13:00:00", "verdict": "missed", "reason": f"missed; {DUE}"}
WAITING = {"verdict": "not determined", "met": "", "reason": f"{OPEN}; {DUE}"}
PAUSED = {**WAITING, "due": "", "reason": f"{OPEN}; the clock is paused, 10 s left"}
QUOTED = {"reading": "psa", "target": 120, "elapsed": 60, "reason": "x + y = 1 min, target 2 min"}
QUOTED_MISSED = {**QUOTED, "verdict": "missed", "elapsed": 180, "reason": "x = 3 min, target 2 min"}
GOAL = {**QUOTED, "elapsed": None, "reason": "no minutes; z 2026-01-01T11:00:00Z, its goal 2026-01-01T12:00:00Z"}
PAST = {**GOAL, "verdict": "missed", "met": "", "reason": "no z; its goal 2026-01-01T12:00:00Z is past"}


@pytest.mark.parametrize(
    "row",
    [
        {}, {"reason": "0:00:50 of open time, 0:00:10 left"}, {"reason": "50 s of open time, 5 s left"}, {"due": ""},
        FULL, {**FULL, "met": "12:30:00"}, {**FULL, "met": "12:00:00"},
        MISSED, STILL, {**MISSED, "due": "", "reason": "missed by 10 s; due never: the calendar does not open"},
        SHARED, {**SHARED, "met": "12:00:00"}, SHARED_MISSED,
        QUOTED, {**QUOTED, "met": "13:00:00"}, {**QUOTED, "elapsed": 119}, QUOTED_MISSED, GOAL, PAST,
        {**GOAL, "verdict": "missed", "met": "12:00:00", "reason": "no minutes"},
        {"verdict": "no target", "target": 0}, {"verdict": "no target", "target": None},
        {"verdict": "excluded", "target": None, "elapsed": None, "due": "", "met": ""},
        {"verdict": "not determined", "elapsed": 70, "reason": "the priority is not known"}, WAITING, PAUSED,
        {**WAITING, "elapsed": 60}, {**WAITING, "target": None, "elapsed": 70},
        {**PAUSED, "reason": f"{OPEN}; the clock is paused"},
        {**PAUSED, "reason": f"{OPEN}; the priority it has now brings no target"},
        {**QUOTED, "verdict": "not determined", "elapsed": None, "due": ""},
        {**QUOTED, "verdict": "not determined", "elapsed": None, "met": ""},
        {**QUOTED, "verdict": "not determined", "target": None},
    ],
)  # fmt: skip
def test_a_row_that_agrees_with_itself(row):
    shared = "reason" in row and row["reason"] in {SHARED["reason"], SHARED_MISSED["reason"]}
    assert result(**row).problem(shared=shared) is None


@pytest.mark.parametrize(
    "row",
    [
        {"elapsed": 61, "reason": "1 min 1 s of open time, 0 s left"}, {"verdict": "missed"}, {"met": ""},
        {**MISSED, "elapsed": 60, "reason": f"missed by 0 s; {DUE}"}, {"elapsed": None}, {"target": None},
        {"target": 0}, {"met": "12:00:01"}, {**MISSED, "met": "11:00:00"}, {**MISSED, "met": "12:00:00"},
        {**MISSED, "verdict": "met"}, {**MISSED, "elapsed": 60}, {**SHARED, "met": "12:00:01"},
        {**SHARED, "verdict": "missed"}, {**SHARED, "met": ""}, {**SHARED_MISSED, "met": "11:00:00"},
        {**QUOTED, "verdict": "missed"}, {**QUOTED, "met": ""}, {**QUOTED_MISSED, "verdict": "met"},
        {**QUOTED, "target": None}, {**GOAL, "met": "12:00:01", "reason": "no minutes"},
        {**GOAL, "verdict": "missed"}, {**GOAL, "due": "", "reason": "no minutes"}, {"verdict": "no target"},
    ],
)  # fmt: skip
def test_a_row_whose_verdict_does_not_follow(row):
    assert result(**row).problem()


@pytest.mark.parametrize(
    "row",
    [
        {"reason": "1 left"}, {"reason": ""}, {"reason": "50 s of open time, 11 s left"},
        {"reason": "49 s of open time, 10 s left"}, {"reason": "50 of open time, 10 s left"},
        {"reason": "50 s of open time, 10 s left."}, {**MISSED, "reason": "met"},
        {**MISSED, "reason": f"missed by 5 s; {DUE}"}, {**MISSED, "reason": f"missed by 11 s; {DUE}"},
        {**MISSED, "reason": "missed by 10 s; due 2026-01-01T12:00:01Z"}, {**MISSED, "reason": "missed by 10 s"},
        {**MISSED, "reason": "missed by 10 s; due never: the calendar does not open"},
        {**MISSED, "reason": f"missed by 10 s; {DUE}; {OPEN}"}, {**STILL, "reason": f"missed by 10 s; {DUE}"},
        {**SHARED, "reason": "1 min of open time"}, {**SHARED_MISSED, "reason": f"missed; {DUE}; {OPEN}"},
        {**WAITING, "met": "11:00:00"}, {**WAITING, "reason": f"{OPEN}; due 2026-01-01T12:00:01Z"},
        {**PAUSED, "reason": f"{OPEN}; the clock is paused, 11 s left"}, {**PAUSED, "elapsed": 61},
        {**WAITING, "elapsed": 61},
        {**QUOTED, "reason": "x"}, {**QUOTED, "reason": "x = 2 min, target 2 min"},
        {**QUOTED, "reason": "x = 1 min, target 3 min"}, {**QUOTED, "reason": "x = 1 min, target soon"},
        {**GOAL, "reason": "its goal 2026-01-01T12:00:01Z"},
        {**QUOTED, "verdict": "not determined"}, {**GOAL, "verdict": "not determined"},
    ],
)  # fmt: skip
def test_words_that_say_other_than_the_row(row):
    shared = row.get("reason", "").startswith(("1 min of", "missed; "))
    assert result(**row).problem(shared=shared)


@pytest.mark.parametrize("row", [SHARED, SHARED_MISSED])
def test_a_shared_target_needs_terms_that_share_it(row):
    assert "shared among priorities" in (result(**row).problem(shared=False) or "")


@pytest.mark.parametrize(
    ("left_over", "value"),
    [("target", 60), ("elapsed", 0), ("due", "12:00:00"), ("met", "11:00:00")],
)  # fmt: skip
def test_of_what_is_excluded_no_figure_is_stated(left_over, value):
    row = {"verdict": "excluded", "target": None, "elapsed": None, "due": "", "met": "", "reason": "merged into 2"}
    assert result(**row).problem() is None
    assert result(**row | {left_over: value}).problem() == "excluded, and figures are stated"


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
