"""The CSV files beside the load file: its columns explained, the source records of each document, the facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC

from psa_evidence.spi import PackContent, Pagination, disarmed
from psa_evidence_loadfile.fields import FIELDS
from psa_evidence_loadfile.items import Item
from psa_evidence_loadfile.profile import PROFILES, Profile, load

FACT_HEAD = (
    "Date & Time", "Time Zone", "Fact Text", "Source(s)", "Linked Persons", "Linked Issues", "Side", "To", "Channel",
    "Record",
)  # fmt: skip
"""As CaseMap names them; CaseFleet and others map them on import (date, fact, source, people, issues)."""


def columns_csv(profile: Profile) -> bytes:
    """Column, meaning, and what the other profiles call it."""
    others = [load(name) for name in PROFILES if name != profile.name]
    head = ("column", "field", "part", "meaning", *(f"in profile {other.name}" for other in others))
    rows = [
        (
            column.name, column.field, column.part, FIELDS[column.field].meaning,
            *("; ".join(c.name for c in other.columns if c.field == column.field) for other in others),
        )
        for column in profile.columns
    ]  # fmt: skip
    return _csv(head, rows)


def records_csv(items: Iterable[Item]) -> bytes:
    """Every source record of every document: where its bytes lie in the pack, and their digest."""
    head = ("begbates", "endbates", "exhibit", "record", "path in the pack", "sha256", "bytes", "captured_at")
    rows = [
        (
            item.begin, item.end, item.document.exhibit, r.key, r.path, r.sha256, str(r.size),
            f"{r.captured_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
        for item in items if item.attached is None for r in item.document.records
    ]  # fmt: skip
    return _csv(head, rows)


def facts_csv(content: PackContent, pagination: Pagination) -> bytes:
    """The chronology, one fact a line, in UTC, each with the first Bates page of the exhibit that shows it."""
    rows = [
        (
            f"{e.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "UTC", e.text,
            pagination.exhibits[e.exhibit][0] if e.exhibit in pagination.exhibits else "",
            "; ".join(e.people), e.topic, e.side, e.to, e.channel, e.key,
        )
        for e in content.events
    ]  # fmt: skip
    return _csv(FACT_HEAD, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([disarmed(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="backslashreplace")
