"""What reaches the terminal: data on stdout, words on stderr, errors in three lines."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import logging
import os
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from psa_evidence.errors import EvidenceError

WIDTH = 80
"""Words for people are wrapped here; tables are made to fit."""


ALIKE = {"█": "#", "░": ":", "·": ".", "→": "->", "–": "-", "“": '"', "”": '"', "‘": "'", "’": "'"}
"""What stands for a character that a code page does not have."""
PLAINLY = "psa-evidence-plainly"
"""The name under which codecs know the handler below."""


_COMMANDS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]")


def _plainly(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    missing = problem.object[problem.start : problem.end]
    escaped = (ALIKE.get(c) or c.encode("ascii", "backslashreplace").decode() for c in missing)
    return "".join(escaped), problem.end


def prepare_streams() -> None:
    """Never fail on a character the terminal cannot show (Windows code pages): print one like it, or its number. What
    libraries log reaches nobody: all words on stderr are ours."""
    logging.getLogger().addHandler(logging.NullHandler())
    codecs.register_error(PLAINLY, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)


class _Stdout:
    """Where data goes, once stdout has been taken from everybody else."""

    kept: TextIO | None = None


def claim_stdout() -> None:
    """From now on only `data` and `lines` reach stdout; what anybody else prints there goes to stderr."""
    if _Stdout.kept is not None:
        return
    sys.stdout.flush()
    try:
        real = sys.stdout.fileno() == 1 and sys.stderr.fileno() == 2
    except (OSError, ValueError):
        real = False
    if real:  # libraries in C and child processes write to the descriptor, not to sys.stdout
        _Stdout.kept = open(os.dup(1), "w", encoding=sys.stdout.encoding, errors=PLAINLY)  # noqa: PTH123, SIM115
        os.dup2(2, 1)
    else:
        _Stdout.kept = sys.stdout
    sys.stdout = sys.stderr


@contextlib.contextmanager
def stdout_given_back() -> Iterator[None]:
    """At the end of the block stdout is what it was, if it was claimed within."""
    before = sys.stdout
    try:
        yield
    finally:
        kept, _Stdout.kept = _Stdout.kept, None
        if kept is not None:
            sys.stdout = before
            if kept is not before:
                os.dup2(kept.fileno(), 1)
                with contextlib.suppress(OSError):  # everything was flushed when it was written
                    kept.close()


def data(value: Any) -> None:
    """JSON on stdout, ASCII only, so that it survives every pipe."""
    lines(json.dumps(value, indent=2, sort_keys=False))


def visible(text: str, *, layout: str = "") -> str:
    """The text with a number for each character that commands a terminal, turns the direction of what follows or
    ends a line (`<U+202E>`), but for those of `layout`: names and texts of records are not ours."""
    return _COMMANDS.sub(lambda found: found[0] if found[0] in layout else f"<U+{ord(found[0]):04X}>", text)


def lines(text: str) -> None:
    """Data in text form on stdout."""
    stream = _Stdout.kept or sys.stdout
    stream.write(visible(text.rstrip("\n"), layout="\n") + "\n")
    if _Stdout.kept is not None:
        stream.flush()


def filled(text: str, *, indent: int = 0) -> str:
    """The text in lines of the terminal's width, those after the first indented. Names and paths stay whole."""
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)


def ranges(numbers: Sequence[int]) -> str:
    """Rising numbers in words: `3, 8 to 19`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in runs)


def say(text: str = "") -> None:
    """Words for people on stderr."""
    sys.stderr.write(visible(text, layout="\n") + "\n")


def note(text: str) -> None:
    """Something to know about what was done, on stderr, within the terminal's width."""
    say(filled(f"Note: {visible(text)}", indent=6))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Columns aligned with two spaces between them; the last one is wrapped to the terminal's width: at spaces, so that
    a command in it can be copied, and a single name at its hyphens."""
    rows = [[visible(str(cell)) for cell in row] for row in rows]
    widths = [max(len(str(row[i])) for row in [columns, *rows]) for i in range(len(columns))]
    before = sum(width + 2 for width in widths[:-1])
    widths[-1] = min(widths[-1], max(20, WIDTH - before))
    out = []
    for row in [columns, *rows]:
        head = "".join(
            (str(cell).rjust(widths[i]) if i in right else str(cell).ljust(widths[i])) + "  "
            for i, cell in enumerate(row[:-1])
        )
        last = str(row[-1])
        wrapped = [last]
        if len(last) > widths[-1]:
            wrapped = textwrap.wrap(last, widths[-1], break_on_hyphens=" " not in last)
        if len(row) - 1 in right and len(wrapped) == 1:
            wrapped = [last.rjust(widths[-1])]
        for i, part in enumerate(wrapped or [""]):
            out.append(((head if i == 0 else " " * before) + part).rstrip())
        if row is columns:
            out.append("  ".join("-" * width for width in widths))
    return "\n".join(out)


def error(problem: EvidenceError, *, as_json: bool = False) -> None:
    """What, why, what next. On stderr; as JSON when the command was asked for JSON."""
    if as_json:
        fields = {"error": problem.what, "why": problem.why, "next_step": problem.next_step}
        sys.stderr.write(json.dumps({**fields, "exit_code": problem.exit_code}) + "\n")
        return
    for label, text in (("Error:", problem.what), ("Why:", problem.why), ("Next:", problem.next_step)):
        if text:
            indent = " " * 7
            say(textwrap.fill(text, WIDTH, initial_indent=label.ljust(7), subsequent_indent=indent,
                              break_long_words=False, break_on_hyphens=False))  # fmt: skip
