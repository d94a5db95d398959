"""One request to a time-stamp authority over HTTP (RFC 3161, 3.4), bounded in time and size.

Plain `http` is usual for authorities and harmless: the answer is signed, and only a digest is sent.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx
import stamina

from psa_evidence import __version__
from psa_evidence.errors import EvidenceError, TransientError
from psa_evidence.format.witness import MAX_RESPONSE

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0
WHOLE_SECONDS: Final = 60.0
"""For one answer, however slowly it drips."""
MAX_CAUSES: Final = 10
"""Errors behind an error that are looked at."""

_HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "Accept-Encoding": "identity",
    "User-Agent": f"psa-evidence/{__version__}",
    "Connection": "close",
}
"""A connection for each request, so that `_Limit` always sees it made."""
_AGAIN: Final = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Asking:
    """How an authority is asked: the client is opened and closed by the caller. `wait_seconds` before the second
    attempt, doubled before each further one; `whole_seconds` bound one attempt."""

    client: httpx.Client
    attempts: int = 3
    wait_seconds: float = 1.0
    read_seconds: float = READ_SECONDS
    whole_seconds: float = WHOLE_SECONDS

    def __call__(self, url: str, request: bytes) -> bytes:
        """The body of the answer. Raises TransientError when asking again later may work, EvidenceError else; both
        name no more than the host's answer."""
        answer = b""
        for attempt in stamina.retry_context(
            on=TransientError, attempts=self.attempts, timeout=self.whole_seconds * self.attempts,
            wait_initial=self.wait_seconds, wait_max=self.wait_seconds * 8, wait_jitter=0,
        ):  # fmt: skip
            with attempt:
                answer = self._once(url, request)
        return answer

    def _once(self, url: str, request: bytes) -> bytes:
        timeout = httpx.Timeout(self.read_seconds, connect=CONNECT_SECONDS)
        limit = _Limit()
        too_long = TransientError(f"the authority's answer took more than {self.whole_seconds:.0f} seconds")
        try:
            with (
                limit.running(self.whole_seconds),
                self.client.stream(
                    "POST", url, content=request, headers=_HEADERS, timeout=timeout, follow_redirects=False,
                    extensions={"trace": limit.trace},
                ) as response,
            ):  # fmt: skip
                if response.status_code in _AGAIN:
                    raise TransientError(f"the authority answered HTTP {response.status_code}")
                if response.status_code != 200:
                    raise EvidenceError(
                        f"the authority answered HTTP {response.status_code}", next_step="check its address"
                    )
                if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                    raise EvidenceError("the authority's answer is compressed, which was not asked for")
                parts, size = [], 0
                for part in response.iter_raw():
                    size += len(part)
                    if size > MAX_RESPONSE:
                        raise EvidenceError(f"the authority's answer is over the limit of {MAX_RESPONSE:,} bytes")
                    parts.append(part)
                if limit.over:  # an answer without a length ends where the connection does
                    raise too_long
                return b"".join(parts)
        except httpx.TimeoutException as error:
            raise TransientError("the authority did not answer in time") from error
        except httpx.TransportError as error:
            if limit.over:
                raise too_long from error
            if isinstance(error, httpx.ReadError | httpx.RemoteProtocolError):
                raise TransientError("the authority's answer broke off, or is not HTTP") from error
            if (refused := _certificate_refused(error)) is not None:
                what = f"the authority's address has a TLS certificate that is not accepted: {refused}"
                raise EvidenceError(what, next_step="check its address") from error
            raise TransientError("the authority cannot be reached", why=type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise EvidenceError("the authority's address is not a URL", next_step="correct it") from error


def _certificate_refused(error: BaseException | None) -> str | None:
    """Why the certificate of the other side was refused, None when that is not what went wrong."""
    seen = 0
    while error is not None and seen < MAX_CAUSES:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


class _Limit:
    """Cuts the connection when the time is over. httpx bounds one read only, and reads a header that drips, or interim
    answers (1xx) without end, for ever."""

    def __init__(self) -> None:
        self.over = False
        self._socket: socket.socket | None = None
        self._guard = threading.Lock()

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """What httpx tells of the request (its `trace` extension): the socket, plain and then wrapped in TLS."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._guard:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.over:
                    self._cut()

    @contextmanager
    def running(self, seconds: float) -> Iterator[None]:
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        with self._guard:
            self.over = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it may be closed already
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
