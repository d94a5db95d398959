"""The log of what a copy withholds: enough to judge each claim, nothing of what is withheld (FRCP 26(b)(5)(A))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from psa_evidence.pack.deciding import Decision, Decisions
from psa_evidence.pack.wording import utc
from psa_evidence.records import RecordSet, SourceRef
from psa_evidence.spi import RawRecord

COLUMNS: Final = (
    "number", "placeholder", "record", "kind", "date", "author", "side", "family", "withheld", "fields", "privilege",
    "reason", "description", "rule",
)  # fmt: skip
IN_FULL: Final = "in full"
IN_PART: Final = "in part"
EARLIER: Final = "in full, an earlier version"


def log_rows(
    decisions: Decisions, raw: Sequence[RawRecord], records: RecordSet, masked: Mapping[str, Sequence[str]],
    earlier: Sequence[RawRecord] = (), read: Sequence[RecordSet] = (),
) -> tuple[tuple[str, ...], ...]:  # fmt: skip
    """A row for each record withheld in full, for each reason for which fields of one are not shown, and for each of
    `earlier`: versions withheld in full of records that are shown, of which `read` is what they say. `raw` are the
    records in scope; `masked` are the fields of each in which a masked term stood."""
    about = _about(records)
    rows: list[tuple[str, ...]] = []

    def add(record: RawRecord, how: str, names: Iterable[str], decision: Decision) -> None:
        author, side, at = about.get(record.key, ("", "", None))
        if how == EARLIER:
            author, side, at = _about_version(record, read)
        number = str(len(rows) + 1)
        rows.append(
            (
                number, f"WITHHELD-{number}", record.key, record.kind, utc(at), decisions.masker.masked(author), side,
                record.parent or "", how, " ".join(names), decision.privilege, decision.reason, decision.description,
                decision.rule,
            )
        )  # fmt: skip

    for record in raw:
        if (whole := decisions.records.get(record.key)) is not None:
            add(record, IN_FULL, (), whole)
            continue
        by_decision: dict[Decision, list[str]] = {}
        for name, decision in decisions.fields.get(record.key, {}).items():
            by_decision.setdefault(decision, []).append(name)
        if decisions.mask is not None and masked.get(record.key):
            by_decision.setdefault(decisions.mask, []).extend(masked[record.key])
        for decision, names in by_decision.items():
            add(record, IN_PART, names, decision)
    for record in earlier:
        add(record, EARLIER, (), decisions.versions[record.key, record.sha256])
    return tuple(rows)


def _about_version(record: RawRecord, read: Sequence[RecordSet]) -> tuple[str, str, datetime | None]:
    for one in read:
        for message in one.messages:
            if (message.source.key, message.source.sha256) == (record.key, record.sha256):
                return message.author or "", message.side, message.at
    return "", "", None


def _about(records: RecordSet) -> dict[str, tuple[str, str, datetime | None]]:
    """Author, side and time of each record, as far as its kind has them."""
    found: dict[str, tuple[str, str, datetime | None]] = {}
    for field in fields(records):
        value: Any = getattr(records, field.name)
        for record in value if isinstance(value, tuple) else (value,):
            source = getattr(record, "source", None)
            if isinstance(source, SourceRef) and source.key not in found:
                found[source.key] = (_first(record, _AUTHORS) or "", getattr(record, "side", "") or "", _time(record))
    return found


_AUTHORS: Final = ("author", "member", "by", "entered_by")
_TIMES: Final = ("at", "entered_at", "started_at", "starts_at")


def _first(record: object, names: Sequence[str]) -> str | None:
    values = (getattr(record, name, None) for name in names)
    return next((v for v in values if isinstance(v, str) and v), None)


def _time(record: object) -> datetime | None:
    values = (getattr(record, name, None) for name in _TIMES)
    return next((v for v in values if isinstance(v, datetime)), None)
