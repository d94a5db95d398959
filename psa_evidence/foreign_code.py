"""What is to be done before code of another package is loaded into this process; nothing else is imported for it."""

from __future__ import annotations

from collections.abc import Callable

_before: list[Callable[[], None]] = []


def before_foreign_code(call: Callable[[], None]) -> None:
    """Have `call` called before code of another package is loaded into this process."""
    _before[:] = [call]


def foreign_code_comes() -> None:
    """Call what was asked for."""
    for call in _before:
        call()
