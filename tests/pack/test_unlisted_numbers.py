"""A ticket number that the PSA gave and does not show is no footnote of the scope: it is said, with its neighbours."""

from __future__ import annotations

import pytest

from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import adverse_facts, one_page_answer, record_quality
from psa_evidence.spi import Silent, Table

FACTS = (
    ("ticket_numbers_first", 900), ("ticket_numbers_last", 2100), ("ticket_numbers_in_no_list", 5),
    ("ticket_numbers_in_no_list_are", "950, 1002, 1004-1005, 2050 and 7 ranges more"),
)  # fmt: skip


@pytest.fixture
def dossier(matter, connector, empty_vault, psa, new_psa):
    def run(*captures):
        psa.rows = [row for row in psa.rows if "1002" not in (row[1], (row[4] or "").rpartition("/")[2])]
        psa.ticket(1007, "2025-05-03T14:00:00+00:00")
        for facts in captures:
            psa.fill(empty_vault, facts=facts)
        return gather(matter, empty_vault, connector, software="test", progress=Silent()).dossier

    return run


def said(part):
    return " ".join(getattr(b, "text", "") for b in part.blocks)


def rows(dossier):
    blocks = record_quality.part(dossier, 11).blocks
    table = next(b for b in blocks if isinstance(b, Table) and b.columns[0].title == "Number")
    return [(row[0], row[1].exhibit, row[3].exhibit) for row in table.rows]


def test_numbers_between_the_clients_tickets_stand_beside_the_nearest(dossier):
    found = dossier(FACTS)
    assert rows(found) == [("1002", "T-1001", "T-1003"), ("1004-1005", "T-1003", "T-1007")]
    for part in (one_page_answer.part(found, 2), adverse_facts.part(found, 29)):
        assert "5 are in no list of the PSA" in said(part)


def test_a_capture_of_a_narrower_range_does_not_hide_them(dossier):
    narrow = (("ticket_numbers_first", 1006), ("ticket_numbers_last", 1007), ("ticket_numbers_in_no_list", 0))
    assert rows(dossier(FACTS, narrow)) == [("1002", "T-1001", "T-1003"), ("1004-1005", "T-1003", "T-1007")]


@pytest.mark.parametrize("facts", [(), (*FACTS[:2], ("ticket_numbers_in_no_list", 0))], ids=["not counted", "none"])
def test_nothing_is_said_where_nothing_was_counted_or_found(dossier, facts):
    found = dossier(facts)
    assert "in no list" not in said(one_page_answer.part(found, 2))
    assert "Numbers in no list" not in said(record_quality.part(found, 11))
