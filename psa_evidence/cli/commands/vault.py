"""`psa-evidence vault`: what is in the vault, its time-stamps, and its index."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from psa_evidence.cli import authorities, context, output
from psa_evidence.cli.commands import vault_check
from psa_evidence.cli.progress import Bars
from psa_evidence.errors import ConfigurationError, StorageError
from psa_evidence.vault.witness import StampReport
from psa_evidence.vault.witness_renewing import WITHIN

PARTIAL = 3

app = typer.Typer(no_args_is_help=True, help="Look at the vault; time-stamps; rebuild its catalogue.")


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
    output.say("The catalogue was made anew. Whether the files are whole, `vault check` says.")


@app.command("stamp")
def stamp(
    config: context.ConfigOption = None, as_json: context.JsonOption = False, quiet: context.QuietOption = False
) -> int:
    """Ask the configured time-stamp authorities for every token that is owed."""
    settings = context.load(config)
    if not settings.authority:
        raise ConfigurationError(
            "no time-stamp authority is configured", next_step="add [[authority]] to psa-evidence.toml"
        )
    vault = context.open_vault(settings)
    with Bars(quiet=quiet or as_json) as bars:
        report = authorities.stamp(settings, vault, bars)
    return _tell(report, as_json=as_json)


@app.command("renew")
def renew(
    within: Annotated[
        int, typer.Option(metavar="DAYS", min=0, help="Renew what can no longer be checked in so many days.")
    ] = WITHIN.days,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Stamp anew, over seal and old tokens, where the authority's certificates end soon."""
    settings = context.load(config)
    vault = context.open_vault(settings)
    with Bars(quiet=quiet or as_json) as bars:
        report = authorities.renew(settings, vault, bars, timedelta(days=within))
    return _tell(report, as_json=as_json)


def _tell(report: StampReport, *, as_json: bool) -> int:
    if as_json:
        output.data(authorities.as_data(report))
    elif report.results:
        rows = [
            [
                f"{r.seal}" if r.renewal is None else f"{r.seal}, renewal {r.renewal}", r.authority, r.outcome,
                f"{r.stated_time:%Y-%m-%d %H:%M:%S} UTC" if r.stated_time else r.reason,
            ]
            for r in report.results
        ]  # fmt: skip
        output.lines(output.table(["seal", "authority", "state", "time"], rows))
    else:
        output.say("Nothing is due.")
    return PARTIAL if report.owed else 0


@app.command("open-field")
def open_field(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Kind and id, as in ticket/1042.")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="Name of the field at the top level of the record.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A new file; without it the document goes to stdout.")
    ] = None,
    seal: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="The version it had under this seal; without it the newest.")
    ] = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
) -> None:
    """Write one field of a record with all that proves it, for whoever may see it, and nothing of the other fields.

    The custody log records it. The other side checks it against the pack that withholds it: psa-evidence verify PACK
    --opening FILE
    """
    settings = context.load(config)
    vault = context.open_vault(settings)
    name, _ = context.connector_of(settings, connection)
    kind, _, record_id = record.partition("/")
    sealed = len(vault.seals())
    if seal is not None and not 1 <= seal <= sealed:
        raise ConfigurationError(
            f"there is no seal {seal} in this vault",
            why=f"it holds {sealed}",
            next_step="see `psa-evidence vault list`",
        )
    version = vault.record(name, kind, record_id, seal=seal)
    opening = vault.opening(version, field)
    document = opening.document()
    if out is not None and out.exists():
        raise _unwritten(out, "File exists")
    vault.log(
        "opened", record,
        {
            "client": version.client, "connection": name, "field": field, "seal": opening.seal,
            "sha256": hashlib.sha256(document).hexdigest(),
        },
        who=context.who(settings), at=context.now(),
    )  # fmt: skip
    if out is None:
        output.lines(document.decode())
        return
    try:
        with out.open("xb") as file:
            file.write(document)
    except OSError as error:
        raise _unwritten(out, error.strerror or "") from error
    output.say(output.filled(f"{out} shows the field and proves it. Hand it only to whoever may see it."))


def _unwritten(out: Path, why: str) -> StorageError:
    return StorageError(
        f"The opening could not be written to {out}.", why=why,
        next_step="Name a new file in a folder that can be written to.",
    )  # fmt: skip


app.command("check")(vault_check.check)
app.command("log")(vault_check.log)
