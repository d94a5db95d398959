"""One request, one answer: the bytes as they came, the credentials taken out."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import httpx

from psa_evidence.spi import REMOVED, Exchange
from psa_evidence_connectwise.answer import through
from psa_evidence_connectwise.decoding import Unreadable, decode
from psa_evidence_connectwise.gate import Gate
from psa_evidence_connectwise.headers import joined
from psa_evidence_connectwise.lane import IDLE_SECONDS, Lane
from psa_evidence_connectwise.proxy import proxy_for
from psa_evidence_connectwise.settings import Connection
from psa_evidence_connectwise.version import VERSION
from psa_evidence_connectwise.window import shared_window

SECRET_HEADERS = frozenset({"authorization", "clientid", "cookie", "set-cookie", "proxy-authorization"})
ECHO_LIMIT = 256 * 1024
"""Bodies up to this size are searched for an echo of a credential: error pages are small, pages of rows are not."""
SHORTEST_NEEDLE = 6
"""Shorter texts stand in answers by chance."""
_URL_SAFE = str.maketrans("+/", "-_")
TOTAL_TIMEOUTS = 20
"""A whole answer may take this many times the time-out of one read: a server that drips bytes must not hold us."""


SMALL_BYTES = 64 * 1024
"""How quickly larger answers come says more about their size than about the server. So it does of those that were asked
for before one came: they waited behind it, there or here."""
_NUMBER = re.compile(r"\d+")


Kept = tuple[tuple[str, str], ...]
"""Headers as an exchange has them."""


class EchoedCredential(Exception):  # noqa: N818
    """The answer contains a key of ours and is not kept."""


@dataclass(frozen=True, slots=True)
class Received:
    """An exchange with its body after content coding; `damage` says why there is none."""

    exchange: Exchange
    headers: dict[str, str]
    body: bytes
    damage: str = ""


def now_utc() -> datetime:
    return datetime.now(UTC)


class Wire:
    """Connections to one host, reused. Each lane owns one connection: a shared pool costs more than the request."""

    def __init__(self, connection: Connection, *, clock: Callable[[], datetime] = now_utc) -> None:
        self._connection = connection
        self._clock = clock
        self._free: deque[Lane | httpx.AsyncHTTPTransport] = deque()
        self._all: list[Lane | httpx.AsyncHTTPTransport] = []
        self.window = shared_window(connection.host, connection.concurrency)
        self._gate = Gate(self.window)
        self._proxy = proxy_for(connection)
        self._tls: ssl.SSLContext | None = None
        pair = f"{connection.company}+{connection.public_key}:{connection.private_key}"
        basic = base64.b64encode(pair.encode()).decode()
        self._authorization = f"Basic {basic}"
        self._accept = f"application/vnd.connectwise.com+json; version={connection.api_version}"
        self._needles = needles(basic.rstrip("="), connection.private_key, connection.public_key)
        self._large_until = float("-inf")
        self._headers: dict[tuple[str, Kept, bool, bool], tuple[list[tuple[str, str]], Kept]] = {}

    async def aclose(self) -> None:
        lanes, self._all = self._all, []
        self._free.clear()
        for lane in lanes:
            await lane.aclose()

    async def get(
        self,
        url: str,
        *,
        limit: int,
        extra: Kept = (),
        binary: bool = False,
        keys: bool = True,
        ahead: bool = False,
    ) -> Received:
        """GET `url`, `ahead` of all that wait for a place.

        Raises httpx.TransportError, TimeoutError, TooLarge, EchoedCredential.
        """
        headers, shown = self._asking(url.split("/", 3)[2], extra, binary=binary, keys=keys)
        seconds = self._connection.timeout
        async with self._gate.place(ahead=ahead):
            lane = self._free.pop() if self._free else self._open_lane()
            began = time.monotonic()
            try:
                started = self._clock()
                if isinstance(lane, Lane):
                    answer = await lane.get(url, headers, seconds, limit, whole=seconds * TOTAL_TIMEOUTS)
                else:
                    async with asyncio.timeout(seconds * TOTAL_TIMEOUTS):
                        answer = await through(lane, url, headers, seconds, limit)
                finished = self._clock()
            finally:
                self._free.append(lane)
            ended = time.monotonic()
            if len(answer.body) > SMALL_BYTES:
                self._large_until = ended
            elif answer.status == 200 and began >= self._large_until:
                kind = _NUMBER.sub("", url.partition("?")[0])
                self.window.answered(kind, ended - began)
        received = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
        lookup = joined(received)
        exchange = Exchange(
            method="GET",
            url=url,
            request_headers=shown,
            request_body=b"",
            status=answer.status,
            reason=answer.reason.decode("ascii", "replace"),
            http_version=answer.version,
            response_headers=_clean(received),
            response_body=answer.body,
            started_at=started,
            finished_at=finished,
        )
        self._refuse_echo(exchange)
        try:
            body = decode(answer.body, lookup.get("content-encoding", ""), limit)
        except Unreadable as damage:
            return Received(exchange, lookup, b"", str(damage))
        if body is not answer.body and len(body) <= ECHO_LIMIT:
            self._refuse_in(body)
        return Received(exchange, lookup, body)

    def _asking(self, host: str, extra: Kept, *, binary: bool, keys: bool) -> tuple[list[tuple[str, str]], Kept]:
        """The headers of a request, and as they are kept. There are a handful in all."""
        kind = (host, extra, binary, keys)
        if kind not in self._headers:
            headers = [
                ("Host", host),
                ("User-Agent", f"psa-evidence-connectwise/{VERSION}"),
                ("Accept", "*/*" if binary else self._accept),
                ("Accept-Encoding", "gzip"),
            ]
            if keys:
                headers.append(("Authorization", self._authorization))
                headers.append(("clientId", self._connection.client_id))
            headers.extend(extra)
            self._headers[kind] = headers, _clean(headers)
        return self._headers[kind]

    def _open_lane(self) -> Lane | httpx.AsyncHTTPTransport:
        if self._tls is None:
            # plain http (loopback) never uses it: an empty one is made at once, and would refuse everybody
            secure = self._connection.scheme == "https"
            self._tls = httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._tls.set_alpn_protocols(["http/1.1"])
        lane: Lane | httpx.AsyncHTTPTransport
        if self._proxy is None:
            lane = Lane(self._tls)
        else:
            lane = httpx.AsyncHTTPTransport(
                verify=self._tls,
                trust_env=False,
                proxy=self._proxy,
                limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS),
            )
        self._all.append(lane)
        return lane

    def _refuse_echo(self, exchange: Exchange) -> None:
        self._refuse_in("\n".join(value for _, value in exchange.response_headers).encode("latin-1"))
        if len(exchange.response_body) <= ECHO_LIMIT:
            self._refuse_in(exchange.response_body)

    def _refuse_in(self, data: bytes) -> None:
        if any(needle in data for needle in self._needles):
            raise EchoedCredential


def needles(*secrets: str) -> tuple[bytes, ...]:
    """What a credential looks like in an answer: as it is, as addresses, JSON and web pages write it, in Base64."""
    forms: dict[str, None] = {}
    for secret in secrets:
        quoted = json.dumps(secret)[1:-1]
        coded = base64.b64encode(secret.encode()).decode().rstrip("=")
        for form in (secret, quote(secret, safe=""), quote(secret), quote_plus(secret), quoted,
                     quoted.replace("/", "\\/"), html.escape(secret), coded, coded.translate(_URL_SAFE)):  # fmt: skip
            if len(form) >= SHORTEST_NEEDLE:
                forms[form] = None
    return tuple(form.encode() for form in forms)


def _clean(headers: list[tuple[str, str]]) -> Kept:
    return tuple((name, REMOVED if name.lower() in SECRET_HEADERS else value) for name, value in headers)
