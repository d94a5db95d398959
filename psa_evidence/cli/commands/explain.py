"""`psa-evidence explain`: the clock of one ticket, interval by interval."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from psa_evidence.cli import context, output
from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import load_matter
from psa_evidence.sla import StageResult, TicketSla, contract_terms, evaluate, explain_as_data, strip_for_terminal


def explain(
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="The ticket's number in the PSA.")],
    matter: Annotated[str | None, typer.Option(metavar="FILE", help="A matter file whose contract terms apply.")] = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> None:
    """Show when the SLA clock of a ticket ran, why, and which record says so."""
    settings = context.load(config)
    vault = context.open_vault(settings)
    name, connector = context.connector_of(settings, connection)
    versions = vault.versions(name, "ticket", ticket)
    if not versions or versions[-1].client is None:
        raise ConfigurationError(
            f"no ticket {ticket} is in the vault",
            next_step="check the number, or capture the client it belongs to first",
        )
    raise NotImplementedError
