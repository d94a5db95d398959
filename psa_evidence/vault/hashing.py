"""The leaf hashes of a capture: of a large one in a process of its own, beside the writing.

A leaf costs two hundred hashes, and Python does one thing at a time: while leaves are hashed here, no request is sent.
Nothing depends on that process. Whatever goes wrong with it, its work is done again here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Final, NamedTuple

from psa_evidence.format import LeafHasher

MANY: Final = 500
"""Leaves after which a process is worth its start: about as much work as that is."""
LARGE_BYTES: Final = 64 * 1024
"""Records of more than this on average are files, which hash as fast as they could be handed over. They are hashed by
a thread: Python lets others work meanwhile."""
SECONDS: Final = 60.0
"""For a batch, which takes a fraction of one; a process that hangs is ended then, or up to a third of that later."""
END_SECONDS: Final = 5.0
LEAF_BYTES: Final = 32


class Record(NamedTuple):
    """What a leaf commits to."""

    kind: str
    id: str
    body: bytes


class Hashing:
    """Hashes the leaves of one capture in the order of the list. Used by one thread at a time."""

    def __init__(self, key: bytes, connection: str, capture: str) -> None:
        self._here = LeafHasher(key, connection, capture)
        self._setup = json.dumps([key.hex(), connection, capture]).encode() + b"\n"
        self._process: _Process | None = None
        self._thread = ThreadPoolExecutor(1, "psa-evidence-files")  # it is started by the first batch of files
        self._tried = _cores() < 2

    def begin(self, first: int, records: Sequence[Record]) -> Callable[[], list[bytes]]:
        """Start on the leaves from number `first` on; what is returned waits for their hashes. One at a time."""

        def here() -> list[bytes]:
            return [self._here(index, *record) for index, record in enumerate(records, first)]

        if sum(len(record.body) for record in records) > LARGE_BYTES * len(records):
            return self._thread.submit(here).result
        if not self._tried and first + len(records) >= MANY:
            self._tried = True
            self._process = _Process.start(self._setup)
        process = self._process
        if process is None or not records:
            return here
        process.ask(first, records)

        def there() -> list[bytes]:
            found = process.answer(len(records))
            # One is hashed again: the program may have been upgraded on the disk since this one was started.
            if found is None or found[-1] != self._here(first + len(records) - 1, *records[-1]):
                self._end_process()
                return here()
            return found

        return there

    def close(self) -> None:
        """Let go of the process and the thread. More than once does no harm."""
        self._end_process()
        self._thread.shutdown()

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


class _Process:
    """`psa_evidence.leaf_process`. The key goes to it through the pipe: others can see commands and environments."""

    def __init__(self, process: subprocess.Popen[bytes], asked: IO[bytes], told: IO[bytes]) -> None:
        self._process = process
        self._asked = asked
        self._told = told
        self._asked_at: float | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="psa-evidence-leaves", daemon=True).start()

    @classmethod
    def start(cls, setup: bytes) -> _Process | None:
        """None when no process can be had."""
        if not sys.executable or getattr(sys, "frozen", False):
            return None
        path = os.pathsep.join(each for each in sys.path if each)
        command = [sys.executable, "-P", "-m", "psa_evidence.leaf_process"]
        try:
            process = subprocess.Popen(  # noqa: S603
                command, env={**os.environ, "PYTHONPATH": path}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError:
            return None
        if process.stdin is None or process.stdout is None:
            return None
        made = cls(process, process.stdin, process.stdout)
        made._write(setup)
        return made

    def ask(self, first: int, records: Sequence[Record]) -> None:
        head = json.dumps([first, [(r.kind, r.id, len(r.body)) for r in records]]).encode() + b"\n"
        self._asked_at = time.monotonic()
        self._write(b"".join((head, *(r.body for r in records))))

    def answer(self, leaves: int) -> list[bytes] | None:
        """None when the process did not answer; then it is to be ended."""
        try:
            data = self._told.read(leaves * LEAF_BYTES)
        except OSError:
            return None
        finally:
            self._asked_at = None
        if len(data) != leaves * LEAF_BYTES:
            return None
        return [data[at : at + LEAF_BYTES] for at in range(0, len(data), LEAF_BYTES)]

    def end(self) -> None:
        """Its input ends, and it with it."""
        self._ended.set()
        for pipe in (self._asked, self._told):
            with suppress(OSError):
                pipe.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        """One thread for all batches: to start one costs more than most batches do."""
        while not self._ended.wait(SECONDS / 3):
            since = self._asked_at
            if since is not None and time.monotonic() - since > SECONDS:
                self._process.kill()

    def _write(self, data: bytes) -> None:
        with suppress(OSError):  # it is gone: `answer` finds nothing
            self._asked.write(data)
            self._asked.flush()


def _cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
