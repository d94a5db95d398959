"""`psa-evidence archive`: the monthly run for all clients."""

from __future__ import annotations

from typing import Annotated

import typer

from psa_evidence.archive import ArchiveReport, Month, months_due, place, run_month
from psa_evidence.cli import authorities, context, output, temporaries
from psa_evidence.cli.commands.capture import run as capture
from psa_evidence.cli.progress import Bars
from psa_evidence.errors import ConfigurationError
from psa_evidence.pack.entering import enter_left
from psa_evidence.spi import Scope

app = typer.Typer(no_args_is_help=True, help="The monthly run for all clients.")

PARTIAL = 3
NAME = 24
"""Letters of a client's name that are shown: the line has 80."""


@app.callback()
def _group() -> None:
    """Keeps `run` a sub-command."""


@app.command("run")
def run(
    month: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM",
            help="Which month; default the last closed one, and those before it since the newest that was archived.",
        ),
    ] = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Capture what changed, then make a pack for each client. Run again, it makes only what is not there yet."""
    settings = context.load(config)
    now = context.now()
    zone = settings.time_zone or "UTC"
    vault = context.open_vault(settings, create=True)
    name, connector = context.connector_of(settings, connection)
    archive = place(settings.packs_path, vault, name)
    wanted = [Month.parse(month)] if month else months_due(archive, Month.last_closed(now, zone))
    if not wanted[-1].closed(now, zone):
        raise ConfigurationError(
            f"the month {wanted[-1]} is not over", why="a pack of an open month would be incomplete for ever",
            next_step="archive it after its last day, or build a pack for a matter instead",
        )  # fmt: skip
    exporters = context.exporters()
    with Bars(quiet=quiet or as_json) as bars:
        info = capture(settings, vault, connection=connection, scope=Scope(), progress=bars)
        stamped = authorities.stamp(settings, vault, bars)
        enter_left(vault, who=context.who(settings), now=now)
        with authorities.sealing(settings) as sealer, temporaries.private(now):
            reports = [
                run_month(
                    month=one, vault=vault, connection=name, connector=connector, exporters=exporters.found,
                    out=archive, msp=settings.msp, time_zone=zone, paper=settings.packs.paper,
                    software=context.SOFTWARE, progress=bars, who=context.who(settings), now=now, sealer=sealer,
                )
                for one in wanted
            ]  # fmt: skip
    authorities.say(stamped)
    left_out = exporters.failures()
    for failure in left_out:
        output.note(failure)
    whole = (
        all(report.complete for report in reports) and info.state == "complete" and not stamped.owed and not left_out
    )
    if as_json:
        output.data({
            "month": str(wanted[-1]), "months": [str(one) for one in wanted],
            "state": "complete" if whole else "partial", "capture": info.id,
            "capture_state": info.state, "time": authorities.as_data(stamped),
            "clients": [
                {"month": str(report.month), "client": o.client_id, "name": o.name, "state": o.state,
                 "pack": None if o.pack is None else str(o.pack),
                 "reason": o.reason}
                for report in reports
                for o in report.outcomes
            ],
        })  # fmt: skip
    else:
        output.lines("\n\n".join(_describe(report, info.state) for report in reports))
    return 0 if whole else PARTIAL


def _describe(report: ArchiveReport, capture_state: str) -> str:
    rows = [
        [
            o.client_id,
            o.name if len(o.name) <= NAME else f"{o.name[: NAME - 3]}...",
            o.state,
            " ".join(filter(None, (o.pack.name if o.pack else "", o.reason))),
        ]
        for o in report.outcomes
    ]
    text = output.table(["client", "name", "state", "pack"], rows, right=[0]) if rows else "No client is captured."
    total = len(report.outcomes)
    return (
        f"{text}\n\nMonth {report.month}: {total} clients = {report.count('built')} built "
        f"+ {report.count('kept')} kept "
        f"+ {report.count('failed')} failed. Capture: {capture_state}."
    )
