"""Check 9.12 on tables of changes and natives made here: what a row may say, what is withheld, what is hostile."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from types import SimpleNamespace

import pytest

from psa_evidence.format import Disclosed, ManifestRecord
from psa_evidence.verify import versions
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

HEAD = (
    "what", "record", "field", "old", "new", "seal_before", "seal_after", "note", "native_before", "native_after",
)  # fmt: skip
OLD, NEW = "data/natives/sla/1.2.json", "data/natives/sla/1.json"
V1, V2 = b'{"id":1,"hours":1.50,"name":"Gold"}', b'{"id":1,"hours":5.00,"name":"Gold","by":"\\ud800"}'
EDIT = {
    "what": "edited", "record": "sla/1", "field": "/hours", "old": "1.50", "new": "5.00", "seal_before": "1",
    "seal_after": "2", "note": "", "native_before": OLD, "native_after": NEW,
}  # fmt: skip
ADDED = EDIT | {"what": "volatile", "field": "/by", "old": "", "new": '"\\ud800"'}


def part(body, **withheld):
    return Disclosed.of("sla", "1", body, bytes(32), withheld).document()


SEALS = {n: SimpleNamespace(number=n, capture=f"2026020{n}T020000Z-x", sealed_at=f"2026-02-0{n}T02:30:00Z")
         for n in (1, 2)}  # fmt: skip


def judged(rows, bodies=(V1, V2), paths=(OLD, NEW), counts=None, population=None, table=True, seal=None, more=()):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, (*HEAD, *more), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    files = dict(zip(paths, bodies, strict=True))
    if table:
        files[versions.TABLE] = out.getvalue().encode("utf-8-sig")
    container = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    container.open = lambda path: io.BytesIO(files[path])
    digest = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    bag = Bag(container, {path: Hashed({"sha256": digest[path]}, len(data)) for path, data in files.items()})
    records = [ManifestRecord("sla", "1", path, digest[path], seal or n, n, None) for n, path in enumerate(paths, 1)]
    manifest = SimpleNamespace(
        records=records, counts={"earlier_versions": len(records) - 1} if counts is None else counts
    )
    checks = Checklist()
    versions.check_versions(bag, checks, manifest, Counter(population or {}), SEALS)
    return [(check.status, check.detail) for check in checks.report().checks]


def failed(*arguments, **named):
    return [detail for status, detail in judged(*arguments, **named) if status == "fail"]


def test_rows_that_say_what_the_natives_say_pass_and_what_the_psa_moves_is_named():
    [(status, words)] = judged([EDIT, ADDED])
    assert status == "pass"
    assert "1 earlier version, each compared with the next; 2 differences" in words
    assert "The PSA is said to move by itself: /by (1)" in words


TIMES = {"captured_before": "2026-02-01T02:10:00Z", "captured_after": "2026-02-02T02:10:00Z"}


@pytest.mark.parametrize(
    ("name", "at", "failing"),
    [
        ("captured_before", "2026-02-01T02:40:00Z", False), ("captured_before", "2026-02-01T02:40:01Z", True),
        ("captured_after", "2026-02-02T01:50:00Z", False), ("captured_after", "2026-02-02T01:49:59Z", True),
        ("captured_after", "", True),
    ],
)  # fmt: skip
def test_a_change_lies_between_the_two_captures(name, at, failing):
    """Between these two times a record was edited: whoever moves one clears or blames whoever was there."""
    assert failed([EDIT | TIMES, ADDED | TIMES], more=TIMES) == []
    number = 1 if name == "captured_before" else 2
    words = f"{name} is not a time of the capture under seal {number}"
    assert failed([EDIT | TIMES | {name: at}, ADDED | TIMES], more=TIMES) == ([words] if failing else [])


def test_of_a_version_that_is_not_named_and_of_a_seal_that_cannot_be_read_no_time_is_known(monkeypatch):
    vanished = EDIT | TIMES | {"what": "vanished", "native_after": "", "seal_after": "0", "captured_after": "any"}
    assert failed([EDIT | TIMES, ADDED | TIMES, vanished], more=TIMES) == []
    monkeypatch.delitem(SEALS, 1)
    assert failed([EDIT | TIMES | {"captured_before": "any"}, ADDED | TIMES], more=TIMES) == []


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([EDIT], "the versions differ in /by, which no row says"),
        ([EDIT | {"old": "1.5"}, ADDED], "says other than the natives of /hours"),
        ([EDIT | {"new": "9"}, ADDED], "says other than the natives of /hours"),
        (
            [EDIT, ADDED, EDIT | {"field": "/name"}],
            "a row says that /name changed, and the natives do not differ in it",
        ),
        ([EDIT, EDIT, ADDED], "a second row of the field /hours"),
        ([EDIT | {"what": "improved"}, EDIT, ADDED], "a sort of change that there is not: improved"),
        ([EDIT | {"seal_before": "3"}, EDIT, ADDED], f"{OLD} is not a version of this record under seal 3"),
        ([EDIT | {"record": "sla/2"}, EDIT, ADDED], f"{OLD} is not a version of this record under seal 1"),
        ([EDIT | {"native_before": "data/x"}, EDIT, ADDED], "data/x is not a version of this record under seal 1"),
        (
            [EDIT | {"native_before": "", "note": "withheld: x", "field": "", "old": "", "new": ""}, EDIT, ADDED],
            "names no native of the version under seal 1, and none is withheld",
        ),
        (
            [EDIT | {"native_before": NEW, "native_after": OLD, "seal_before": "2", "seal_after": "1"}, EDIT, ADDED],
            "the two versions do not follow each other",
        ),
        (
            [EDIT, ADDED, EDIT | {"field": "", "old": "", "new": "", "note": "withheld: privilege"}],
            "withholds what changed between versions that the pack shows whole",
        ),
        ([EDIT | {"seal_before": "one"}], "a number that is none"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_said(rows, why):
    assert why in failed(rows)


def test_versions_without_the_table_fail_and_one_version_without_it_passes():
    assert failed([], table=False) == ["earlier versions of records are in the pack, and no table says what changed"]
    assert judged([], table=False, bodies=(V2,), paths=(NEW,))[0][0] == "pass"


def test_a_withheld_version_needs_no_native_and_says_nothing_of_itself():
    row = EDIT | {"native_before": "", "field": "", "old": "", "new": "", "note": "withheld: privilege"}
    withheld = {("sla", "earlier version withheld"): 1}
    assert failed([row], (V2,), (NEW,), population=withheld) == [f"{NEW} is not a version of this record under seal 2"]
    row |= {"seal_after": "1", "seal_before": "4"}
    assert judged([row], (V2,), (NEW,), population=withheld)[0][0] == "pass"
    told = row | {"field": "/hours", "old": "1", "new": "2", "note": ""}
    assert failed([told], (V2,), (NEW,), population=withheld) == [
        "says what changed in a version that is not in the pack"
    ]


PART = "data/natives/sla/1.2.disclosed.json"
HIDDEN = EDIT | {"native_before": PART}


@pytest.mark.parametrize(
    ("withheld", "rows", "why"),
    [
        ("name", [HIDDEN, ADDED | {"native_before": PART, "old": "anything"}], []),  # the older may have had it
        ("hours", [HIDDEN | {"old": "[withheld]"}], []),
        ("hours", [HIDDEN | {"old": "[withheld]", "new": "6.00"}], ["says other than the natives of /hours"]),
        ("name", [HIDDEN | {"old": "9"}], ["says other than the natives of /hours"]),
        ("name", [], ["the versions differ in /hours, which no row says"]),
        ("hours", [HIDDEN | {"field": "", "old": "", "new": "", "note": "withheld: x"}], []),
    ],
)
def test_where_a_version_withholds_fields_what_both_show_is_compared(withheld, rows, why):
    assert failed(rows, (part(V1, **{withheld: "privilege"}), V2), (PART, NEW)) == why


NESTED = b'{"a":' + b"[" * 900 + b"]" * 900 + b"}"


@pytest.mark.parametrize("body", [b"\xff", b"[1", b'{"a":1,"a":2}', NESTED, b"[" * 100_000], ids=range(5))
def test_bytes_that_cannot_be_compared_are_one_row_without_a_field(body):
    whole = EDIT | {"field": "", "old": "", "new": "", "note": "the bytes differ"}
    assert failed([whole], (body, V2)) == []
    assert failed([], (body, V2)) == ["the versions differ in (the whole record), which no row says"]
    assert failed([], (body, body)) == []


def test_another_spelling_has_no_row():
    assert failed([], (V1, json.dumps({"name": "Gold", "id": 1}).encode()[:-1] + b', "hours": 1.50}')) == []


def test_a_pack_that_does_not_count_versions_is_of_a_layout_without_them():
    words = "the pack brings no earlier versions of records, as packs of older versions: 1 change cannot be compared"
    assert judged([EDIT], (V2,), (NEW,), counts={}) == [("inconclusive", words)]
    assert judged([], (V2,), (NEW,), counts={})[0][0] == "pass"
    assert judged([], (V2,), (NEW,), counts={}, table=False)[0][0] == "pass"


def test_so_many_rows_are_read_and_no_more(monkeypatch):
    monkeypatch.setattr(versions, "MAX_ROWS", 2)
    assert failed([EDIT, ADDED]) == []
    assert failed([EDIT, ADDED, ADDED]) == ["more than 2 rows"]


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_change_stands_between_two_seals_withheld_or_not(side):
    """One under no seal is no version that somebody could withhold."""
    nowhere = {f"seal_{side}": "0", f"native_{side}": ""}
    withheld = EDIT | nowhere | {"field": "", "old": "", "new": "", "note": "withheld: privilege"}
    for row in (withheld, EDIT | nowhere):
        assert failed([EDIT, ADDED, row]) == ["says what changed between versions of which one is under no seal"]
        assert failed([EDIT, ADDED, row | {"what": "vanished"}]) == []


def test_a_version_has_not_changed_since_itself():
    itself = EDIT | {"native_before": NEW, "seal_before": "2"}
    wrong = ["the two versions do not follow each other"]
    assert failed([EDIT, ADDED, itself]) == failed([itself], (V2,), (NEW,), seal=2) == wrong
    hidden = EDIT | {"native_before": PART, "native_after": PART, "field": "", "old": "", "new": ""}
    row = hidden | {"note": "withheld: privilege", "seal_before": "2"}
    assert failed([row], (part(V1, hours="privilege"),), (PART,), seal=2) == wrong


@pytest.mark.parametrize(("old", "why"), [("1.50", []), ("1.25", ["says other than the natives of /hours"])])
def test_versions_under_one_seal_need_not_follow_each_other(old, why):
    """Of the one before the last the table says what is so, and of the last beside the first."""
    third = "data/natives/sla/1.3.json"
    rows = [row | {"seal_before": "1", "seal_after": "1"} for row in (EDIT | {"native_before": third}, EDIT)]
    for row in rows:
        row["native_after"] = NEW
    rows[0]["old"] = old
    bodies = (V1, V1 + b" ", V1.replace(b"1.50", b"5.00"))
    assert failed(rows, bodies, (third, OLD, NEW), seal=1) == why


@pytest.mark.parametrize("what", ["merged", "vanished", "returned", "back-dated"])
def test_a_row_that_is_no_edit_says_nothing_of_fields(what):
    row = EDIT | {"what": what, "old": "anything", "native_before": ""}
    assert failed([EDIT, ADDED, row], population={("sla", "earlier version withheld"): 1}) == []


def test_a_table_that_cannot_be_read_fails_in_a_pack_of_any_layout(monkeypatch):
    monkeypatch.setattr(versions.tables, "rows", broken)
    assert failed([EDIT], (V2,), (NEW,), counts={}) == failed([EDIT, ADDED]) == ["changed while it was checked"]


def broken(*_):
    raise Unreadable("changed while it was checked")
    yield


def test_a_version_that_cannot_be_read_fails():
    assert len(failed([HIDDEN, ADDED | {"native_before": PART}], (b"{}", V2), (PART, NEW))) == 1


def test_a_row_about_bytes_that_cannot_be_compared_with_what_is_shown_in_part_fails():
    bodies = (part(V1, hours="privilege"), b'{"hours":5.00,"hours":5.00}')
    assert failed([HIDDEN | {"old": "[withheld]"}], bodies, (PART, NEW))[0] == "says other than the natives of /hours"


def test_rows_that_withhold_are_counted_in_words_and_named_by_their_number():
    row = HIDDEN | {"field": "", "old": "", "new": "", "note": "withheld: x"}
    [(status, words)] = judged([row], (part(V1, hours="privilege"), V2), (PART, NEW))
    assert status == "pass"
    assert "0 differences" in words
    assert words.endswith("Of 1 change the table does not say all: fields are withheld")
    assert "withheld" not in judged([EDIT, ADDED])[0][1]
