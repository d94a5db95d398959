"""One connection to one host: HTTP/1.1 over asyncio, the answers read by llhttp (the package httptools).

It raises what httpx raises. What goes through a proxy is left to httpx (`answer.py`), whose transport costs a multiple
of the processor time (docs/decisions/0017-what-a-request-costs.md).
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import re
import ssl
from functools import lru_cache
from typing import Final, cast

import httptools
import httpx

from psa_evidence_connectwise.answer import Answer, refuse_large
from psa_evidence_connectwise.decoding import TooLarge

HEAD_BYTES: Final = 100 * 1024
"""Bytes in a row that are no body: headers, trailers, what stands around chunks. As much as httpx takes."""
WAITING_BYTES: Final = 256 * 1024
"""Of a body that nobody has asked for yet; the rest waits at the sender's."""
IDLE_SECONDS: Final = 30.0
"""A connection that rested longer is not used again: something on the way may have forgotten it."""
NEXT_ADDRESS_SECONDS: Final = 0.25
"""After this time the next address of a named host is tried beside the first (RFC 8305). Not where an address is given:
there is no other, and asyncio's race forgets to close a connection that is made while the race is cancelled."""

_PORTS: Final = {"http": 80, "https": 443}
_AS_IT_IS: Final = re.compile(r"/(?:[A-Za-z0-9_~!$&'()*+,;=:@/?-]|(?<!/)\.|%[0-9A-Fa-f]{2})*")
"""Path and query that an address parser leaves alone: nothing to encode, no step up."""
Origin = tuple[str, str, int]
Headers = list[tuple[bytes, bytes]]


