"""One writer at a time: a lock the operating system releases when its holder dies, so that none goes stale.

The file says who holds it; that it exists means nothing.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from psa_evidence.errors import StorageError
from psa_evidence.vault.durable import storage_errors
from psa_evidence.vault.times import stamp

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE: Final = 1 << 30  # beyond the text, so that others can read who holds it

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


POLL_SECONDS: Final = 0.05


class Lock:
    """Held from `acquire` to `release`, at most once by anybody, this process included."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self, now: datetime, *, wait_seconds: float = 0.0) -> None:
        """Raises StorageError, saying who holds it, when it is not free within `wait_seconds`."""
        if not self.try_acquire(now, wait_seconds=wait_seconds):
            raise StorageError(
                "Another run is writing to this vault.",
                why=self._holder(),
                next_step="Wait until it has ended, then run the same command again.",
            )

    def try_acquire(self, now: datetime, *, wait_seconds: float = 0.0) -> bool:
        """Whether it is held now. Raises StorageError when the folder cannot be written."""
        with storage_errors(self.path):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            try:
                deadline = time.monotonic() + wait_seconds
                while not (locked := _try_lock(descriptor)) and time.monotonic() < deadline:
                    time.sleep(POLL_SECONDS)
                if locked:
                    holder = {"host": platform.node(), "pid": os.getpid(), "since": stamp(now)}
                    os.ftruncate(descriptor, 0)
                    os.lseek(descriptor, 0, os.SEEK_SET)
                    os.write(descriptor, json.dumps(holder).encode())
                    self._descriptor, descriptor = descriptor, -1
            finally:
                if descriptor >= 0:
                    os.close(descriptor)
        return self._descriptor is not None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def _holder(self) -> str:
        try:
            holder = json.loads(self.path.read_bytes())
            return f"Held by process {holder['pid']} on {holder['host']} since {holder['since']}."
        except (OSError, ValueError, KeyError, TypeError):
            return "It does not say which."


class Holding:
    """`with Holding(lock, now, wait_seconds=10): ...`"""

    def __init__(self, lock: Lock, now: datetime, *, wait_seconds: float) -> None:
        self._lock, self._now, self._wait = lock, now, wait_seconds

    def __enter__(self) -> Self:
        self._lock.acquire(self._now, wait_seconds=self._wait)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
