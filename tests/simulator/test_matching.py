from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.simulator.conditions import ConditionError, parse
from psa_evidence.simulator.matching import Hints, child_predicate, hints, order, predicate, sort_key

ROW = {
    "id": 42,
    "summary": "Printer on Fire",
    "company": {"id": 3, "identifier": "Acme"},
    "closedFlag": False,
    "actualHours": 1.5,
    "dateResolved": "2016-08-20T18:04:26Z",
    "holiday": "2016-08-20",
    "_info": {"lastUpdated": "2016-09-01T00:00:00Z", "updatedBy": "jdoe"},
}


@pytest.mark.parametrize(
    "text",
    [
        "id = 42", "id != 41", "id >= 42 and id <= 42", "id in (1, 42)", "id not in (1, 2)", "not id = 41",
        'summary = "printer on fire"', "summary contains 'ON F'", "summary like 'printer*'", "summary like '*fire'",
        "summary like 'p*fire'", "summary not like 'fire'", "summary not contains 'water'", "company/id = 3",
        "company/identifier = 'ACME'", "closedFlag = False", "closedFlag != true", "actualHours > 1.4",
        "actualHours < 2",
        "dateResolved = [2016-08-20T18:04:26Z]", "dateResolved > [2016-08-20]", "holiday >= [2016-08-20]",
        "lastUpdated > [2016-08-31T23:59:59Z]", "_info/lastUpdated > [2016-08-31T23:59:59Z]", "updatedBy = 'jdoe'",
        "closedDate = null", "summary != null", "company/phone = null",
        "id = 1 or id = 42", "id = 1 or closedDate = null",
        "dateResolved > [2016-08-20T18:04:25.5Z]",
    ],
)  # fmt: skip
def test_matches(text: str) -> None:
    assert predicate(parse(text))(ROW)
    assert not predicate(parse(f"not ({text})"))(ROW)


@pytest.mark.parametrize(
    "text",
    ["id > 42", "closedFlag = True", "summary like 'fire'", "summary like 'printer'", "summary = null", "id in (1)"],
)
def test_does_not_match(text: str) -> None:
    assert not predicate(parse(text))(ROW)


@pytest.mark.parametrize(
    "text", ["closedDate > [2016-01-01]", "closedDate != 'x'", "owner/id = 1", "owner/id in (1,2)"]
)
def test_an_absent_field_is_unknown_and_so_is_its_negation(text: str) -> None:
    assert not predicate(parse(text))(ROW)
    assert not predicate(parse(f"not ({text})"))(ROW)


@pytest.mark.parametrize("text", ["id = 42 and closedDate > [2016-01-01]", "not (id = 1 or closedDate > [2016-01-01])"])
def test_unknown_spreads_through_and_and_or(text: str) -> None:
    assert not predicate(parse(text))(ROW)


def test_a_row_s_own_audit_column_comes_before_the_one_in_info() -> None:
    row = {"id": 1, "dateEntered": "2020-01-01T00:00:00Z", "_info": {"dateEntered": "2010-01-01T00:00:00Z"}}
    assert predicate(parse("dateEntered > [2015-01-01]"))(row)


def test_null_has_no_order() -> None:
    with pytest.raises(ConditionError):
        predicate(parse("id > null"))


def test_a_child_condition_must_hold_for_one_element_as_a_whole() -> None:
    row = {"id": 1, "items": [{"type": "Email", "value": "a"}, {"type": "Fax", "value": "b"}]}
    assert child_predicate(parse("items/type = 'Email' and items/value = 'a'"))(row)
    assert not child_predicate(parse("items/type = 'Email' and items/value = 'b'"))(row)
    with pytest.raises(ConditionError):
        child_predicate(parse("items/type = 'Email' and others/value = 'b'"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id > 5 and company/id = 3", Hints(5, 3)),
        ("id >= 5", Hints(4, None)),
        ("id > 5 and (id > 7 or company/id = 3)", Hints(5, None)),
        ("id > 5 or company/id = 3", Hints()),
        ("not id > 5", Hints()),
        ("not company/id = 3 and id > 2", Hints(2, None)),
        ("company/id in (3)", Hints()),
    ],
)
def test_hints_come_only_from_what_every_match_fulfils(text: str, expected: Hints) -> None:
    assert hints(parse(text)) == expected


@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(1, 4), st.sampled_from(["and", "or"]), st.booleans())
def test_hints_never_lose_a_match(a: int, b: int, company: int, word: str, negated: bool) -> None:
    text = f"id > {a} {word} {'not ' if negated else ''}(company/id = {company} and id >= {b})"
    condition = parse(text)
    test, known = predicate(condition), hints(condition)
    rows = [{"id": n, "company": {"id": c}} for n in range(-6, 7) for c in range(1, 5)]
    for row in filter(test, rows):
        assert row["id"] > known.after or known.after == 0
        assert known.company in (None, row["company"]["id"])


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.just({"a": 1})), max_size=20))
def test_any_mixture_of_values_can_be_ordered(values: list[object]) -> None:
    rows = [{"id": n, "x": value} for n, value in enumerate(values)]
    ordered = sorted(rows, key=lambda row: sort_key(row, ("x",)))
    absent = sum(value is None or isinstance(value, dict) for value in values)
    assert all(row["x"] is None or isinstance(row["x"], dict) for row in ordered[:absent])


def test_an_order_names_fields_and_directions() -> None:
    assert order("lastUpdated desc, company/name") == [(("lastUpdated",), True), (("company", "name"), False)]
    for text in ("id down", "id asc asc", "", "id,,name", "a b c", "id;"):
        with pytest.raises(ConditionError):
            order(text)
