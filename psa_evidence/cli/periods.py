"""Periods on the command line, in words or dates, as the instants that a scope needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from psa_evidence.cli import context
from psa_evidence.configuration import Configuration
from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.matter import Period, read_period

PeriodOption = Annotated[
    str | None,
    typer.Option("--period", metavar="WORDS", help='Such as "last 18 months", "March 2026", "since contract start".'),
]

Bounds = tuple[datetime | None, datetime | None]


def today(zone: str | None) -> date:
    return context.now().astimezone(ZoneInfo(zone or "UTC")).date()


def bounds(
    settings: Configuration,
    *,
    period: str | None,
    since: str | None,
    until: str | None,
    contract_start: Callable[[], date | None] | None = None,
) -> Bounds:
    """First instant in, first instant out, UTC. Raises ConfigurationError."""
    if period and (since or until):
        raise ConfigurationError("--period goes without --since and --until", next_step="leave out one or the other")
    day = today(settings.time_zone)
    if period:
        found = read_period(period, today=day, contract_start=contract_start)
    else:
        found = Period(
            read_period(since, today=day).first if since else None,
            read_period(until, today=day).last if until else None,
        )
    if found.first and found.last and found.last < found.first:
        raise ConfigurationError("the period ends before it begins", next_step="exchange --since and --until")
    after = None if found.last is None else found.last + timedelta(days=1)
    return _instant(found.first, settings.time_zone), _instant(after, settings.time_zone)


def contract_start(settings: Configuration, connection: str, clients: Sequence[str]) -> date | None:
    """The first day of the earliest agreement of the one client given, from the vault; None when it is not known."""
    if len(clients) != 1 or not (settings.vault_path / "vault.toml").exists():
        return None
    _, connector = context.connector_of(settings, connection)
    try:
        raw = context.open_vault(settings).select(connection=connection, client=clients[0])
    except EvidenceError:
        return None
    found = connector.interpret([record for record in raw if record.kind == "agreement"])
    return min((one.start for one in found.agreements if one.start is not None), default=None)


def _instant(day: date | None, zone: str | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), ZoneInfo(zone or "UTC")).astimezone(UTC)
