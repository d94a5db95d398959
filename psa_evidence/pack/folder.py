"""Where a pack is built: beside its place, under a hidden name, and renamed when it is whole."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from psa_evidence.errors import StorageError
from psa_evidence.vault.durable import patiently

MAX_SUFFIX: Final = 999
LONGEST_PATH: Final = 248
"""Characters from which Windows refuses a folder, or from 260 on a file, unless it is told otherwise."""


@contextmanager
def building(out: Path, name: str) -> Iterator[tuple[Path, list[Path]]]:
    """Yields an empty folder and a list; on leaving well the folder is renamed to `out/<name>` and stands in the list.

    A pack that is there is never overwritten: `<name>_2`, `_3`, ... is taken. On any error nothing is left behind.
    Raises StorageError.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{name[:40]}.", suffix=".building", dir=out))
        scratch.chmod(0o755)
    except OSError as error:
        raise StorageError(
            f"No pack can be written to {out}.", why=error.strerror or "", next_step="Choose another folder with --out."
        ) from error
    done: list[Path] = []
    try:
        yield scratch, done
        done.append(_rename(scratch, out, name))
    except OSError as error:
        raise StorageError(
            "The pack could not be written.", why=error.strerror or type(error).__name__,
            next_step="Choose a folder with a shorter path: Windows allows 260 characters." if _too_long(error)
            else "Make room, or choose another folder with --out, and build again.",
        ) from error  # fmt: skip
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _too_long(error: OSError) -> bool:
    """Whether Windows refused the path for its length; it says then that there is no such file."""
    return sys.platform == "win32" and len(str(error.filename or "")) >= LONGEST_PATH


def _rename(scratch: Path, out: Path, name: str) -> Path:
    for number in range(1, MAX_SUFFIX + 1):
        target = out / (name if number == 1 else f"{name}_{number}")
        if target.exists():
            continue
        try:
            return patiently(scratch.rename, target)
        except FileExistsError:  # another build took the name meanwhile
            continue
    raise StorageError(
        f"There are {MAX_SUFFIX} packs of this name already.", next_step="Move older packs away and build again."
    )
