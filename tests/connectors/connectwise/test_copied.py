"""What the connector calls plain copies is what a verifier reads by the pointers, whatever a record holds and lacks."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psa_evidence.pack.tables.sources import COPIES
from psa_evidence.pack.tables.table import flag, number, text_of
from psa_evidence.pack.wording import utc
from psa_evidence.verify.copied import COLUMNS, TABLES
from psa_evidence.verify.documents import Document
from psa_evidence.verify.pointers import RULES, agrees, given_by, is_pointer, text_by
from psa_evidence_connectwise.copied import COPIED

POINTERS = dict(COPIED)
CELL = {
    "ticket": lambda v: v or "",
    "text": lambda v: v or "",
    "instant": utc,
    "day": text_of,
    "decimal": number,
    "yes or no": flag,
}
VALUES = {
    "text": st.sampled_from(["", "Ann", "0", "=1+1", "caf\u00e9", "\ud800", " x\r\n"]) | st.integers(0, 99),
    "instant": st.sampled_from([
        "2025-03-04T15:00:00Z", "2025-03-04T15:00:00.9Z", "2025-03-04T10:00:00-05:00", "2025-03-04T15:00:00", "",
        "0001-01-01T00:00:00Z",
    ]),
    "day": st.sampled_from(["2025-03-04T00:00:00Z", "2025-03-04", "", "0001-01-01T00:00:00Z"]),
    "decimal": st.sampled_from([0, 0.5, 12, 1e20, -3.25]),
    "yes or no": st.booleans(),
}  # fmt: skip
KINDS = sorted({kind for kind, _ in TABLES.values()})


def typed(interpret, raw, kind, value):
    parent = "ticket/1" if kind in {"note", "history"} else None
    records = interpret([raw(kind, "7", value, parent=parent)])
    name = {"note": "messages", "history": "history", "opportunity": "opportunities", "time_entry": "time_entries"}
    [record] = getattr(records, name.get(kind, f"{kind}s"))
    return record, {u.source.key for u in records.unread}


def attribute(record, path):
    for name in path.split("."):
        record = getattr(record, name)
    return record


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_cell_is_what_the_verifier_reads(raw, interpret, kind, data):
    value = {"id": 7}
    for _, _, of, name, rule in COPIES:
        for pointer in POINTERS.get(f"{of}.{name}", ()) if of == kind else ():
            if pointer != "/id" and data.draw(st.booleans()):
                *way, last = pointer.split("/")[1:]
                holder = value
                for step in way:
                    holder = holder.setdefault(step, {})
                held = st.integers(1, 99) if last == "id" or last.endswith("Id") else VALUES[rule]
                holder[last] = data.draw(st.none() | held)
    record, unread = typed(interpret, raw, kind, value)
    document = Document("7", json.loads(json.dumps(value)), whole=True)
    for _, column, of, name, rule in COPIES:
        if of == kind:
            cell = CELL[rule](attribute(record, name)).encode("utf-8", "backslashreplace").decode()
            if not cell and unread:  # the verifier asks whether the record stands in unread.csv
                continue
            if rule == "ticket":  # where no member says it, the parent or the own id does
                said = given_by(document, POINTERS.get(f"{of}.{name}", ()))
                assert said is None or text_by("text", said) == cell, (cell, value)
                continue
            assert agrees(cell, document, POINTERS[f"{of}.{name}"], rule), (column, cell, value)
            assert not agrees(cell + "9", document, POINTERS[f"{of}.{name}"], rule)


def test_every_plain_column_of_the_format_has_a_source_and_no_other():
    assert {(f"{table}.{column}", rule) for table, column, _, _, rule in COPIES} == set(COLUMNS.items())
    assert all(TABLES[table][0] == kind for table, _, kind, _, _ in COPIES)
    named = {f"{kind}.{name}" for _, _, kind, name, _ in COPIES}
    assert named == {*POINTERS, "history.ticket_id"}, "a line of history bears its ticket in its own id"
    assert all(is_pointer(pointer) for pointers in POINTERS.values() for pointer in pointers)
    assert set(COLUMNS.values()) == {*RULES, "ticket"}
