"""A fake PSA over real HTTP: the author answers requests, the kit listens, remembers and makes things go wrong."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 16 * 1024 * 1024
"""Bytes of a request that are read; a search is a few hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request. `target` is path and query as they stood on the wire; `at` monotonic seconds."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    at: float = 0.0

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response. The body goes out as it stands; Content-Length and Date are added."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Served:
    """A request with its answer as it went over the wire; `at` is when it was sent, monotonic seconds."""

    asked: Asked
    answer: Answer
    at: float


@dataclass(slots=True)
class Faults:
    """What is to go wrong; numbers mean "every n-th request", 0 means never. They may be changed while serving."""

    limited: int = 0
    """429 with `Retry-After: <retry_after>`."""
    retry_after: int = 0
    failing: int = 0
    """503."""
    cut: int = 0
    """The connection ends in the middle of the body."""
    truncated: int = 0
    """A whole answer whose body stops half-way."""
    html: int = 0
    """200 with a web page."""
    redirected: int = 0
    """302 to `elsewhere`, whose address also stands in a Link header of every other answer."""
    elsewhere: str = ""
    echo: int = 0
    """400 with a page that quotes the request's headers."""
    quoting: int = 0
    """200 with the usual JSON, in whose first object a member quotes the request's headers."""
    refused: tuple[str, ...] = ()
    """Requests whose path contains one of these are answered with `refusal`."""
    refusal: Answer = field(default_factory=lambda: Answer(status=403, body=b'{"error":"forbidden"}'))
    unauthorised: tuple[str, ...] = ()
    """Requests in which one of these texts stands are answered 401."""
    repeated: Callable[[Asked], Hashable] | None = None
    """Requests with the same key get the first one's answer again: paging that never moves on. None as key: never."""
    endless: bool = False
    """For the author's own server: every page is followed by another with new rows."""


class FakeServer(Protocol):
    """What the suite needs of a server; `served` makes one from a function."""

    @property
    def url(self) -> str: ...
    @property
    def seen(self) -> list[Served]: ...
    @property
    def faults(self) -> Faults: ...


class Fake:
    """A running server, see `served`."""

    def __init__(self, respond: Callable[[Asked, Faults], Answer], *, coded: bool) -> None:
        self.seen: list[Served] = []
        self.faults = Faults()
        self.url = ""
        self._respond = respond
        self._coded = coded
        self._lock = threading.Lock()
        self._number = 0
        self._first: dict[Hashable, Answer] = {}

    def answer(self, asked: Asked) -> tuple[Answer, bool]:
        """The answer, and whether the line is to be cut in the middle of it."""
        with self._lock:
            self._number += 1
            number = self._number
        answer, cut = self._spoiled(asked, number)
        plain = not any(name.lower() == "content-encoding" for name, _ in answer.headers)
        if self._coded and plain and answer.body and not cut and "gzip" in asked.header("Accept-Encoding"):
            packed = gzip.compress(answer.body, mtime=0)
            answer = replace(answer, headers=(*answer.headers, ("Content-Encoding", "gzip")), body=packed)
        return answer, cut

    def remember(self, asked: Asked, answer: Answer) -> None:
        self.seen.append(Served(asked, answer, time.monotonic()))

    def _spoiled(self, asked: Asked, number: int) -> tuple[Answer, bool]:
        faults = self.faults

        def due(every: int) -> bool:
            return every > 0 and number % every == 0

        if due(faults.limited):
            wait = (("Retry-After", str(faults.retry_after)),)
            return Answer(status=429, headers=wait, body=b'{"error":"too many requests"}'), False
        if due(faults.failing):
            return Answer(status=503, body=b'{"error":"unavailable"}'), False
        if due(faults.html):
            return Answer(headers=(("Content-Type", "text/html"),), body=b"<html>Back soon</html>"), False
        if due(faults.redirected):
            return Answer(status=302, headers=(("Location", faults.elsewhere + asked.target),)), False
        if due(faults.echo):
            quoted = "\n".join(f"{name}: {value}" for name, value in asked.headers) + asked.target
            return Answer(status=400, headers=(("Content-Type", "text/plain"),), body=quoted.encode()), False
        if any(part in asked.path for part in faults.refused):
            return faults.refusal, False
        if faults.unauthorised and any(secret in repr(asked) for secret in faults.unauthorised):
            return Answer(status=401, body=b'{"error":"unauthorised"}'), False
        answer = self._first_or_own(asked)
        if due(faults.truncated):
            answer = replace(answer, body=answer.body[: len(answer.body) // 2])
        if due(faults.quoting):
            answer = replace(answer, body=_quoting(answer.body, asked))
        if faults.elsewhere:
            link = ("Link", f'<{faults.elsewhere}{asked.target}>; rel="next"')
            answer = replace(answer, headers=(*answer.headers, link))
        return answer, due(faults.cut)

    def _first_or_own(self, asked: Asked) -> Answer:
        key = self.faults.repeated(asked) if self.faults.repeated is not None else None
        if key is None:
            return self._respond(asked, self.faults)
        with self._lock:
            if key not in self._first:
                self._first[key] = self._respond(asked, self.faults)
            return self._first[key]


def _quoting(body: bytes, asked: Asked) -> bytes:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        return body
    first["request"] = [f"{name}: {text}" for name, text in asked.headers]
    return json.dumps(value, ensure_ascii=False).encode()


@contextmanager
def served(respond: Callable[[Asked, Faults], Answer], *, coded: bool = True) -> Iterator[Fake]:
    """Serve `respond` on a free port of this machine until the block ends.

    With `coded`, answers are sent gzipped to a client that accepts it, as PSAs do. `respond` may be called from several
    threads at once.
    """
    fake = Fake(respond, coded=coded)
    server = ThreadingHTTPServer((HOST, 0), _handler(fake))
    server.daemon_threads = True
    server.block_on_close = False
    fake.url = f"http://{HOST}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def without(asked: Asked, *parameters: str) -> Hashable:
    """Path and query but for the paging parameters: a key for `Faults.repeated`."""
    kept = [(name, value) for name, value in asked.query.items() if name not in parameters]
    return asked.method, asked.path, urlencode(kept), asked.body


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # headers and body leave together
        timeout = 30

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the client went away
                self.close_connection = True

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._any
            raise AttributeError(name)

        def _any(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
            asked = Asked(
                method=self.command, target=self.path, headers=tuple(self.headers.items()),
                body=self.rfile.read(length) if length else b"", at=time.monotonic(),
            )  # fmt: skip
            answer, cut = fake.answer(asked)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            body = answer.body[: len(answer.body) // 2] if cut else answer.body
            fake.remember(asked, answer)
            self.wfile.write(b"" if self.command == "HEAD" else body)
            self.wfile.flush()
            self.close_connection = self.close_connection or cut

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
            pass

    return Handler
