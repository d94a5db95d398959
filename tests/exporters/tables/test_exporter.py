"""Tables read back by the csv module, as a spreadsheet would take them."""

from __future__ import annotations

import csv
import io
import weakref
from collections.abc import Sequence
from dataclasses import replace

import pytest

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import DataTable, Exporter, Pagination, Silent
from psa_evidence_tables import exporter

WHERE = Pagination(exhibits={"ticket/1": ("MSP000001", "MSP000002")}, parts={}, exhibit_pages=2, report_pages=1)


@pytest.fixture
def export(tmp_path):
    def run(content, pagination=WHERE):
        files = exporter.export(content, tmp_path, pagination=pagination, manifest=None, progress=Silent())
        assert {f.path for f in files} == {p.name for p in tmp_path.iterdir()}
        return {f.path: (tmp_path / f.path).read_bytes() for f in files}

    return run


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def with_table(make_pack, make_ticket, **values):
    usual = {"name": "t", "title": "T", "columns": (("a", "A"), ("b", "B")), "rows": (), "exhibits": None}
    return replace(make_pack(make_ticket(1)), tables=(DataTable(**{**usual, **values}),))


def test_it_is_an_exporter():
    assert isinstance(exporter, Exporter)


def test_rows_come_back_as_given_with_the_bates_number_of_their_exhibit(make_pack, make_ticket, export):
    written = export(make_pack(make_ticket(1)))["tickets.csv"]
    assert written.startswith(b"\xef\xbb\xbfid,note,bates\r\n")
    assert written.endswith(b"\r\n")
    assert read(written) == [
        ["id", "note", "bates"],
        ["1", "'=SUM(A1)", "MSP000001"],
        ["2", "-5", ""],
        ["3", "'+1-1", ""],
        ["4", 'a,b\r\n"c"', ""],
        ["5", "'@x", ""],
    ]


@pytest.mark.parametrize(
    ("cell", "armed"),
    [
        ("=1+1", True), ("+cmd|'/C calc'!A0", True), ("-1+1", True), ("@SUM(1)", True), ("\tx", True), ("\rx", True),
        ("\n=x", True), ("＝1", True), ("-5", False), ("+5.25", False), ("-1e-3", False), ("-.5", False),
        ("\ufeff=1", True), ("  =1", True), ("\u200b@x", True), ("\xa0+1+1", True), ("\x00=1", True),
        ("\u2060-1-1", True),
        (" -5", True), ("a=1", False), ("", False), ("-", True), ("-5 hours", True),
    ],
)  # fmt: skip
def test_formulas_are_disarmed_and_numbers_stay(make_pack, make_ticket, export, cell, armed):
    rows = read(export(with_table(make_pack, make_ticket, rows=((cell, "x"),)))["t.csv"])
    assert rows[1][0] == ("'" + cell if armed else cell)


def test_hostile_texts_come_back(make_pack, make_ticket, export, hostile_texts):
    rows = tuple((str(n), text) for n, text in enumerate(hostile_texts))
    found = read(export(with_table(make_pack, make_ticket, rows=rows))["t.csv"])
    for (_, text), (_, back) in zip(rows, found[1:], strict=True):
        assert back.removeprefix("'") == text.replace("\ud800", "\\ud800")


def test_every_column_of_every_table_is_explained(make_pack, make_ticket, export):
    found = read(export(make_pack(make_ticket(1)))["columns.csv"])
    assert found[0] == ["table", "title", "column", "meaning"]
    assert [row[2] for row in found[1:]] == ["id", "note", "bates"]
    assert all(row[3] for row in found[1:])


def test_a_table_without_rows_has_its_head(make_pack, make_ticket, export):
    assert read(export(with_table(make_pack, make_ticket))["t.csv"]) == [["a", "b"]]


class Watched(str):
    """A text of which can be told whether anybody still holds it. It is empty: others are remembered, some of them."""

    __slots__ = ("__weakref__",)


class Drawn(Sequence):
    """Rows made one by one, as those of a large pack are read from disk; `held` is the most that were there at once."""

    def __init__(self, length):
        self.length, self.held = length, 0

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        raise AssertionError("gone through, not asked for")

    def __iter__(self):
        seen = []
        for number in range(self.length):
            row = (Watched(), Watched())
            seen.append(weakref.ref(row[0]))
            if number % 100 == 0:
                self.held = max(self.held, sum(one() is not None for one in seen))
            yield row


def test_of_a_long_table_few_rows_are_held(make_pack, make_ticket, export):
    rows = Drawn(2000)
    written = export(with_table(make_pack, make_ticket, rows=rows))
    assert written["t.csv"].count(b"\r\n") == 2001
    assert 0 < rows.held < 500


def test_a_row_whose_exhibit_has_no_pages_is_refused(make_pack, make_ticket, export):
    content = with_table(make_pack, make_ticket, rows=(("1", "2"),), exhibits=("ticket/9",))
    with pytest.raises(EvidenceError, match="no pages"):
        export(content)
    with pytest.raises(EvidenceError, match="no pages"):
        export(content, pagination=None)


@pytest.mark.parametrize("rows", [(("1",),), (("1", "2", "3"),)])
def test_a_table_that_is_not_rectangular_is_refused(make_pack, make_ticket, export, rows):
    with pytest.raises(EvidenceError, match="cells"):
        export(with_table(make_pack, make_ticket, rows=rows))


@pytest.mark.parametrize("name", ["../x", "a/b", "CON", "con", "columns", "", "a.b", "A", "x" * 65])
def test_a_name_that_is_no_safe_file_name_is_refused(make_pack, make_ticket, export, name):
    with pytest.raises(EvidenceError):
        export(with_table(make_pack, make_ticket, name=name))


def test_the_same_tables_give_the_same_bytes(make_pack, make_ticket, export):
    content = make_pack(make_ticket(1))
    assert export(content) == export(content)
