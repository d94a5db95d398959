"""Check 9.3 on logs of a population made here: a log that leaves something unsaid, to the row and the number."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.verify import population
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

HEAD = ("kind", "class", "reason", "number")
HONEST = [
    ("note", "captured", "", "3"), ("note", "included", "", "2"), ("note", "withheld", "privilege", "1"),
    ("ticket", "captured", "", "2"), ("ticket", "included", "", "1"), ("ticket", "out of scope", "client", "1"),
    ("call", "captured", "", "0"), ("call", "included", "", "0"),
]  # fmt: skip


def csv_of(rows):
    return "".join(",".join(row) + "\r\n" for row in (HEAD, *rows)).encode()


def named(numbered):
    """Kind and id; `note 7` is a version of that record."""
    number, (kind, _, id_) = numbered[0], numbered[1].partition(" ")
    return kind, id_ or f"of place {number}"


def judged(rows, table=None, counts=None, shown=("note", "note", "ticket")):
    files = {population.LOG: csv_of(rows)} | ({} if table is None else {population.TABLE: csv_of(table)})
    container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    container.open = lambda path: io.BytesIO(files[path])
    bag = Bag(container, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})
    records = [SimpleNamespace(kind=kind, id=id_) for kind, id_ in map(named, enumerate(shown))]
    manifest = SimpleNamespace(records=records, counts=counts or {})
    checks = Checklist()
    found = population.check_population(bag, checks, manifest)
    return found, [(check.status, check.detail, check.subject) for check in checks.report().checks]


def test_a_log_that_adds_up_says_so_kind_by_kind():
    found, said = judged(HONEST, table=HONEST[::-1], counts={"captured": 5})
    assert said == [(
        "pass", "5 records captured = 3 included + 1 withheld + 1 out of scope; it adds up for every kind", ""
    )]  # fmt: skip
    assert found["note", "withheld"] == 1


@pytest.mark.parametrize(
    ("changes", "detail", "subject"),
    [
        ({0: None}, "the log does not say how many were captured and included", "note"),
        ({6: None}, "the log does not say how many were captured and included", "call"),
        ({7: None}, "the log does not say how many were captured and included", "call"),
        ({0: ("note", "captured", "", "4")}, "captured 4; included, withheld and out of scope add up to 3", "note"),
        ({1: ("note", "included", "", "3"), 2: None}, "included 3; the manifest has 2 records", "note"),
        ({2: ("note", "hidden", "", "1")}, "a class that there is not: hidden", "note"),
        ({3: ("note", "captured", "", "2")}, "captured stands twice in the log", "note"),
        ({6: ("call", "captured", "", "-1")}, "a number below nothing", population.LOG),
    ],
)
def test_what_is_wrong_with_a_log_is_said(changes, detail, subject):
    rows = [changes.get(place, row) for place, row in enumerate(HONEST)]
    found, said = judged([row for row in rows if row is not None])
    assert ("fail", detail, subject) in said
    assert found is not None


def test_another_table_than_the_log_and_another_figure_are_found():
    assert judged(HONEST, table=HONEST[1:])[1] == [
        ("fail", "other rows than the log of the population", population.TABLE)
    ]
    for name, of in population._STATED.items():
        total = {"captured": 5, "included": 3, "withheld": 1, "out of scope": 1}[of]
        assert judged(HONEST, counts={name: total})[1][0][0] == "pass"
        [(status, detail, subject)] = judged(HONEST, counts={name: total + 1})[1]
        assert (status, detail, subject) == (
            "fail", f"the manifest states {total + 1}; the log adds up to {total}", name,
        )  # fmt: skip


def test_a_class_may_have_several_reasons_and_none_twice():
    more = [("note", "captured", "", "4"), *HONEST[1:3], ("note", "withheld", "not relevant", "1"), *HONEST[3:]]
    assert [status for status, *_ in judged(more)[1]] == ["pass"]
    twice = [*HONEST, ("note", "withheld", "privilege", "0")]
    assert ("fail", "withheld stands twice in the log", "note") in judged(twice)[1]


EARLIER = ("note", "earlier version", "beside the newest", "1")
VERSIONS = ("note 1", "note 2", "note 1", "ticket")


def test_earlier_versions_stand_beside_the_sum_and_are_as_many_as_the_manifest_has():
    withheld = ("ticket", "earlier version withheld", "privilege", "4")
    found, [(status, detail, _)] = judged([*HONEST, EARLIER, withheld], shown=VERSIONS)
    assert (status, detail.partition(". ")[2]) == ("pass", "Besides 1 earlier version of these records")
    assert found["ticket", "earlier version withheld"] == 4
    assert judged(HONEST, shown=VERSIONS)[1] == [("fail", "earlier versions 0; the manifest has 1", "note")]
    assert judged([*HONEST, EARLIER])[1] == [("fail", "earlier versions 1; the manifest has 0", "note")]
    assert ("fail", "earlier version stands twice in the log", "note") in judged(
        [*HONEST, EARLIER, (*EARLIER[:2], "again", "0")], shown=VERSIONS
    )[1]


@pytest.mark.parametrize(("most", "status"), [(len(HONEST), "pass"), (len(HONEST) - 1, "fail")])
def test_so_many_rows_are_read_and_no_more(monkeypatch, most, status):
    monkeypatch.setattr(population, "MAX_LINES", most)
    [(found, detail, _)] = judged(HONEST)[1]
    assert found == status
    assert status == "pass" or detail == f"more than {most} rows"
