"""Asking until there is an answer: pace, retries, and what each status means."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

import httpx

from psa_evidence.errors import AuthenticationError, TransientError, UnreachableError
from psa_evidence.spi import Exchange
from psa_evidence_connectwise.decoding import TooLarge, Unreadable
from psa_evidence_connectwise.discovery import Base, configured, discovery_url, read_discovery
from psa_evidence_connectwise.failures import reason
from psa_evidence_connectwise.headers import retry_after, server_time
from psa_evidence_connectwise.limiter import shared_limiter
from psa_evidence_connectwise.settings import Connection
from psa_evidence_connectwise.wire import EchoedCredential, Received, Wire

T = TypeVar("T")

MAX_TRIES = 7
"""The guide advises 5 to 10 for background work."""
MAX_LIMITED = 30
"""How often a request waits for the rate limit before it is given up: others may use the same limit."""
MAX_READS = 6
"""How often one question is asked whose answers come damaged: cut short, or a page for people."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 4
"""How often one question is asked that is answered with a redirect. None is followed: after an upgrade the codebase is
another one, which is looked up; else it leads to a page for logging in, for a while or for good."""
MAX_DAMAGED = 18
"""After so many questions in a row that ended so, the others are asked once each: it is no accident any more."""
FIRST_PAUSE = 0.4
"""Seconds before the first retry; doubled each time, with jitter, up to the setting max_wait."""
LARGE_BYTES = 256 * 1024
"""A body of this size takes a while to read: other requests go on meanwhile."""
MAX_JSON_BYTES = 128 * 1024 * 1024
"""A page of 1000 rows is about 3 MB; this is no page."""
RECHECKS = 50
RECHECK_SECONDS = 5.0
"""After a 404 the codebase is looked up, unless that was begun since the answer came: an older look says nothing of an
upgrade between it and the answer. After so many times in vain, not more often than this."""
DATE_SAMPLES = 25
ANSWERED = frozenset({200, 204})
"""204 says that there is nothing: of a list that is no rows, of anything else no answer."""
PROOF = "system/info"
"""Asked when keys that were accepted are refused: every key that is good for anything may read it."""

Keep = Callable[[Exchange], None]
Reader = Callable[[Received], T]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """Either `value` with its exchange (not yet kept), or `problem`, one of MISSING_REASONS."""

    value: T | None
    received: Received | None
    problem: str | None = None
    detail: str = ""


