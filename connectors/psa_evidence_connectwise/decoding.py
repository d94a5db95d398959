"""Content coding of a response body, undone with a limit."""

from __future__ import annotations

import zlib


class Unreadable(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are not what they should be. The message never quotes them."""


class TooLarge(Exception):  # noqa: N818
    """More bytes than the limit allows."""


MAX_CODINGS = 2
"""Layers of coding one response may have; more is a decompression bomb, not a server."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body after content coding (gzip, deflate, identity). Raises Unreadable, TooLarge."""
    codings = [c for c in (part.strip().lower() for part in content_encoding.split(",")) if c not in {"", "identity"}]
    if len(codings) > MAX_CODINGS:
        raise Unreadable("too many layers of content coding")
    for coding in reversed(codings):
        if coding in {"gzip", "x-gzip"}:
            body = _gunzip(body, limit)
        elif coding == "deflate":
            body = _deflate(body, limit)
        else:
            raise Unreadable("unknown content coding")
    if len(body) > limit:
        raise TooLarge
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit
    while body:
        part, body = _inflate(body, 31, room)
        parts.append(part)
        room -= len(part)
    return b"".join(parts)


def _deflate(body: bytes, limit: int) -> bytes:
    """RFC 9110 means zlib by `deflate`; some servers send raw deflate."""
    try:
        return _inflate(body, 15, limit)[0]
    except Unreadable:
        return _inflate(body, -15, limit)[0]


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    decoder = zlib.decompressobj(wbits)
    try:
        data = decoder.decompress(body, limit + 1)
    except zlib.error:
        raise Unreadable("damaged content coding") from None
    if len(data) > limit:
        raise TooLarge
    if not decoder.eof:
        raise Unreadable("content coding cut short")
    return data, decoder.unused_data
