"""Told stories: what a dispute is made of, each with its truth for the answer key."""

from psa_evidence.simulator.world.stories import (
    backup,
    clock_cases,
    firewall,
    history_cases,
    offboarding,
    pauses,
    quality,
    unpaid,
)  # fmt: skip
from psa_evidence.simulator.world.stories.cast import Cast

__all__ = ["Cast", "tell_all"]


def tell_all(cast: Cast) -> None:
    for chapter in (clock_cases, history_cases, pauses, backup, firewall, quality, unpaid, offboarding):
        chapter.tell(cast)
