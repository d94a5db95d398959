"""`psa-evidence vault`: what is in the vault, and its index."""

from __future__ import annotations

import typer

from psa_evidence.cli import context, output
from psa_evidence.cli.progress import Bars

app = typer.Typer(no_args_is_help=True, help="Look at the vault; rebuild its catalogue.")


@app.command("list")
def list_captures(config: context.ConfigOption = None, as_json: context.JsonOption = False) -> None:
    """List the captures, oldest first."""
    vault = context.open_vault(context.load(config))
    found = vault.captures()
    if as_json:
        output.data([
            {
                "capture": c.id, "connection": c.connection, "state": c.state,
                "started_at": c.started_at.isoformat(), "counts": c.counts, "missing": c.missing,
            }
            for c in found
        ])  # fmt: skip
    elif found:
        rows = [
            [c.id, c.connection, c.state, f"{sum(n.get('received') or 0 for n in c.counts.values()):,}"] for c in found
        ]
        output.lines(output.table(["capture", "connection", "state", "records"], rows, right=[3]))
    else:
        output.say("The vault holds no capture yet. Next: psa-evidence capture")


@app.command("reindex")
def reindex(config: context.ConfigOption = None, quiet: context.QuietOption = False) -> None:
    """Make the catalogue anew from the captures. Nothing else is touched."""
    vault = context.open_vault(context.load(config))
    with Bars(quiet=quiet) as bars:
        vault.reindex(bars)
    output.say("The catalogue was made anew.")
