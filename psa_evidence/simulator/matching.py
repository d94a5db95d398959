"""Conditions against rows, ordering, and what a store can be told beforehand.

Logic has three values as in the vendor's SQL server: a comparison with a field that is absent is unknown, `not unknown`
is unknown, and only rows for which the whole condition is true are returned. `x = null` and `x != null` ask for
absence and presence. Texts compare without case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psa_evidence.simulator.conditions import All, Comparison, Condition, ConditionError, Either, Negation, Value
from psa_evidence.simulator.store import Row

Test = Callable[[Row], bool | None]
Predicate = Callable[[Row], bool]

_IN_INFO = frozenset({"lastUpdated", "updatedBy", "dateEntered", "enteredBy"})


@dataclass(frozen=True, slots=True)
class Hints:
    """What every matching row has: an id over `after` and, when given, this company."""

    after: int = 0
    company: int | None = None


def predicate(condition: Condition) -> Predicate:
    test = _test(condition)
    return lambda row: test(row) is True


def child_predicate(condition: Condition) -> Predicate:
    """True when one element of the list that the paths begin with fulfils the whole condition.

    `ConditionError` when the paths begin with different lists.
    """
    first, inner = _below(condition)
    test = _test(inner)

    def matches(row: Row) -> bool:
        elements = row.get(first)
        return isinstance(elements, list) and any(isinstance(e, dict) and test(e) is True for e in elements)

    return matches


def hints(condition: Condition) -> Hints:
    """Read from the comparisons that must hold for every match; conservative."""
    after, company = 0, None
    for part in condition.parts if isinstance(condition, All) else (condition,):
        if not isinstance(part, Comparison) or type(part.values[0]) is not int:
            continue
        match part.path, part.operator:
            case ("id",), ">":
                after = max(after, part.values[0])
            case ("id",), ">=":
                after = max(after, part.values[0] - 1)
            case ("company", "id"), "=":
                company = part.values[0]
    return Hints(after, company)


def order(text: str) -> list[tuple[tuple[str, ...], bool]]:
    """`"lastUpdated desc, id"` to paths and whether each descends."""
    keys = []
    for part in text.split(","):
        words = part.split()
        if not words or len(words) > 2 or not re.fullmatch(r"\w+(/\w+)*", words[0], re.ASCII):
            raise ConditionError("orderBy is not a list of fields")
        if len(words) == 2 and words[1].lower() not in {"asc", "desc"}:
            raise ConditionError("orderBy knows asc and desc only")
        keys.append((tuple(words[0].split("/")), len(words) == 2 and words[1].lower() == "desc"))
    return keys


def sort_key(row: Row, path: tuple[str, ...]) -> tuple[int, Any]:
    """Absent first, then booleans and numbers, then texts without case; sortable across mixed values."""
    value = value_at(row, path)
    if value is None or isinstance(value, (dict, list)):
        return (0, 0)
    return (2, value.casefold()) if isinstance(value, str) else (1, value)


def value_at(row: Row, path: tuple[str, ...]) -> Any:
    """The field, or None; audit columns stand under `_info` unless the row has a field of that name itself."""
    first = path[0]
    if first in _IN_INFO and first not in row:
        row = row.get("_info") or {}
    found: Any = row
    for name in path:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _test(condition: Condition) -> Test:
    match condition:
        case Comparison():
            return _comparison(condition)
        case Negation(inner):
            return _not(_test(inner))
        case All(parts):
            return _all([_test(part) for part in parts])
        case Either(parts):
            return _either([_test(part) for part in parts])


def _not(test: Test) -> Test:
    def negated(row: Row) -> bool | None:
        result = test(row)
        return None if result is None else not result

    return negated


def _all(tests: Iterable[Test]) -> Test:
    parts = tuple(tests)

    def every(row: Row) -> bool | None:
        unknown = False
        for part in parts:
            result = part(row)
            if result is False:
                return False
            unknown = unknown or result is None
        return None if unknown else True

    return every


def _either(tests: Iterable[Test]) -> Test:
    parts = tuple(tests)

    def any_of(row: Row) -> bool | None:
        unknown = False
        for part in parts:
            result = part(row)
            if result:
                return True
            unknown = unknown or result is None
        return None if unknown else False

    return any_of


def _comparison(node: Comparison) -> Test:
    path, wanted = node.path, node.values[0]
    if node.operator == "in":
        return _either([_comparison(Comparison(path, "=", (value,))) for value in node.values])
    if wanted is None:
        if node.operator not in {"=", "!="}:
            raise ConditionError("null can be compared with = and != only")
        present = node.operator == "!="
        return lambda row: (value_at(row, path) is not None) is present
    compare = _comparer(node.operator, wanted)

    def test(row: Row) -> bool | None:
        value = value_at(row, path)
        return None if value is None or isinstance(value, (dict, list)) else compare(value)

    return test


def _comparer(operator: str, wanted: Value) -> Callable[[Any], bool | None]:
    if operator in {"contains", "like"}:
        pattern = _pattern(str(wanted), whole=operator == "like")
        return lambda value: pattern.search(_text(value)) is not None
    if isinstance(wanted, datetime):
        return _time_comparer(operator, wanted)
    if isinstance(wanted, bool):
        return lambda value: _apply(operator, value, wanted) if isinstance(value, bool) else None
    if isinstance(wanted, str):
        folded = wanted.casefold()
        return lambda value: _apply(operator, _text(value).casefold(), folded)
    return lambda value: _apply(operator, value, wanted) if isinstance(value, (int, float)) else None


def _time_comparer(operator: str, wanted: datetime) -> Callable[[Any], bool | None]:
    plain = wanted.strftime("%Y-%m-%dT%H:%M:%SZ") if not wanted.microsecond and wanted.year >= 1000 else None

    def compare(value: Any) -> bool | None:
        if not isinstance(value, str):
            return None
        if plain is not None and len(value) == 20 and value[-1] == "Z":  # same form: text order is time order
            return _apply(operator, value, plain)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        return _apply(operator, moment if moment.tzinfo else moment.replace(tzinfo=UTC), wanted)

    return compare


def _apply(operator: str, left: Any, right: Any) -> bool:
    match operator:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pattern(text: str, *, whole: bool) -> re.Pattern[str]:
    if not whole:
        return re.compile(re.escape(text), re.IGNORECASE)
    body = ".*".join(re.escape(part) for part in re.split(r"[*%]+", text))
    return re.compile(rf"\A{body}\Z", re.IGNORECASE | re.DOTALL)


def _below(condition: Condition) -> tuple[str, Condition]:
    """Take the list's name off every path."""
    match condition:
        case Comparison(path, operator, values):
            if len(path) < 2:
                raise ConditionError("a child condition begins with the name of a list")
            return path[0], Comparison(path[1:], operator, values)
        case Negation(inner):
            first, below = _below(inner)
            return first, Negation(below)
        case All(parts) | Either(parts):
            found = [_below(part) for part in parts]
            if len({first for first, _ in found}) != 1:
                raise ConditionError("a child condition speaks of one list only")
            return found[0][0], type(condition)(tuple(below for _, below in found))
