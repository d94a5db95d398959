"""A capture that reads everything again, whatever earlier ones have."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from psa_evidence.capture.guard import GuardedRecorder
from psa_evidence.spi import Exchange, Recorder, Sighting


class AnewRecorder(GuardedRecorder):
    """Tells the connector of no earlier capture: it asks for whole lists and for all that hangs on their records.

    So are found: edits that the PSA does not date, and what was taken off a record that stayed as it was.
    """

    def __init__(self, inner: Recorder, secrets: Collection[str]) -> None:
        super().__init__(inner, secrets)
        self._completed: dict[str, str] = {}

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        super().keep(exchange, sightings, unit=unit, basis=basis)
        if unit is not None:
            self._completed[unit] = basis

    def done(self, unit: str, basis: str = "") -> bool:
        """Whether this capture completed it."""
        return self._completed.get(unit) == basis

    def changed_since(self, resource: str) -> datetime | None:  # noqa: ARG002 - of every resource
        return None
