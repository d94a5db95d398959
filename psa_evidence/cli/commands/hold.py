"""`psa-evidence hold`: capture now, and record that nothing of it may be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from psa_evidence.cli import authorities, context, output
from psa_evidence.cli.commands.capture import PARTIAL, describe, run, summary
from psa_evidence.cli.progress import Bars
from psa_evidence.cli.scopes import scope_of
from psa_evidence.errors import EvidenceError
from psa_evidence.matter import match_client
from psa_evidence.spi import ClientName

app = typer.Typer(no_args_is_help=True, help="Legal holds: start one, list them.")


@app.command("start")
def start(
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="A name for the matter.")],
    client: Annotated[str, typer.Option("--client", metavar="NAME", help="Whose records are to be held.")],
    reason: Annotated[str, typer.Option(help="Why, as it is to stand in the record.")] = "",
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Record the hold, then capture everything of the client now, also what earlier captures have."""
    settings = context.load(config)
    vault = context.open_vault(settings, create=True)
    name, _, _ = settings.connection(connection)
    held = _known(vault.clients(name), client)
    vault.hold(matter=matter, connection=name, client=held, reason=reason, who=context.who(settings), at=context.now())
    output.say(f"The hold {matter!r} is recorded. Capturing now.")
    try:
        scope = scope_of(
            settings, connection, [client], period=None, since=None, until=None, attachments=True, ask=not as_json
        )
        with Bars(quiet=quiet or as_json) as bars:
            info = run(settings, vault, connection=connection, scope=scope, progress=bars, again=True)
            stamped = authorities.stamp(settings, vault, bars)
    except EvidenceError:
        output.say("The hold is recorded, the capture failed.")
        output.say("Next: run `psa-evidence capture --again` with the same client.")
        raise
    if as_json:
        output.data({"hold": matter, "client": client, **summary(info), "time": authorities.as_data(stamped)})
    else:
        output.lines(describe(info))
    authorities.say(stamped)
    return 0 if info.state == "complete" and not stamped.owed else PARTIAL


def _known(clients: Sequence[ClientName], wanted: str) -> str:
    """The id of the client that the vault knows by this name; else the name as given: a hold waits for no PSA."""
    try:
        return match_client(clients, wanted).id
    except EvidenceError:
        return wanted


@app.command("list")
def list_holds(config: context.ConfigOption = None, as_json: context.JsonOption = False) -> None:
    """List the holds, oldest first."""
    vault = context.open_vault(context.load(config))
    found = vault.holds()
    if as_json:
        output.data(
            [
                {
                    "matter": h.matter,
                    "connection": h.connection,
                    "client": h.client,
                    "started_at": h.at.isoformat(),
                    "who": h.who,
                    "reason": h.reason,
                }
                for h in found
            ]
        )
    elif found:
        names = {(h.connection, c.id): c.name for h in found for c in vault.clients(h.connection)}
        rows = [
            [h.at.date().isoformat(), h.who, names.get((h.connection, h.client), h.client), h.matter] for h in found
        ]
        output.lines(output.table(["since", "by", "client", "matter"], rows))
    else:
        output.say("No hold is recorded.")
