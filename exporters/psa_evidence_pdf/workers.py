"""Worker processes for documents: a few at a time, their memory bounded, the same on every system."""

from __future__ import annotations

import os
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from psa_evidence_pdf.apart import apart, copies, ended
from psa_evidence_pdf.typesetting import make_ready

WORKERS = 2
"""More would need more memory than an owner's computer is sure to have."""
_TASKS_A_WORKER = None if sys.platform == "linux" else 12
"""Where the work is done in a copy of the worker, nothing of it stays. Elsewhere the typesetter forgets what it laid
out, but not all of it; a new process begins empty."""
_MANY = 6
"""After more tasks than this, a worker that does them itself holds memory that others need."""


_TUNABLES = "GLIBC_TUNABLES"
_MALLOC = "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=16777216:glibc.malloc.arena_max=1"
"""A document takes some 150 MB in small pieces and gives them back at once. So memory is asked for in large pages and
from one place, which spares a tenth of the processor's time. Only the C library of Linux reads this, when a process
begins."""
_Result = TypeVar("_Result")


class Workers:
    """Processes begin when they are first needed and end with this object, or with `close`.

    `alone`: each lays out on one thread, because as many documents as there are processes are under way; more threads
    would only take more memory. Where it is not set there is one document, and no process is begun for it when this
    one can be copied: to begin one takes as long as to lay out fifty pages.
    """

    def __init__(self, *, alone: bool = False) -> None:
        self._alone = alone
        self._pool: ProcessPoolExecutor | None = None
        self._end: weakref.finalize[[bool], Workers] | None = None
        self._tasks = 0

    def begin(self) -> None:
        """Begin the processes, which takes half a second, while the first task is prepared."""
        if self._alone and self._pool is None:
            with _settings():
                for _ in range(WORKERS):
                    self._running().submit(_nothing)

    def in_order(
        self,
        work: Callable[..., _Result],
        tasks: Iterable[tuple[Any, ...]],
        *,
        meanwhile: Callable[[], object] | None = None,
    ) -> Iterator[_Result]:
        """`work(*task)` for each task, in other processes, results in the order of the tasks.

        Tasks are drawn as they are needed, so that few are held at a time. Raises what `work` raises, and
        EvidenceError when a worker dies. `meanwhile` is called while a copy of this process, which else had to wait for
        it, does a task.
        """
        if not self._alone and self._pool is None and copies():
            for task in tasks:
                yield apart(work, *task, meanwhile=meanwhile)
            return
        open_: deque[Future[_Result]] = deque()
        try:
            for task in tasks:
                with _settings():  # a process begins when there is a task for it
                    open_.append(self._running().submit(apart, work, *task))
                self._tasks += 1
                if len(open_) > WORKERS:
                    yield open_.popleft().result()
            while open_:
                yield open_.popleft().result()
        except BrokenProcessPool as error:
            self.close()
            raise ended() from error
        finally:
            for future in open_:
                future.cancel()

    def relieve(self) -> None:
        """End the processes if they may hold much memory."""
        if _TASKS_A_WORKER and self._tasks > _MANY:
            self.close()

    def close(self) -> None:
        """End the processes; a later call begins new ones."""
        if self._end is not None:
            self._end()
        self._pool = self._end = None
        self._tasks = 0

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            pool = ProcessPoolExecutor(
                WORKERS, get_context("spawn"), _begin, (self._alone,), max_tasks_per_child=_TASKS_A_WORKER,
            )  # fmt: skip
            self._pool, self._end = pool, weakref.finalize(self, pool.shutdown, wait=True, cancel_futures=True)
        return self._pool


@contextmanager
def _settings() -> Iterator[None]:
    """What processes begun meanwhile are told of memory, where whoever uses this program says nothing of it himself."""
    if _TUNABLES in os.environ:
        yield
        return
    os.environ[_TUNABLES] = _MALLOC
    try:
        yield
    finally:
        os.environ.pop(_TUNABLES, None)


def _nothing() -> None:
    """For a process that has nothing to do yet."""


def _begin(alone: bool) -> None:
    """One thread is the typesetter's, which reads this when it first lays out. What it needs is read once, and not by
    each copy anew."""
    if alone:
        os.environ["RAYON_NUM_THREADS"] = "1"
    make_ready()
