"""Digests of many files: each is read once, in blocks, by a few threads.

Small files are kept, up to a bound, for the checks that look into them: they are then not opened again, and what is
looked into is what was hashed.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from psa_evidence.verify.container import Container, Unreadable, blocks

ALGORITHMS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
"""What bags of the last twenty years use. Of a pack only sha256 is looked at."""
_NEW: Final = {name: getattr(hashlib, name) for name in ALGORITHMS}

_BATCH: Final = 256
"""Files in one piece of work, so that small ones are not handed over one by one,"""
_BATCH_BYTES: Final = 4 << 20
"""and bytes, so that large ones are shared among the threads."""

WAITED: Final = 3
"""How many times longer than it worked a batch of small files took when it is the disk, or a share, that takes the
time: then several are asked for at once."""

KEPT_FILE: Final = 64 << 10
"""Bytes of the largest file that is kept. A record has some kilobytes."""
MAX_KEPT: Final = 64 << 20
"""Bytes of all that are."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Hashed:
    """Digests by algorithm and the bytes that were read; `problem` says why there are none."""

    digests: Mapping[str, str]
    size: int
    problem: str = ""


class Kept:
    """The bytes of small files, until the bound is reached."""

    def __init__(self, limit: int = MAX_KEPT) -> None:
        self._left = limit
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def offer(self, path: str, data: bytes) -> None:
        with self._lock:
            if len(data) <= self._left:
                self._left -= len(data)
                self._files[path] = data

    def get(self, path: str) -> bytes | None:
        return self._files.get(path)


def hash_all(container: Container, algorithms: tuple[str, ...], kept: Kept | None = None, below: str = "",
             ) -> dict[str, Hashed]:  # fmt: skip
    """Digests of all files of the container. With `kept`, small ones whose path begins with `below` are kept."""

    def one(path: str) -> Hashed:
        return hash_one(container, path, algorithms, kept if path.startswith(below) else None)

    return dict(zip(container.files, in_threads(one, container.files, container.files.__getitem__), strict=True))


def in_threads(work: Callable[[Item], Result], items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[Result]:
    """`work` for each item, in a few threads; results in the order of the items, few of them waiting at a time. `size`
    says how many bytes an item makes them read.

    Small files that the disk does not make wait for are done here: threads would only wait for each other.
    """
    workers = min(4, os.cpu_count() or 1)
    waiting: deque[Future[list[Result]]] = deque()
    slow = False
    with ThreadPoolExecutor(workers, thread_name_prefix="hash") as pool:
        for batch, total in _batches(items, size):
            if slow or total > KEPT_FILE * len(batch):
                waiting.append(pool.submit(_all_of, work, batch))
            else:
                began, worked = time.perf_counter(), time.thread_time()
                waiting.append(Future())
                waiting[-1].set_result(_all_of(work, batch))
                slow = time.perf_counter() - began > WAITED * (time.thread_time() - worked)
            if len(waiting) == workers * 4:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _all_of(work: Callable[[Item], Result], batch: Iterable[Item]) -> list[Result]:
    return [work(item) for item in batch]


def hash_one(container: Container, path: str, algorithms: tuple[str, ...], kept: Kept | None = None) -> Hashed:
    """Digests of one file. Never raises on what the file holds."""
    if container.files[path] <= KEPT_FILE:
        try:
            data = container.whole(path)
        except Unreadable as error:
            return Hashed({}, 0, str(error))
        if data is not None:
            if kept is not None:
                kept.offer(path, data)
            found = {name: _NEW[name](data, usedforsecurity=False).hexdigest() for name in algorithms}
            return Hashed(found, len(data))
    hashes = [(name, _NEW[name](usedforsecurity=False)) for name in algorithms]
    size, block = 0, b""
    try:
        for block in blocks(container, path):
            size += len(block)
            for _, each in hashes:
                each.update(block)
    except Unreadable as error:
        return Hashed({}, size, str(error))
    if kept is not None and size == len(block) <= KEPT_FILE:  # all of it came in one block
        kept.offer(path, block)
    return Hashed({name: each.hexdigest() for name, each in hashes}, size)


def _batches(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[tuple[list[Item], int]]:
    """With the bytes of each."""
    batch: list[Item] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) == _BATCH or total >= _BATCH_BYTES:
            yield batch, total
            batch, total = [], 0
    if batch:
        yield batch, total
