"""What charts draw is what the tables say, and what they leave out is counted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from psa_evidence.pack.charts import activity
from psa_evidence.pack.charts.months import months
from psa_evidence.pack.charts.waiting import side_of
from psa_evidence.pack.gather import gather
from psa_evidence.spi import Chart, Silent


@pytest.fixture
def charts(make, vault, pages):
    make(vault)
    part = next(p for p in pages.content.parts if p.id == "illustrations")
    assert part.page_kind == "C"
    return {b.title: b for b in part.blocks if isinstance(b, Chart)}


@pytest.fixture
def sla(charts, pages):
    table = next(t for t in pages.content.tables if t.name == "sla_results")
    names = [name for name, *_ in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def number(pattern, text):
    return int(re.search(pattern, text)[1].replace(",", ""))


def test_attainment_counts_every_judged_stage_of_the_contract_reading(charts, sla):
    chart = next(c for title, c in charts.items() if title.startswith("SLA stages"))
    rows = [r for r in sla if r["reading"] == "contract"]
    for place, verdict in enumerate(chart.series):
        assert sum(bar.values[place] for bar in chart.bars) == sum(r["verdict"] == verdict for r in rows), verdict
    drawn = sum(sum(bar.values) for bar in chart.bars)
    assert drawn == number(r"n = ([\d,]+)", chart.caption)
    assert drawn + number(r"Not drawn: ([\d,]+)", chart.caption) == len(rows)


def test_responses_within_and_over_add_up_with_those_not_drawn(charts, sla):
    chart = next(c for title, c in charts.items() if title.startswith("Response"))
    rows = [r for r in sla if r["reading"] == "contract" and r["stage"] == "response"]
    over = sum(bar.values[1] for bar in chart.bars)
    assert over <= sum(r["verdict"] == "missed" for r in rows)
    drawn = sum(sum(bar.values) for bar in chart.bars)
    assert drawn + number(r"Not drawn: ([\d,]+)", chart.caption) == len(rows)


def test_a_time_entry_listed_among_the_notes_is_one_activity(vault, connector, matter):
    dossier = gather(matter, vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
    entry = next(e for e in dossier.records.time_entries if e.started_at is not None)
    note = replace(
        dossier.records.messages[0], id="time-1", ticket_id=entry.ticket_id, at=entry.started_at, from_time_entry=True
    )
    more = replace(dossier, records=replace(dossier.records, messages=(*dossier.records.messages, note)))
    assert activity.chart(more).bars == activity.chart(dossier).bars
    other = replace(note, from_time_entry=False)
    more = replace(dossier, records=replace(dossier.records, messages=(*dossier.records.messages, other)))
    assert activity.chart(more).bars != activity.chart(dossier).bars


def test_every_month_of_the_period_is_drawn_even_when_empty(charts):
    for title, chart in charts.items():
        if "month" in title:
            assert [bar.label for bar in chart.bars] == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]


def test_every_chart_names_its_query_n_and_what_it_leaves_out(charts):
    assert len(charts) == 5
    for chart in charts.values():
        assert "Query: " in chart.caption
        assert "n = " in chart.caption
        assert "Not drawn: " in chart.caption


@pytest.mark.parametrize(
    ("why", "side"),
    [
        ("paused: status Waiting on client", 1), ("Waiting for Customer", 1), ("Waiting vendor", 2),
        ("status 3rd: third party", 2), ("Scheduled", 3), ("Escalated to Engineer", 3), ("Client scheduled", 1),
        ("On hold", 4), ("client's vendor", 4),
    ],
)  # fmt: skip
def test_a_party_is_named_only_when_the_status_names_one(why, side):
    assert side_of(why) == side


def test_months_cross_years(matter):
    class Period:
        class matter:  # noqa: N801 - stands in for an attribute
            first_day = matter.first_day.replace(year=2024, month=11)
            last_day = matter.last_day.replace(year=2025, month=2, day=1)

    assert months(Period) == ("2024-11", "2024-12", "2025-01", "2025-02")
