"""The commands as one program, read by typer."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.exceptions import TyperException

from psa_evidence.cli import output

USAGE: Final = 2

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


def called() -> object:
    """What the command of the command line gives back. What is wrong with the command line is shown, and is USAGE."""
    try:
        named = sys.argv[1] if sys.argv[1:2] and sys.argv[1] in COMMANDS else None
        return program(named)(standalone_mode=False)
    except typer.Abort as stopped:
        raise KeyboardInterrupt from stopped
    except TyperException as problem:
        show = getattr(problem, "show", None)
        output.say(str(problem)) if show is None else show()
        return USAGE
