"""Keys come from the environment or the keyring, and are never shown."""

from __future__ import annotations

import keyring
import keyring.backend
import keyring.errors
import pytest

from psa_evidence import keys
from psa_evidence.errors import ConfigurationError, StorageError
from psa_evidence.spi import Setting

SETTINGS = (
    Setting(name="site", help="host"),
    Setting(name="public_key", help="public", secret=True),
    Setting(name="private_key", help="private", secret=True),
)


class Ring(keyring.backend.KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class NoRing(Ring):
    def get_password(self, service, username):
        raise keyring.errors.NoKeyringError

    def set_password(self, service, username, password):
        raise keyring.errors.NoKeyringError


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_the_environment_wins_over_the_keyring(ring):
    keys.store("main", "public_key", "from-ring")
    keys.store("main", "private_key", "p")
    found = keys.load("main", SETTINGS, {"PSA_EVIDENCE_MAIN_PUBLIC_KEY": "from-environment"})
    assert found == {"public_key": "from-environment", "private_key": "p"}


def test_missing_keys_are_named_with_their_variables(ring):
    with pytest.raises(ConfigurationError) as raised:
        keys.load("north-1", SETTINGS, {"PSA_EVIDENCE_NORTH_1_PUBLIC_KEY": "s3cret"})
    text = f"{raised.value.what} {raised.value.why} {raised.value.next_step}"
    assert "PSA_EVIDENCE_NORTH_1_PRIVATE_KEY" in text
    assert "s3cret" not in text


def test_without_a_keyring_storing_names_the_variable(ring):
    keyring.set_keyring(NoRing())
    with pytest.raises(StorageError) as raised:
        keys.store("main", "private_key", "s3cret")
    assert "PSA_EVIDENCE_MAIN_PRIVATE_KEY" in raised.value.next_step
    assert "s3cret" not in str(vars(raised.value))
    with pytest.raises(ConfigurationError):
        keys.load("main", SETTINGS, {})
