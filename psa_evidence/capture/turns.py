"""Short turns for Python's threads during a capture: one asks, one stores, one reads large pages.

Python does one thing at a time, and a thread that wants its turn waits until another has had 5 ms or waits itself. To
take an answer is several turns, one for each piece that is unpacked or hashed, and an answer takes a fraction of a
millisecond: behind a thread that computes, a dozen took a tenth of a second, in which the PSA was asked nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SECONDS: Final = 0.0005


@contextmanager
def short_turns() -> Iterator[None]:
    """Within the block; afterwards they are as before. Turns that are shorter already stay so."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, _SECONDS))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
