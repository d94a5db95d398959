"""Worker processes for documents: a few at a time, replaced before their memory grows, the same on every system."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeVar

from psa_evidence.errors import EvidenceError

WORKERS = 2
"""More would need more memory than an owner's computer is sure to have."""
_TASKS_A_WORKER = 6
"""The typesetter keeps what it laid out for a while; a new process begins empty."""


_Result = TypeVar("_Result")


def in_order(work: Callable[..., _Result], tasks: Iterable[tuple[Any, ...]]) -> Iterator[_Result]:
    """`work(*task)` for each task, in worker processes, results in the order of the tasks.

    Tasks are drawn as they are needed, so that few are held at a time. Raises what `work` raises, and EvidenceError
    when a worker dies.
    """
    pool: ProcessPoolExecutor | None = None
    open_: deque[Future[_Result]] = deque()
    try:
        for task in tasks:
            if pool is None:
                pool = ProcessPoolExecutor(WORKERS, get_context("spawn"), max_tasks_per_child=_TASKS_A_WORKER)
            open_.append(pool.submit(work, *task))
            if len(open_) > WORKERS:
                yield open_.popleft().result()
        while open_:
            yield open_.popleft().result()
    except BrokenProcessPool as error:
        raise EvidenceError(
            "A process that lays out pages ended before its time.",
            why="The system may have run out of memory.",
            next_step="Close other programs and build the pack again.",
        ) from error
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
