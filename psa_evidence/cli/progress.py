"""A progress bar with time left, when a terminal watches; otherwise silence."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from psa_evidence.cli import output


class Bars:
    """Listens to progress events and draws on stderr. Usable as a context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        console = Console(stderr=True)
        self._on = console.is_terminal and not quiet and sys.stderr.isatty()
        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            SpinnerColumn("line"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not self._on,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def start(self, task: str, total: int | None) -> None:
        with self._lock:
            if task in self._tasks:
                self._progress.reset(self._tasks[task], total=total)
            else:
                self._tasks[task] = self._progress.add_task(task, total=total)

    def advance(self, task: str, steps: int = 1, *, total: int | None = None) -> None:
        with self._lock:
            if task not in self._tasks:
                self._tasks[task] = self._progress.add_task(task, total=total)
            if total is not None:
                self._progress.update(self._tasks[task], total=total)
            self._progress.advance(self._tasks[task], steps)

    def finish(self, task: str) -> None:
        with self._lock:
            if task in self._tasks:
                self._progress.remove_task(self._tasks.pop(task))

    def note(self, text: str) -> None:
        if self._on:
            self._progress.console.print(output.visible(text, layout="\n"), markup=False, highlight=False)
        else:
            output.say(output.filled(text, indent=6))
