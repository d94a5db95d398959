"""A command is run, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

from psa_evidence.cli import output, plain_verify
from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.foreign_code import before_foreign_code

INTERNAL_ERROR: Final = 1
IN_PART: Final = 3
KILLED_BY_INTERRUPT: Final = 130
"""What typer gives back when Ctrl-C reached it before it reached us."""


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
        code = _called()
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
        step = "Next:  run the command again; what was stored is safe. If it happens again, report this line."
        output.say(output.filled(step, indent=7))
        if os.environ.get("PSA_EVIDENCE_TRACEBACK"):
            raise
        sys.exit(INTERNAL_ERROR)
    if code == KILLED_BY_INTERRUPT:
        _leave_interrupted()
    sys.exit(code if isinstance(code, int) else 0)


def _called() -> object:
    asked = plain_verify.read(sys.argv[1:])
    if asked is not None:
        from psa_evidence.cli.verifying import verify_and_show  # noqa: PLC0415

        return verify_and_show(asked.pack, asked.trust, as_json=asked.as_json)
    from psa_evidence.cli.program import called  # noqa: PLC0415 - takes longer to load than a pack to check

    return called()


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
