"""When a capture ran, as its seal shows it: from the second in its name to when the seal was made. Clocks are set: both
are by that of the computer that captured, and what is said of them is held to some minutes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from psa_evidence.format import Seal
from psa_evidence.verify.documents import second_of
from psa_evidence.verify.tables import is_instant
from psa_evidence.verify.time_order import TOLERANCE

_BEGAN: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-", re.ASCII)
"""How the name of a capture begins (docs/format/vault.md)."""
_TOLERANCE: Final = int(TOLERANCE.total_seconds())


def began(capture: str) -> int | None:
    """Whole seconds since 1970; None where the name does not say it."""
    name = _BEGAN.match(capture)
    return second_of(name.expand(r"\1-\2-\3T\4:\5:\6Z")) if name is not None else None


def is_within(cell: str, seal: Seal) -> bool:
    """Whether an instant of a table lies in the capture that the seal closed, as far as its times are known."""
    return _lies(cell, seal.capture, seal.sealed_at)


@lru_cache(maxsize=4096)  # a capture gets many records in one second
def _lies(cell: str, capture: str, sealed_at: str) -> bool:
    first, ended = began(capture), second_of(sealed_at)
    at = second_of(cell) if is_instant(cell) else None
    if at is None:
        return False
    if ended is None:
        return True
    earliest = ended if first is None else min(first, ended)
    return (first is None or at >= earliest - _TOLERANCE) and at <= ended + _TOLERANCE
