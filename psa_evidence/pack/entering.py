"""A finished pack and its entry in the custody log: neither without the other, also when the process dies between.

What the log is to say is written into the vault before the pack gets its name, and removed when the entry stands. What
is found there later, of a build whose process is gone, is entered then; the entry says that it was entered later.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import StorageError
from psa_evidence.format import FormatError, canonical, parse
from psa_evidence.pack.folder import HELD, SCRATCH
from psa_evidence.vault import Disk, Vault
from psa_evidence.vault.durable import storage_errors
from psa_evidence.vault.layout import EXPORTS
from psa_evidence.vault.lock import Lock
from psa_evidence.vault.times import stamp

FINGERPRINTED: Final = "tagmanifest-sha256.txt"
"""Its SHA-256 is the fingerprint of the whole pack."""
LATER: Final = "later: the run that made the pack ended before it could"
MAX_BYTES: Final = 64 * 1024
"""A statement has some dozens of short members."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the custody log is to say of one pack, in a file of the vault."""

    vault: Vault
    path: Path
    detail: Mapping[str, Any]
    who: str
    at: datetime

    @classmethod
    def made(cls, vault: Vault, bag: Path, name: str, detail: Mapping[str, Any], *, who: str,
             at: datetime) -> Statement:  # fmt: skip
        """Of the pack in `bag`, which is whole and not renamed yet. Raises StorageError."""
        path = vault.path / EXPORTS / f"{bag.name.strip('.').rpartition('.')[0]}.json"
        with storage_errors(path):
            path.parent.mkdir(exist_ok=True)
        said = {"bag": str(bag.absolute()), "name": name, "detail": dict(detail), "who": who, "at": stamp(at)}
        Disk().replace(path, canonical(said))
        Disk().sync_folder(vault.path)
        return cls(vault, path, detail, who, at)

    def enter(self, folder: Path) -> None:
        """The pack has its name. Raises StorageError; the statement stays then."""
        self.vault.log("exported", folder.name, self.detail, who=self.who, at=self.at)
        self.withdraw()

    def withdraw(self) -> None:
        """It is said, or there will be no such pack."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def enter_left(vault: Vault, *, who: str, now: datetime, pack: Path | None = None) -> int:
    """Enter what builds that ended by force left unsaid; returns how many packs.

    A pack is looked for where it was made, and in `pack`; one that is nowhere is not entered, and its statement stays.
    Raises StorageError.
    """
    entered = 0
    for path in sorted((vault.path / EXPORTS).glob("*.json")):
        said = _read(path)
        if said is None:
            continue
        bag = Path(said["bag"])
        lock = Lock(bag.with_suffix(HELD))
        try:
            if not bag.parent.is_dir() or not lock.try_acquire(now):
                continue  # on a disk that is not there now, or being made
        except StorageError:
            continue
        try:
            if bag.exists():  # it was never given its name, and goes with the next build there
                path.unlink(missing_ok=True)
            elif name := _name(said, [*bag.parent.glob(f"{said['name']}*"), *([pack] if pack else [])]):
                entered += _enter(vault, said, name, who=who, now=now)
                path.unlink(missing_ok=True)
        finally:
            lock.release()
            with contextlib.suppress(OSError):
                if not bag.exists():
                    lock.path.unlink()
    return entered


def _name(said: Mapping[str, Any], folders: Iterable[Path]) -> str | None:
    """Of the folder that has the fingerprint stated."""
    return next(
        (p.resolve().name for p in sorted(folders) if _fingerprint(p) == said["detail"].get("fingerprint")), None
    )


def _enter(vault: Vault, said: Mapping[str, Any], name: str, *, who: str, now: datetime) -> bool:
    """False when it is in the log already."""
    for entry in vault.custody.read():
        if entry["action"] == "exported" and entry["detail"].get("fingerprint") == said["detail"].get("fingerprint"):
            return False
    detail = {**said["detail"], "entered": LATER, "made_at": said["at"], "made_by": said["who"]}
    vault.log("exported", name, detail, who=who, at=now)
    return True


def _read(path: Path) -> dict[str, Any] | None:
    """None for what is no statement: it stays, and `vault check` names it."""
    try:
        said = parse(path.read_bytes()) if path.stat().st_size <= MAX_BYTES else None
    except (OSError, FormatError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("detail"), dict):
        return None
    texts = all(isinstance(said.get(name), str) for name in ("bag", "name", "who", "at"))
    return said if texts and said["bag"].endswith(SCRATCH) else None


def _fingerprint(pack: Path) -> str | None:
    try:
        return hashlib.sha256((pack / FINGERPRINTED).read_bytes()).hexdigest()
    except OSError:
        return None
