"""What was asked of the simulated PSA."""

from __future__ import annotations

from collections import Counter
from typing import Any

MAX_RECORDED = 1000
"""Attempts to write that are kept by name; more are only counted."""


class Stats:
    def __init__(self) -> None:
        self.requests = 0
        self.paths: Counter[str] = Counter()
        self.methods: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.write_attempts: list[str] = []
        self.in_flight = 0
        self.peak = 0

    def begin(self, method: str, template: str) -> None:
        self.requests += 1
        self.paths[template] += 1
        self.methods[method] += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)

    def end(self, status: int) -> None:
        self.statuses[status] += 1
        self.in_flight -= 1

    def attempt(self, method: str, template: str) -> None:
        """Note a call that would have changed a real PSA."""
        if len(self.write_attempts) < MAX_RECORDED:
            self.write_attempts.append(f"{method} {template}")

    def reset(self) -> None:
        """Begin anew; requests under way stay counted as such."""
        under_way = self.in_flight
        self.__init__()  # type: ignore[misc]
        self.in_flight = self.peak = under_way

    def as_json(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "paths": dict(sorted(self.paths.items())),
            "methods": dict(sorted(self.methods.items())),
            "statuses": {str(status): n for status, n in sorted(self.statuses.items())},
            "write_attempts": list(self.write_attempts),
            "peak_concurrency": self.peak,
        }
