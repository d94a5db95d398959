"""The custody log where a command has no vault of its own: `verify` of a pack inside a configured project."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from psa_evidence import configuration_place
from psa_evidence.cli import output
from psa_evidence.errors import ConfigurationError, EvidenceError

if TYPE_CHECKING:
    from psa_evidence.vault import Vault

ABOUT = ("client", "connection", "matter", "mode", "copy")
FINGERPRINTED = "tagmanifest-sha256.txt"
MAX_FINGERPRINTED = 1024 * 1024
"""A tag manifest lists a handful of files; more is not read."""


def note_verified(pack: Path, verdict: str) -> None:
    """Log that a pack was verified, when this folder has a configuration with a vault. Never fails: what keeps it from
    being logged is said and changes nothing about the verdict."""
    try:
        found = configuration_place.find(None)
    except ConfigurationError:
        return
    from psa_evidence import configuration  # noqa: PLC0415 - a pack is mostly checked where there is none
    from psa_evidence.cli import context  # noqa: PLC0415
    from psa_evidence.vault import Vault  # noqa: PLC0415
    from psa_evidence.vault.layout import EXPORTS  # noqa: PLC0415

    try:
        settings = configuration.load(found)
    except ConfigurationError:
        return
    if not (settings.vault_path / "vault.toml").is_file():
        return
    try:
        vault = Vault.open(settings.vault_path)
        detail: dict[str, object] = {"verdict": verdict}
        fingerprint = fingerprint_of(pack)
        if fingerprint is not None:
            detail["fingerprint"] = fingerprint
            if any((vault.path / EXPORTS).glob("*.json")):
                from psa_evidence.pack.entering import enter_left  # noqa: PLC0415 - after a build that was killed only

                enter_left(vault, who=context.who(settings), now=context.now(), pack=pack)
            detail |= about(vault, fingerprint) or {}
        vault.log("verified", pack.resolve().name, detail, who=context.who(settings), at=context.now())
    except (EvidenceError, OSError) as problem:
        what = problem.what if isinstance(problem, EvidenceError) else type(problem).__name__
        output.note(f"the verification was not entered in the custody log. {what}")


def about(vault: Vault, fingerprint: str) -> dict[str, object] | None:
    """Of which client and matter the pack with that fingerprint is; None when this vault did not make it."""
    found = None
    for entry in vault.custody.read():
        if entry["action"] == "exported" and entry["detail"].get("fingerprint") == fingerprint:
            found = {name: entry["detail"][name] for name in ABOUT if name in entry["detail"]}
    return found


def fingerprint_of(pack: Path) -> str | None:
    """SHA-256 of the tag manifest of a folder; None for a ZIP file or when there is none."""
    path = pack / FINGERPRINTED
    if not path.is_file() or path.stat().st_size > MAX_FINGERPRINTED:
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()