class Lane:
    """GET only, one request after the other; connects when needed. Raises httpx.TransportError."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._line: Line | None = None
        self._headers: list[tuple[str, str]] = []
        self._lines = b""

    async def get(
        self, url: str, headers: list[tuple[str, str]], seconds: float, limit: int, *, whole: float = math.inf
    ) -> Answer:
        """`seconds` may pass before there is a connection, and between pieces of the answer, which may take `whole`
        seconds in all. Raises httpx.TransportError, and TooLarge over `limit` bytes."""
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        raw_path = (slash + path).encode() if _AS_IT_IS.fullmatch(slash + path) else httpx.URL(url).raw_path
        if headers != self._headers:  # nearly all requests have the same
            self._lines, self._headers = _lines(headers), list(headers)
        head = b"GET %b HTTP/1.1\r\n%b\r\n" % (raw_path, self._lines)
        line = await self._usable(_origin_of(f"{scheme}://{host}/"), seconds)
        await line.ask(head, seconds, whole)
        parts: list[bytes] = []
        size = 0
        try:
            announced = [value for name, value in line.headers if name.lower() == b"content-length"]
            refuse_large(b", ".join(announced).decode("latin-1"), limit)
            while part := await line.more():
                size += len(part)
                if size > limit:
                    raise TooLarge
                parts.append(part)
        finally:
            line.done()
        return Answer(
            line.status, line.reason, line.version, line.headers, parts[0] if len(parts) == 1 else b"".join(parts)
        )

    async def _usable(self, origin: Origin, seconds: float) -> Line:
        line = self._line
        if line is None or not line.usable(origin):
            await self.aclose()
            line = self._line = await self._connect(origin, seconds)
        return line

    async def aclose(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.aclose()

    async def _connect(self, origin: Origin, seconds: float) -> Line:
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                _, line = await loop.create_connection(
                    lambda: Line(origin, loop), host, port, ssl=self._tls if scheme == "https" else None,
                    happy_eyeballs_delay=None if _is_address(host) else NEXT_ADDRESS_SECONDS,
                )  # fmt: skip
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except (OSError, UnicodeError) as error:  # a name that cannot be one is UnicodeError
            raise httpx.ConnectError(type(error).__name__) from error
        return line


class Line(asyncio.Protocol):
    """A connection as asyncio and llhttp see it: both call here with what comes."""

    def __init__(self, origin: Origin, loop: asyncio.AbstractEventLoop) -> None:
        self._origin = origin
        self._loop = loop
        self._parser = httptools.HttpResponseParser(self)
        self._closed = loop.create_future()
        self._news: asyncio.Future[None] | None = None
        self._free_since = loop.time()
        self._seconds = self._end = 0.0
        self._asked = self._headed = self._complete = self._keep = False
        self._error: httpx.TransportError | None = None
        self.status = 0
        self.version = ""
        self.reason = b""
        self.headers: Headers = []
        self._parts: list[bytes] = []
        self._waiting = self._silent = 0
        self._paused = False

    def usable(self, origin: Origin) -> bool:
        """For a request to `origin`."""
        rested = self._loop.time() - self._free_since
        open_ = not self._closed.done() and not self._transport.is_closing()
        return open_ and not self._asked and origin == self._origin and rested <= IDLE_SECONDS

    async def ask(self, head: bytes, seconds: float, whole: float = math.inf) -> None:
        """Send a request and wait for the head of the answer; `seconds` may pass between pieces of the answer, `whole`
        for all of it."""
        self._asked, self._seconds, self._end = True, seconds, self._loop.time() + whole
        self._headed = self._complete = self._keep = False
        self.reason, self.headers, self._silent = b"", [], 0
        try:
            self._transport.write(head)
            while not self._headed:
                await self._wait()
        except BaseException:
            self._transport.abort()
            raise
        self.status = self._parser.get_status_code()
        self.version = f"HTTP/{self._parser.get_http_version()}"

    async def more(self) -> bytes:
        """The next piece of the body; nothing when it is whole."""
        while not self._parts:
            if self._complete:
                return b""
            await self._wait()
        parts, self._parts, self._waiting = self._parts, [], 0
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def done(self) -> None:
        """The answer was read, or is not wanted any more: an unread rest would be taken for the next answer."""
        if self._complete and self._keep and not self._parts:
            self._asked, self._free_since = False, self._loop.time()
        else:
            self._transport.abort()

    async def aclose(self) -> None:
        self._transport.abort()
        await self._closed

    async def _wait(self) -> None:
        if self._error is not None:
            raise self._error
        self._news = self._loop.create_future()
        timer = self._loop.call_at(min(self._loop.time() + self._seconds, self._end), self._too_late)
        try:
            await self._news
        finally:
            timer.cancel()
            self._news = None

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    def _too_late(self) -> None:
        self._fail(httpx.ReadTimeout("nothing came in time"))

    def _fail(self, error: httpx.TransportError) -> None:
        """What came before can still be read; then `error` is raised."""
        self._error = self._error or error
        self._transport.abort()
        self._wake()

    # asyncio calls these

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._asked and not self._complete:
            if self._headed and exc is None and not _delimited(self.headers):
                self._complete = True  # RFC 9112, 6.3: the end of the connection is that of the body
            else:
                self._error = self._error or httpx.RemoteProtocolError("the connection ended before the answer did")
        self._closed.set_result(None)
        self._wake()

    def data_received(self, data: bytes) -> None:
        if not self._asked:  # nobody asked for it
            self._transport.abort()
            return
        self._silent += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._keep = False
            if not self._complete:
                self._fail(httpx.RemoteProtocolError("the answer is not HTTP/1.1"))
            return
        if self._silent > HEAD_BYTES:
            self._fail(httpx.RemoteProtocolError("headers without end"))
        elif self._waiting > WAITING_BYTES and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    # llhttp calls these

    def on_message_begin(self) -> None:
        if self._complete:  # a second answer to one question
            self._keep = False

    def on_status(self, reason: bytes) -> None:
        if not self._headed:
            self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._headed:  # what follows chunks is left out, as httpx does
            self.headers.append((name, value.rstrip(b" \t")))

    def on_headers_complete(self) -> None:
        if self._headed:
            return
        if self._parser.get_status_code() < 200:  # RFC 9110, 15.2: the answer is yet to come
            self.reason, self.headers = b"", []
            return
        self._headed, self._silent = True, 0
        self._wake()

    def on_body(self, data: bytes) -> None:
        if not self._complete:
            self._silent = 0
            self._waiting += len(data)
            self._parts.append(data)
            self._wake()

    def on_message_complete(self) -> None:
        if self._headed and not self._complete:
            self._complete, self._keep = True, self._parser.should_keep_alive()
            self._wake()


def _lines(headers: list[tuple[str, str]]) -> bytes:
    """Headers as bytes. Raises httpx.LocalProtocolError when a line break stands where none may be: that would be a
    second request."""
    lines = b"".join(b"%b: %b\r\n" % (name.encode("ascii"), value.encode("ascii")) for name, value in headers)
    if not (lines.count(b"\r") == lines.count(b"\n") == len(headers)):
        raise httpx.LocalProtocolError("a line break in a request")
    return lines


@lru_cache(maxsize=8)
def _origin_of(url: str) -> Origin:
    parsed = httpx.URL(url)
    return parsed.scheme, parsed.raw_host.decode("ascii"), parsed.port or _PORTS[parsed.scheme]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _delimited(headers: Headers) -> bool:
    return any(name.lower() in {b"content-length", b"transfer-encoding"} for name, _ in headers)
