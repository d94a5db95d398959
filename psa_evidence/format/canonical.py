"""Canonical JSON (RFC 8785) out, strict JSON in, and the one digest."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from json.encoder import encode_basestring
from typing import Any, Final

import rfc8785

MAX_DOCUMENT_BYTES: Final = 512 * 1024 * 1024
"""A manifest of a million records is about 250 MB; more than this is not one of ours."""

MAX_DEPTH: Final = 64
"""Our documents nest four levels; a bomb nests thousands."""


class FormatError(ValueError):
    """A document is not what its format says. The only error this room raises on bytes it is handed."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value`. Raises FormatError on what JSON cannot carry exactly (NaN, integers over 2^53)."""
    try:
        return _encode(value).encode() if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise FormatError(f"not canonical JSON: {type(error).__name__}") from error


def parse(data: bytes) -> Any:
    """Strict JSON: UTF-8, no duplicate names, no NaN or Infinity, bounded size and depth. Raises FormatError."""
    if len(data) > MAX_DOCUMENT_BYTES:
        raise FormatError(f"document of {len(data)} bytes is over the limit of {MAX_DOCUMENT_BYTES}")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"not JSON: {type(error).__name__}") from error
    if _depth(value) > MAX_DEPTH:
        raise FormatError(f"nested deeper than {MAX_DEPTH} levels")
    return value


def parse_canonical(data: bytes) -> tuple[Any, bool]:
    """What `parse` gives, and whether `data` is its canonical form. Raises FormatError.

    A document in ASCII with neither fractions nor large numbers, as ours are, is canonical when the encoder gives back
    the very bytes. No name then stood twice: of two with the same name only one would have come back.
    """
    if len(data) <= MAX_DOCUMENT_BYTES and data.isascii():
        with suppress(ValueError, RecursionError):
            value = _decode(data.decode("ascii"))
            if _encode(value).encode("ascii") == data and _depth(value) <= MAX_DEPTH:
                return value, True
    value = parse(data)
    return value, canonical(value) == data


def quoted(text: str) -> str:
    """A string as RFC 8785 writes it, quotes included. Half a surrogate pair stays what it is and cannot be encoded."""
    return encode_basestring(text)


def sha256(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


_encode: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def _is_plain(value: Any) -> bool:
    """Whether the standard library's encoder gives RFC 8785's bytes, at a tenth of the time: no fractions, whole
    numbers below 2^53, and names in ASCII, which sort the same by code point and by UTF-16 unit. A test compares."""
    rest = [value]
    while rest:
        item = rest.pop()
        kind = type(item)
        if kind is dict:
            if not all(type(name) is str and name.isascii() for name in item):
                return False
            rest.extend(item.values())
        elif kind is list:
            rest.extend(item)
        elif kind is int:
            if not -(2**53) < item < 2**53:
                return False
        elif kind is not str and item is not None and kind is not bool:
            return False
    return True


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise FormatError("a name stands twice in one object")
    return result


def _no_constant(name: str) -> Any:
    raise FormatError(f"{name} is not JSON")


def _small(digits: str) -> int:
    number = int(digits)
    if -(2**53) < number < 2**53:
        return number
    raise ValueError


_decode: Final = json.JSONDecoder(parse_float=_no_constant, parse_int=_small, parse_constant=_no_constant).decode


def _depth(value: Any) -> int:
    """Levels of `value`, a text or number being one; no more than one over the limit are counted."""
    deepest, level = 1, _containers([value])
    while level and deepest <= MAX_DEPTH:
        deepest += 1
        inner: list[Any] = []
        for item in level:
            inner.extend(item.values() if type(item) is dict else item)
        level = _containers(inner)
    return deepest


_CONTAINERS: Final = frozenset({dict, list})


def _containers(values: list[Any]) -> list[Any]:
    return [value for value in values if value and type(value) in _CONTAINERS]


def utf8(text: str) -> bytes:
    """Canonical JSON put together from `quoted` texts, as bytes. Raises FormatError on half a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise FormatError("not canonical JSON: half a surrogate pair") from error
