"""A chart as fractions of its longest bar, with the words that say the same."""

from __future__ import annotations

from typing import Any

from psa_evidence.spi import Bar, Chart
from psa_evidence_pdf.printable import one_line, pieces, printable

_ROOM = 1.04
"""The longest bar and the mark leave a little room at the right."""
_WORD, _LABEL, _FIGURES = 60, 24, 48
"""Characters of a word of the chart's title and legend, of a bar's label, and the figures behind it that surely fit."""
_LABELS = 30
"""Per cent of the width for labels, or figures, of which one is longer: they are wrapped, and the bars stay visible."""


def chart_node(chart: Chart) -> dict[str, Any]:
    """Bars, scale, legend and alternative text; a chart without anything to draw becomes a line that says so."""
    longest = max((sum(bar.values) for bar in chart.bars), default=0.0)
    if longest <= 0:
        return {"k": "p", "s": "small", "y": False, "t": [f"{one_line(chart.title)}: nothing to draw."], "c": []}
    end = max(longest, chart.mark[0] if chart.mark else 0.0) * _ROOM
    return {
        "k": "c",
        "t": pieces(one_line(chart.title), _WORD),
        "lw": _LABELS if any(len(printable(bar.label)) > _LABEL for bar in chart.bars) else 0,
        "nw": _LABELS if any(len(one_line(said(bar))) > _FIGURES for bar in chart.bars) else 0,
        "b": [
            {
                "l": pieces(bar.label, _LABEL),
                "w": [round(value / end, 6) for value in bar.values],
                "n": pieces(one_line(said(bar)), _LABEL),
            }
            for bar in chart.bars
        ],
        "s": [pieces(one_line(name), _WORD) for name in chart.series],
        "u": pieces(one_line(chart.unit), _WORD),
        "m": {"x": round(chart.mark[0] / end, 6), "n": pieces(one_line(chart.mark[1]), _WORD)} if chart.mark else None,
        "c": pieces(chart.caption, 90),
        "alt": _alternative(chart),
    }


def said(bar: Bar) -> str:
    """The figures of a bar as printed behind it."""
    figures = " + ".join(_figure(value) for value in bar.values)
    return f"{figures}; {bar.note}" if bar.note else figures


def _figure(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _alternative(chart: Chart) -> str:
    mark = f" A line marks {one_line(chart.mark[1])}." if chart.mark else ""
    rows = "; ".join(
        f"{one_line(bar.label)}: "
        + ", ".join(f"{name} {_figure(value)}" for name, value in zip(chart.series, bar.values, strict=True))
        + (f" ({one_line(bar.note)})" if bar.note else "")
        for bar in chart.bars
    )
    return f"Bar chart, {one_line(chart.title)}, in {one_line(chart.unit)}. {rows}.{mark}"
