"""Nothing disappears: every grouping of the attainment adds up to the population, class by class."""

from __future__ import annotations

from collections import Counter

import pytest

from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import attainment
from psa_evidence.pack.tables import tables
from psa_evidence.spi import Heading, Silent, Table

CLASSES = {"met": "met", "missed": "missed", "not determined": "not determined", "no target": "no target",
           "excluded": "excluded"}  # fmt: skip


@pytest.fixture
def dossier(vault, matter, connector, psa):
    """With a merged ticket, one without any history, one that still runs, and one without an agreement."""
    psa.ticket(1004, "2025-04-02T14:00:00+00:00", mergedParentTicket={"id": 1003}, agreement={"id": 60, "name": "Side"})
    psa.ticket(1005, "2025-04-03T14:00:00+00:00", closed=2000, priority={"id": 6, "name": "Unheard of"})
    psa.rows = [row for row in psa.rows if not (row[0] == "history" and row[4] == "ticket/1005")]
    psa.ticket(1006, "2025-05-03T14:00:00+00:00", sla=None, agreement=None)
    psa.fill(vault)
    return gather(matter, vault, connector, software="test", progress=Silent()).dossier


def grouped(dossier):
    heading = ""
    for block in attainment.part(dossier, 7).blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            yield heading, [column.title for column in block.columns], block.rows


def test_every_grouping_adds_up_to_the_results_of_its_readings(dossier):
    truth = Counter((r.reading, r.stage, r.verdict) for t in dossier.results for r in t.results)
    tickets = len(dossier.population.tickets)
    seen = []
    for heading, titles, rows in grouped(dossier):
        if "n" not in titles or "met" not in titles:
            continue
        seen.append(heading)
        readings = {"psa", "contract", "strict"}
        if ":" in heading:
            name = heading.partition(": ")[2]
            readings = {"psa" if name.startswith("PSA") else name.split()[0]}
        at = {title: titles.index(title) for title in ("n", *CLASSES)}
        assert sum(int(row[at["n"]]) for row in rows) == tickets * 3 * len(readings), heading
        for title, verdict in CLASSES.items():
            wanted = sum(n for (reading, _, found), n in truth.items() if found == verdict and reading in readings)
            assert sum(int(row[at[title]]) for row in rows) == wanted, (heading, title)
        for row in rows:
            assert int(row[at["n"]]) == sum(int(row[at[title]]) for title in CLASSES)
            met, judged = row[titles.index("met / judged")].split("/")
            assert (int(met), int(judged)) == (int(row[at["met"]]), int(row[at["met"]]) + int(row[at["missed"]]))
    assert len(seen) == 6


def test_the_reasons_account_for_every_result_without_a_verdict(dossier):
    (rows,) = [rows for heading, _, rows in grouped(dossier) if heading.startswith("Why no verdict")]
    wanted = Counter(
        r.verdict for t in dossier.results for r in t.results
        if r.reading == "contract" and r.verdict not in {"met", "missed"}
    )  # fmt: skip
    counted = Counter()
    for verdict, _, _, number, _ in rows:
        counted[verdict] += int(number)
    assert counted == wanted
    assert wanted["excluded"] == 3
    assert any("merged into ..." in row[2] and "1004" in row[4] for row in rows)


def test_the_csv_adds_up_by_each_of_its_columns(dossier):
    (table,) = [one for one in tables(dossier) if one.name == "attainment"]
    names = [name for name, _ in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    for column in ("agreement", "priority", "stage", "month", "reading"):
        by_value = Counter()
        for row in rows:
            by_value[row[column]] += int(row["n"])
        assert by_value.total() == len(dossier.population.tickets) * 9, column
    assert all(int(row["judged"]) == int(row["met"]) + int(row["missed"]) for row in rows)
