"""Where things stand in a vault, and `vault.toml`, which says that it is one."""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import ConfigurationError, VaultError
from psa_evidence.format import record_salt, sha256
from psa_evidence.vault.durable import TEMPORARY, Disk, storage_errors

VAULT_FORMAT: Final = "psa-evidence/vault/3"
KEY_BYTES: Final = 32
_FORMAT_FAMILY: Final = "psa-evidence/vault/"
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_SEAL: Final = re.compile(r"(\d{6,})\.json\Z")


class OtherFormatError(VaultError):
    """The vault is whole, for all that is known, and of a format that this version does not read."""


EXPORTS: Final = "exports"
"""Below the vault: what the custody log is to say of packs that are being finished."""


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
    def salt_key(self) -> Path:
        return self.root / "salts.key"

    @property
    def trees(self) -> Path:
        """Nodes of the trees, one file a capture: made from the record lists, may be deleted."""
        return self.root / "trees"

    @property
    def lock(self) -> Path:
        return self.root / "vault.lock"

    def seal(self, number: int) -> Path:
        return self.seals / f"{number:06d}.json"

    def nodes(self, capture: str) -> Path:
        return self.trees / f"{capture}.nodes"

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


def create(layout: Layout, vault_id: str, salt_key: bytes, disk: Disk) -> None:
    """Make an empty vault. `salt_key` are 32 random bytes. Raises ConfigurationError when the folder is in use,
    StorageError."""
    if len(salt_key) != KEY_BYTES:
        raise ValueError("a salt key has 32 bytes")
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
    disk.replace(layout.salt_key, salt_key)
    disk.replace(layout.toml, about_text(vault_id, salt_key))


def about_text(vault_id: str, salt_key: bytes) -> bytes:
    """`vault.toml` of a vault with this id and key."""
    text = (
        f'# A vault of psa-evidence. Do not edit.\nformat = "{VAULT_FORMAT}"\nid = "{vault_id}"\n'
        f'salts = "{sha256(salt_key)}"\n'
    )
    return text.encode()


def read_salt_key(layout: Layout) -> bytes:
    """The 32 bytes that all salts are made from. Raises VaultError when they are not those the vault was made with."""
    expected = _about(layout).get("salts")
    try:
        key = layout.salt_key.read_bytes()
    except OSError as error:
        raise _no_key(error.strerror or type(error).__name__) from error
    if len(key) != KEY_BYTES or sha256(key) != expected:
        raise _no_key("It is not the key that this vault was made with.")
    return key


def custody_salt(layout: Layout) -> Callable[[int], str]:
    """The salt of an entry of the custody log, by its number. Without the key the entry gets a random one: nobody has
    to make it again, and what was done is logged all the same."""

    def salt(number: int) -> str:
        try:
            return record_salt(read_salt_key(layout), layout.custody.name, number).hex()
        except VaultError:
            return secrets.token_hex(KEY_BYTES)

    return salt


def restore_salt_key(layout: Layout, key: bytes, disk: Disk) -> bool:
    """Put `salts.key` back when it is missing or another, and `key` is the one that the vault was made with. What stood
    there is set aside. Whether that was done. Raises StorageError, VaultError."""
    if len(key) != KEY_BYTES or sha256(key) != _about(layout).get("salts"):
        return False
    with storage_errors(layout.salt_key):
        there = layout.salt_key.read_bytes() if layout.salt_key.exists() else None
    if there == key:
        return False
    if there is not None:
        disk.set_aside(layout.salt_key, 0)
    disk.replace(layout.salt_key, key)
    return True


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
            f"There is no vault at {layout.root}.",
            next_step="The first `psa-evidence capture` makes it; or correct the path.",
        )
    raw = _about(layout)
    found, vault_id = raw.get("format"), raw.get("id")
    if not isinstance(found, str) or not isinstance(vault_id, str) or not _ID.match(vault_id):
        raise _damaged(layout)
    if found != VAULT_FORMAT:
        if not found.startswith(_FORMAT_FAMILY):
            raise _damaged(layout)
        raise OtherFormatError(
            f"The vault at {layout.root} is of a format that this version does not know.",
            why=f"It says {found[:60]}; this version knows {VAULT_FORMAT}.",
            next_step="Use the version of psa-evidence that made it, or a newer one.",
        )
    for folder in (layout.captures, layout.seals):
        if not folder.is_dir():
            raise VaultError(
                f"The vault at {layout.root} is half-written: the folder {folder.name} is missing.",
                next_step="Restore the folder from a copy of the vault.",
            )
    return vault_id


def _about(layout: Layout) -> dict[str, Any]:
    try:
        with storage_errors(layout.toml):
            return tomllib.loads(layout.toml.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _damaged(layout) from error


def _no_key(why: str) -> VaultError:
    return VaultError(
        "salts.key cannot be used.",
        why=why,
        next_step="Run `psa-evidence vault check --heal`: where this computer's keyring has it, it is put back. Else "
        "restore salts.key from a copy of the vault; without it nothing can be captured or proved.",
    )


def _is_beginning(layout: Layout) -> bool:
    """Whether nothing is there but what `create` itself left when it was cut off."""
    ours = {layout.captures, layout.seals, layout.salt_key}
    ours |= {p.with_name(p.name + TEMPORARY) for p in (layout.toml, layout.salt_key)}
    return all(p in ours and (p.is_file() or not any(p.iterdir())) for p in layout.root.iterdir())


def _damaged(layout: Layout) -> VaultError:
    return VaultError(
        f"vault.toml at {layout.root} is damaged.", next_step="Restore it from a copy; the captures are not touched."
    )
