"""An open connection: what the core holds while it fetches."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Self

import sniffio

from psa_evidence.errors import PermissionMissingError, SourceError, TransientError
from psa_evidence.spi import Check, ClientName, Exchange, Plan, Recorder, Scope
from psa_evidence_connectwise.check import check
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.conditions import query
from psa_evidence_connectwise.fetch import fetch
from psa_evidence_connectwise.plan import plan
from psa_evidence_connectwise.run import read_list
from psa_evidence_connectwise.settings import Connection
from psa_evidence_connectwise.sightings import row_id
from psa_evidence_connectwise.wire import Wire, now_utc


class ConnectwiseSource:
    """Satisfies `psa_evidence.spi.Source`. Clock, sleep and jitter may be handed in."""

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], datetime] = now_utc,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._wire: Wire | None = None

    async def __aenter__(self) -> Self:
        self._wire = Wire(self._connection, clock=self._clock)
        return self

    async def __aexit__(self, *exc: object) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.aclose()

    async def clients(self, find: str = "") -> Sequence[ClientName]:
        """Clients whose name or identifier contains `find` (any case), ordered by name; deleted ones too."""
        client = self._client(lambda _: None)
        wanted = find.casefold()
        found: dict[str, ClientName] = {}
        last = 0
        while True:
            target = query(conditions=f"id > {last}", orderBy="id", pageSize=self._connection.page_size)
            outcome = await client.ask("company/companies" + target, read_list)
            if outcome.value is None:
                raise _not_listed(outcome.problem, outcome.detail)
            ids = [number for row, _, _ in outcome.value if (number := row_id(row)) is not None]
            for row, _, _ in outcome.value:
                number = row_id(row)
                if number is None:
                    continue
                name, identifier = str(row.get("name", "")), str(row.get("identifier", ""))
                if wanted in name.casefold() or wanted in identifier.casefold():
                    found[str(number)] = ClientName(id=str(number), name=name, identifier=identifier)
            if not ids or max(ids) <= last:  # not before: a server may cut pages to any size and say nothing
                break
            last = max(ids)
        return sorted(found.values(), key=lambda one: (one.name.casefold(), int(one.id)))

    async def fetch(self, scope: Scope, recorder: Recorder) -> None:
        """See `psa_evidence.spi.Source`."""

        def keep(exchange: Exchange) -> None:
            recorder.keep(exchange)

        sniffio.current_async_library_cvar.set("asyncio")  # else httpcore looks for it several times a request
        month = f"{self._clock().astimezone(UTC):%Y-%m}"
        await fetch(self._client(keep), self._connection, scope, recorder, month)

    async def plan(self, scope: Scope) -> Plan:
        """See `psa_evidence.spi.Planner`."""
        return await plan(self._client(lambda _: None), self._connection, scope)

    async def check(self) -> Sequence[Check]:
        """Lines for `doctor`; never raises what the PSA did."""
        return await check(self._client(lambda _: None), self._connection)

    def _client(self, keep: Callable[[Exchange], None]) -> Client:
        if self._wire is None:
            raise RuntimeError("the source is not open: use it as a context manager")
        return Client(self._connection, self._wire, keep=keep, sleep=self._sleep, jitter=self._jitter)


def _not_listed(problem: str | None, detail: str) -> Exception:
    if problem == "no permission":
        return PermissionMissingError(
            "The key may not list companies.",
            next_step="Give the API member's security role Inquire on Companies > Company Maintenance.",
        )
    if problem == "gave up":
        return TransientError("ConnectWise did not list its companies.", why=detail, next_step="Try again later.")
    return SourceError("ConnectWise did not list its companies.", why=detail)
