"""A usual command line of `verify`, read without typer: that takes longer to load than a small pack takes to check."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

_EXPANDED: Final = frozenset("*?[~$%")
"""Signs that typer has a meaning for on Windows, whose shell has none."""


class Asked(NamedTuple):
    """`psa-evidence verify PACK [--trust FILE ...] [--json]`."""

    pack: Path
    trust: tuple[Path, ...]
    as_json: bool


def read(arguments: list[str]) -> Asked | None:
    """None for another command, or with anything else in it: typer then reads it, or says what is wrong with it."""
    if arguments[:1] != ["verify"]:
        return None
    packs: list[Path] = []
    trust: list[Path] = []
    as_json, into = False, packs
    for word in arguments[1:]:
        if word == "--json" and into is packs:
            as_json = True
        elif word == "--trust" and into is packs:
            into = trust
        elif not word or word.startswith("-") or not _EXPANDED.isdisjoint(word):
            return None
        else:
            into.append(Path(word))
            into = packs
    return Asked(packs[0], tuple(trust), as_json) if len(packs) == 1 and into is packs else None
