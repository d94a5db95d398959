"""Charts: drawn as vectors, said in words, with every figure printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pypdf import PdfReader

from psa_evidence.spi import Bar, Chart, Part, Strip, StripSegment
from psa_evidence_pdf.charts import chart_node
from psa_evidence_pdf.strips import strip_node

CHART = Chart(
    title="Stages by month", series=("met", "missed"), unit="stages", caption="Query: x. n = 13. Not drawn: 2.",
    bars=(Bar(label="2026-01", values=(8, 2), note="8 of 10 met"), Bar(label="2026-02", values=(2.5, 0.5))),
    mark=(9, "what was promised"),
)  # fmt: skip


def test_lengths_are_in_proportion_and_fit():
    bars = chart_node(CHART)["b"]
    widths = [bar["w"] for bar in bars]
    assert abs(widths[0][0] / widths[0][1] - 4) < 1e-4
    assert all(sum(w) <= 1 for w in widths)
    assert widths[0][0] < chart_node(CHART)["m"]["x"] < sum(widths[0])


def test_words_say_all_that_is_drawn():
    alt = chart_node(CHART)["alt"]
    for word in ("Stages by month", "2026-01: met 8, missed 2 (8 of 10 met)", "2026-02: met 2.5, missed 0.5",
                 "what was promised"):  # fmt: skip
        assert word in alt


def test_nothing_to_draw_is_said():
    empty = replace(CHART, bars=(Bar(label="2026-01", values=(0, 0)),))
    assert chart_node(empty) == {
        "k": "p",
        "s": "small",
        "y": False,
        "t": ["Stages by month: nothing to draw."],
        "c": [],
    }


def test_a_page_with_a_chart_is_marked_c_and_prints_figures_caption_and_legend(make_pack, export, text_of, qpdf_clean):
    part = Part(id="c", number=1, title="Illustrations", page_kind="C", blocks=(CHART,))
    path = export(make_pack(parts=(part,)))["Evidence Pack.pdf"]
    qpdf_clean(path)
    pages = len(PdfReader(path).pages)
    text = text_of(path, pages)
    for word in ("C–illustration", "8+2;8of10met", "2.5+0.5", "met", "missed", "Query:x.n=13.Notdrawn:2.", "promised"):
        assert word in text
    assert not PdfReader(path).pages[-1].images


def test_numbers_of_marks_stand_on_the_bar_and_beside_each_other():
    start = datetime(2026, 3, 2, tzinfo=UTC)
    end = start + timedelta(hours=100)
    late = end - timedelta(minutes=6)
    segment = StripSegment(start=start, end=end, state="counted")
    marks = strip_node(Strip(segments=(segment,), marks=((start, "a"), (late, "b"), (end, "c"))), "UTC")["m"]
    assert [mark["x"] for mark in marks] == [0, 0.999, 1]
    assert all(0 < mark["at"] < 1 for mark in marks)
    assert all(two["at"] - one["at"] > 0.015 for one, two in pairwise(marks))
    (middle,) = strip_node(Strip(segments=(segment,), marks=((start + timedelta(hours=50), "due"),)), "UTC")["m"]
    assert middle["at"] == middle["x"] == 0.5
