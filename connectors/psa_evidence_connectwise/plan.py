"""What a first capture will cost: the PSA's own counts under the same conditions as the capture's lists."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence

from psa_evidence.spi import Plan, Planned, Scope
from psa_evidence_connectwise import conditions
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.conditions import both, query
from psa_evidence_connectwise.resources import (
    BUSINESS,
    PROJECT_TICKETS,
    SCHEDULE,
    SETUP,
    SINGLES,
    TICKETS,
    TIME,
    Resource,
)
from psa_evidence_connectwise.run import read_count
from psa_evidence_connectwise.settings import Connection

TICKET_PARTS = frozenset({"notes", "history", "documents", "tasks", "configurations"})
ALWAYS = len(SINGLES) + 2
"""The system, the own company, the key's rights, and where the API is."""
AROUND = 3
"""A list is counted before, and asked once more for what changed; its ids are counted."""
DEFAULT_SECONDS = 0.2
"""An answer's time where nothing could be measured."""


async def plan(client: Client, connection: Connection, scope: Scope) -> Plan:
    """Counts each list once. Lists that this PSA does not have are left out, unless they must be there."""
    conditions.check_clients(scope)
    await client.discover()
    began = time.monotonic()
    lists = [*SETUP, *BUSINESS, PROJECT_TICKETS, TICKETS, TIME, SCHEDULE]
    found = await asyncio.gather(*(_count(client, one, _wanted(one, scope)) for one in lists))
    parallel = max(1, min(len(lists), connection.concurrency, client.window_size))
    latency = (time.monotonic() - began) * parallel / len(lists) if lists else DEFAULT_SECONDS
    lines: list[Planned] = [Planned(resource="system", records=None, requests=ALWAYS)]
    tickets = None
    for one, (records, problem) in zip(lists, found, strict=True):
        if problem == "not found" and one.optional:
            continue
        if one is TICKETS:
            tickets = records
        lines.append(_line(one, records, problem, connection))
    requests = sum(line.requests for line in lines)
    seconds = requests * latency / connection.concurrency
    if connection.requests_per_minute:
        seconds = max(seconds, requests * 60 / connection.requests_per_minute)
    return Plan(lines=tuple(lines), seconds=seconds, tickets=tickets)


def _wanted(one: Resource, scope: Scope) -> Sequence[str]:
    """The conditions that the capture will list it by."""
    clients = conditions.clients(one.client, scope) if one.client else ("",)
    if one is TICKETS:
        return [both(where, conditions.tickets(scope, None)) for where in clients]
    if one is PROJECT_TICKETS:
        return [both(where, conditions.projects(scope, None)) for where in clients]
    if one is SCHEDULE and scope.clients:
        return ()  # asked for by ticket: not known before the tickets are
    period = conditions.within(one.period, scope) if one.period else ""
    return [both(where, period) for where in clients]


async def _count(client: Client, one: Resource, wanted: Sequence[str]) -> tuple[int | None, str]:
    total = 0
    for where in wanted:
        outcome = await client.ask(f"{one.path}/count{query(conditions=where)}", read_count)
        if outcome.value is None:
            return None, outcome.problem or "gave up"
        total += outcome.value
    return (total if wanted else None), ""


def _line(one: Resource, records: int | None, problem: str, connection: Connection) -> Planned:
    if records is None:
        return Planned(resource=one.path, records=None, requests=AROUND, problem=problem)
    each = len(one.children) + len(one.counted) + bool(one.documents) + bool(one.audit) + (one.kind == "invoice")
    if one in (TICKETS, PROJECT_TICKETS):
        each = len(connection.parts & TICKET_PARTS)
    if one is TIME and "time_audits" in connection.parts:
        each = 1  # most entries are touched again, when they are approved and billed
    pages = max(1, math.ceil(records / connection.page_size))
    requests = AROUND + pages + records * each
    if one in (TICKETS, PROJECT_TICKETS):
        requests += pages  # their numbers are asked for a second time, for all clients
    return Planned(resource=one.path, records=records, requests=requests, estimated=bool(each))
