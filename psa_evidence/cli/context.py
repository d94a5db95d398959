"""What most commands need at the edge: configuration, vault, connection, clock, who."""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from psa_evidence import __version__, configuration, keys, plugins
from psa_evidence.cli import options, output
from psa_evidence.configuration import Configuration
from psa_evidence.errors import ConfigurationError
from psa_evidence.isolation import OptionalExporter
from psa_evidence.spi import Connector, Exporter, Source
from psa_evidence.vault import Vault
from psa_evidence.vault.layout import KEY_BYTES

SOFTWARE = f"psa-evidence {__version__}"

ConfigOption = options.ConfigOption
ConnectionOption = options.ConnectionOption
JsonOption = options.JsonOption
QuietOption = options.QuietOption


def now() -> datetime:
    """The only clock of the program."""
    return datetime.now(UTC)


def who(settings: Configuration | None = None) -> str:
    """Who acts, for the custody log: the operating system's name for the user, after the configured one."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "unknown"
    return f"{settings.owner.name} ({user})" if settings is not None and settings.owner.name else user


def load(config: Path | None) -> Configuration:
    return configuration.load(configuration.find(config))


def open_vault(config: Configuration, *, create: bool = False) -> Vault:
    """The configured vault; made when `create` and there is none yet, with a copy of its salt key in the keyring where
    there is one."""
    path = config.vault_path
    if create and not (path / "vault.toml").exists():
        key = secrets.token_bytes(KEY_BYTES)
        vault = Vault.create(path, vault_id=_new_vault_id(), salt_key=key)
        keys.keep_salts(vault.id, key)
        return vault
    vault = Vault.open(path)
    if vault.behind:
        output.note(
            f"a capture that broke off could not be sealed now. {vault.behind.what} {vault.behind.why} "
            "What follows is of the sealed captures alone."
        )
    return vault


def _new_vault_id() -> str:
    import uuid  # noqa: PLC0415 - needed once in a vault's life

    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Connection:
    """A configured PSA, opened but not yet spoken to. `secrets` are only handed on, never shown."""

    name: str
    connector: Connector
    source: Source
    secrets: dict[str, str]


def connector_of(config: Configuration, name: str | None) -> tuple[str, Connector]:
    """The connector of a connection, without needing its keys (reading the vault needs none)."""
    connection, plugin, _ = config.connection(name)
    return connection, plugins.load_connector(plugin)


def connect(config: Configuration, name: str | None) -> Connection:
    """Raises ConfigurationError when a setting or a key is missing."""
    connection, plugin, settings = config.connection(name)
    connector = plugins.load_connector(plugin)
    secrets = keys.load(connection, connector.info.settings)
    return Connection(connection, connector, connector.open(settings, secrets), secrets)


@dataclass(frozen=True, slots=True)
class Exporters:
    """Those that load; `broken` says why others do not. A pack without a PDF is refused by the builder."""

    found: dict[str, Exporter]
    broken: tuple[str, ...]

    def failures(self) -> tuple[str, ...]:
        """What is not in the packs made with them: by a broken plug-in, or by one of another package that failed."""
        failed = [text for one in self.found.values() if isinstance(one, OptionalExporter) for text in one.failures]
        return tuple(f"{text} Its files are left out." for text in dict.fromkeys((*self.broken, *failed)))


def exporters() -> Exporters:
    """All exporters, loaded one at a time."""
    found: dict[str, Exporter] = {}
    broken: list[str] = []
    for name in dict.fromkeys(plugin.name for plugin in plugins.listed() if plugin.group == plugins.EXPORTERS):
        try:
            found[name] = plugins.load_exporter(name)
        except ConfigurationError as problem:
            broken.append(f"{problem.what} {problem.why}")
    return Exporters(found, tuple(broken))


def day(text: str | None, zone: str | None, *, end: bool = False) -> datetime | None:
    """`YYYY-MM-DD` as the instant that day begins (or, with `end`, the next day begins) in `zone`, in UTC."""
    if text is None:
        return None
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a date", next_step="write it as YYYY-MM-DD") from None
    if end:
        parsed += timedelta(days=1)
    return datetime.combine(parsed, time(), ZoneInfo(zone or "UTC")).astimezone(UTC)
