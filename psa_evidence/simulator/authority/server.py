"""The test authority over HTTP (RFC 3161, 3.4), in a thread of this process."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from psa_evidence.simulator.authority.certificates import Keys
from psa_evidence.simulator.authority.faults import Faults
from psa_evidence.simulator.authority.stamping import respond
from psa_evidence.simulator.server import listening_socket

MEDIA: Final = "application/timestamp-reply"
OVERSIZE: Final = 4 << 20
FIRST_SERIAL: Final = 1000


@dataclass(slots=True)
class RunningAuthority:
    """`url` takes requests; `faults` and `keys` may be changed at any time; `requests` are the bodies received."""

    url: str
    keys: Keys
    faults: Faults
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def running(keys: Keys, clock: Callable[[], datetime], faults: Faults | None = None) -> Iterator[RunningAuthority]:
    """Serve the authority on a free port until the block ends. `clock` gives its time (aware, UTC)."""
    with listening_socket(0) as listener:
        authority = RunningAuthority(f"http://127.0.0.1:{listener.getsockname()[1]}/", keys, faults or Faults())
        server = uvicorn.Server(
            uvicorn.Config(
                _app(authority, clock), access_log=False, log_level="critical", lifespan="off", ws="none",
                timeout_graceful_shutdown=1,
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="authority", daemon=True)
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise RuntimeError("the test authority did not start")
                time.sleep(0.002)
            yield authority
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _app(authority: RunningAuthority, clock: Callable[[], datetime]) -> Starlette:
    async def stamp(request: Request) -> Response:
        body = await request.body()
        authority.requests.append(body)
        faults = authority.faults
        if faults.silent_seconds:
            await asyncio.sleep(faults.silent_seconds)
        if faults.failures_first:
            faults.failures_first -= 1
            return Response("DEMONSTRATION: busy", 503)
        if faults.http_status != 200:
            return Response("DEMONSTRATION: out of order", faults.http_status)
        if faults.garbage:
            return Response(b"DEMONSTRATION: no time-stamp", media_type=MEDIA)
        if faults.oversize:
            return Response(bytes(OVERSIZE), media_type=MEDIA)
        serial = FIRST_SERIAL + len(authority.requests)
        answer = respond(body, authority.keys, now=clock(), serial=serial, faults=faults)
        return Response(answer, media_type=MEDIA)

    return Starlette(routes=[Route("/", stamp, methods=["POST"])])
