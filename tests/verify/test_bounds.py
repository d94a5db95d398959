"""Limits and comparisons of the readers of names, tables and results, from both sides of each."""

from __future__ import annotations

import hashlib
import io

import pytest

from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.clock import Result
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed


class Memory:
    def __init__(self, data):
        self.files, self.empty, self.problems, self.data = {"t": len(data)}, [], [], data

    def open(self, _path):
        return io.BytesIO(self.data)

    def close(self):
        pass


def read(data, path="t", columns=("a",)):
    bag = Bag(Memory(data), {"t": Hashed({"sha256": hashlib.sha256(data).hexdigest()}, len(data))})
    return list(tables.rows(bag, path, columns))


def result(verdict, *, elapsed=None, due="", met="", target=3600):
    words = "as the PSA says" if elapsed is None else f"x = {elapsed // 60} min, target 1 h"
    return Result("1", "P", "plan", "psa", target, elapsed, due, met, verdict, words).problem()


def test_a_quoted_result_at_its_target_is_met():
    assert result("met", elapsed=3600, met="2026-01-01T00:00:00Z") is None
    assert result("missed", elapsed=3600)
    assert result("missed", elapsed=3601) is None
    assert result("met", elapsed=3601, met="2026-01-01T00:00:00Z")


@pytest.mark.parametrize("verdict", ["met", "missed"])
def test_a_quoted_result_met_at_the_due_instant_may_be_either(verdict):
    assert result(verdict, due="2026-01-01T00:00:00Z", met="2026-01-01T00:00:00Z") is None


def test_a_quoted_result_follows_its_instants_when_it_has_no_seconds():
    assert result("met", due="2026-01-01T00:00:01Z", met="2026-01-01T00:00:00Z") is None
    assert result("missed", due="2026-01-01T00:00:01Z", met="2026-01-01T00:00:00Z")
    assert result("missed", due="2026-01-01T00:00:00Z", met="2026-01-01T00:00:01Z") is None


def test_what_is_shown_has_200_characters_and_says_that_it_was_cut():
    assert names.shown("a" * 200) == "a" * 200
    assert names.shown("a" * 201) == "a" * 200 + "\u2026"
    assert names.shown("a\x1b[31m\u202e") == "a\\u{1b}[31m\\u{202e}"
    assert len(names.shown("\x00" * 300)) == 201


def test_paths_are_1024_characters_and_32_folders_at_most():
    assert names.escape("/".join(["a" * 32] * 31) + "/") is not None
    longest = "/".join(["a" * 31] * 32)
    assert len(longest) == 1023
    assert names.escape(longest + "a") is None
    assert "1,025 characters" in names.escape(longest + "aa")
    assert names.unportable("data/" + "a" * 255) is None
    assert "255 bytes" in names.unportable("data/" + "a" * 256)


def test_a_table_has_1000_columns_at_most():
    heading = ["a", *(f"b{n}" for n in range(999))]
    assert read(",".join(heading).encode() + b"\n") == []
    with pytest.raises(Unreadable, match="1,000 columns"):
        read(",".join([*heading, "c"]).encode() + b"\n")


def test_a_table_that_is_not_there_is_missing():
    with pytest.raises(Unreadable, match="missing"):
        read(b"a\n", path="u")


def test_a_row_ends_where_its_quotes_do_and_is_bounded_to_the_character(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROW", 12)
    assert read(b'a\n"1\n2\n3"\n"4\n5\n6"\n' * 3, columns=("a",))
    assert len(read(b"a\n" + b"12345678901\n" * 3)) == 3
    for row in (b"123456789012\n", b"1234567890123", b'"12345\n67890"\n'):
        with pytest.raises(Unreadable, match="a row over the limit of 12"):
            read(b"a\n" + row)
    assert read(b"a\n123456789012") == [{"a": "123456789012"}]


def test_a_table_is_bounded_to_the_byte(monkeypatch):
    monkeypatch.setattr(tables, "MAX_TABLE", 8)
    assert len(read(b"a\n1\n2\n3\n")) == 3
    with pytest.raises(Unreadable, match="limit of 8 bytes"):
        read(b"a\n1\n2\n34\n")


def test_a_cell_is_as_long_as_a_row_may_be():
    assert read(b"a\n" + b"x" * 200_000)[0]["a"] == "x" * 200_000


@pytest.mark.parametrize(("cell", "is_number"), [("9" * 18, True), ("-" + "9" * 18, True), ("9" * 19, False)])
def test_a_number_has_18_digits_at_most(cell, is_number):
    if is_number:
        assert tables.whole(cell) == int(cell)
        return
    with pytest.raises(Unreadable):
        tables.whole(cell)
