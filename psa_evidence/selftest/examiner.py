"""Files examined by worker processes where there is much to read, here where there is little, with the same result."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from psa_evidence.errors import TransientError
from psa_evidence.selftest.examination import Examination, Examined
from psa_evidence.selftest.looking import Secret

WORKERS: Final = 2
"""As many as lay out pages: an owner's computer has the memory for them."""
MANY_BYTES: Final = 4_000_000
"""With less to read, a process takes longer to begin than to read it."""
_GROUP_BYTES: Final = 2_000_000
_GROUP_FILES: Final = 250
_GIVES_WAY: Final = 10
"""To the program, which makes other files meanwhile and waits for these at its end. Windows has no such number."""

Task = tuple[Path, bool]
"""A file, and whether it is a PDF whose pages are to be told."""


class Examiner:
    """What `Examination` does, to many files. Worker processes end with the `with` block, however it ends."""

    def __init__(self, secrets: Sequence[Secret], number: str) -> None:
        self._asked = (tuple(secrets), number)
        self._pool: ProcessPoolExecutor | None = None
        self._ahead: list[Future[list[Examined]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def read_ahead(self, paths: Iterable[Path]) -> None:
        """Begin with PDFs that the pack will hold as they are, when they are many. They must stay where they are."""
        tasks = [(path, True) for path in paths]
        if _size(tasks) >= MANY_BYTES:
            self._ahead += [self._submitted([task]) for task in tasks]

    def known(self) -> dict[str, Examined]:
        """What was found in the files that were read ahead, by the digest of their bytes."""
        return {examined.sha256: examined for future in self._ahead for examined in _waited(future)}

    def examined(self, tasks: Sequence[Task]) -> Iterator[Examined]:
        """One for each task, in their order."""
        if _size(tasks) < MANY_BYTES:
            here = Examination(*self._asked)
            yield from (here.examine(path, paged=paged) for path, paged in tasks)
            return
        clean = tuple(digest for examined in self.known().values() for digest in examined.clean)
        for future in [self._submitted(group, clean) for group in _grouped(tasks)]:
            yield from _waited(future)

    def _submitted(self, group: list[Task], clean: Sequence[bytes] = ()) -> Future[list[Examined]]:
        try:
            return self._running().submit(_examined, group, clean)
        except BrokenProcessPool as error:
            raise _ended() from error

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(WORKERS, get_context("spawn"), initializer=_begin, initargs=self._asked)
        return self._pool


def _size(tasks: Iterable[Task]) -> int:
    return sum(path.stat().st_size for path, _ in tasks)


def _grouped(tasks: Sequence[Task]) -> list[list[Task]]:
    groups: list[list[Task]] = []
    held = 0
    for task in tasks:
        size = task[0].stat().st_size
        if not groups or held + size > _GROUP_BYTES or len(groups[-1]) >= _GROUP_FILES:
            groups.append([])
            held = 0
        groups[-1].append(task)
        held += size
    return groups


def _waited(future: Future[list[Examined]]) -> list[Examined]:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise _ended() from error


def _ended() -> TransientError:
    return TransientError(
        "A process that searches the finished files ended before its time.",
        why="The system may have run out of memory.",
        next_step="Close other programs and build the pack again.",
    )


_begun: list[Examination] = []
"""In a worker process: its one examination."""


def _begin(secrets: Sequence[Secret], number: str) -> None:
    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which ends its workers
    gc.freeze()
    gc.disable()  # what a file was read into refers to itself: it is looked for when the file is done, not meanwhile
    _begun.append(Examination(secrets, number))


def _examined(tasks: Sequence[Task], clean: Sequence[bytes]) -> list[Examined]:
    _begun[0].passes_over(clean)
    try:
        return [_begun[0].examine(path, paged=paged) for path, paged in tasks]
    finally:
        gc.collect()
