"""The members of a JSON object as they stand in its bytes: which name, and from where to where its value.

Strict JSON (RFC 8259) in UTF-8 and nothing looser: another program must find the same members in the same bytes.
The rules are in docs/format/leaf.md.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any, Final

from psa_evidence.format.canonical import FormatError, canonical

MAX_OBJECT_BYTES: Final = 16 * 1024 * 1024
"""A PSA's record has some kilobytes; what is larger is a file that happens to be JSON."""
MAX_NESTING: Final = 100
"""Levels of objects and arrays, the record's own included."""

Members = list[tuple[bytes, int, int]]
"""For each member its name as a canonical JSON string (quotes included, UTF-8), start and end of its value."""

_SPACE: Final = rb"[ \t\n\r]*+"
"""`*+`, `?+` and the like take all they can and give nothing back: none of what may follow could begin with it."""
_NUMBER: Final = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_PLAIN: Final = rb'"[^"\\\x00-\x1f]*+"'
_SCALAR: Final = _PLAIN + b"|" + _NUMBER + b"|true|false|null"


def _flat(value: bytes) -> bytes:
    """A short object whose names are plain and whose values are `value`."""
    pair = _SPACE + _PLAIN + _SPACE + b":" + _SPACE + b"(?:" + value + b")" + _SPACE
    return rb"\{(?:" + pair + b"(?:," + pair + rb"){0,40}+)?+\}"


_REFERENCE: Final = _flat(_SCALAR + b"|" + _flat(_SCALAR))
_MEMBER: Final = re.compile(
    _SPACE + b"(" + _PLAIN + b")" + _SPACE + b":" + _SPACE
    + b"(?:(" + _SCALAR + b"|" + _REFERENCE + b")" + _SPACE + b"([,}])|)"
)  # fmt: skip
"""A member whose name has no escape and, where group 2 is set, whose value is plain too, or an object of plain values
as PSAs refer to other records: nearly all of them."""
_OPENED: Final = re.compile(_SPACE + rb"\{" + _SPACE + rb"(\}?)")
_COLON: Final = re.compile(_SPACE + b":" + _SPACE)
_AFTER: Final = re.compile(_SPACE + b"([,}])")
_GAP: Final = re.compile(_SPACE)
_STRING: Final = re.compile(rb'"[^"]*"')
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - _STEP.keys())


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_values: Final = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=_no_constant)
"""Finds where a value ends. Numbers are not converted: their size has no limit."""


def members(body: bytes) -> Members | None:
    """The top-level members in the order received, one name as often as it stands there.

    None when `body` is not one JSON object in UTF-8 (blanks around it are allowed), is larger or nested deeper than
    the limits, or has a name that is not Unicode (half a surrogate pair).
    """
    opened = _OPENED.match(body)
    if opened is None or len(body) > MAX_OBJECT_BYTES:
        return None
    try:
        if not body.isascii():
            body.decode()
        found, end = _members(body, opened)
    except (ValueError, RecursionError):  # what the decoders say of other bytes; FormatError is a ValueError
        return None
    return found if _GAP.fullmatch(body, end) else None


def _members(body: bytes, opened: re.Match[bytes]) -> tuple[Members, int]:
    found: Members = []
    text, at, sign = "", opened.end(), opened[1] or b","
    while sign == b",":
        match = _MEMBER.match(body, at)
        if match is not None and match[2] is not None:
            found.append((match[1], *match.span(2)))
            at, sign = match.end(), match[3]
            continue
        text = text or body.decode("latin-1")  # one character a byte: places in it are places in the body
        if match is None:
            name, at = _escaped_name(body, text, at)
        else:
            name, at = match[1], match.end()
        _, end = _values.raw_decode(text, at)
        _check_nesting(body[at:end])
        after = _AFTER.match(body, end)
        if after is None:
            raise ValueError
        found.append((name, at, end))
        at, sign = after.end(), after[1]
    return found, at


def _escaped_name(body: bytes, text: str, at: int) -> tuple[bytes, int]:
    """The name and where the value begins."""
    gap = _GAP.match(body, at)
    start = gap.end() if gap else at
    if body[start : start + 1] != b'"':
        raise ValueError
    _, end = _values.raw_decode(text, start)
    colon = _COLON.match(body, end)
    if colon is None:
        raise ValueError
    return canonical(json.loads(body[start:end])), colon.end()


def _check_nesting(value: bytes) -> None:
    if value.count(b"[") + value.count(b"{") < MAX_NESTING:
        return
    bare = _STRING.sub(b"", value.replace(b"\\\\", b"").replace(b'\\"', b"")).translate(None, _NO_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, bare)), default=0) >= MAX_NESTING:
        raise FormatError(f"nested deeper than {MAX_NESTING} levels")
