"""Running a program and watching it: seconds, and the peak of resident memory of it and all its children (Linux)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path


def tree(root: int) -> set[int]:
    """A process and all below it. Asks only them: a look at every process of the machine, five times a second, would be
    a tenth of what is measured."""
    found, new = set[int](), [root]
    while new:
        pid = new.pop()
        found.add(pid)
        for listing in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):
                new += (int(child) for child in listing.read_text().split())
    return found


class Memory:
    """Samples five times a second until stopped. `leave_out` are processes that are not the measured thing's."""

    def __init__(self, root: int | None = None) -> None:
        self.root = os.getpid() if root is None else root
        self.peak = 0.0
        self.leave_out: set[int] = set()
        self._on = True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self._on:
            self.peak = max(self.peak, sum(_resident(pid) for pid in tree(self.root) - self.leave_out))
            time.sleep(0.2)

    def stop(self) -> float:
        """MiB."""
        self._on = False
        self._thread.join()
        return self.peak


def run(command: Sequence[str], *, cwd: Path, codes: Sequence[int] = (0,)) -> tuple[float, float]:
    """Seconds and MiB of a command that must leave with one of `codes`."""
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL) as process:
        memory = Memory(process.pid)
        code = process.wait()
    seconds = time.perf_counter() - began
    peak = memory.stop()
    if code not in codes:
        raise SystemExit(f"{command[0]} left with {code}")
    return seconds, peak


def _resident(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0
