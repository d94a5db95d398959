"""Work done in a copy of this process, so that all memory it took goes back to the system, and nothing has to be
imported anew.

Only Linux copies a process well (`fork`); elsewhere the work is done here, and the typesetter is made to forget it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from psa_evidence.errors import TransientError
from psa_evidence_pdf.typesetting import forget

_THREADS = Path("/proc/self/task")
_Result = TypeVar("_Result")


def copies() -> bool:
    """Whether this process can be copied: while it has one thread. A copy has none of the others, and waits for ever
    for what they hold."""
    if sys.platform != "linux":
        return False
    try:
        return len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False


def apart(work: Callable[..., _Result], *args: Any, meanwhile: Callable[[], object] | None = None) -> _Result:
    """`work(*args)`, in a copy where there can be one. Raises what `work` raises, TransientError when the copy dies.

    `meanwhile` is called here while a copy works, and not at all without one.
    """
    if not copies():
        try:
            return work(*args)
        finally:
            forget()
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    copy = context.Process(target=_answer, args=(sending, work, args))
    copy.start()
    sending.close()
    try:
        if meanwhile is not None:
            meanwhile()
        done, answer = receiving.recv()
    except EOFError as error:
        raise ended() from error
    except BaseException:
        copy.kill()
        raise
    finally:
        copy.join()
        receiving.close()
    if not done:
        raise answer
    return answer  # type: ignore[no-any-return]


def ended() -> TransientError:
    return TransientError(
        "A process that lays out pages ended before its time.",
        why="The system may have run out of memory.",
        next_step="Close other programs and build the pack again.",
    )


def _answer(sending: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    gc.disable()  # this process ends with its one step: to look through what was copied for waste would copy it too
    try:
        answer = True, work(*args)
    except Exception as error:  # noqa: BLE001 - it is raised again where the answer arrives
        answer = False, error
    sending.send(answer)
