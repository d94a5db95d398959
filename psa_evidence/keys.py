"""Keys of a connection: from the environment or the operating system's keyring, never from a file.

A key is looked up as `PSA_EVIDENCE_<CONNECTION>_<NAME>` first (unattended runs, containers), then in the keyring
under the service `psa-evidence/<connection>`. Nothing here prints or logs a value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

import keyring
import keyring.errors

from psa_evidence.errors import ConfigurationError, StorageError
from psa_evidence.spi import Setting


def variable(connection: str, name: str) -> str:
    """The environment variable that holds a key: `PSA_EVIDENCE_MAIN_PRIVATE_KEY`."""
    return "PSA_EVIDENCE_" + re.sub(r"[^A-Z0-9]+", "_", f"{connection}_{name}".upper())


def service(connection: str) -> str:
    return f"psa-evidence/{connection}"


def load(connection: str, settings: Iterable[Setting], environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """All secret settings of a connection. Raises ConfigurationError that names what is missing, never a value."""
    environment = os.environ if environment is None else environment
    found: dict[str, str] = {}
    missing: list[str] = []
    for setting in settings:
        if not setting.secret:
            continue
        value = environment.get(variable(connection, setting.name)) or _from_keyring(connection, setting.name)
        if value:
            found[setting.name] = value.strip()
        elif setting.required:
            missing.append(setting.name)
    if missing:
        variables = " and ".join(variable(connection, name) for name in missing)
        raise ConfigurationError(
            f"no {' and no '.join(missing)} for the connection {connection!r}",
            why="neither the environment nor this computer's keyring has it",
            next_step=f"run `psa-evidence init --keys`, or set {variables}",
        )
    return found


def passphrase(
    purpose: str, environment: Mapping[str, str] | None = None, *, name: str = "passphrase"
) -> str | None:  # fmt: skip
    """The passphrase (or, by `name`, the PIN) of a key of ours, None when there is none: it may not need one."""
    environment = os.environ if environment is None else environment
    return environment.get(variable(purpose, name)) or _from_keyring(purpose, name)


def store(connection: str, name: str, value: str) -> None:
    """Put a key into the keyring. Raises StorageError where there is none that keeps it."""
    try:
        keyring.set_password(service(connection), name, value)
    except (keyring.errors.KeyringError, RuntimeError) as error:
        raise StorageError(
            "this computer has no keyring that keeps keys",
            why=type(error).__name__,
            next_step=f"set the environment variable {variable(connection, name)} instead",
        ) from None


def keep_salts(vault_id: str, key: bytes) -> bool:
    """Put a copy of the key of a vault's salts into the keyring. Whether it is kept there: where there is no keyring
    (servers, containers) the vault's own file is the only one on this computer."""
    try:
        keyring.set_password(service("vault"), vault_id, key.hex())
    except (keyring.errors.KeyringError, RuntimeError):
        return False
    return salts(vault_id) == key


def salts(vault_id: str) -> bytes | None:
    """The copy that `keep_salts` put there, None when there is none."""
    try:
        return bytes.fromhex(_from_keyring("vault", vault_id) or "") or None
    except ValueError:
        return None


def _from_keyring(connection: str, name: str) -> str | None:
    try:
        return keyring.get_password(service(connection), name)
    except (keyring.errors.KeyringError, RuntimeError):
        return None  # no keyring here: the same as no key, and load() says so
