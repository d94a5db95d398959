"""What `rebuild` says of a native, a table, an exhibit or a file: whether it is the same when it is made again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["agrees", "differs", "not judged"]


@dataclass(frozen=True, slots=True)
class Compared:
    """`what` is a native, a table, an exhibit, another file or a figure of the pack."""

    what: str
    outcome: Outcome
    detail: str = ""


def differing(what: str, detail: str, unjudged: str = "") -> Compared:
    """`unjudged`: why a difference is no fault; empty when it is one."""
    if unjudged:
        return Compared(what, "not judged", f"{detail}; {unjudged}")
    return Compared(what, "differs", detail)


def compared(path: str, theirs: Path, ours: Path, *, unjudged: str = "") -> Compared:
    """The file of the pack, and the one that was made again. `unjudged` as in `differing`."""
    if not theirs.is_file():
        return differing(path, "it is not in the pack", unjudged)
    one, other = theirs.read_bytes(), ours.read_bytes()
    if one == other:
        return Compared(path, "agrees")
    if theirs.suffix not in {".csv", ".dat", ".opt", ".txt"}:
        return differing(path, "it has other bytes when it is made again", unjudged)
    lines, again = set(one.split(b"\r\n")), set(other.split(b"\r\n"))
    gone, new = len(lines - again), len(again - lines)
    detail = f"lines of the pack that were not made again: {gone:,}; others that were: {new:,}"
    return differing(path, detail, unjudged)
