"""Running commands as a user would, in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import keyring
import keyring.backend
import pytest

from psa_evidence.cli import main


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory, so that no test writes to that of the computer."""

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


@pytest.fixture(autouse=True)
def ring():
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsys):
    """Call `psa-evidence ARGUMENTS`; gives exit code and both streams."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["psa-evidence", *(str(a) for a in arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        code = left.value.code
        return Ran(code if isinstance(code, int) else 1 if code else 0, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def world():
    """A small simulated MSP; each test serves it anew."""
    from psa_evidence.simulator.world import make_world

    return make_world(seed=11, clients=8, tickets=120)


@pytest.fixture
def psa(world):
    """The simulated PSA over a socket. Its knobs are turned with `psa.control(...)`."""
    from psa_evidence.simulator import running

    with running(world) as server:
        yield server


@pytest.fixture
def project(tmp_path, psa, monkeypatch):
    """A folder with psa-evidence.toml for the simulated PSA, keys in the environment, and the user inside it."""
    write_configuration(tmp_path, psa.url, psa.company, psa.client_id)
    monkeypatch.setenv("PSA_EVIDENCE_MAIN_PUBLIC_KEY", psa.public_key)
    monkeypatch.setenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY", psa.private_key)
    monkeypatch.delenv("PSA_EVIDENCE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_configuration(folder, site, company, client_id):
    text = f"""
format = 1
msp = "Harbourlight IT Services"
time_zone = "America/New_York"
[connections.main]
connector = "connectwise"
site = "{site}"
company = "{company}"
client_id = "{client_id}"
requests_per_minute = 0
concurrency = 8
"""
    (folder / "psa-evidence.toml").write_text(text, encoding="utf-8")
