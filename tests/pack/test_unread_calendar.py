"""Opening hours that cannot be read decide no verdict: neither for the provider nor against him."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest


@pytest.mark.parametrize(("end", "verdicts"), [("18:00:00", {"met", "missed"}), ("24h", {"not determined"})])
def test_a_calendar_with_a_day_that_cannot_be_read_determines_nothing(
    psa, empty_vault, make, pages, tables, end, verdicts
):
    psa.rows = [
        (kind, id_, {**row, "tuesdayEndTime": end, "wednesdayEndTime": end} if kind == "calendar" else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    psa.fill(empty_vault)
    folder = make(empty_vault, exporters={"pages": pages, "tables": tables}).folder
    rows = csv.DictReader(io.StringIO((folder / "data/tables/sla_results.csv").read_text("utf-8-sig"), newline=""))
    found = Counter(row["verdict"] for row in rows if row["reading"] != "psa")
    assert set(found) == verdicts
    unread = (folder / "data/tables/unread.csv").read_text("utf-8-sig")
    assert ("calendar/1" in unread) is (end == "24h")
