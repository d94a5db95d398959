"""What is to be fetched: clients by name and a period in words, as a scope of PSA ids and instants."""

from __future__ import annotations

import asyncio

from psa_evidence.cli import choosing, context, periods
from psa_evidence.configuration import Configuration
from psa_evidence.spi import Scope


def scope_of(
    settings: Configuration,
    connection: str | None,
    clients: list[str],
    *,
    period: str | None,
    since: str | None,
    until: str | None,
    attachments: bool,
    ask: bool,
) -> Scope:
    """Names are looked up in the PSA, when there are any; with `ask` a person may choose among several that fit.

    Raises ConfigurationError, AmbiguousError and what the PSA raises.
    """
    opened = context.connect(settings, connection)

    async def look_up() -> tuple[str, ...]:
        async with opened.source as source:
            known = list(await source.clients())
        return tuple(dict.fromkeys(choosing.choose(known, wanted, ask=ask).id for wanted in clients))

    ids = asyncio.run(look_up()) if clients else ()
    first, after = periods.bounds(
        settings, period=period, since=since, until=until,
        contract_start=lambda: periods.contract_start(settings, opened.name, ids),
    )  # fmt: skip
    return Scope(clients=ids, since=first, until=after, attachments=attachments)
