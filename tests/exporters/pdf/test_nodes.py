"""Blocks as data for the template: what stands beside what, and what is said of the texts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from psa_evidence.spi import Cite, Column, Facts, Table, Verbatim
from psa_evidence_pdf.advances import CAP_HEIGHT, LEADING
from psa_evidence_pdf.columns import INSET
from psa_evidence_pdf.documents import _SIMPLE, document_data
from psa_evidence_pdf.nodes import Shaper, Target
from psa_evidence_pdf.plan import Plan
from psa_evidence_pdf.stand_ins import stand_ins
from psa_evidence_pdf.typesetting import Job
from psa_evidence_pdf.volumes import Limits


@pytest.fixture
def shaper():
    return Shaper(
        width=487.28, time_zone="UTC", targets={"a": Target("x0", "there", "vol. 2")}, parts={}, number="MSP000001",
        bookmarks=False,
    )  # fmt: skip


def test_care_is_taken_of_the_widths_of_the_reports_tables_alone(shaper):
    """It takes time, and exhibits are many."""
    columns = tuple(Column(title=title, width=width) for title, width in (("a", 5), ("b", 1), ("c", 5)))
    table = Table(columns=columns, rows=(("one two three four " * 3, "word " * 90, "2025-11-18 15:12:40 " * 3),) * 9)
    of_exhibits, of_the_report = (replace(shaper, bookmarks=each).nodes([table])[0]["w"] for each in (False, True))
    assert of_the_report[1] > of_exhibits[1] + 50


@pytest.mark.parametrize("whole", [False, True])
def test_a_row_with_a_cite_beside_a_text_of_so_many_lines_has_a_known_height(shaper, whole):
    columns = (Column(title="Bates", width=1), Column(title="Native and its SHA-256", width=3))
    table = Table(columns=columns, rows=((Cite("a", whole=whole), "ticket/1.json\n" + "f0" * 16 + "\n" + "0f" * 16),))
    (node,) = shaper.nodes([table])
    size = node["z"]
    assert node["y"][1] == pytest.approx(3 * CAP_HEIGHT * size + 2 * LEADING * size + 5, abs=0.001)


def facts(shaper, *values):
    (node,) = shaper.nodes([Facts(rows=tuple((f"label {n}", value) for n, value in enumerate(values)))])
    return node


def test_short_facts_stand_two_in_a_line_in_the_order_in_which_they_are_read(shaper):
    node = facts(shaper, *"abcdefg")
    assert [len(row) for row in node["r"]] == [4, 4, 4, 2]
    assert [cell for row in node["r"] for cell in row][1::2] == list("abcdefg")


@pytest.mark.parametrize("long", ["word " * 30, "two\nlines", "你好"])
def test_which_two_share_a_line_does_not_depend_on_others(shaper, long):
    """What is long, or not known to be short, stands alone, and what it would have stood beside too."""
    rows = facts(shaper, "a", "b", long, "d", "e", "f", "g", "h")["r"]
    assert [row[1::2] for row in rows] == [["a", "b"], [long], ["d"], ["e", "f"], ["g", "h"]]
    rows = facts(shaper, "a", "b", "c", long, "e", "f", "g", "h")["r"]
    assert [row[1::2] for row in rows] == [["a", "b"], ["c"], [long], ["e", "f"], ["g", "h"]]


def test_a_few_facts_stand_one_below_the_other(shaper):
    assert [len(row) for row in facts(shaper, *"abcd", *["word " * 30] * 8)["r"]] == [2] * 12


def test_a_cite_with_its_volume_may_be_a_short_fact(shaper):
    node = facts(shaper, "a", Cite("a"), *"cdef")
    assert node["r"][0][3]["x"] == "x0"
    assert len(node["r"][0]) == 4


def test_rows_and_heads_of_several_lines_have_their_height_where_it_is_known(shaper):
    columns = tuple(
        Column(title=title) for title in ("One", "A head of more words than fit on a line of this", "Three")
    )
    rows = (("a", "b", "c"), ("word " * 40 + "end", "b", "c"), ("é", "b", "c"))
    (node,) = shaper.nodes([Table(columns=columns, rows=rows)])
    head, low, high, unknown = node["y"]
    line = (CAP_HEIGHT + LEADING) * node["z"]
    assert 0 < low <= head
    assert (high - low) / line == pytest.approx(round((high - low) / line), abs=0.01)
    assert high > low + line / 2
    assert unknown == 0


def test_a_table_of_the_report_is_set_as_large_as_its_rows_stay_of_one_line(shaper):
    def size(cell, *, bookmarks=True):
        columns = tuple(Column(title=f"{n}") for n in range(9))
        made = replace(shaper, bookmarks=bookmarks).nodes([Table(columns=columns, rows=((cell,) * 9,))])
        return made[0]["z"]

    assert size("x") == 8.5
    assert size("x", bookmarks=False) == 6.5
    assert 6.5 < size("twelve words") < 8.5
    assert size("more words than stand on one line") == 6.5


def test_a_head_is_broken_within_a_word_only_where_the_word_does_not_fit(shaper):
    columns = (Column(title="before", width=0), *(Column(title=f"{n}") for n in range(5)))
    rows = (("x", *("a long text that takes the whole width " * 3,) * 5),)
    (node,) = shaper.nodes([Table(columns=columns, rows=rows)])
    assert node["w"][0] < 6 * 0.56 * node["z"] + 2 * INSET  # narrower than any six letters might be
    assert node["h"][0] == "before"


def test_a_cell_of_the_report_is_broken_within_a_word_only_where_the_word_does_not_fit(shaper):
    def shown(word):
        columns = (Column(title="a", width=0.1), *(Column(title=f"{n}") for n in range(5)))
        rows = ((f"not {word}", *("a long text that takes the whole width " * 3,) * 5),)
        return replace(shaper, bookmarks=True).nodes([Table(columns=columns, rows=rows)])[0]["r"][0]

    assert shown("illimitable") == "not illimitable"
    assert len(shown("W" * 40)) > 1


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", True),
        ("Größe – “x” → 5 €", True),
        ("e\u0301", False),
        ("نص", False),
        ("你好", False),
        ("\\u0301", False),
    ],
)
def test_texts_without_marks_and_scripts_that_join_are_called_plain(make_pack, make_ticket, text, plain):
    """The last looks like an escape and is none; that costs time only."""
    content = make_pack(make_ticket(1, Facts(rows=(("label", text),))), make_ticket(2))
    plan = Plan.of(content, Limits())
    told = json.loads(document_data(plan, plan.documents[0]).data)
    assert told["plain"] is plain
    if not plain:
        assert next(item["plain"] for sheet in told["exhibits"] for item in sheet["items"]) is False


def test_plain_texts_are_laid_out_as_they_would_be_with_every_feature_of_the_faces(make_pack, make_ticket):
    """Every character that is taken as simple, beside letters and beside its neighbours."""
    letters = "".join(filter(str.isprintable, map(chr, sorted(_SIMPLE))))
    text = " ".join(letters[at : at + 12] for at in range(0, len(letters), 12)) + " ".join(
        f"f{one}i" for one in letters
    )
    plan = Plan.of(make_pack(make_ticket(1, Verbatim(label="all", text=text))), Limits())
    (document,) = plan.documents
    told, numbers = json.loads(document_data(plan, document).data), stand_ins(plan, document)
    assert told["plain"]
    plain = Job(json.dumps(told).encode(), 0)
    for sheet in told["exhibits"]:
        for item in sheet["items"]:
            item["plain"] = False
    rich = Job(json.dumps({**told, "plain": False}).encode(), 0)
    assert plain.typeset(numbers) == rich.typeset(numbers)
