"""JSON pointers (RFC 6901): where a member of a record stands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

_INDEX_DIGITS: Final = 6


class Nothing:
    """Where a pointer leads when there is no such value; None is one."""


@lru_cache(maxsize=1_024)
def steps(pointer: str) -> tuple[str, ...]:
    """The names on the way, from the outermost; none for the whole value."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def resolve(value: Any, pointer: str) -> Any:
    """RFC 6901, 4. `Nothing` when there is no such value."""
    for name in steps(pointer):
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and _is_index(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return Nothing
    return value


def _is_index(name: str) -> bool:
    """Without zeros in front: two pointers would lead to one member."""
    digits = name.isascii() and name.isdigit() and len(name) <= _INDEX_DIGITS
    return digits and (name == "0" or name[0] != "0")
