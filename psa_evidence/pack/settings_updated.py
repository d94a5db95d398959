"""When each setting of the PSA was last updated, and by whom, as the setting itself says: all that a PSA gives of the
history of its set-up to a reader who was not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from psa_evidence.format.compare import text_at
from psa_evidence.records import REFERENCE_KINDS, Kind
from psa_evidence.spi import ConnectorInfo, RawRecord
from psa_evidence.vault.settings_history import SETTING_KINDS


@dataclass(frozen=True, slots=True)
class SettingUpdated:
    """`at` is None where the setting does not say; `by` is empty then, or when nobody is named."""

    kind: Kind
    id: str
    at: datetime | None = None
    by: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"


def settings_updated(raw: Iterable[RawRecord], info: ConnectorInfo) -> tuple[SettingUpdated, ...]:
    """Of the settings that figures rest on, in the order of `raw`."""
    return tuple(
        SettingUpdated(r.kind, r.id, at, text_at(r.body, info.editor) or "" if at is not None and info.editor else "")
        for r in raw
        if r.kind in SETTING_KINDS & REFERENCE_KINDS
        for at in (_instant(text_at(r.body, info.edited_at)) if info.edited_at else None,)
    )


def _instant(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
