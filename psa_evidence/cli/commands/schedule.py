"""`psa-evidence schedule`: the script that the computer's own scheduler runs, and the line that has it run."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence import keys
from psa_evidence.archive import slug
from psa_evidence.cli import context, output
from psa_evidence.errors import ConfigurationError
from psa_evidence.vault import Disk

WINDOWS: Final = """\
@echo off
rem Written by psa-evidence schedule. Leaves with the exit code of the run: the task's "last run result".
chcp 65001 >nul
cd /d "%~dp0"
echo %DATE% %TIME%>>{log}
"{program}" archive run --quiet{connection} >>{log} 2>&1
exit /b %ERRORLEVEL%
"""

POSIX: Final = """\
#!/bin/sh
# Written by psa-evidence schedule. Says something only when the run did not end well: cron mails just that.
cd -- "$(dirname -- "$0")" || exit 2
date >>{log}
{program} archive run --quiet{connection} >>{log} 2>&1
code=$?
if [ "$code" -ne 0 ]; then
    echo "psa-evidence archive run left with $code. The end of {log}:" >&2
    tail -n 20 {log} >&2
fi
exit "$code"
"""


def schedule(
    at: Annotated[
        str, typer.Option("--at", metavar="HH:MM", help="When, each day, by this computer's clock.")
    ] = "02:00",
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
) -> None:
    """Write a script for the monthly run, and print the line that has this computer run it each day.

    Nothing is installed. Each day, because a run that finds the month archived only fetches what changed, and one that
    failed is made good by the next.
    """
    time = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", at)
    if time is None:
        raise ConfigurationError(f"{at!r} is not a time of day", next_step="write it as HH:MM, for instance 02:00")
    settings = context.load(config)
    name, connector = context.connector_of(settings, connection)
    windows = sys.platform == "win32"
    of = slug(name) if len(settings.connections) > 1 else ""
    script = settings.folder / f"archive-run{of and '-'}{of}.{'cmd' if windows else 'sh'}"
    Disk().replace(script, text(windows=windows, connection=connection, of=of).encode())
    if not windows:
        script.chmod(0o755)
    output.lines(line(script, time[1], time[2], windows=windows, of=of))
    output.say(f"Wrote {script}. What the runs say goes to {log(of)} beside it.")
    if of:
        output.say(output.filled(f"This is the run of {name}. Give each other connection one of its own, at another "
                                 "time: two runs do not write to the vault at once."))  # fmt: skip
    if windows:
        output.say("Next: run the line above in a Command Prompt, as the user whose keyring has the keys.")
    else:
        variables = " and ".join(keys.variable(name, s.name) for s in connector.info.settings if s.secret)
        output.say("Next: enter the line above with crontab -e.")
        output.say(output.filled(f"cron opens no keyring: set {variables} there too."))


def log(of: str) -> str:
    """What the runs say stands there; `of` tells connections apart where there are several."""
    return f"archive{of and '-'}{of}.log"


def text(*, windows: bool, connection: str | None = None, of: str = "") -> str:
    """The script. It stands beside psa-evidence.toml and goes to its own folder first."""
    program = Path(sys.executable).with_name("psa-evidence.exe" if windows else "psa-evidence")
    if windows:
        quoted, name = (text.replace("%", "%%") for text in (str(program), connection or ""))
        chosen = f' --connection "{name}"' if name else ""
        return WINDOWS.format(log=log(of), program=quoted, connection=chosen).replace("\n", "\r\n")
    chosen = f" --connection {shlex.quote(connection)}" if connection else ""
    return POSIX.format(log=log(of), program=shlex.quote(str(program)), connection=chosen)


def line(script: Path, hour: str, minute: str, *, windows: bool, of: str = "") -> str:
    """A line for the Command Prompt, or for a crontab (where % would end the command)."""
    if windows:
        name = " ".join(filter(None, ("psa-evidence archive", of)))
        return f'schtasks /Create /TN "{name}" /SC DAILY /ST {hour}:{minute} /TR "\\"{script}\\""'
    return f"{int(minute)} {int(hour)} * * * " + shlex.quote(str(script)).replace("%", "\\%")
