"""`psa-evidence schedule`: the script that the computer's own scheduler runs, and the line that has it run."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence import keys
from psa_evidence.cli import context, output
from psa_evidence.errors import ConfigurationError
from psa_evidence.vault import Disk

LOG: Final = "archive.log"

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
    script = settings.folder / ("archive-run.cmd" if windows else "archive-run.sh")
    Disk().replace(script, text(windows=windows, connection=connection).encode())
    if not windows:
        script.chmod(0o755)
    output.lines(line(script, time[1], time[2], windows=windows))
    output.say(f"Wrote {script}. What the runs say goes to {LOG} beside it.")
    if windows:
        output.say("Next: run the line above in a Command Prompt, as the user whose keyring has the keys.")
    else:
        variables = " and ".join(keys.variable(name, s.name) for s in connector.info.settings if s.secret)
        output.say("Next: enter the line above with crontab -e.")
        output.say(output.filled(f"cron opens no keyring: set {variables} there too."))


def text(*, windows: bool, connection: str | None = None) -> str:
    """The script. It stands beside psa-evidence.toml and goes to its own folder first."""
    chosen = f" --connection {connection}" if connection else ""
    program = Path(sys.executable).with_name("psa-evidence.exe" if windows else "psa-evidence")
    if windows:
        quoted = str(program).replace("%", "%%")
        return WINDOWS.format(log=LOG, program=quoted, connection=chosen).replace("\n", "\r\n")
    return POSIX.format(log=LOG, program=shlex.quote(str(program)), connection=chosen)


def line(script: Path, hour: str, minute: str, *, windows: bool) -> str:
    """A line for the Command Prompt, or for a crontab (where % would end the command)."""
    if windows:
        return f'schtasks /Create /TN "psa-evidence archive" /SC DAILY /ST {hour}:{minute} /TR "\\"{script}\\""'
    return f"{int(minute)} {int(hour)} * * * " + shlex.quote(str(script)).replace("%", "\\%")
