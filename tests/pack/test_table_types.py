"""Every column of every table has a type and a meaning, and what stands in it reads as that type."""

from __future__ import annotations

import re

import pytest

from psa_evidence.pack.tables.types import _NAMED

SHAPES = {
    "text": re.compile(r"(?s).*"),
    "integer": re.compile(r"-?\d+"),
    "seconds": re.compile(r"-?\d+"),
    "decimal": re.compile(r"-?\d+(\.\d+)?(e-?\d+)?"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "boolean": re.compile("yes|no"),
}


@pytest.fixture
def tables(make, vault, pages):
    make(vault)
    return {t.name: t for t in pages.content.tables}


def test_every_cell_reads_as_the_type_of_its_column(tables):
    seen = set()
    for table in tables.values():
        assert len(table.types) == len(table.columns)
        for row in table.rows:
            for (name, _), kind, cell in zip(table.columns, table.types, row, strict=True):
                if cell:
                    assert SHAPES[kind].fullmatch(cell), (table.name, name, cell)
                    seen.add(kind)
    assert seen == set(SHAPES)


def test_what_is_named_is_there(tables):
    columns = {f"{table.name}.{name}" for table in tables.values() for name, _ in table.columns}
    assert {name for named in _NAMED.values() for name in named} <= columns


def test_ids_are_text_and_instants_instants(tables):
    kinds = {f"{t.name}.{n}": kind for t in tables.values() for (n, _), kind in zip(t.columns, t.types, strict=True)}
    assert {kinds[n] for n in ("tickets.ticket", "invoices.number", "agreements.sla", "messages.note")} == {"text"}
    assert {kinds[n] for n in ("sla_results.due_at", "natives.captured_at", "messages.at")} == {"datetime"}
    assert kinds["breaches.overrun_seconds"] == kinds["differences.seconds"] == "seconds"
    assert kinds["invoices.due_on"] == "date"


def test_every_column_has_a_meaning(tables):
    assert not [(table.name, name) for table in tables.values() for name, meaning in table.columns if not meaning]
