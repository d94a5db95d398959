"""The vendor's condition language: text to a tree.

    condition  := all ("or" all)*
    all        := one ("and" one)*
    one        := "not" one | "(" condition ")" | comparison
    comparison := path operator value | path ["not"] "in" "(" value ("," value)* ")"
    operator   := = | != | < | <= | > | >= | ["not"] contains | ["not"] like
    value      := "text" | 'text' | 12 | 1.5 | True | False | null | [2016-08-20T18:04:26Z]
    path       := name ("/" name)*

Words are case-insensitive. A backslash before a quote or a backslash stands for the character itself; `[[]` in a text
stands for `[`. Times in brackets are UTC: with `Z` or without a zone; an offset is refused, as by the vendor.
Anything else raises `ConditionError`, never another exception.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_LENGTH = 20_000
"""Characters in one condition; the vendor offers POST for 10,000 and more."""
MAX_DEPTH = 40
"""Nested parentheses and nots; keeps hostile text away from the interpreter's stack."""


class ConditionError(ValueError):
    """The text is not a condition. The message names the place, not the text."""


Value = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is one of = != < <= > >= contains like in; `values` has several items only for `in`."""

    path: tuple[str, ...]
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    inner: Condition


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


Condition = Comparison | Negation | All | Either

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<time>\[[^\[\]]*\])
    | (?P<number>-?\d+(?:\.\d+)?(?![\w/.]))
    | (?P<sign>!=|<=|>=|=|<|>)
    | (?P<mark>[(),])
    | (?P<word>[A-Za-z_]\w*(?:/\w+)*)
    )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPED = re.compile(r"\\([\"'\\])")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z?)?", re.ASCII)
_COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})
_TEXTUAL = frozenset({"contains", "like"})
_RESERVED = frozenset({"and", "or", "not", "in", "contains", "like", "true", "false", "null"})


def parse(text: str, *, lists: bool = True) -> Condition:
    """Read a condition. With `lists=False` the operator `in` is refused (child and custom-field conditions)."""
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"longer than {MAX_LENGTH} characters")
    parser = _Parser(_tokens(text), lists=lists)
    condition = parser.condition(0)
    parser.end()
    return condition


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ConditionError(f"not understood at position {at}")
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: Sequence[_Token], *, lists: bool) -> None:
        self._tokens = tokens
        self._next = 0
        self._lists = lists

    def condition(self, depth: int) -> Condition:
        parts = [self._all(depth)]
        while self._word("or"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def end(self) -> None:
        if self._next < len(self._tokens):
            raise ConditionError(f"unexpected text at position {self._tokens[self._next].at}")

    def _all(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._word("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise ConditionError(f"nested deeper than {MAX_DEPTH}")
        if self._word("not"):
            return Negation(self._one(depth + 1))
        if self._mark("("):
            inner = self.condition(depth + 1)
            self._need(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        name = self._take("a field")
        if name.kind != "word" or name.text.lower() in _RESERVED:
            raise ConditionError(f"a field's name is expected at position {name.at}")
        path = tuple(name.text.split("/"))
        negated = self._word("not")
        sign = self._take("an operator")
        operator = sign.text.lower()
        if operator == "in" and sign.kind == "word":
            return _negate(Comparison(path, "in", self._list(sign)), negated=negated)
        if operator in _TEXTUAL and sign.kind == "word":
            value = self._value()
            if not isinstance(value, str):
                raise ConditionError(f"{operator} needs a text at position {sign.at}")
            return _negate(Comparison(path, operator, (value,)), negated=negated)
        if operator in _COMPARING and not negated:
            return Comparison(path, operator, (self._value(),))
        raise ConditionError(f"an operator is expected at position {sign.at}")

    def _list(self, sign: _Token) -> tuple[Value, ...]:
        if not self._lists:
            raise ConditionError(f"`in` is not allowed here (position {sign.at})")
        self._need("(")
        values = [self._value()]
        while self._mark(","):
            values.append(self._value())
        self._need(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._take("a value")
        match token.kind:
            case "text":
                return _ESCAPED.sub(r"\1", token.text[1:-1]).replace("[[]", "[")
            case "time":
                return _time(token)
            case "number":
                return _number(token)
            case "word" if token.text.lower() in {"true", "false"}:
                return token.text.lower() == "true"
            case "word" if token.text.lower() == "null":
                return None
        raise ConditionError(f"a value is expected at position {token.at}")

    def _take(self, wanted: str) -> _Token:
        if self._next >= len(self._tokens):
            raise ConditionError(f"ends where {wanted} is expected")
        self._next += 1
        return self._tokens[self._next - 1]

    def _word(self, word: str) -> bool:
        return self._accept("word", word)

    def _mark(self, mark: str) -> bool:
        return self._accept("mark", mark)

    def _accept(self, kind: str, text: str) -> bool:
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.kind == kind and token.text.lower() == text:
                self._next += 1
                return True
        return False

    def _need(self, mark: str) -> None:
        if not self._mark(mark):
            raise ConditionError(f"{mark!r} is missing")


def _negate(comparison: Comparison, *, negated: bool) -> Condition:
    return Negation(comparison) if negated else comparison


def _number(token: _Token) -> int | float:
    if len(token.text) > 40:
        raise ConditionError(f"a number too long at position {token.at}")
    return float(token.text) if "." in token.text else int(token.text)


def _time(token: _Token) -> datetime:
    text = token.text[1:-1].strip()
    if _TIME.fullmatch(text):
        try:
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise ConditionError(f"not a UTC time at position {token.at}")
