"""What doctor looks at on this machine: vault, lock, disk, time zones, fonts."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psa_evidence.cli import context
from psa_evidence.configuration import Configuration
from psa_evidence.errors import EvidenceError
from psa_evidence.isolation import OptionalExporter
from psa_evidence.spi import Check
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.lock import Lock

ENOUGH_DISK_BYTES = 2 * 1024**3
"""A first capture of a mid-sized MSP is some hundreds of megabytes."""
ZONES = ("America/New_York", "America/Los_Angeles", "Europe/London", "Australia/Sydney")
"""Zones with summer time that most MSPs count in; where they are missing, so is the zone data."""
FONTS = ("ttf", "otf")


def checks(settings: Configuration) -> list[Check]:
    path = settings.vault_path
    return [*_vault(settings), _disk(path), _zones(settings.time_zone), _fonts(fonts())]


def _vault(settings: Configuration) -> list[Check]:
    path = settings.vault_path
    if not (path / "vault.toml").exists():
        if _writable(_nearest(path)):
            return [Check(id="vault", status="ok", detail="none yet; the first capture makes it")]
        return [_unwritable("vault")]
    lines = []
    try:
        vault = context.open_vault(settings)
        lines.append(Check(id="vault", status="ok", detail=f"{len(vault.captures())} captures"))
    except EvidenceError as problem:
        return [Check(id="vault", status="failed", detail=problem.what, next_step=problem.next_step)]
    lines.append(Check(id="vault/write", status="ok", detail="the vault can be written") if _writable(path)
                 else _unwritable("vault/write"))  # fmt: skip
    if _locked(path):
        lines.append(
            Check(
                id="vault/lock", status="warning", detail="another run is writing to the vault",
                next_step="wait until it ends; a run that was killed frees the vault by itself",
            )
        )  # fmt: skip
    else:
        lines.append(Check(id="vault/lock", status="ok", detail="nobody else writes to the vault"))
    return lines


def _unwritable(name: str) -> Check:
    return Check(
        id=name, status="failed", detail="the vault's folder cannot be written",
        next_step="give your account the right to write there, or move the vault (vault = in psa-evidence.toml)",
    )  # fmt: skip


def _locked(path: Path) -> bool:
    lock = Lock(Layout(path).lock)
    try:
        return not lock.try_acquire(context.now())
    except EvidenceError:
        return False  # it cannot be written at all: said already
    finally:
        lock.release()


def _nearest(path: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    return next(parent for parent in (path, *path.resolve().parents) if parent.is_dir())


def _writable(folder: Path) -> bool:
    """Tried, not asked: on network drives and under Windows the rights say little."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".doctor-", dir=folder)
        os.close(descriptor)
        Path(name).unlink()
    except OSError:
        return False
    return True


def _disk(path: Path) -> Check:
    free = shutil.disk_usage(_nearest(path)).free
    enough = free >= ENOUGH_DISK_BYTES
    return Check(
        id="disk",
        status="ok" if enough else "warning",
        detail=f"{free // 1024**2:,} MiB free where the vault is",
        next_step="" if enough else "free some room, or put the vault on another disk",
    )


def _zones(own: str | None) -> Check:
    missing = [name for name in (*ZONES, *([own] if own else [])) if not _known(name)]
    if missing:
        return Check(
            id="zone data", status="failed", detail=f"time zones are not known here: {', '.join(missing)}",
            next_step="install the Python package tzdata; without it no SLA can be computed",
        )  # fmt: skip
    return Check(id="zone data", status="ok", detail="time zones are known")


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _fonts(number: int) -> Check:
    if number:
        return Check(id="fonts", status="ok", detail=f"{number} fonts of our own; the machine's are not used")
    return Check(
        id="fonts", status="failed", detail="no exporter brings fonts: no PDF can be laid out",
        next_step="install psa-evidence again; its PDF exporter brings its fonts along",
    )  # fmt: skip


def fonts() -> int:
    """Font files in the packages of the exporters that load."""
    waiting: list[Traversable] = [
        files(type(exporter).__module__.partition(".")[0])
        for exporter in context.exporters().found.values()
        if not isinstance(exporter, OptionalExporter)
    ]
    number = 0
    while waiting:
        for entry in waiting.pop().iterdir():
            if entry.is_dir():
                waiting.append(entry)
            elif entry.name.rpartition(".")[2].casefold() in FONTS:
                number += 1
    return number