class Client:
    """Read-only requests to one PSA. `keep` gets every exchange that did not answer the question."""

    def __init__(
        self,
        connection: Connection,
        wire: Wire,
        *,
        keep: Keep = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._wire = wire
        self._keep = keep
        self._sleep = sleep
        self._jitter = jitter
        self._steady = steady
        self._limiter = shared_limiter(connection.host, connection.requests_per_minute)
        self._base: Base | None = None
        self._base_lock = asyncio.Lock()
        self._base_checked = float("-inf")
        self._rechecks = 0
        self._given_up = 0
        self._damaged = 0
        self._accepted = self._rejected = False
        self._proved = float("-inf")
        self._doubt = asyncio.Lock()
        self._offsets: list[float] = []
        self._reader = ThreadPoolExecutor(1, "psa-evidence-reader")  # one: each has memory of its own
        self.requests = 0

    @property
    def base(self) -> Base | None:
        return self._base

    @property
    def window_size(self) -> int:
        """Requests that may be under way at once now."""
        return self._wire.window.size

    @property
    def clock_offset(self) -> float | None:
        """Seconds that the server's clock is ahead of ours, from Date headers; None when it sends none."""
        return round(median(self._offsets), 1) + 0.0 if self._offsets else None  # minus zero is zero

    async def discover(self) -> Base:
        """Find the API, once. Raises UnreachableError."""
        async with self._base_lock:
            if self._base is None:
                self._base = await self._look_up()
            return self._base

    async def ask(
        self,
        target: str,
        read: Reader[T],
        *,
        extra: tuple[tuple[str, str], ...] = (),
        limit: int = MAX_JSON_BYTES,
        binary: bool = False,
        ahead: bool = False,
    ) -> Outcome[T]:
        """GET `target` (path and query below the API's root) and read the answer. `ahead`: before all that wait.

        Raises AuthenticationError on 401 (of keys that were accepted before: when they are refused elsewhere too; else
        it is this question that is refused), TransientError when the PSA stopped answering altogether,
        UnreachableError when it cannot be found.
        """
        base = self._base or await self.discover()
        detail, doubted = "", False
        attempt = damaged = limited = 0
        while attempt < MAX_TRIES and limited < MAX_LIMITED:
            await self._pace()
            try:
                received = await self._wire.get(
                    base.root + target, limit=limit, extra=extra, binary=binary, ahead=ahead
                )
            except TooLarge:
                return Outcome(None, None, "too large", f"over {limit} bytes")
            except EchoedCredential:
                return Outcome(None, None, "refused", "the answer repeated a credential and was not kept")
            except (httpx.TransportError, TimeoutError, OSError) as problem:
                detail = f"connection failed ({reason(problem).short})"
                self._wire.window.refused()
                await self._pause(attempt, None)
                attempt += 1
                continue
            answered = self._steady()
            self._given_up = 0
            self._note_clock(received)
            status = received.exchange.status
            if status in ANSWERED:
                self._accepted = True
                try:
                    if received.damage:
                        raise Unreadable(received.damage)  # noqa: TRY301
                    value = await self._read(received, read)
                except Unreadable as problem:
                    self._keep(received.exchange)
                    detail, damaged = str(problem), damaged + 1
                    if damaged >= (MAX_READS if self._damaged < MAX_DAMAGED else 1):
                        self._damaged += 1
                        return Outcome(None, received, "unreadable", detail)
                    await self._pause(attempt, None)
                    attempt += 1
                    continue
                self._damaged = 0
                return Outcome(value, received)
            self._keep(received.exchange)
            if status == 401:
                if doubted:
                    return Outcome(
                        None, received, "refused", "status 401 twice, while the keys were accepted elsewhere"
                    )
                if not await self._keys_hold(base, answered):
                    raise AuthenticationError(
                        "ConnectWise did not accept the keys.",
                        why="The company id, the public key, the private key or the clientId is wrong, or was revoked.",
                        next_step="Make a new key for the API member and store it; check 'company' and 'client_id'.",
                    )
                doubted = True
                attempt += 1
                continue
            if status == 403:
                return Outcome(None, received, "no permission", "status 403")
            if status == 404 or status in REDIRECTS:
                try:
                    moved = await self._moved(base, answered)
                except UnreachableError:  # where the API stands now nobody can tell: the record may be there
                    moved = None
                    if status == 404:
                        detail = "status 404, and the codebase could not be looked up"
                        await self._pause(attempt, None)
                        attempt += 1
                        continue
                if moved is None and status == 404:
                    return Outcome(None, received, "not found", "status 404")
                if moved is None:  # to a page for logging in or of maintenance, as it is damage
                    damaged += 1
                    if damaged >= MAX_REDIRECTS:
                        return Outcome(None, received, "refused", f"status {status}")
                    await self._pause(attempt, received)
                base = moved or base
                attempt += 1
                continue
            detail = f"status {status}"
            if status == 429 or status >= 500:
                self._wire.window.refused()
            if status == 429:
                await self._pause(min(limited, MAX_TRIES - 2), received, rate_limited=True)
                limited += 1
                continue
            if status in {408, 409, 425} or status >= 500:
                await self._pause(attempt, received)
                attempt += 1
                continue
            return Outcome(None, received, "refused", detail + _error_code(received.body))
        self._given_up += 1
        if self._given_up > self._connection.concurrency + 2:
            raise TransientError(
                "ConnectWise stopped answering.",
                why=f"The last {self._given_up} requests were tried {MAX_TRIES} times each: {detail}.",
                next_step="Run the same command again later: what arrived is kept and is not fetched again.",
            )
        return Outcome(None, None, "gave up", detail)

    async def _read(self, received: Received, read: Reader[T]) -> T:
        """Raises Unreadable."""
        if len(received.body) <= LARGE_BYTES:
            return read(received)
        return await asyncio.get_running_loop().run_in_executor(self._reader, read, received)

    async def _pace(self) -> None:
        self.requests += 1
        wait = self._limiter.reserve(self._steady())
        if wait > 0:
            await self._sleep(wait)

    async def _pause(self, attempt: int, received: Received | None, *, rate_limited: bool = False) -> None:
        if attempt + 1 >= MAX_TRIES:
            return
        longest = self._connection.max_wait
        pause = min(longest, FIRST_PAUSE * 2**attempt) * (0.5 + self._jitter() / 2)
        asked = retry_after(received.headers, received.exchange.finished_at) if received else None
        if asked is not None:  # one who says "0" again and again is not asked again at once
            pause = max(pause, min(longest, asked))
        if rate_limited:
            self._limiter.refused(self._steady(), pause)
        await self._sleep(pause)

    async def _keys_hold(self, base: Base, answered: float) -> bool:
        """After a 401 that came at `answered`: whether the keys are still good. Keys that were accepted are tried once
        more, after a pause and by one question for all that came back so: many tries may lock a key."""
        async with self._doubt:
            if self._rejected or not self._accepted:
                return False
            if self._proved > answered:
                return True
            await self._pause(0, None)
            await self._pace()
            try:
                received = await self._wire.get(base.root + PROOF, limit=MAX_JSON_BYTES, ahead=True)
            except (TooLarge, EchoedCredential, httpx.TransportError, TimeoutError, OSError):
                return False
            self._keep(received.exchange)
            if received.exchange.status == 200:
                self._proved = self._steady()
            self._rejected = received.exchange.status != 200
            return not self._rejected

    async def _moved(self, used: Base, answered: float) -> Base | None:
        """After a 404: the new base when an upgrade changed the codebase, else None. Raises UnreachableError."""
        async with self._base_lock:
            if self._base is not None and self._base != used:
                return self._base
            now = self._steady()
            often = self._rechecks >= RECHECKS and now - self._base_checked < RECHECK_SECONDS
            if self._base_checked > answered or often:
                return None
            self._base_checked = now
            self._rechecks += 1
            found = await self._look_up()
            if found == used:
                return None
            self._base = found
            return found

    async def _look_up(self) -> Base:
        if named := configured(self._connection):
            return named
        for attempt in range(MAX_TRIES):
            await self._pace()
            try:
                received = await self._wire.get(discovery_url(self._connection), limit=1 << 20, keys=False)
            except (TooLarge, EchoedCredential):
                return read_discovery(self._connection, 200, b"")
            except (httpx.TransportError, TimeoutError, OSError) as problem:
                if attempt >= 2:
                    found = reason(problem)
                    raise UnreachableError(
                        f"No answer from {self._connection.host}.", why=found.why, next_step=found.next_step
                    ) from None
                await self._pause(attempt, None)
                continue
            self._keep(received.exchange)
            self._note_clock(received)
            status = received.exchange.status
            if (status == 429 or status >= 500) and attempt + 1 < MAX_TRIES:
                await self._pause(attempt, received, rate_limited=status == 429)
                continue
            return read_discovery(self._connection, status, received.body)
        raise UnreachableError(f"No answer from {self._connection.host}.", next_step="Try again later.")

    def _note_clock(self, received: Received) -> None:
        if len(self._offsets) >= DATE_SAMPLES:
            return
        server, exchange = server_time(received.headers), received.exchange
        if server is not None:
            middle = (exchange.started_at.timestamp() + exchange.finished_at.timestamp()) / 2
            self._offsets.append(server.timestamp() + 0.5 - middle)


def _error_code(body: bytes) -> str:
    """The vendor's error code (a word such as InvalidObject), never its message: that may quote a client."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = data.get("code") if isinstance(data, dict) else None
    return f", code {code}" if isinstance(code, str) and code.isalnum() and len(code) <= 40 else ""
