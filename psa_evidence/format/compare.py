"""Two versions of a record, field by field: JSON against JSON, with no knowledge of what a field means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from psa_evidence.format.json_pointer import Nothing, resolve

MAX_DEPTH: Final = 60
"""No PSA nests as deep; what does is compared as bytes."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`pointer` is a JSON pointer (RFC 6901). `old` and `new` are JSON text, None where the field was absent."""

    pointer: str
    old: str | None
    new: str | None

    def matches(self, patterns: Sequence[str]) -> bool:
        """Whether the pointer is one of `patterns`, in which `*` stands for any characters."""
        return any(fnmatchcase(self.pointer, pattern) for pattern in patterns)


class _Number(str):
    """A number as it is written: 1.50 and 1.5 are not the same text, and 1 is not true."""

    __slots__ = ()


class IncomparableError(ValueError):
    """At least one of the two is not JSON that can be compared field by field."""


def compare(before: bytes, after: bytes) -> tuple[FieldChange, ...]:
    """The changed fields in the order of their pointers; empty when only the spelling (spaces, order) differs.

    Lists of different length are shown whole. Raises IncomparableError for what is no JSON, names a member twice or
    nests deeper than MAX_DEPTH.
    """
    return tuple(sorted(_compare("", _parse(before), _parse(after), 0), key=lambda change: change.pointer))


def value_at(data: bytes, pointer: str) -> str | None:
    """The value at a JSON pointer as JSON text, None when there is none. Raises IncomparableError."""
    value = resolve(_parse(data), pointer)
    return None if value is Nothing else _text(value)


def text_at(data: bytes, pointer: str) -> str | None:
    """The text at a JSON pointer, None when there is none."""
    try:
        value = resolve(_parse(data), pointer)
    except IncomparableError:
        return None
    return value if isinstance(value, str) and not isinstance(value, _Number) else None


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise IncomparableError("not JSON that can be compared") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is named twice")
    return found


def _compare(pointer: str, old: Any, new: Any, depth: int) -> Iterator[FieldChange]:
    if depth > MAX_DEPTH:
        raise IncomparableError("nested too deep")
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            below = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in old:
                yield FieldChange(below, None, _text(new[name]))
            elif name not in new:
                yield FieldChange(below, _text(old[name]), None)
            else:
                yield from _compare(below, old[name], new[name], depth + 1)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _compare(f"{pointer}/{index}", one, other, depth + 1)
    elif type(old) is not type(new) or old != new:
        yield FieldChange(pointer, _text(old), _text(new))


def _text(value: Any, depth: int = 0) -> str:
    """JSON text with the numbers as they came. Raises IncomparableError for what nests too deep."""
    if depth > MAX_DEPTH:
        raise IncomparableError("nested too deep")
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(name)}:{_text(inner, depth + 1)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_text(inner, depth + 1) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)
