"""A computer's clock that stands before the last seal: a seal made by it would contradict the chain.

Check 10.5 of every later pack would fail, for good: a seal cannot be made anew. So none is made until the clock is
right; a capture that had ended already is kept, whole, and is sealed then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import Seal
from psa_evidence.vault.times import instant

TOLERANCE: Final = timedelta(minutes=10)
"""Clocks are corrected by seconds or minutes; check 10.5 allows as much."""
FACT: Final = "clock_set_back_seconds"
"""What a capture states when it ended, by this computer's clock, before it began: the times of its exchanges do not
follow each other."""


def is_set_back(seals: Sequence[Seal], now: datetime) -> bool:
    return bool(seals) and now < instant(seals[-1].sealed_at) - TOLERANCE


def refuse_clock_set_back(seals: Sequence[Seal], now: datetime) -> None:
    """Raises ConfigurationError when a seal made now would say that it is older than the last of `seals`."""
    if is_set_back(seals, now):
        raise ConfigurationError(
            f"This computer's clock ({now:%Y-%m-%d %H:%M} UTC) is before the last seal of the vault "
            f"({instant(seals[-1].sealed_at):%Y-%m-%d %H:%M} UTC).",
            why="A seal made now would say that it is older than the one it follows: every pack with both would fail.",
            next_step="Set the clock. A capture that has ended already is kept, and the next run seals it. If the "
            "clock is right and was ahead when that seal was made, wait until that time is past, or keep this vault "
            "and name a new folder under [vault] in psa-evidence.toml.",
        )
