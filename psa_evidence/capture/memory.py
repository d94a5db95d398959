"""What a capture does so that its memory stays level, and so that no time goes into looking after it."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (20_000, 20, 20)
"""Thresholds of the garbage collector. A page of a thousand rows is a hundred thousand objects without a cycle: to look
at all of them again and again costs a twentieth of the time, in pauses of a tenth of a second."""
EVERY_SECONDS: Final = 10.0


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """What was there before is not looked at meanwhile, and what comes seldom."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


async def keep_giving_back() -> None:
    """`give_back` from time to time, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        give_back()


def give_back() -> bool:
    """Hand freed memory back to the system where the C library does not by itself: glibc keeps what lies between blocks
    in use, a kilobyte for each request. False elsewhere. A few milliseconds."""
    if sys.platform != "linux":
        return False
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return False
    trim(0)
    return True
