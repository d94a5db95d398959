"""Work handed to one thread in batches, with a bound on what waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

T = TypeVar("T")

BATCH_ITEMS: Final = 128
"""Enough to share the cost of two fsyncs, few enough to lose little in a crash."""
BATCH_BYTES: Final = 4 * 1024 * 1024
WAITING_ITEMS: Final = 512
WAITING_BYTES: Final = 64 * 1024 * 1024
"""What may wait before `put` blocks; one item larger than this passes alone."""
LINGER_SECONDS: Final = 0.5
"""An incomplete batch is written after this time."""


class Pump(Generic[T]):
    """`put` from any thread; `commit` gets the items in their order, in a thread of its own.

    What `commit` raises is raised by the next `put` or by `close`, and nothing more is committed.
    """

    def __init__(self, commit: Callable[[Sequence[T]], None]) -> None:
        self._commit = commit
        self._items: list[T] = []
        self._bytes = 0
        self._error: BaseException | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="psa-evidence-vault", daemon=True)
        self._thread.start()

    def put(self, item: T, size: int) -> None:
        """Hand over an item of `size` bytes; waits while too much is waiting."""
        with self._changed:
            while self._error is None and self._items and (
                len(self._items) >= WAITING_ITEMS or self._bytes + size > WAITING_BYTES
            ):  # fmt: skip
                self._changed.wait()
            self._raise()
            self._items.append(item)
            self._bytes += size
            if len(self._items) == BATCH_ITEMS or self._bytes >= BATCH_BYTES:
                self._changed.notify_all()

    def close(self) -> None:
        """Commit what waits and end the thread. Raises what `commit` raised."""
        self.stop()
        self._raise()

    def stop(self) -> None:
        """End the thread after what waits, raising nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._closing and len(self._items) < BATCH_ITEMS and self._bytes < BATCH_BYTES:
                    self._changed.wait(LINGER_SECONDS)
                batch, self._items, self._bytes = self._items, [], 0
                self._changed.notify_all()
                if not batch and self._closing:
                    return
            if batch:
                try:
                    self._commit(batch)
                except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
                    with self._changed:
                        self._error = error
                        self._changed.notify_all()
                    return


class Direct(Generic[T]):
    """The same without a thread: each item is committed before `put` returns. For tests that count every write."""

    def __init__(self, commit: Callable[[Sequence[T]], None]) -> None:
        self._commit = commit
        self._error: BaseException | None = None

    def put(self, item: T, size: int) -> None:  # noqa: ARG002 - the same as Pump's
        try:
            self._commit([item])
        except BaseException as error:
            self._error = error
            raise

    def close(self) -> None:
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        pass
