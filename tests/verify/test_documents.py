"""Natives as JSON, and cells that copy a member: what is an instant, what a pointer gives, what is not judged."""

from __future__ import annotations

import json

import pytest

from psa_evidence.verify import documents
from psa_evidence.verify.documents import Document, second_of
from psa_evidence.verify.pointers import MAX_POINTER, NotJudged, Untold, agrees, is_pointer


def document(value, *, whole=True, id="7"):  # noqa: A002 - as the dataclass has it
    return Document(id, value, whole)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01.999999Z", 1), ("1970-01-01 00:01", 60),
        ("1970-01-01T02:00:00+02:00", 0), ("1970-01-01T00:00:00-0130", 5400), ("1969-12-31T23:59:59Z", -1),
        ("1969-12-31T23:59:59.5Z", -1), ("1970-01-02T00:00:00", 86_400), ("0001-01-01T00:00:00+05:00", None),
        ("2025-02-30T00:00:00Z", None), ("2025-03-04", None), ("20250304T150000Z", None), ("x1970-01-01T00:00Z", None),
        ("1970-01-01T00:00Z ", None), ("1970-01-01T00:00:00.1234567890Z", None),
        ("1970-01-01T00:00:00.123456789+00:00", 0), ("", None), ("9" * 10_000, None),
        ("\u0661970-01-01T00:00:00Z", None),
    ],
)  # fmt: skip
def test_what_is_an_instant(text, second):
    assert second_of(text) == second


def test_instants_and_ids_are_found_however_deep_and_only_so_many(monkeypatch):
    deep = {"a": [{"b": "1970-01-01T00:00:05Z"}, 1042, True, None, 1.5]}
    assert document(deep).instants == {5}
    assert document(deep).names("1042")
    assert not document(deep).names("True")
    assert not document(deep).names("104")
    assert not document({"a": True, "b": {"c": True}}).names("True")
    assert document({}, id="1042-ab.9").names("1042")
    assert document({}, id="1042-ab.9").names("ab")
    assert not document({}, id="11042-ab").names("1042")
    assert document(None).instants == frozenset()
    monkeypatch.setattr(documents, "MAX_WALKED", 4)
    assert len(document(["1970-01-01T00:00:05Z", "1970-01-01T00:00:06Z", "1970-01-01T00:00:07Z", 1]).instants) == 2


@pytest.mark.parametrize(
    ("pointer", "is_one"),
    [
        ("/a", True), ("/a/0/b~0c~1", True), ("/", True), ("//", True), ("", False), ("a", False), ("/a~2", False),
        ("/~", False), ("/" + "a" * (MAX_POINTER - 1), True), ("/" + "a" * MAX_POINTER, False),
    ],
)  # fmt: skip
def test_what_is_a_pointer(pointer, is_one):
    assert is_pointer(pointer) == is_one


VALUE = {
    "text": "Ann", "empty": "", "null": None, "n": 7, "deep": {"a/b": {"~": ["x", "y"]}}, "formula": "=1+1",
    "yes": True, "no": False, "half": "\ud800", "cr": "a\r\nb", "at": "2025-03-04T10:00:00.9-05:00",
    "bare": "2025-03-04T15:00:00",
    "1899": "1899-12-31T23:59:59Z", "1900": "1900-01-01T00:00:00Z", "year 2": "0002-01-01T00:00:00Z",
    "never": "0001-01-01T00:00:00Z", "day": "2025-03-04T23:00:00Z", "price": 12.5, "whole": 3, "huge": float("inf"),
    "list": [1], "said": "True", "denied": "false", "amount": "-12.50", "spelt": "12,5",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "pointers", "rule"),
    [
        ("Ann", ("/text",), "text"), ("Ann", ("/gone", "/null", "/empty", "/text", "/n"), "text"),
        ("7", ("/n",), "text"), ("", ("/gone", "/null", "/empty"), "text"), ("y", ("/deep/a~1b/~0/1",), "text"),
        ("", ("/deep/a~1b/~0/2",), "text"),
        ("", ("/deep/a~1b/~0/-1",), "text"), ("", ("/text/0",), "text"), ("=1+1", ("/formula",), "text"),
        ("'=1+1", ("/formula",), "text"), ("\\ud800", ("/half",), "text"), ("a\r\nb", ("/cr",), "text"),
        ("yes", ("/yes",), "yes or no"), ("no", ("/no",), "yes or no"), ("2025-03-04T15:00:00Z", ("/at",), "instant"),
        ("2025-03-04T15:00:00Z", ("/never", "/bare"), "instant"), ("", ("/never",), "instant"),
        ("2025-03-04", ("/day",), "day"), ("", ("/never",), "day"), ("12.5", ("/price",), "decimal"),
        ("2025-03-04T15:00:00Z", ("/1899", "/bare"), "instant"), ("0002-01-01", ("/year 2",), "day"),
        ("1900-01-01T00:00:00Z", ("/1900", "/bare"), "instant"),
        ("yes", ("/said",), "yes or no"), ("no", ("/denied",), "yes or no"), ("-12.5", ("/amount",), "decimal"),
        ("12.50", ("/price",), "decimal"), ("3.0", ("/whole",), "decimal"), ("", ("/gone",), "decimal"),
    ],
)  # fmt: skip
def test_a_cell_that_is_the_copy_agrees_and_any_other_does_not(cell, pointers, rule):
    assert agrees(cell, document(VALUE), pointers, rule)
    other = "1" if rule == "decimal" else "x" + cell
    assert not agrees(other, document(VALUE), pointers, rule)
    if cell:
        assert not agrees("", document(VALUE), pointers, rule)


