"""Writing a commented matter file for a client, ready to be filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from psa_evidence.cli import context
from psa_evidence.configuration import Configuration
from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import Matter, match_client, write_template


def write(
    settings: Configuration,
    *,
    matter: str,
    client: str,
    first: str,
    last: str,
    connection: str | None,
    zone: str | None,
) -> Path:
    """Write `<matters>/<matter>.toml`. The client must have been captured. Raises ConfigurationError."""
    name, _, _ = settings.connection(connection)
    time_zone = zone or settings.time_zone
    if not time_zone:
        raise ConfigurationError(
            "the matter needs a time zone", next_step="add --time-zone, or time_zone = to psa-evidence.toml"
        )
    found = match_client(context.open_vault(settings).clients(name), client)
    since, until = _date(first), _date(last)
    slug = Matter(
        name=matter, client=found.name, connection=name, first_day=since, last_day=until, time_zone=time_zone
    ).slug
    settings.matters_path.mkdir(parents=True, exist_ok=True)
    return write_template(
        settings.matters_path / f"{slug}.toml",
        name=matter,
        client=found.name,
        connection=name,
        since=since,
        until=until,
        time_zone=time_zone,
        paper=settings.packs.paper,
        parties=tuple((label, value) for label, value in (("MSP", settings.msp), ("Client", found.name)) if value),
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a date", next_step="write it as YYYY-MM-DD") from None
