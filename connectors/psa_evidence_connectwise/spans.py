"""Where each JSON element stands in a body, to the byte."""

from __future__ import annotations

import json
import re
from typing import Any

from psa_evidence_connectwise.decoding import Unreadable

Element = tuple[Any, int, int]
"""A value with the byte offsets of its first character and behind its last one."""

_BOM = b"\xef\xbb\xbf"
_SPACE = re.compile(r"[ \t\n\r]*")


def _refuse(token: str) -> Any:
    raise ValueError(token)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
"""RFC 8259 has no NaN or Infinity."""


def elements(body: bytes) -> list[Element]:
    """The elements of a top-level array with their spans: `body[start:end]` is the element, exactly.

    One pass: the text is parsed element by element. Raises Unreadable when the body is not one JSON array.
    """
    text, shift = _text(body)
    ascii_only = len(text) + shift == len(body)
    skip = _SPACE.match
    raw_decode = _DECODER.raw_decode
    found: list[Element] = []
    at = _end(skip(text, 0))
    if text[at : at + 1] != "[":
        raise Unreadable("not a JSON list")
    at = _end(skip(text, at + 1))
    if text[at : at + 1] == "]":
        at += 1
    else:
        done_chars, done_bytes = 0, shift
        while True:
            try:
                value, end = raw_decode(text, at)
            except (ValueError, RecursionError):
                raise Unreadable("JSON damaged or cut short") from None
            if ascii_only:
                found.append((value, at + shift, end + shift))
            else:
                start_byte = done_bytes + len(text[done_chars:at].encode())
                end_byte = start_byte + len(text[at:end].encode())
                found.append((value, start_byte, end_byte))
                done_chars, done_bytes = end, end_byte
            at = _end(skip(text, end))
            mark = text[at : at + 1]
            at += 1
            if mark == "]":
                break
            if mark != ",":
                raise Unreadable("JSON damaged or cut short")
            at = _end(skip(text, at))
    if _end(skip(text, at)) != len(text):
        raise Unreadable("something follows the JSON list")
    return found


def single(body: bytes) -> Element:
    """The one value that the body holds, with its span. Raises Unreadable."""
    text, shift = _text(body)
    at = _end(_SPACE.match(text, 0))
    try:
        value, end = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        raise Unreadable("JSON damaged or cut short") from None
    if _end(_SPACE.match(text, end)) != len(text):
        raise Unreadable("something follows the JSON value")
    start_byte = shift + len(text[:at].encode())
    return value, start_byte, start_byte + len(text[at:end].encode())


def _text(body: bytes) -> tuple[str, int]:
    shift = len(_BOM) if body.startswith(_BOM) else 0
    try:
        return body[shift:].decode() if shift else body.decode(), shift
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
