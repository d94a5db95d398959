"""Which client is meant: one that fits, or one chosen at the terminal, or an error that lists them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from psa_evidence.cli import output
from psa_evidence.errors import AmbiguousError
from psa_evidence.matter import candidates, match_client
from psa_evidence.spi import ClientName

MOST_SHOWN = 20


def choose(clients: Sequence[ClientName], wanted: str, *, ask: bool) -> ClientName:
    """The client that `wanted` means. Several fit: with `ask` and a terminal one chooses, else AmbiguousError."""
    try:
        return match_client(clients, wanted)
    except AmbiguousError:
        found = candidates(clients, wanted)
        if not ask or len(found) > MOST_SHOWN or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
    output.say(f"{wanted!r} fits {len(found)} clients:")
    for number, one in enumerate(found, 1):
        output.say(f"  {number}  {one.name} ({one.identifier}, id {one.id})")
    while True:
        chosen: int = typer.prompt("Which one", type=int, err=True)
        if 1 <= chosen <= len(found):
            return found[chosen - 1]
        output.say(f"A number from 1 to {len(found)}, please.")
