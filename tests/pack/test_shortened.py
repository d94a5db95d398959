"""Long names and summaries in tables of the report: where they are cut, that it is said, and where they stand whole."""

import csv
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.pack.shortened import MOST, NOTE, Shortener, beginning

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("short enough", 12, "short enough"),
        ("two\nlines ", 12, "two\nlines "),
        ("one two three four", 12, "one two…"),
        ("one  two\tthree four", 12, "one two…"),
        ("a bbbbbbbbbbbbbbbbb", 10, "a bbbbbbb…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("abcdefgh" + "e\u0301" * 9, 10, "abcdefgh…"),
        ("abcdef" + FAMILY * 3, 33, "abcdef…"),
        ("abcdef" + FAMILY * 3, 52, "abcdef" + FAMILY + "…"),
        ("abcdefg" + FLAG * 3, 26, "abcdefg" + FLAG + "…"),
        ("abcdefg" + FLAG * 3, 40, "abcdefg" + FLAG + "…"),
        ("abcdefgh" + "\U0001f44d\U0001f3fd" * 3, 18, "abcdefgh…"),
        (FLAG, 18, FLAG),
        ("abcdefgh" + "\u1112\u1161\u11ab" * 3, 10, "abcdefgh…"),
        ("a\nb\nc\nd\ne", 12, "a b c d e"),
        ("", 10, ""),
    ],
)
def test_a_long_text_is_cut_where_people_cut(text, most, shown):
    assert beginning(text, most) == shown


@given(st.text(st.characters() | st.sampled_from([" ", "\n", "\u200d", "\u0301", *FLAG]), max_size=60))
def test_what_is_shown_is_the_beginning_and_no_longer_than_allowed(text):
    shown = beginning(text, 20)
    assert len(shown) <= 20
    assert shown.isascii() or sum(9 if c > "\uffff" else 1 for c in shown) <= 20
    assert shown == text or " ".join(text.split()).startswith(shown.removesuffix("…"))


def test_it_is_said_only_when_something_was_shortened():
    short = Shortener()
    assert short("Loading…") == "Loading…"
    assert short("a\nb\nc\nd\ne") == "a b c d e"
    assert short.note == ""
    short("x" * (MOST + 1))
    assert short.note == f" {NOTE}"


LONG = "Security incident handover " + "and what else the alert said " * 400


def tables_of(content, part):
    [found] = [p for p in content.parts if p.id == part]
    return [block for block in found.blocks if hasattr(block, "columns")]


def test_tables_of_the_report_have_the_beginning_and_all_else_the_whole(make, psa, empty_vault, pages, tables):
    """Of a ticket, an opportunity and a document of an agreement."""
    psa.ticket(1010, "2025-05-05T15:00:00+00:00", summary=LONG)
    psa.rows = [
        (kind, id_, {**row, "name": LONG} if kind == "opportunity" else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    psa.add("document", {"id": 78, "title": LONG, "fileName": "a.pdf", "_info": {}}, client="10", parent="agreement/50")
    psa.fill(empty_vault)
    result = make(empty_vault, exporters={"pages": pages, "tables": tables})
    content = pages.content
    for part in ("incidents", "exhibit-index", "handover", "recommendations", "contract"):
        cut = [t for t in tables_of(content, part) if "and what else…" in repr(t.rows)]
        assert cut, part
        assert all(t.caption.endswith(NOTE) and LONG[: MOST + 1] not in repr(t.rows) for t in cut)
        assert not any(NOTE in t.caption for t in tables_of(content, part) if t not in cut)
    [exhibit] = [x for x in content.exhibits if x.id == "T-1010"]
    assert ("Summary", LONG) in exhibit.blocks[0].rows
    for name in ("tickets", "opportunities"):
        with (result.folder / f"data/tables/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            assert LONG in {cell for row in csv.reader(file) for cell in row}


def test_a_report_without_long_names_says_nothing_of_shortening(make, vault, pages):
    make(vault)
    assert NOTE not in repr([dataclasses.asdict(part) for part in pages.content.parts])
