"""Work done on a second processor, in a copy of this process, where there can be one.

Only Linux copies a process well (`fork`). What comes back is JSON, which can be nothing but what it says.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, TypeVar

_THREADS: Final = Path("/proc/self/task")
_BLOCK: Final = 1 << 20
_Answer = TypeVar("_Answer")


class Beside(Generic[_Answer]):
    """`work` begins at once in a copy, where there can be one. It must not read files that were open before, whose
    place in the file both processes would move, and answers with what JSON holds."""

    def __init__(self, work: Callable[[], _Answer]) -> None:
        self._copy, self._pipe = 0, -1
        if _may_copy():
            self._begin(work)

    def __enter__(self) -> Beside[_Answer]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def answer(self) -> _Answer | None:
        """Waits for it. None when there is no copy, or it ended before its time: the work is then to be done here."""
        if not self._copy:
            return None
        parts = []
        while part := os.read(self._pipe, _BLOCK):
            parts.append(part)
        self._end()
        try:
            answered = json.loads(b"".join(parts))
        except ValueError:
            return None
        return answered[0] if isinstance(answered, list) and len(answered) == 1 else None

    def _begin(self, work: Callable[[], _Answer]) -> None:
        reading, writing = os.pipe()
        try:
            self._copy = os.fork()
        except OSError:  # too many processes
            os.close(reading)
            os.close(writing)
            return
        if self._copy == 0:
            os.close(reading)
            _answer(work, writing)
        os.close(writing)
        self._pipe = reading

    def _end(self) -> None:
        if self._copy:
            with suppress(OSError):
                os.kill(self._copy, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(self._copy, 0)
            os.close(self._pipe)
            self._copy = 0


def _may_copy() -> bool:
    """Whether this process can be copied with gain: it has one thread, of which there would be no other in a copy, and
    a second processor."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    try:
        return len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False


def _answer(work: Callable[[], Any], pipe: int) -> None:
    """In the copy, which ends here."""
    try:
        gc.freeze()  # what was copied ends with this process: to look through it for waste would only copy its memory
        with os.fdopen(pipe, "wb") as out:
            out.write(json.dumps([work()]).encode("ascii"))
    except BaseException:  # noqa: BLE001 - whatever it is, it comes again where the work is then done
        os._exit(1)
    os._exit(0)
