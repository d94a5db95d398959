"""Python's search for objects that refer to each other in a ring, done seldom during a capture and a build.

By default it begins after 700 new objects. A build makes millions that are in use until its end, and a page of a list
has a hundred thousand: going over them again and again took a seventh of a build and a twentieth of a capture. What is
in no ring is given back at once, with or without the search.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OBJECTS: Final = 100_000
"""New objects before a search: rings of so many take a few megabytes."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Within the block; afterwards it is as before. A search that somebody put off stays off."""
    before = gc.get_threshold()
    if before[0] and before[0] < _OBJECTS:
        gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
