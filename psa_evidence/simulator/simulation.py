"""The state of one simulated PSA: its store, its knobs, its keys and what was asked of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import timedelta

from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.listing import Listings
from psa_evidence.simulator.overlay import Overlay
from psa_evidence.simulator.stats import Stats
from psa_evidence.simulator.store import Row, Store

CODEBASE = "v2025_1/"
UPGRADED_CODEBASE = "v2025_2/"
ALWAYS_CODEBASE = "v4_6_release/"
"""Answers before and after an upgrade."""


class Simulation:
    """Everything that changes while a server runs. Used from the server's one thread."""

    def __init__(
        self,
        store: Store,
        knobs: Knobs,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = Overlay(store, hostile=knobs.hostile)
        self.listings = Listings(self.store)
        self.keys = keys
        self.stats = Stats()
        self._knobs = knobs
        self._clock = clock
        self._window = (0.0, 0)
        self._number = 0
        self._pages = 0

    @property
    def knobs(self) -> Knobs:
        return self._knobs

    @knobs.setter
    def knobs(self, knobs: Knobs) -> None:
        self.store.hostile = knobs.hostile
        self._knobs = knobs

    @property
    def upgraded(self) -> bool:
        return 0 < self._knobs.upgrade_after <= self._number

    @property
    def codebase(self) -> str:
        return UPGRADED_CODEBASE if self.upgraded else CODEBASE

    def next_number(self) -> int:
        """Number the API requests from 1."""
        self._number += 1
        return self._number

    def accepts(self, codebase: str, number: int) -> bool:
        """Whether request `number` may use this codebase."""
        if codebase == ALWAYS_CODEBASE:
            return True
        upgraded = 0 < self._knobs.upgrade_after < number
        return codebase == (UPGRADED_CODEBASE if upgraded else CODEBASE)

    def wait_for_limit(self) -> int:
        """Seconds a client must wait, 0 when this request is within the limit."""
        limit = self._knobs.rate_limit
        if not limit:
            return 0
        now = self._clock()
        began, count = self._window
        if not count or now - began >= self._knobs.rate_window_s:
            began, count = now, 0
        if count >= limit:
            return max(1, math.ceil(began + self._knobs.rate_window_s - now))
        self._window = (began, count + 1)
        return 0

    def denied(self, path: str, template: str) -> bool:
        for denied in self._knobs.deny:
            wanted = denied.strip("/").lower()
            for asked in (path.lower(), template.lower().replace("/{id}", "")):
                if asked == wanted or asked.startswith(wanted + "/"):
                    return True
        return False

    def broken(self, path: str, query: str) -> bool:
        asked = f"{path}?{query}".lower()
        wanted = [one.strip("/").lower() for one in self._knobs.broken]
        return any(asked.startswith(one) and asked[len(one) : len(one) + 1] in {"", "/", "?", "&"} for one in wanted)

    def advance(self, days: float) -> None:
        self.store.advance(timedelta(days=days))

    def page_sent(self, resource: str, rows: list[Row]) -> None:
        """Let the data move after a page went out, when the knobs say so."""
        if not rows or not (self._knobs.change_every or self._knobs.delete_every):
            return
        self._pages += 1
        if self._knobs.change_every and self._pages % self._knobs.change_every == 0:
            self._touch(resource, rows[-1])
        if self._knobs.delete_every and self._pages % self._knobs.delete_every == 0 and "id" in rows[0]:
            self.store.delete(resource, rows[0]["id"])

    def _touch(self, resource: str, row: Row) -> None:
        if "id" not in row:
            return
        stamp = self.store.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        patch: Row = {"_info": {"lastUpdated": stamp, "updatedBy": "simulator"}}
        if isinstance(row.get("summary"), str):
            patch["summary"] = f"{row['summary']} (edited)"
        self.store.edit(resource, row["id"], patch)
