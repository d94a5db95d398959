"""What reaches the terminal: data on stdout, words on stderr, errors in three lines."""

from __future__ import annotations

import io
import json
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from psa_evidence.errors import EvidenceError

WIDTH = 80
"""Words for people are wrapped here; tables are made to fit."""


def prepare_streams() -> None:
    """Never fail on a character the terminal cannot show (Windows code pages): print it escaped instead."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def data(value: Any) -> None:
    """JSON on stdout, ASCII only, so that it survives every pipe."""
    sys.stdout.write(json.dumps(value, indent=2, sort_keys=False) + "\n")


def lines(text: str) -> None:
    """Data in text form on stdout."""
    sys.stdout.write(text.rstrip("\n") + "\n")


def say(text: str = "") -> None:
    """Words for people on stderr."""
    sys.stderr.write(text + "\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Columns aligned with two spaces between them; the last one is wrapped to the terminal's width."""
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
        wrapped = textwrap.wrap(last, widths[-1]) if len(last) > widths[-1] else [last]
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
