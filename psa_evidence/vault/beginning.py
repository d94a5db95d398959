"""How a capture begins: its folder, the first line of its record list, and what it need not fetch again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from psa_evidence.spi import SPI_VERSION, ConnectorInfo, Scope
from psa_evidence.vault.durable import Disk, storage_errors
from psa_evidence.vault.files import RECORDS
from psa_evidence.vault.info import CaptureInfo, covers, scope_document
from psa_evidence.vault.keeping import CLOCK_OFFSET, SOFTWARE
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.lines import RECORDS_FORMAT, line_of, pack
from psa_evidence.vault.times import instant, stamp

OVERLAP: Final = timedelta(minutes=10)
"""Asked for again before the start of the last capture that had it: clocks differ, and writes take time to show."""

MOST_BEHIND: Final = 10 * 366 * 86400
"""Seconds; a clock farther behind is no clock."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")


def head(vault: str, connection: str, connector: ConnectorInfo, scope: Scope, started_at: datetime) -> dict[str, Any]:
    """The first line of the record list; from it a capture that was cut off is known."""
    return {
        "format": RECORDS_FORMAT,
        "vault": vault,
        "connection": connection,
        "connector": {"name": connector.name, "version": connector.version, "spi": SPI_VERSION},
        "software": SOFTWARE,
        "scope": scope_document(scope),
        "started_at": stamp(started_at),
    }


def new_folder(layout: Layout, disk: Disk, head: dict[str, Any]) -> Path:
    """Make the capture's folder; it gets its name only when its record list has its first line."""
    at = instant(head["started_at"])
    wanted = f"{at:%Y%m%dT%H%M%SZ}-{_UNSAFE.sub('-', head['connector']['name'])}"
    taken, name, number = {known.casefold() for known in layout.capture_ids()}, wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}-{number}"
    unborn = layout.captures / f".{name}"
    with storage_errors(unborn):
        unborn.mkdir()
    disk.replace(unborn / RECORDS, pack([line_of({**head, "capture": name})]))
    folder = layout.captures / name
    disk.rename_folder(unborn, folder)
    return folder


def changes(captures: Iterable[CaptureInfo], connection: str, scope: Scope) -> Callable[[str], datetime | None]:
    """Answers `Recorder.changed_since` for one run: from the newest capture of this connection that covers the scope
    and had the whole of the resource, less the overlap and what the source's clock was behind ours. Another resource
    that was missing there does not matter."""
    covering = [
        info
        for info in captures
        if info.connection == connection and info.state != "failed" and covers(info.scope, scope)
    ]

    def answer(resource: str) -> datetime | None:
        began = [
            info.started_at + _behind(info) for info in covering
            if resource in info.counts and not _lacks(info, resource)
        ]  # fmt: skip
        return max(began) - OVERLAP if began else None

    return answer


def _behind(info: CaptureInfo) -> timedelta:
    """How far the source's clock stood behind ours, zero or less: its changes bear its own time."""
    offset = info.facts.get(CLOCK_OFFSET)
    if not isinstance(offset, int | float) or isinstance(offset, bool) or not -MOST_BEHIND < offset < 0:
        return timedelta()
    return timedelta(seconds=offset)


def _lacks(info: CaptureInfo, resource: str) -> bool:
    """Whether anything of the resource, or of what hangs on it (`resource/...`), was missing."""
    named = (str(item.get("resource", "")) for item in info.missing)
    return any(name == resource or name.startswith(f"{resource}/") for name in named)
