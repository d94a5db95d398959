"""The commands, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.exceptions import TyperException

from psa_evidence.cli import output
from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.foreign_code import before_foreign_code

INTERNAL_ERROR: Final = 1
USAGE: Final = 2
IN_PART: Final = 3
KILLED_BY_INTERRUPT: Final = 130
"""What typer gives back when Ctrl-C reached it before it reached us."""

COMMANDS: Final = (
    "demo", "init", "doctor", "clients", "plan", "capture", "build", "rebuild", "verify", "release", "drift", "explain",
    "hold", "archive", "schedule", "vault", "plugins", "simulate",
)  # fmt: skip
"""In the order of `--help`. Each is a module of `psa_evidence.cli.commands` with a function of its name or, where it
has sub-commands, an `app`."""

_HANDED_ON: Final[dict[str, Any]] = {
    "allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []
}  # fmt: skip
"""For a command that reads its own arguments."""


def program(only: str | None = None) -> typer.Typer:
    """The command line. With `only`, the name of a command, no other is imported: a command that needs no PSA, vault or
    PDF library does not wait for them."""
    app = typer.Typer(
        name="psa-evidence",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": output.WIDTH},
        help="Evidence packs from a PSA that stand up when they are attacked.",
        epilog="Exit codes: 0 done, 1 internal error, 2 usage or configuration, 3 done in part, 4 refused by the PSA, "
        "5 verification failed.",
    )
    app.callback()(_root)
    for name in COMMANDS if only is None else (only,):
        module = import_module(f"psa_evidence.cli.commands.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name, context_settings=_HANDED_ON if name == "simulate" else None)(getattr(module, name))
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from psa_evidence import __version__  # noqa: PLC0415

        output.lines(f"psa-evidence {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Evidence packs from a PSA that stand up when they are attacked."""


def main() -> None:
    """Run a command and leave with its exit code. What plug-ins of others print does not reach stdout."""
    output.prepare_streams()
    before_foreign_code(output.claim_stdout)
    with output.stdout_given_back():
        _run()


def _run() -> None:
    """Only here is everything caught."""
    as_json = "--json" in sys.argv
    try:
        named = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in COMMANDS else None
        code = program(named)(standalone_mode=False)
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
