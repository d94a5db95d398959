"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="psa-evidence.toml; without it the nearest one upwards."),
]
ConnectionOption = Annotated[
    str | None, typer.Option("--connection", metavar="NAME", help="Which PSA, when several are configured.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="The same as JSON on stdout.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]
ClientsOption = Annotated[
    list[str] | None, typer.Option("--client", metavar="NAME", help="Only this client (repeatable); default all.")
]
SinceOption = Annotated[str | None, typer.Option(metavar="DATE", help="From this day on: a date or words.")]
UntilOption = Annotated[str | None, typer.Option(metavar="DATE", help="Up to and including this day.")]
