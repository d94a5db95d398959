"""Plug-ins: found by their entry points, listed without being imported, loaded one at a time.

A plug-in that cannot be loaded, or is not what it says, is reported with its reason and harms no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence.spi import Connector, ConnectorInfo, Exporter, ExporterInfo

CONNECTORS: Final = "psa_evidence.connectors"
EXPORTERS: Final = "psa_evidence.exporters"


@dataclass(frozen=True, slots=True)
class Listed:
    """A plug-in as its distribution announces it; nothing of it was imported."""

    group: str
    name: str
    target: str
    distribution: str
    version: str


def listed() -> tuple[Listed, ...]:
    """All plug-ins, connectors first, ordered by name."""
    found = [
        Listed(
            group,
            point.name,
            point.value,
            point.dist.name if point.dist else "",
            point.dist.version if point.dist else "",
        )
        for group in (CONNECTORS, EXPORTERS)
        for point in entry_points(group=group)
    ]
    return tuple(sorted(set(found), key=lambda p: (p.group, p.name, p.distribution)))


def load_connector(name: str) -> Connector:
    """Raises ConfigurationError when there is none of that name, or it is broken."""
    loaded, point = _load(CONNECTORS, name, "connector")
    plugin = _connector(loaded)
    if plugin is None:
        raise _broken("connector", point, f"What {point.value} names is not a connector of this version.")
    return plugin


def load_exporter(name: str) -> Exporter:
    """Raises ConfigurationError when there is none of that name, or it is broken."""
    loaded, point = _load(EXPORTERS, name, "exporter")
    plugin = _exporter(loaded)
    if plugin is None:
        raise _broken("exporter", point, f"What {point.value} names is not an exporter of this version.")
    return plugin


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether a listed plug-in loads; `problem` is empty when it does."""

    plugin: Listed
    title: str
    problem: str


def trial() -> tuple[Trial, ...]:
    """Load each listed plug-in by itself: for `plugins` and `doctor`."""
    results = []
    for plugin in listed():
        try:
            load = load_connector if plugin.group == CONNECTORS else load_exporter
            results.append(Trial(plugin, load(plugin.name).info.title, ""))
        except ConfigurationError as error:
            results.append(Trial(plugin, "", f"{error.what} {error.why}".strip()))
    return tuple(results)


def _load(group: str, name: str, word: str) -> tuple[object, EntryPoint]:
    found = list(entry_points(group=group, name=name))
    if not found:
        known = ", ".join(sorted({p.name for p in entry_points(group=group)})) or "none"
        raise ConfigurationError(
            f"There is no {word} called {name!r}.",
            why=f"Installed: {known}.",
            next_step="Correct the name, or install the package that provides it.",
        )
    if len({point.value for point in found}) > 1:
        raise ConfigurationError(
            f"Several packages provide a {word} called {name!r}.",
            why=", ".join(sorted(point.dist.name if point.dist else point.value for point in found)),
            next_step="Uninstall all but one of them.",
        )
    try:
        return found[0].load(), found[0]
    except (Exception, SystemExit) as error:  # the plug-in's edge: whatever it raises is its own failure
        raise _broken(word, found[0], f"It failed with {type(error).__name__} when it was loaded.") from error


def _connector(plugin: object) -> Connector | None:
    """The plug-in when it is a connector. Asking runs its code, which may raise."""
    try:
        return plugin if isinstance(plugin, Connector) and isinstance(plugin.info, ConnectorInfo) else None
    except Exception:  # noqa: BLE001 - the plug-in's edge
        return None


def _exporter(plugin: object) -> Exporter | None:
    """The plug-in when it is an exporter. Asking runs its code, which may raise."""
    try:
        return plugin if isinstance(plugin, Exporter) and isinstance(plugin.info, ExporterInfo) else None
    except Exception:  # noqa: BLE001 - the plug-in's edge
        return None


def _broken(word: str, point: EntryPoint, why: str) -> ConfigurationError:
    origin = f" (from {point.dist.name} {point.dist.version})" if point.dist else ""
    return ConfigurationError(
        f"The {word} {point.name!r}{origin} cannot be used.",
        why=why,
        next_step="Update or uninstall the package that provides it; the other plug-ins are not affected.",
    )
