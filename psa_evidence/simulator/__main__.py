"""`python -m psa_evidence.simulator`: one line of JSON with address and throw-away keys, then it serves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.serve import Settings, knob_flag, serve

_WORLD = {
    "port": "port to listen on, 0 for a free one",
    "seed": "seed of the generated MSP and of the keys",
    "clients": "clients of the generated MSP",
    "tickets": "tickets of the generated MSP",
    "months_later": "move the world on by so many months of 30 days",
}
_FAULTS = {
    "seed": "seed of the faults",
    "latency_ms": "milliseconds from each request to its answer",
    "rate_limit": "requests in a window before 429, 0 for no limit",
    "rate_window_s": "seconds of that window",
    "server_error_share": "share of answers that are 5xx, 0 to 1",
    "cut_share": "share of answers cut off in the middle of the body",
    "truncated_share": "share of answers whose JSON stops half-way",
    "html_share": "share of answers that are a web page",
    "repeated_page_share": "share of pages that repeat the page before",
    "lost_row_share": "share of pages that lack a row",
    "change_every": "edit a row after every N-th page",
    "delete_every": "delete a row after every N-th page",
    "deny": "answer 403 below this path (may be repeated)",
    "broken": "answer 500 below this path, query included (may be repeated)",
    "clock_skew_s": "seconds added to the Date header",
    "hostile": "add hostile text to every free text",
    "upgrade_after": "change the codebase after N requests, 0 for never",
}
_DESCRIPTION = (
    "A simulated MSP's PSA over real HTTP: prints one line of JSON with its address and throw-away keys, then serves"
    " until interrupted."
)


def settings_of(arguments: Sequence[str]) -> Settings:
    """Settings from the command line. Every knob is an option of its name; `--deny` and `--broken` may be repeated."""
    parser = argparse.ArgumentParser(prog="psa-evidence simulate", description=_DESCRIPTION)
    plain = Settings()
    for name, words in _WORLD.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=int, default=getattr(plain, name), metavar="N", help=words
        )
    parser.add_argument("--incidents", type=Path, metavar="FILE", help="serve this incident log (CSV or CSV.gz)")
    parser.add_argument("--answer-key", type=Path, metavar="FILE", help="write the world's answer key there")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when standard input ends")
    for spec in fields(Knobs):
        _add_knob(parser, knob_flag(spec.name), spec.default, _FAULTS[spec.name])
    given = vars(parser.parse_args(arguments))
    chosen: dict[str, Any] = {s.name: given.pop(knob_flag(s.name)[2:].replace("-", "_")) for s in fields(Knobs)}
    for name in ("deny", "broken"):
        chosen[name] = tuple(chosen[name])
    try:
        return Settings(**given, knobs=Knobs(**chosen))
    except ValueError as error:
        parser.error(str(error))


def _add_knob(parser: argparse.ArgumentParser, flag: str, default: object, words: str) -> None:
    if isinstance(default, bool):
        parser.add_argument(flag, action="store_true", help=words)
    elif isinstance(default, tuple):
        parser.add_argument(flag, action="append", default=[], metavar="PATH", help=words)
    else:
        parser.add_argument(flag, type=type(default), default=default, metavar="N", help=words)


def main(arguments: Sequence[str] | None = None) -> int:
    settings = settings_of(sys.argv[1:] if arguments is None else arguments)
    try:
        serve(settings, out=sys.stdout, stdin=sys.stdin)
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The simulated PSA could not start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
