"""Where things stand in a vault, and `vault.toml`, which says that it is one."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psa_evidence.errors import ConfigurationError, VaultError
from psa_evidence.vault.durable import TEMPORARY, Disk, storage_errors

VAULT_FORMAT: Final = "psa-evidence/vault/1"
_FORMAT_FAMILY: Final = "psa-evidence/vault/"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_SEAL: Final = re.compile(r"(\d{6,})\.json\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one vault."""

    root: Path

    @property
    def toml(self) -> Path:
        return self.root / "vault.toml"

    @property
    def captures(self) -> Path:
        return self.root / "captures"

    @property
    def seals(self) -> Path:
        return self.root / "seals"

    @property
    def catalogue(self) -> Path:
        return self.root / "catalogue.db"

    @property
    def custody(self) -> Path:
        return self.root / "custody.jsonl"

    @property
    def holds(self) -> Path:
        return self.root / "holds.jsonl"

    @property
    def lock(self) -> Path:
        return self.root / "vault.lock"

    def seal(self, number: int) -> Path:
        return self.seals / f"{number:06d}.json"

    def seal_numbers(self) -> list[int]:
        with storage_errors(self.seals):
            return sorted(int(m[1]) for p in self.seals.iterdir() if (m := _SEAL.match(p.name)))

    def capture_ids(self) -> list[str]:
        """Folders of captures, oldest first; folders that were still being made are not among them."""
        with storage_errors(self.captures):
            return sorted(p.name for p in self.captures.iterdir() if p.is_dir() and not p.name.startswith("."))

    def unborn(self) -> list[Path]:
        """Folders of captures that a crash kept from beginning."""
        with storage_errors(self.captures):
            return sorted(p for p in self.captures.iterdir() if p.is_dir() and p.name.startswith("."))


def create(layout: Layout, vault_id: str, disk: Disk) -> None:
    """Make an empty vault. Raises ConfigurationError when the folder is in use, StorageError."""
    if not _ID.match(vault_id):
        raise ConfigurationError("A vault's id consists of letters, digits, '.', '_' and '-', 100 at most.")
    root = layout.root
    if layout.toml.exists():
        raise ConfigurationError(f"There is a vault at {root} already.", next_step="Use it, or name another folder.")
    with storage_errors(root):
        if root.exists() and not root.is_dir():
            raise ConfigurationError(f"{root} is a file, not a folder.", next_step="Name another folder.")
        if root.exists() and not _is_beginning(layout):
            raise ConfigurationError(
                f"{root} is not empty and not a vault.", next_step="Name a new or an empty folder for the vault."
            )
        for folder in (root, layout.captures, layout.seals):
            folder.mkdir(parents=True, exist_ok=True)
            disk.sync_folder(folder.parent)
    text = f'# A vault of psa-evidence. Do not edit.\nformat = "{VAULT_FORMAT}"\nid = "{vault_id}"\n'
    disk.replace(layout.toml, text.encode())


def read_id(layout: Layout) -> str:
    """The vault's id. Raises ConfigurationError when there is no vault, VaultError when it cannot be read."""
    if not layout.toml.exists():
        if layout.captures.exists() or layout.seals.exists():
            raise VaultError(
                f"The vault at {layout.root} is half-written: vault.toml is missing.",
                why="It was not made to its end, or the file was deleted.",
                next_step="If nothing was captured yet, create it again; else restore vault.toml from a copy.",
            )
        raise ConfigurationError(
            f"There is no vault at {layout.root}.", next_step="Make one with `psa-evidence init`, or correct the path."
        )
    try:
        with storage_errors(layout.toml):
            raw = tomllib.loads(layout.toml.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _damaged(layout) from error
    found, vault_id = raw.get("format"), raw.get("id")
    if not isinstance(found, str) or not isinstance(vault_id, str) or not _ID.match(vault_id):
        raise _damaged(layout)
    if found != VAULT_FORMAT:
        if not found.startswith(_FORMAT_FAMILY):
            raise _damaged(layout)
        raise VaultError(
            f"The vault at {layout.root} is of a format that this version does not know.",
            why=f"It says {found[:60]}; this version knows {VAULT_FORMAT}.",
            next_step="Use a newer version of psa-evidence.",
        )
    for folder in (layout.captures, layout.seals):
        if not folder.is_dir():
            raise VaultError(
                f"The vault at {layout.root} is half-written: the folder {folder.name} is missing.",
                next_step="Restore the folder from a copy of the vault.",
            )
    return vault_id


def _is_beginning(layout: Layout) -> bool:
    """Whether nothing is there but what `create` itself left when it was cut off."""
    ours = {layout.captures, layout.seals, layout.toml.with_name(layout.toml.name + TEMPORARY)}
    return all(p in ours and (p.is_file() or not any(p.iterdir())) for p in layout.root.iterdir())


def _damaged(layout: Layout) -> VaultError:
    return VaultError(
        f"vault.toml at {layout.root} is damaged.", next_step="Restore it from a copy; the captures are not touched."
    )