@pytest.mark.parametrize(
    ("value", "rule"),
    [("2025-03-04T10:00:00-05:00", "instant"), ("2025-03-04T15:00:00", "instant"), ("2025-03-04T15:00:00Z", "day")],
)
def test_an_instant_or_day_stands_in_its_one_spelling_not_in_that_of_the_record(value, rule):
    assert not agrees(value, document({"at": value}), ("/at",), rule)


@pytest.mark.parametrize(
    "cell",
    ["1_2.5", "12.5_0", " 12.5", "12.5 ", "12.5\n", "+12.5", "12,5", "12.", ".5", "\uff11\uff12.\uff15", "nan", "0x1"],
)
def test_a_number_that_a_person_reads_otherwise_than_a_program_is_none(cell):
    value = {"price": 0.5 if cell == ".5" else 12.0 if cell == "12." else 1.0 if cell == "0x1" else 12.5}
    assert not agrees(cell, document(value), ("/price",), "decimal")


@pytest.mark.parametrize("cell", ["12.5", "012.50", "125e-1", "1.25E+1"])
def test_a_number_has_digits_a_point_and_an_exponent(cell):
    assert agrees(cell, document({"price": 12.5}), ("/price",), "decimal")
    assert agrees(f"-{cell}", document({"price": -12.5}), ("/price",), "decimal")


@pytest.mark.parametrize(
    ("pointer", "rule"),
    [
        ("/yes", "text"), ("/list", "text"), ("/price", "text"), ("/text", "yes or no"), ("/n", "yes or no"),
        ("/text", "instant"), ("/n", "instant"), ("/text", "day"), ("/text", "decimal"), ("/yes", "decimal"),
        ("/huge", "decimal"), ("/spelt", "decimal"), ("/list", "decimal"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_says_nothing(pointer, rule):
    with pytest.raises(Untold):
        agrees("", document(VALUE), (pointer,), rule)


def test_a_member_that_may_be_withheld_is_not_judged_and_one_that_is_shown_is():
    in_part = document({"text": "Ann", "deep": {}}, whole=False)
    assert agrees("Ann", in_part, ("/text",), "text")
    assert not agrees("Bob", in_part, ("/text",), "text")
    assert agrees("", in_part, ("/deep/gone",), "text")
    with pytest.raises(NotJudged):
        agrees("Bob", in_part, ("/gone/name", "/text"), "text")


@pytest.mark.parametrize(
    ("cell", "pointers", "rule", "outcome"),
    [
        ("", ("/gone",), "text", None), ("[withheld]", ("/gone",), "text", None), ("Ann", ("/gone",), "text", False),
        ("8.5", ("/gone",), "decimal", False), ("", ("/gone",), "decimal", None),
        ("[withheld]", ("/gone",), "decimal", False), ("yes", ("/gone",), "yes or no", False),
        ("2025-03-04T15:00:00Z", ("/gone",), "instant", False),
        ("2025-03-04T15:00:00Z", ("/gone/at",), "instant", None),
        ("Ann", ("/gone", "/text"), "text", True), ("Bob", ("/gone", "/text"), "text", False),
        ("Bob", ("/text", "/gone"), "text", False), ("Bob", ("/gone/name", "/gone"), "text", None),
        ("Bob", ("/empty", "/gone"), "text", False), ("", ("/gone", "/empty"), "text", None),
    ],
)  # fmt: skip
def test_what_may_stand_in_the_place_of_a_withheld_member(cell, pointers, rule, outcome):
    """None: it is not judged."""
    in_part = document({"text": "Ann", "empty": ""}, whole=False)
    try:
        found = agrees(cell, in_part, pointers, rule)
    except NotJudged:
        found = None
    assert found is outcome


def test_numbers_beyond_any_float_are_no_error():
    assert not agrees("1", document({"n": 10**400}), ("/n",), "decimal")
    assert not agrees("nan", document({"n": 1}), ("/n",), "decimal")
    assert not agrees("one", document(json.loads('{"n": 1}')), ("/n",), "decimal")
