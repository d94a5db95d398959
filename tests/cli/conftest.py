"""Running commands as a user would, in this process."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

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


@dataclass
class Kept:
    """What the first test made with commands, for the tests after it to begin with: a folder, the keyring's keys."""

    folder: Path
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    made: bool = False

    def take(self, folder, ring):
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        ring.kept.update(self.keys)

    def keep(self, folder, ring):
        shutil.copytree(folder, self.folder, dirs_exist_ok=True)
        self.keys, self.made = dict(ring.kept), True


@pytest.fixture(scope="session")
def kept_vault(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("kept-vault"))


@pytest.fixture(scope="session")
def kept_pack(tmp_path_factory):
    """The pack's folder below `packs` is found by its bag; beside it lie its matter file and the vault."""
    return Kept(tmp_path_factory.mktemp("kept-pack"))


@pytest.fixture
def captured(run, project, ring, kept_vault):
    """A project whose vault holds everything. Captured once; each test has a copy of its own."""
    if kept_vault.made:
        kept_vault.take(project / "vault", ring)
    else:
        assert run("capture", "--quiet").code == 0
        kept_vault.keep(project / "vault", ring)
    return project


@pytest.fixture
def build_one(run):
    """Build the pack of one matter; gives what the command says as JSON."""

    def build():
        written = run("init", "--matter", "Castellan v. Harbourlight", "--client", "Castellan", "--from", "2026-10-01",
                      "--to", "2026-10-31")  # fmt: skip
        assert written.code == 0, written.err
        built = run("build", written.out.strip(), "--json")
        assert built.code == 0, built.err
        return json.loads(built.out)

    return build


@pytest.fixture
def built(captured, build_one, ring, kept_pack):
    """The folder of that matter's pack in a project. Built once; each test has a copy of its own."""
    if kept_pack.made:
        own = (captured / "psa-evidence.toml").read_bytes()
        kept_pack.take(captured, ring)
        (captured / "psa-evidence.toml").write_bytes(own)  # the simulated PSA of this test has an address of its own
    else:
        build_one()
        kept_pack.keep(captured, ring)
    [bag] = captured.glob("packs/**/bagit.txt")
    return bag.parent


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
