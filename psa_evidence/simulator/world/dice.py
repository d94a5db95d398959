"""Randomness that repeats: every choice is drawn from a stable string, never from `hash()` or a clock."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def dice(*parts: object) -> random.Random:
    """A generator seeded by the text of `parts`. Only `random()` is used, whose sequence no Python version changes."""
    return random.Random("/".join(map(str, parts)))


def fraction(*parts: object) -> float:
    """A single draw in [0, 1), cheaper than a generator."""
    text = "/".join(map(str, parts)).encode()
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") / (1 << 56)


def pick(rng: random.Random, items: Sequence[T]) -> T:
    return items[int(rng.random() * len(items))]


def between(rng: random.Random, low: int, high: int) -> int:
    """A whole number, both ends included."""
    return low + int(rng.random() * (high - low + 1))


def weighted(rng: random.Random, items: Sequence[tuple[T, float]]) -> T:
    mark = rng.random() * sum(weight for _, weight in items)
    for item, weight in items:
        mark -= weight
        if mark < 0:
            return item
    return items[-1][0]


def skewed(rng: random.Random, median: float, spread: float) -> float:
    """A positive number around `median` with a long tail: the sum of twelve draws stands in for a normal one."""
    bell = sum([rng.random() for _ in range(12)]) - 6.0
    return float(median * 2.0 ** (spread * bell))
