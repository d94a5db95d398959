from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.simulator.conditions import (
    MAX_DEPTH,
    MAX_LENGTH,
    All,
    Comparison,
    ConditionError,
    Either,
    Negation,
    parse,
)

NAMES = st.from_regex(r"[a-z][A-Za-z0-9]{0,8}(/[a-z][A-Za-z0-9]{0,8}){0,2}", fullmatch=True).filter(
    lambda name: name.lower() not in {"and", "or", "not", "in", "contains", "like", "true", "false", "null"}
)
TIMES = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
VALUES = st.one_of(st.text(), st.integers(-(10**30), 10**30), st.booleans(), st.none(), TIMES)
WORDS = (
    "a", "id", "(", ")", ",", "and", "or", "not", "in", "like", "contains", "=", "!=", ">", "null", "True", "1", "'x'",
    '"y"', "[2016-08-20]",
)  # fmt: skip


def written(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("[", "[[]") + '"'
    if isinstance(value, datetime):
        return f"[{value:%Y-%m-%dT%H:%M:%SZ}]"
    return "null" if value is None else str(value)


COMPARISONS = st.one_of(
    st.builds(
        lambda name, operator, value: Comparison(tuple(name.split("/")), operator, (value,)),
        NAMES, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), VALUES,
    ),
    st.builds(
        lambda name, operator, value: Comparison(tuple(name.split("/")), operator, (value,)),
        NAMES, st.sampled_from(["contains", "like"]), st.text(),
    ),
    st.builds(
        lambda name, values: Comparison(tuple(name.split("/")), "in", tuple(values)),
        NAMES, st.lists(VALUES, min_size=1, max_size=4),
    ),
)  # fmt: skip
TREES = st.recursive(
    COMPARISONS,
    lambda inner: st.one_of(
        st.builds(Negation, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Either(tuple(parts))),
    ),
    max_leaves=8,
)


def text_of(tree: object) -> str:
    match tree:
        case Comparison(path, "in", values):
            return f"{'/'.join(path)} in ({', '.join(map(written, values))})"
        case Comparison(path, operator, values):
            return f"{'/'.join(path)} {operator} {written(values[0])}"
        case Negation(inner):
            return f"not ({text_of(inner)})"
        case All(parts):
            return " and ".join(f"({text_of(part)})" for part in parts)
        case Either(parts):
            return " OR ".join(f"({text_of(part)})" for part in parts)
    raise TypeError


@given(TREES)
def test_what_is_written_is_read_back(tree: object) -> None:
    assert parse(text_of(tree)) == tree


@given(st.text(max_size=200))
def test_any_text_is_a_condition_or_a_condition_error(text: str) -> None:
    with suppress(ConditionError):
        parse(text)


@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=30,
    )
)
def test_any_order_of_words_is_a_condition_or_a_condition_error(words: list[str]) -> None:
    with suppress(ConditionError):
        parse(" ".join(words))


def test_and_binds_tighter_than_or() -> None:
    a, b, c = (Comparison((name,), "=", (1,)) for name in "abc")
    assert parse("a=1 or b=1 and c=1") == Either((a, All((b, c))))
    assert parse("(a=1 or b=1) and c=1") == All((Either((a, b)), c))


def test_not_stands_before_words_and_before_a_condition() -> None:
    inside = Comparison(("id",), "in", (1, 2))
    assert parse("id not in (1,2)") == Negation(inside)
    assert parse("not id in (1,2)") == Negation(inside)
    assert parse("summary not contains 'x'") == Negation(Comparison(("summary",), "contains", ("x",)))
    assert parse("summary not like 'x*'") == Negation(Comparison(("summary",), "like", ("x*",)))


@pytest.mark.parametrize("text", ["[2016-08-20T18:04:26Z]", "[2016-08-20T18:04:26]", "[ 2016-08-20T18:04:26Z ]"])
def test_times_in_brackets_are_utc(text: str) -> None:
    assert parse(f"lastUpdated>{text}") == Comparison(
        ("lastUpdated",), ">", (datetime(2016, 8, 20, 18, 4, 26, tzinfo=UTC),)
    )


def test_quotes_of_both_kinds_and_a_bracket_literal() -> None:
    assert parse("""name = 'it is "so"'""") == Comparison(("name",), "=", ('it is "so"',))
    assert parse('name contains "[[]urgent]"') == Comparison(("name",), "contains", ("[urgent]",))


@pytest.mark.parametrize(
    "text",
    [
        "", "id", "id =", "= 1", "id = 1 and", "id = 1 id = 2", "(id = 1", "id = 1)", "id = foo", "id == 1", "id in 1",
        "id in ()", "id not = 1", "and = 1", "a/ = 1", 'id = "x', "when > [2016-08-20T18:04:26+02:00]",
        "when > [20.8.2016]", "when > [2016-13-20T00:00:00Z]", "summary like 5", "id = 1; drop table", "id = 1.",
        "not", "not not", "id = --1",
    ],
)  # fmt: skip
def test_what_the_vendor_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_in_is_refused_where_the_vendor_does_not_know_it() -> None:
    with pytest.raises(ConditionError):
        parse("types/id in (1,2)", lists=False)


@pytest.mark.parametrize("text", ["(" * 100_000, "(" * 10_000, "not " * 4_000 + "id=1", "a=1 or " * 4000])
def test_hostile_length_and_depth_end_in_a_condition_error(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_limits_leave_room_for_real_conditions() -> None:
    parse("(" * MAX_DEPTH + "id=1" + ")" * MAX_DEPTH)
    ids = ",".join(str(n) for n in range(1000, 3000))
    assert len(ids) < MAX_LENGTH
    parse(f"id in ({ids})")
