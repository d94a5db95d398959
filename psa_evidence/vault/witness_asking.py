"""One request to a time-stamp authority over HTTP (RFC 3161, 3.4), bounded in time and size.

Plain `http` is usual for authorities and harmless: the answer is signed, and only a digest is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
import stamina

from psa_evidence import __version__
from psa_evidence.errors import EvidenceError, TransientError
from psa_evidence.format.witness import MAX_RESPONSE

CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0
WHOLE_SECONDS: Final = 60.0
"""For one answer, however slowly it drips."""

_HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
    "Accept-Encoding": "identity",
    "User-Agent": f"psa-evidence/{__version__}",
}
_AGAIN: Final = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Asking:
    """How an authority is asked: the client is opened and closed by the caller. `wait_seconds` before the second
    attempt, doubled before each further one. `now` is a monotonic clock in seconds."""

    client: httpx.Client
    attempts: int = 3
    wait_seconds: float = 1.0
    read_seconds: float = READ_SECONDS
    now: Callable[[], float] = time.monotonic

    def __call__(self, url: str, request: bytes) -> bytes:
        """The body of the answer. Raises TransientError when asking again later may work, EvidenceError else; both
        name no more than the host's answer."""
        answer = b""
        for attempt in stamina.retry_context(
            on=TransientError, attempts=self.attempts, timeout=WHOLE_SECONDS * self.attempts,
            wait_initial=self.wait_seconds, wait_max=self.wait_seconds * 8, wait_jitter=0,
        ):  # fmt: skip
            with attempt:
                answer = self._once(url, request)
        return answer

    def _once(self, url: str, request: bytes) -> bytes:
        end = self.now() + WHOLE_SECONDS
        timeout = httpx.Timeout(self.read_seconds, connect=CONNECT_SECONDS)
        try:
            with self.client.stream(
                "POST", url, content=request, headers=_HEADERS, timeout=timeout, follow_redirects=False
            ) as response:
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
                    if self.now() > end:
                        raise TransientError(f"the authority's answer took more than {WHOLE_SECONDS:.0f} seconds")
                    parts.append(part)
                return b"".join(parts)
        except httpx.TimeoutException as error:
            raise TransientError("the authority did not answer in time") from error
        except httpx.TransportError as error:
            raise TransientError("the authority cannot be reached", why=type(error).__name__) from error
        except httpx.InvalidURL as error:
            raise EvidenceError("the authority's address is not a URL", next_step="correct it") from error
