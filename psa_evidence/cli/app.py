"""The commands, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

import typer
from typer.exceptions import TyperException

from psa_evidence import __version__
from psa_evidence.cli import output
from psa_evidence.cli.commands import (
    archive,
    build,
    capture,
    clients,
    demo,
    doctor,
    drift,
    explain,
    hold,
    init,
    plan,
    plugins,
    simulate,
    vault,
    vault_check,
    verify,
)
from psa_evidence.errors import EvidenceError, StorageError

INTERNAL_ERROR: Final = 1
USAGE: Final = 2
IN_PART: Final = 3
KILLED_BY_INTERRUPT: Final = 130
"""What typer gives back when Ctrl-C reached it before it reached us."""

app = typer.Typer(
    name="psa-evidence",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": output.WIDTH},
    help="Evidence packs from a PSA that stand up when they are attacked.",
    epilog="Exit codes: 0 done, 1 internal error, 2 usage or configuration, 3 done in part, 4 refused by the PSA, "
    "5 verification failed, 6 stopped by a legal hold.",
)


def _version(wanted: bool) -> None:
    if wanted:
        output.lines(f"psa-evidence {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Evidence packs from a PSA that stand up when they are attacked."""


app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("clients")(clients.clients)
app.command("plan")(plan.plan)
app.command("capture")(capture.capture)
app.command("build")(build.build)
app.command("verify")(verify.verify)
app.command("drift")(drift.drift)
app.command("explain")(explain.explain)
app.add_typer(hold.app, name="hold")
app.add_typer(archive.app, name="archive")
vault.app.command("check")(vault_check.check)
vault.app.command("log")(vault_check.log)
app.add_typer(vault.app, name="vault")
app.command("plugins")(plugins.plugins)
app.command(
    "simulate",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(simulate.simulate)


def main() -> None:
    """Run a command and leave with its exit code. Only here is everything caught."""
    output.prepare_streams()
    as_json = "--json" in sys.argv
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        _leave_interrupted()
    except TyperException as problem:
        show = getattr(problem, "show", None)
        output.say(str(problem)) if show is None else show()
        sys.exit(USAGE)
    except KeyboardInterrupt:
        _leave_interrupted()
    except EvidenceError as problem:
        output.error(problem, as_json=as_json)
        sys.exit(problem.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read our output has enough
        sys.exit(0)
    except OSError as problem:
        output.error(_storage(problem), as_json=as_json)
        sys.exit(StorageError.exit_code)
    except Exception as problem:
        place = problem.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "unknown"  # noqa: PTH119
        output.say(f"Error: internal error {type(problem).__name__} at {where}.")
        output.say("Next:  run the command again; what was stored is safe. If it happens again, report this line.")
        if os.environ.get("PSA_EVIDENCE_TRACEBACK"):
            raise
        sys.exit(INTERNAL_ERROR)
    if code == KILLED_BY_INTERRUPT:
        _leave_interrupted()
    sys.exit(code if isinstance(code, int) else 0)


def _storage(problem: OSError) -> StorageError:
    if problem.errno == errno.ENOSPC:
        return StorageError(
            "the disk is full", next_step="free some room and run the same command again; what was stored is safe"
        )
    return StorageError(
        "a file or folder cannot be used",
        why=problem.strerror or type(problem).__name__,
        next_step="check that the folder exists and may be written, then run the same command again",
    )


def _leave_interrupted() -> None:
    output.say("Interrupted. What was stored is safe; the same command goes on from there.")
    sys.exit(IN_PART)
