"""One question to Tinydesk: asked again when it stumbles, answered with the exact bytes, without the key."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from psa_evidence.errors import AuthenticationError, TransientError
from psa_evidence.spi import REMOVED, Exchange

TRIES = 6
FIRST_PAUSE = 0.05
"""Seconds; doubled each time."""
LONGEST_PAUSE = 60.0
MOST_BYTES = 32 * 1024 * 1024
"""A page of 100 tickets is about 200 kB."""
SECRET_HEADERS = {"authorization", "cookie", "set-cookie"}


@dataclass(frozen=True)
class Found:
    """`value` as JSON with the exchange it came in and its decoded bytes; or `problem`, one of MISSING_REASONS."""

    value: Any = None
    exchange: Exchange | None = None
    body: bytes = b""
    problem: str = ""


class Line:
    """Questions to one host. No redirect is followed, and no proxy or password file of the environment is used."""

    def __init__(self, site: str, token: str) -> None:
        self._site, self._token = site, token
        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=20)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ask(self, target: str) -> Found:
        """GET a path. Raises AuthenticationError, and TransientError when nothing answers any more."""
        problem, silent = "gave up", 0
        for attempt in range(TRIES):
            try:
                exchange = await self._get(target)
            except (httpx.TransportError, httpx.DecodingError):
                silent += 1
                await asyncio.sleep(FIRST_PAUSE * 2**attempt)
                continue
            if exchange is None:
                return Found(problem="too large")
            if exchange.status == 401:
                raise AuthenticationError("Tinydesk did not accept the key.", next_step="Make a new one and store it.")
            if exchange.status == 429 or exchange.status >= 500:
                silent += 1
                await asyncio.sleep(_pause(exchange, attempt))
                continue
            silent = 0
            if exchange.status != 200:
                return Found(problem={403: "no permission", 404: "not found"}.get(exchange.status, "refused"))
            try:
                body = decoded(exchange)
                if quotes(body, self._token):
                    return Found(problem="refused")
                return Found(json.loads(body), exchange, body)
            except (ValueError, RecursionError, OSError, zlib.error, EOFError):
                problem = "unreadable"
        if silent == TRIES:
            raise TransientError("Tinydesk does not answer.", next_step="Run the same command again later.")
        return Found(problem=problem)

    async def _get(self, target: str) -> Exchange | None:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json", "Accept-Encoding": "gzip"}
        started = datetime.now(UTC)
        async with self._client.stream("GET", self._site + target, headers=headers) as response:
            body = b""
            async for part in response.aiter_raw():  # as received: nothing is decoded
                body += part
                if len(body) > MOST_BYTES:
                    return None
            return Exchange(
                method="GET", url=self._site + target, request_body=b"", status=response.status_code,
                request_headers=_clean(response.request.headers), response_headers=_clean(response.headers),
                reason=response.reason_phrase, http_version=response.http_version, response_body=body,
                started_at=started, finished_at=datetime.now(UTC),
            )  # fmt: skip


def decoded(exchange: Exchange) -> bytes:
    coding = {name.lower(): value for name, value in exchange.response_headers}.get("content-encoding", "")
    return gzip.decompress(exchange.response_body) if coding == "gzip" else exchange.response_body


def quotes(body: bytes, token: str) -> bool:
    """Whether the answer holds the key; such an answer is not kept. Looked for in what was unpacked."""
    return token.encode() in body


def _clean(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    found = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw]
    return tuple((name, REMOVED if name.lower() in SECRET_HEADERS else value) for name, value in found)


def _pause(exchange: Exchange, attempt: int) -> float:
    asked = {name.lower(): value for name, value in exchange.response_headers}.get("retry-after", "")
    return min(LONGEST_PAUSE, float(asked) if asked.isdecimal() else FIRST_PAUSE * 2**attempt)
