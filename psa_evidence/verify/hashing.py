"""Digests of many files: each is read once, in blocks, by a few threads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from psa_evidence.verify.container import Container, Unreadable, blocks

ALGORITHMS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
"""What bags of the last twenty years use. Of a pack only sha256 is looked at."""

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Hashed:
    """Digests by algorithm and the bytes that were read; `problem` says why there are none."""

    digests: Mapping[str, str]
    size: int
    problem: str = ""


def hash_all(container: Container, algorithms: tuple[str, ...]) -> dict[str, Hashed]:
    """Digests of all files of the container."""
    workers = min(4, os.cpu_count() or 1)
    result: dict[str, Hashed] = {}
    with ThreadPoolExecutor(workers, thread_name_prefix="hash") as pool:
        paths = iter(container.files)
        while round_ := list(_batches(paths, workers * 4)):
            for batch in pool.map(
                lambda batch: [(path, hash_one(container, path, algorithms)) for path in batch], round_
            ):
                result.update(batch)
    return result


def hash_one(container: Container, path: str, algorithms: tuple[str, ...]) -> Hashed:
    """Digests of one file. Never raises on what the file holds."""
    hashes = [(name, hashlib.new(name, usedforsecurity=False)) for name in algorithms]
    size = 0
    try:
        for block in blocks(container, path):
            size += len(block)
            for _, each in hashes:
                each.update(block)
    except Unreadable as error:
        return Hashed({}, size, str(error))
    return Hashed({name: each.hexdigest() for name, each in hashes}, size)


def _batches(paths: Iterator[str], count: int) -> Iterable[list[str]]:
    for _ in range(count):
        if batch := list(islice(paths, _BATCH)):
            yield batch
