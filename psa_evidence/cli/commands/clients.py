"""`psa-evidence clients`: who is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from psa_evidence.cli import context, output
from psa_evidence.spi import ClientName


def clients(
    find: Annotated[
        str, typer.Option("--find", metavar="TEXT", help="Only those whose name or identifier has it.")
    ] = "",
    captured: Annotated[bool, typer.Option("--captured", help="From the vault, without asking the PSA.")] = False,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> None:
    """List the clients of the PSA, or those already captured."""
    settings = context.load(config)
    if captured:
        name, _ = context.connector_of(settings, connection)
        folded = find.casefold()
        found: Sequence[ClientName] = [
            client
            for client in context.open_vault(settings).clients(name)
            if folded in client.name.casefold() or folded in client.identifier.casefold()
        ]
    else:
        found = asyncio.run(_ask(context.connect(settings, connection), find))
    if as_json:
        output.data([{"id": c.id, "identifier": c.identifier, "name": c.name} for c in found])
    elif found:
        output.lines(
            output.table(["id", "identifier", "name"], [[c.id, c.identifier, c.name] for c in found], right=[0])
        )
    else:
        output.say("No client found.")


async def _ask(connection: context.Connection, find: str) -> Sequence[ClientName]:
    async with connection.source as source:
        return await source.clients(find)
