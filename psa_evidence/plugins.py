"""Plug-ins: found by their entry points, listed without being imported, loaded one at a time.

A plug-in that cannot be loaded, or is not what it says, is reported with its reason and harms no other. One of another
package is first loaded in a process of its own (`plugin_trial`), and is handed out behind a wall (`isolation`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from psa_evidence import plugin_trial
from psa_evidence.errors import ConfigurationError
from psa_evidence.foreign_code import foreign_code_comes
from psa_evidence.isolation import walled_connector, walled_exporter
from psa_evidence.spi import Connector, ConnectorInfo, Exporter, ExporterInfo

CONNECTORS: Final = "psa_evidence.connectors"
EXPORTERS: Final = "psa_evidence.exporters"
OURS: Final = "psa-evidence"
LONGEST_WORD: Final = 200
"""Names, titles and versions are shown in tables and sealed with captures."""


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
    return walled_connector(point.name, plugin) if _foreign(point) else plugin


def load_exporter(name: str) -> Exporter:
    """Raises ConfigurationError when there is none of that name, or it is broken."""
    loaded, point = _load(EXPORTERS, name, "exporter")
    plugin = _exporter(loaded)
    if plugin is None:
        raise _broken("exporter", point, f"What {point.value} names is not an exporter of this version.")
    return walled_exporter(point.name, plugin) if _foreign(point) else plugin


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether a listed plug-in loads; `problem` is empty when it does."""

    plugin: Listed
    title: str
    problem: str


def trial() -> tuple[Trial, ...]:
    """Load each listed plug-in by itself: for `plugins` and `doctor`."""
    found = listed()
    with ThreadPoolExecutor(4) as pool:
        points = [p for group in (CONNECTORS, EXPORTERS) for p in entry_points(group=group) if _foreign(p)]
        list(pool.map(_tried, points))  # side by side: each remembers its answer
    results = []
    for plugin in found:
        try:
            load = load_connector if plugin.group == CONNECTORS else load_exporter
            results.append(Trial(plugin, load(plugin.name).info.title, ""))
        except ConfigurationError as error:
            results.append(Trial(plugin, "", f"{error.what} {error.why}".strip()))
    return tuple(results)


def problem_of(group: str, name: str) -> str:
    """Load a plug-in here and now, whosever it is, and say why it cannot be used; empty when it can.

    It runs in a process that is there for nothing else: everything is caught.
    """
    word = "connector" if group == CONNECTORS else "exporter"
    try:
        loaded = _only(group, name, word).load()
        found = _connector(loaded) if group == CONNECTORS else _exporter(loaded)
    except BaseException as error:  # noqa: BLE001 - the plug-in's edge
        return _failed(error)
    return "" if found is not None else f"What it names is not {_with_article(word)} of this version."


def _load(group: str, name: str, word: str) -> tuple[object, EntryPoint]:
    point = _only(group, name, word)
    if _foreign(point):
        if problem := _tried(point):
            raise _broken(word, point, problem)
        foreign_code_comes()
    try:
        return point.load(), point
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the plug-in's edge: whatever it raises is its own failure
        raise _broken(word, point, _failed(error)) from error


def _only(group: str, name: str, word: str) -> EntryPoint:
    """The one entry point of that name."""
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
    return found[0]


def _foreign(point: EntryPoint) -> bool:
    return point.dist is None or point.dist.name.lower().replace("_", "-") != OURS


def _tried(point: EntryPoint) -> str:
    return plugin_trial.tried(point.group, point.name, point.value, plugin_trial.TRIAL_SECONDS)


def _failed(error: BaseException) -> str:
    return f"It failed with {type(error).__name__} when it was loaded."


def _with_article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _connector(plugin: object) -> Connector | None:
    """The plug-in when it is a connector. Asking runs its code, which may raise."""
    try:
        if not isinstance(plugin, Connector):
            return None
        info: object = plugin.info
        return plugin if isinstance(info, ConnectorInfo) and _words(info) else None
    except Exception:  # noqa: BLE001 - the plug-in's edge
        return None


def _exporter(plugin: object) -> Exporter | None:
    """The plug-in when it is an exporter. Asking runs its code, which may raise."""
    try:
        if not isinstance(plugin, Exporter):
            return None
        info: object = plugin.info
        return plugin if isinstance(info, ExporterInfo) and _words(info) else None
    except Exception:  # noqa: BLE001 - the plug-in's edge
        return None


def _words(info: ConnectorInfo | ExporterInfo) -> bool:
    """Whether name, title and version are texts of one short, printable line."""
    words: tuple[object, ...] = (info.name, info.title, info.version)
    return all(isinstance(word, str) and word.isprintable() and len(word) <= LONGEST_WORD for word in words)


def _broken(word: str, point: EntryPoint, why: str) -> ConfigurationError:
    origin = f" (from {point.dist.name} {point.dist.version})" if point.dist else ""
    return ConfigurationError(
        f"The {word} {point.name!r}{origin} cannot be used.",
        why=why,
        next_step="Update or uninstall the package that provides it; the other plug-ins are not affected.",
    )
