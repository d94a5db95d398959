"""Where the PSA's figures differ, and where its calendar is not the contract's: printed, and in the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from psa_evidence.matter import Contract
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import contract as contract_part
from psa_evidence.pack.parts import psa_figures
from psa_evidence.pack.tables import tables
from psa_evidence.records import Span
from psa_evidence.spi import Silent, Table


def dossier_of(matter, vault, connector):
    return gather(matter, vault, connector, software="test", progress=Silent()).dossier


def csv_of(dossier, name):
    (found,) = [one for one in tables(dossier) if one.name == name]
    names = [column for column, _ in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows]


@pytest.fixture
def causes(empty_vault, new_psa, matter, connector):
    """Five tickets whose PSA figures are wrong in five ways; by ticket, the rows that are printed."""
    psa = new_psa().story()
    at = "2025-03-{:02d}T15:00:00+00:00".format
    stale = {"status": {"id": 2, "name": "In Progress"}, "closedFlag": False, "closedDate": None,
             "dateResponded": None, "respondMinutes": None, "respondByGoalUTC": "2025-03-10T16:00:00Z"}  # fmt: skip
    psa.ticket(1101, at(10), worked=30, closed=90, **stale)
    psa.ticket(1102, at(11), worked=10, closed=1500, pause=(20, 1460), resolveMinutes=650)
    psa.ticket(1103, at(12), worked=10, closed=60 * 26, resolveMinutes=60 * 26 - 10)
    psa.ticket(1104, at(13), worked=30, closed=90, respondMinutes=4, respondedSkippedMinutes=5)
    psa.ticket(1105, at(14), worked=30, closed=300, dateResolved="2025-03-14T17:00:00Z", resolveMinutes=90)
    psa.fill(empty_vault)
    dossier = dossier_of(matter, empty_vault, connector)
    rows = {}
    for block in psa_figures.part(dossier, 9).blocks:
        if isinstance(block, Table) and len(block.columns) == 9:
            for row in block.rows:
                rows.setdefault(row[1], []).append(row)
    return dossier, rows


@pytest.mark.parametrize(
    ("ticket", "cause"),
    [("1101", "stale value"), ("1102", "status mapping"), ("1103", "calendar"), ("1104", "skipped stage"),
     ("1105", "edited date")],
)  # fmt: skip
def test_each_likely_cause_is_printed_with_how_far_the_figures_lie_apart(causes, ticket, cause):
    dossier, rows = causes
    assert any(row[8].startswith(f"{cause}:") for row in rows[ticket]), [row[8] for row in rows[ticket]]
    in_csv = [row for row in csv_of(dossier, "differences") if row["ticket"] == ticket]
    assert [row["cause"] for row in in_csv] == [row[8] for row in rows[ticket]]
    for row in in_csv:
        if row["seconds"]:
            assert int(row["seconds"]) == int(row["our_seconds"]) - int(row["psa_seconds"])


def test_a_ticket_on_which_both_agree_is_not_listed(causes):
    assert "response" not in {row[2] for row in causes[1]["1001"]}


def test_the_contracts_calendar_is_held_against_the_psas(matter, vault, connector):
    """The PSA counts 8 to 18 o'clock on five days; the contract promises 9 to 17, and nothing on 4 March."""
    week = tuple((Span(start=9 * 3600, end=17 * 3600),) if day < 5 else () for day in range(7))
    stated = Contract(week=week, holidays=(date(2025, 3, 4),))
    dossier = dossier_of(replace(matter, contract=stated), vault, connector)
    printed = str(contract_part.part(dossier, 6))
    assert "The matter file's calendar and the PSA's: Office hours" in printed
    assert "09:00-17:00" in printed
    assert "08:00-18:00" in printed
    days = {row["day"]: row for row in csv_of(dossier, "calendar_differences")}
    assert (days["2025-03-04"]["matter_file"], days["2025-03-04"]["psa"]) == ("closed", "08:00-18:00")
    assert "2025-03-08" not in days
    notes = [note for r in dossier.sla["1001"].results if r.reading == "contract" for note in r.notes]
    assert any(note.startswith("The contract's calendar is") for note in notes)


def test_without_hours_of_its_own_the_matter_file_differs_in_nothing(matter, vault, connector):
    assert csv_of(dossier_of(matter, vault, connector), "calendar_differences") == []


def test_a_ticket_that_the_psa_flags_as_in_sla_and_that_missed_is_listed_and_not_stated_again(
    empty_vault, new_psa, matter, connector
):
    psa = new_psa().story()
    psa.ticket(1106, "2025-03-10T15:00:00+00:00", worked=400, closed=420)
    psa.ticket(1107, "2025-03-11T15:00:00+00:00", worked=400, closed=420, isInSla=False)
    psa.fill(empty_vault)
    dossier = dossier_of(matter, empty_vault, connector)
    blocks = psa_figures.part(dossier, 9).blocks
    [flags] = [b for b in blocks if isinstance(b, Table) and any("in SLA" in c.title for c in b.columns)]
    missed = {row[1]: row[4] for row in flags.rows}
    assert missed["1106"].startswith("response")
    assert "1107" not in missed
    [finding] = [f for f in dossier.findings if f.id == "psa-disagreements"]
    assert len(missed) == sum("flags ticket" in s.text for s in finding.statements[1:])
