"""The months of a period, in the matter's zone."""

from __future__ import annotations

from datetime import date, datetime

from psa_evidence.pack.dossier import Dossier


def months(dossier: Dossier) -> tuple[str, ...]:
    """Every month that the period touches, as `YYYY-MM`."""
    first, last = dossier.matter.first_day, dossier.matter.last_day
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return tuple(
        f"{first.year + (first.month - 1 + n) // 12:04d}-{(first.month - 1 + n) % 12 + 1:02d}" for n in range(count)
    )


def month_of(dossier: Dossier, at: datetime | date | None) -> str | None:
    """The month in which something lies; None when it bears no time, or one outside the period."""
    if at is None:
        return None
    day = at.astimezone(dossier.zone).date() if isinstance(at, datetime) else at
    if not dossier.matter.first_day <= day <= dossier.matter.last_day:
        return None
    return f"{day:%Y-%m}"
