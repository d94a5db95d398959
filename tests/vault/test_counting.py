"""Counting a client's records in SQL gives what walking over them gives, whatever hangs on whatever."""

from __future__ import annotations

from functools import cache

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from psa_evidence.vault import counting
from psa_evidence.vault.counting import count_client
from psa_evidence.vault.schema import METADATA, captures, versions
from psa_evidence.vault.selection import count_by_kind, select_client, select_reference

KINDS = ["client", "ticket", "note", "document", "project_phase", "survey", "survey_result", "time_entry"]
IDS = ["1", "2", "3"]
KEYS = st.tuples(st.sampled_from(KINDS), st.sampled_from(IDS))
ROWS = st.lists(
    st.tuples(KEYS, st.sampled_from([None, "1", "1", "1", "2"]), st.none() | KEYS, st.integers(1, 4)), max_size=25
)
"""Key, client, parent, and the capture it was seen in; the fourth capture is not sealed."""


@cache
def engine():
    """One empty database in memory, made once: what is written is rolled back."""
    made = sa.create_engine("sqlite://")
    METADATA.create_all(made)
    return made


def filled(rows):
    db = engine().connect()
    db.execute(sa.insert(captures), [{"number": n, "id": str(n), "document": b""} for n in (1, 2, 3)])
    older = {}
    for n, ((kind, record), client, parent, capture) in enumerate(sorted(rows, key=lambda row: row[3]), 1):
        db.execute(sa.insert(versions).values(
            n=n, capture=capture, connection="main", kind=kind, id=record, sha256="", client=client,
            parent_kind=parent and parent[0], parent_id=parent and parent[1], at=None, updated_at=None, exchange=1,
            start=0, end=0, leaf=n, older=older.get((kind, record)),
        ))  # fmt: skip
        older[kind, record] = n
    return db


@settings(max_examples=150, deadline=None)
@example([(("client", "2"), None, ("client", "1"), 1), (("note", "1"), "1", ("client", "2"), 1)])
@example([(("note", "1"), "1", ("note", "3"), 1), (("note", "3"), None, ("note", "1"), 1)])
@given(ROWS)
def test_counting_gives_what_walking_gives(rows):
    with filled(rows) as db:
        assert count_client(db, "main", "1") == count_by_kind(select_client(db, "main", "1", None, None))


CHAIN = [
    (("ticket", "1"), "1", None, 1), (("document", "1"), "1", ("ticket", "1"), 1),
    (("note", "1"), "1", ("document", "1"), 1), (("note", "2"), None, ("ticket", "1"), 1),
    (("note", "3"), "1", ("note", "2"), 2), (("ticket", "1"), "1", None, 2), (("client", "1"), None, None, 1),
    (("document", "3"), None, ("client", "1"), 1), (("note", "9"), "1", ("ticket", "404"), 1),
]  # fmt: skip


def test_usual_records_are_counted_without_walking(monkeypatch):
    """Own ones in a chain, ones without a client that hang on own ones, and own ones below those."""
    monkeypatch.setattr(counting, "select_client", None)
    with filled(CHAIN) as db:
        assert count_client(db, "main", "1") == {"ticket": 1, "document": 2, "note": 4, "client": 1}


def test_results_of_a_survey_do_not_make_it_walk(monkeypatch):
    rows = [*CHAIN[:2], (("survey", "1"), None, None, 1), (("survey_result", "2"), "1", ("survey", "1"), 1)]
    with filled(rows) as db:
        walked = count_by_kind(select_client(db, "main", "1", None, None))
        monkeypatch.setattr(counting, "select_client", None)
        assert count_client(db, "main", "1") == walked


@pytest.mark.parametrize("client", ["1", "2"])
def test_what_stands_below_anothers_record_is_walked(client):
    rows = [(("ticket", "1"), "2", None, 1), (("note", "1"), "1", ("ticket", "1"), 1)]
    with filled(rows) as db:
        assert count_client(db, "main", client) == count_by_kind(select_client(db, "main", client, None, None))


def test_counting_and_settings_use_the_indices():
    """Without them one month among a million records takes seconds."""
    plans = []

    def explain(connection, cursor, statement, parameters, context, many):
        raw = connection.connection.dbapi_connection
        plans.extend((row[3], statement) for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with filled(CHAIN) as db:
        sa.event.listen(db, "before_cursor_execute", explain)
        count_client(db, "main", "1")
        select_reference(db, "main")
    steps = [plan for plan, _ in plans]
    assert any("versions_by_client" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN") and "captures" not in step and "anon" not in step]
    assert not [step for step in steps if "ix_versions_capture" in step and "capture>?" not in step]
