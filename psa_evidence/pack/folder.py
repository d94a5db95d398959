"""Where a pack is built: beside its place, under a hidden name, and renamed when it is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from psa_evidence.errors import StorageError
from psa_evidence.vault.durable import patiently
from psa_evidence.vault.lock import Lock

MAX_SUFFIX: Final = 999
LONGEST_PATH: Final = 248
"""Characters from which Windows refuses a folder, or from 260 on a file, unless it is told otherwise."""


SCRATCH: Final = ".building"
HELD: Final = ".building-lock"
"""Beside the folder, locked as long as it is built: what a process that was ended by force leaves can be told."""


@contextmanager
def building(
    out: Path, name: str, *, now: datetime, then: Callable[[Path], None] = lambda _: None,
    undone: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Path, list[Path]]]:  # fmt: skip
    """Yields an empty folder and a list; on leaving well the folder is renamed to `out/<name>` and stands in the list.
    `then` is called with it before others may tidy; where there will be no such folder, `undone` before it is removed.

    A pack that is there is never overwritten: `<name>_2`, `_3`, ... is taken. On any error nothing is left behind; what
    a build that was ended by force (power, kill) left in `out` goes with the next one. Raises StorageError.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _tidy(out, now)
        lock = _held(out, name, now)
        scratch = lock.path.with_suffix(SCRATCH)
        scratch.mkdir(0o755)
        scratch.chmod(0o755)
    except OSError as error:
        raise StorageError(
            f"No pack can be written to {out}.", why=error.strerror or "", next_step="Choose another folder with --out."
        ) from error
    done: list[Path] = []
    try:
        yield scratch, done
        done.append(_rename(scratch, out, name))
        then(done[0])
    except OSError as error:
        raise StorageError(
            "The pack could not be written.", why=error.strerror or type(error).__name__,
            next_step="Choose a folder with a shorter path: Windows allows 260 characters." if _too_long(error)
            else "Make room, or choose another folder with --out, and build again.",
        ) from error  # fmt: skip
    finally:
        if not done:
            undone()
        shutil.rmtree(scratch, ignore_errors=True)
        _let_go(lock)


def _held(out: Path, name: str, now: datetime) -> Lock:
    """Held before there is a folder: whoever tidies meanwhile finds none. Raises OSError, StorageError."""
    while True:
        descriptor, path = tempfile.mkstemp(prefix=f".{name[:40]}.", suffix=HELD, dir=out)
        os.close(descriptor)
        lock = Lock(Path(path))
        if lock.try_acquire(now):
            return lock


def _tidy(out: Path, now: datetime) -> None:
    """Remove folders whose builder is gone. Of one without a lock beside it nobody can tell: it stays."""
    for path in sorted(out.glob(f".*{HELD}")):
        lock = Lock(path)
        with contextlib.suppress(StorageError):
            if lock.try_acquire(now):
                shutil.rmtree(path.with_suffix(SCRATCH), ignore_errors=True)
                _let_go(lock)


def _let_go(lock: Lock) -> None:
    lock.release()
    with contextlib.suppress(OSError):
        lock.path.unlink()


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
