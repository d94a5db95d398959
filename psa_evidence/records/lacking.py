"""What a capture could not get, as far as it names the record: absence here proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psa_evidence.records.source import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Records of `kind` that hang on `parent` (`ticket/17`; None: on whichever) may exist that nobody has seen.

    `reason` is the capture's word for why (`spi.MISSING_REASONS`); `capture` the last one that tried, which ended, or
    began when its end is not known, at `at`.
    """

    parent: str | None
    kind: Kind
    reason: str
    capture: str
    at: datetime
