"""The settings as each capture knew them: what the SLA promised when a ticket was entered, not only what it says now.

For each capture the newest version of each record that it or an earlier one saw, without those found to be gone by
then. A record first seen later stands in with its earliest version, since a setting that a ticket of that time names
was there and only not captured yet. A target or holiday does so only together with its SLA or list: added to one that
was known without it, it was no promise then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.records import Kind
from psa_evidence.spi import RawRecord
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.schema import captures, tombstones, versions

SETTING_KINDS: Final[frozenset[Kind]] = frozenset({
    "board", "calendar", "holiday", "holiday_list", "my_company", "priority", "sla", "sla_target", "status",
    "system_info", "time_zone",
})  # fmt: skip
"""Of the MSP; the client's own record and its agreements name SLAs and calendars too."""
_OF_CLIENT: Final = ("agreement", "client")
SETTINGS_IN_FORCE: Final[frozenset[Kind]] = frozenset({*SETTING_KINDS, "agreement", "client"})
"""Kinds of what `known_at_each` gives."""
_HANGING: Final = frozenset({"sla_target", "holiday"})
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCapture:
    """What `capture`, complete at `at` (UTC), knew. Captures that knew the same share `records`."""

    capture: str
    at: datetime
    records: tuple[RawRecord, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    n: int
    capture: int
    key: Key
    parent: Key | None


def known_at_each(
    db: sa.Connection, connection: str, client: str, infos: Sequence[CaptureInfo]
) -> list[tuple[CaptureInfo, frozenset[int]]]:
    """For each capture of the connection that has settings, oldest first, the numbers of the versions in force."""
    seen = _seen(db, connection, client)
    gone = _gone(db, connection)
    numbers = {row.id: row.number for row in db.execute(sa.select(captures.c.id, captures.c.number))}
    found: list[tuple[CaptureInfo, frozenset[int]]] = []
    for info in infos:
        number = numbers.get(info.id)
        if info.connection != connection or number is None:
            continue
        if info.state == "failed" and not any(one.capture == number for one in seen):
            continue
        known: dict[Key, _Seen] = {}
        later: dict[Key, _Seen] = {}
        for one in seen:
            if one.capture <= number:
                known[one.key] = one
            elif one.key not in known:
                later.setdefault(one.key, one)
        if not known:
            continue
        there = {
            key: one for key, one in known.items()
            if not any(one.capture <= capture <= number for capture in gone.get(key, ()))
        }  # fmt: skip
        fill = [
            one for key, one in later.items()
            if key not in known and (key[0] not in _HANGING or one.parent not in known)
        ]  # fmt: skip
        found.append((info, frozenset(one.n for one in (*there.values(), *fill))))
    return found


def _seen(db: sa.Connection, connection: str, client: str) -> list[_Seen]:
    v = versions.c
    sealed = sa.select(sa.func.coalesce(sa.func.max(captures.c.number), 0)).scalar_subquery()
    query = sa.select(v.n, v.capture, v.kind, v.id, v.parent_kind, v.parent_id).where(
        v.connection == connection,
        v.capture <= sealed,
        sa.or_(
            v.kind.in_(sorted(SETTING_KINDS)),
            sa.and_(v.kind.in_(_OF_CLIENT), sa.or_(v.client == client, sa.and_(v.kind == "client", v.id == client))),
        ),
    )
    rows: Sequence[Any] = db.execute(query.order_by(v.n)).all()
    return [
        _Seen(r.n, r.capture, (r.kind, r.id), None if r.parent_kind is None else (r.parent_kind, r.parent_id))
        for r in rows
    ]


def _gone(db: sa.Connection, connection: str) -> dict[Key, list[int]]:
    t = tombstones.c
    query = sa.select(t.kind, t.id, t.capture).where(t.connection == connection, t.kind.in_(sorted(SETTING_KINDS)))
    found: dict[Key, list[int]] = {}
    for row in db.execute(query):
        found.setdefault((row.kind, row.id), []).append(row.capture)
    return found
