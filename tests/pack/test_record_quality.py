"""Dates and durations that cannot be right are said, whoever made them."""

from __future__ import annotations

import pytest

from psa_evidence.spi import Table


@pytest.fixture
def said(psa, empty_vault, make, pages):
    """What the part says, by its words."""

    def run():
        psa.fill(empty_vault)
        make(empty_vault)
        part = next(p for p in pages.content.parts if p.id == "record-quality")
        table = next(b for b in part.blocks if isinstance(b, Table) and b.columns[-1].title == "What the record says")
        return [row[1] for row in table.rows]

    return run


def test_records_without_fault_have_none(said):
    assert said() == []


def test_each_is_named(said, psa):
    psa.ticket(1601, "2025-03-07T15:00:00+00:00")
    changes = {
        ("ticket", "1601"): {"closedDate": "9999-12-31T23:59:59Z"},
        ("ticket", "1001"): {"closedDate": "2025-03-01T15:00:00Z"},
        ("time_entry", "160101"): {"actualHours": 1e300},
        ("time_entry", "100101"): {"actualHours": 1.02},  # of the hour between its times
        ("time_entry", "100201"): {"dateEntered": "2031-01-01T00:00:00Z"},
        ("agreement", "50"): {"endDate": "2023-12-31T00:00:00Z"},
    }
    psa.rows = [
        (kind, id_, {**row, **changes.get((kind, id_), {})} if isinstance(row, dict) else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    assert set(said()) == {
        "ticket 1601 is closed after the date of these records",
        "ticket 1001 is closed before it was entered",
        "time entry 160101 records more hours than lie between its times",
        "time entry 100101 records more hours than lie between its times",
        "time entry 100201 was typed in after the date of these records",
        "agreement 50 ends before it begins",
    }
