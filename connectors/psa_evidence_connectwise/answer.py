"""What comes back for one request, as bytes; and how an httpx transport is asked for it."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import cast

import httpx

from psa_evidence_connectwise.decoding import TooLarge

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """`version` is `HTTP/1.1`; the body is as it came, its content coding on it."""

    status: int
    reason: bytes
    version: str
    headers: Pairs
    body: bytes


async def through(
    transport: httpx.AsyncBaseTransport, url: str, headers: list[tuple[str, str]], seconds: float, limit: int
) -> Answer:
    """GET `url`; `seconds` may pass before there is a connection, and between pieces of the answer.

    Raises httpx.TransportError, and TooLarge when the body has more bytes than `limit`.
    """
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    response = await transport.handle_async_request(
        httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
    )
    try:
        refuse_large(response.headers.get("content-length", ""), limit)
        parts: list[bytes] = []
        size = 0
        async for part in cast("AsyncIterable[bytes]", response.stream):
            size += len(part)
            if size > limit:
                raise TooLarge
            parts.append(part)
    finally:
        await response.aclose()
    reason, version = response.extensions.get("reason_phrase", b""), response.extensions.get("http_version", b"")
    return Answer(
        response.status_code, reason, version.decode("ascii", "replace") or "HTTP/1.1", response.headers.raw,
        b"".join(parts),
    )  # fmt: skip


def refuse_large(announced: str, limit: int) -> None:
    """Raises TooLarge when the header Content-Length names more than `limit`."""
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge
