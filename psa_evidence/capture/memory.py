"""What a capture does so that its memory stays level."""

from __future__ import annotations

import asyncio
import ctypes
import sys
from typing import Final

EVERY_SECONDS: Final = 10.0


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
