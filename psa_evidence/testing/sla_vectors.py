"""Run SLA clock vectors against the engine: `python -m psa_evidence.testing.sla_vectors FILE...`.

A FILE is `{"schema": "sla-vectors/1", "source": {...}, "count": N, "vectors": [...]}`, a folder of such files
(`*.json`), or `-` for standard input; docs/sla.md describes a vector's fields. One line for each vector that does not
pass, then `N passed, N failed`; exit code 0 when none failed, 1 when some did, 2 when a file cannot be understood: then
nothing is run, and a line for each such file says what is wrong with it.

Twelve sources disagree on some points, and our rules decide. A vector of the other opinion (`DEVIATIONS`, or one that
marks its end as the far edge of rule 1) passes only when the engine differs from it in exactly the way its rule says.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import EvidenceError
from psa_evidence.testing.sla_vector import DEVIATIONS, Deviation, Outcome, run

SCHEMA: Final = "sla-vectors/1"
MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest of the known files has 100 kB."""
_USAGE: Final = "usage: python -m psa_evidence.testing.sla_vectors FILE|FOLDER|-..."


class BadVectorError(EvidenceError):
    """A file of vectors that cannot be understood."""


def run_file(path: Path) -> tuple[Outcome, ...]:
    """Outcomes of a file's vectors, in its order. Raises BadVectorError when it is no vector file."""
    return tuple(run(vector) for vector in load(path))


def load(path: Path) -> list[Any]:
    """The vectors of a file; `-` is standard input. Raises BadVectorError."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadVectorError(f"{path.name} cannot be read.", why=error.strerror or type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise BadVectorError(f"{path.name} is no file of vectors.", why=f"it is larger than {MAX_BYTES} bytes")
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadVectorError(f"{path.name} is no file of vectors.", why=f"it is not JSON: {error}") from error
    vectors = document.get("vectors") if isinstance(document, Mapping) else None
    if not isinstance(vectors, list):
        raise BadVectorError(f"{path.name} is no file of vectors.", why="it has no list 'vectors'")
    if document.get("schema", SCHEMA) != SCHEMA:
        raise BadVectorError(f"{path.name} is of another format.", why=f"its schema is not {SCHEMA!r}")
    return vectors


def main(arguments: Sequence[str]) -> int:
    """Print failures and the count; the exit code."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_USAGE, file=sys.stderr)  # noqa: T201
        return 0 if arguments else 2
    bad = passed = failed = 0
    files: list[tuple[str, list[Any]]] = []
    for argument in arguments:
        try:
            files += [(path.name, load(path)) for path in _files(argument)]
        except BadVectorError as error:
            bad += 1
            print(f"{error.what} {error.why}", file=sys.stderr)  # noqa: T201
    if bad:
        return 2
    for name, vectors in files:
        for outcome in map(run, vectors):
            passed, failed = passed + outcome.passed, failed + (not outcome.passed)
            if not outcome.passed:
                print(f"FAILED {name} {outcome.id} {outcome.detail}".replace("\n", " "))  # noqa: T201
    print(f"{passed} passed, {failed} failed")  # noqa: T201
    return 1 if failed else 0


def _files(argument: str) -> Iterator[Path]:
    path = Path(argument)
    if not path.is_dir():
        yield path
        return
    found = sorted(path.glob("*.json"))
    if not found:
        raise BadVectorError(f"{path.name or path} holds no file of vectors.", why="there is no *.json in it")
    yield from found


__all__ = ["DEVIATIONS", "BadVectorError", "Deviation", "Outcome", "load", "main", "run", "run_file"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
