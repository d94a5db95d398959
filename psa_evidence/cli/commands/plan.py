"""`psa-evidence plan`: what a capture will take, before it is made."""

from __future__ import annotations

import asyncio
import textwrap
from typing import Any

from psa_evidence.cli import context, options, output, periods
from psa_evidence.cli.scopes import scope_of
from psa_evidence.errors import ConfigurationError
from psa_evidence.spi import Plan, Planner, Scope

PAGES_A_TICKET = 2.1
"""Of a PDF, in US Letter, with notes, time, history and clock statement: what the simulated MSP's tickets take."""
PARTIAL = 3


def plan(
    client: options.ClientsOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    period: periods.PeriodOption = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> int:
    """Count what a capture would fetch: records, requests, minutes, pages. Fetches no record, stores nothing."""
    settings = context.load(config)
    scope = scope_of(
        settings, connection, client or [], period=period, since=since, until=until, attachments=True, ask=not as_json
    )
    found = asyncio.run(_ask(context.connect(settings, connection), scope))
    if as_json:
        output.data(as_data(found))
    else:
        output.lines(describe(found))
    return PARTIAL if any(line.problem for line in found.lines) else 0


async def _ask(connection: context.Connection, scope: Scope) -> Plan:
    async with connection.source as source:
        if not isinstance(source, Planner):
            raise ConfigurationError(
                f"the connector {connection.connector.info.name} cannot plan",
                next_step="run `psa-evidence capture`; it counts while it fetches and can be stopped at any time",
            )
        return await source.plan(scope)


def as_data(found: Plan) -> dict[str, Any]:
    return {
        "requests": found.requests,
        "minutes": round(found.seconds / 60, 1),
        "tickets": found.tickets,
        "pages": None if found.tickets is None else pages(found.tickets),
        "resources": [
            {
                "resource": line.resource,
                "records": line.records,
                "requests": line.requests,
                "estimated": line.estimated,
                "problem": line.problem or None,
            }
            for line in found.lines
        ],
    }


def pages(tickets: int) -> int:
    return round(tickets * PAGES_A_TICKET)


def describe(found: Plan) -> str:
    rows = [
        [line.resource, "-" if line.records is None else f"{line.records:,}",
         ("about " if line.estimated else "") + f"{line.requests:,}", line.problem]
        for line in found.lines
    ]  # fmt: skip
    minutes = found.seconds / 60
    took = "less than a minute" if minutes < 1 else f"about {minutes:,.0f} minutes"
    text = [output.table(["resource", "records", "requests", "problem"], rows, right=[1, 2]), ""]
    text.append(f"A first capture: about {found.requests:,} requests, {took}; later ones fetch what changed.")
    if found.tickets is not None:
        text.append(
            f"All {found.tickets:,} tickets in packs: about {pages(found.tickets):,} pages. Attachments come on top."
        )
    return "\n".join([text[0], *(textwrap.fill(line, output.WIDTH) for line in text[1:])])
