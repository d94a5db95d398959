"""Where temporary files go while packs are made: pages of clients' texts must not outlive the command.

Each run has a private folder of its own below the system's, with a lock in it that the system frees when the process
dies; the next run removes the folders whose process is gone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from psa_evidence.errors import StorageError
from psa_evidence.vault.lock import Lock

PREFIX: Final = "psa-evidence-run-"
LOCK: Final = "lock"
VARIABLE: Final = "TMPDIR"
"""What processes that this one starts look at first."""


@contextmanager
def private(now: datetime) -> Iterator[Path]:
    """Temporary files of this process, and of those that it starts, are made in a new private folder, which goes in the
    end; what a process that was ended by force left goes before. Raises StorageError."""
    parent = Path(tempfile.gettempdir())
    _sweep(parent, now)
    folder, lock = _held(parent, now)
    before, variable = tempfile.tempdir, os.environ.get(VARIABLE)
    tempfile.tempdir = os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        if variable is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = variable
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def _held(parent: Path, now: datetime) -> tuple[Path, Lock]:
    while True:
        try:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        except OSError as error:
            raise StorageError(
                f"No temporary file can be made in {parent}.", why=error.strerror or "",
                next_step="Make room there, or set TMPDIR to another folder.",
            ) from error  # fmt: skip
        lock = Lock(folder / LOCK)
        if lock.try_acquire(now):
            return folder, lock


def _sweep(parent: Path, now: datetime) -> None:
    """Remove folders whose process is gone. One without a lock, or of another user, stays: nobody can tell whose."""
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        lock = Lock(folder / LOCK)
        with contextlib.suppress(StorageError, OSError):
            if _ours(folder) and lock.path.is_file() and lock.try_acquire(now):
                lock.release()  # a folder is never held twice; Windows removes no open file
                shutil.rmtree(folder, ignore_errors=True)


def _ours(folder: Path) -> bool:
    """A folder that nobody but this user can have put there: in a folder of all users a link could lead anywhere."""
    about = folder.lstat()
    return stat.S_ISDIR(about.st_mode) and (not hasattr(os, "getuid") or about.st_uid == os.getuid())
