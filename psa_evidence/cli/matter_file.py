"""Writing a commented matter file for a client, ready to be filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from psa_evidence.cli import choosing, context, periods
from psa_evidence.configuration import Configuration, read_toml
from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import Matter, called, default_prefix, name_for, read_period, write_template


def write(
    settings: Configuration,
    *,
    matter: str,
    client: str,
    first: str,
    last: str,
    period: str | None = None,
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
    clients = context.open_vault(settings).clients(name)
    found = choosing.choose(clients, client, ask=True)
    since, until = _days(settings, name, found.id, first=first, last=last, period=period, zone=time_zone)
    slug = Matter(
        name=matter, client=found.name, connection=name, first_day=since, last_day=until, time_zone=time_zone
    ).slug
    settings.matters_path.mkdir(parents=True, exist_ok=True)
    return write_template(
        settings.matters_path / f"{slug}.toml",
        name=matter,
        client=name_for(clients, found),
        connection=name,
        since=since,
        until=until,
        time_zone=time_zone,
        bates_prefix=default_prefix(called(found), _prefixes(settings.matters_path)),
        paper=settings.packs.paper,
        parties=tuple((label, value) for label, value in (("MSP", settings.msp), ("Client", called(found))) if value),
    )


def _prefixes(folder: Path) -> set[str]:
    """Of the matter files that are there, as far as they can be read: no two matters may number pages alike."""
    found = set()
    for path in sorted(folder.glob("*.toml")):
        try:
            found.add(str(read_toml(path)["matter"]["bates_prefix"]))
        except (ConfigurationError, KeyError, TypeError):
            continue  # a file that cannot be read is said when it is built
    return found


def _days(
    settings: Configuration, connection: str, client: str, *, first: str, last: str, period: str | None, zone: str
) -> tuple[date, date]:
    """First and last day, from words or dates. "since" ends today: a matter file needs days that stay."""
    today = periods.today(zone)
    if period:
        found = read_period(
            period, today=today, contract_start=lambda: periods.contract_start(settings, connection, [client])
        )
        since, until = found.first, found.last
    else:
        since = read_period(first, today=today).first if first else None
        until = read_period(last, today=today).last if last else None
    if since is None or until is None:
        raise ConfigurationError(
            "the matter needs a first and a last day",
            next_step='add --from and --to, or --period such as "last 18 months"',
        )
    return since, until
