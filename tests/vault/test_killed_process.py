"""A real process is killed at every durable write of a capture and its seal, not at a sample; then the vault is opened
again. Every acknowledged record is there, a full check finds nothing false, and the next run ends where an undisturbed
one would have."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from psa_evidence.spi import Silent
from psa_evidence.vault import Vault
from psa_evidence.vault.check import check_vault

SCRIPT = Path(__file__).with_name("killed_process.py")


@pytest.fixture(autouse=True)
def _no_real_sync(monkeypatch):
    """The restart waits for no disk: a killed process loses nothing that the system was given."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def killed(template, runs):
    """Do the runs: (folder, point, fate) each in a process that is killed there."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SCRIPT.parent), *sys.path])}
    subprocess.run(
        [sys.executable, str(SCRIPT), str(template)], check=True, env=environment, text=True,
        input="".join(json.dumps([str(folder), point, fate]) + "\n" for folder, point, fate in runs),
    )  # fmt: skip


def content(vault):
    """What the vault holds, whatever way it came to it."""
    found = {
        r.key: (r.sha256, r.client, r.parent) for c in ("10", "20") for r in vault.select(connection="main", client=c)
    }
    steps = sorted((s.after.kind, s.after.id, s.fields) for s in vault.drift(connection="main").edits)
    return found, steps, [t.key for t in vault.tombstones("main")]


@pytest.fixture
def template(tmp_path, kit):
    """A vault with one complete capture."""
    vault = Vault.create(tmp_path / "template", vault_id="v", salt_key=bytes(32))
    writer = kit.begin(vault)
    kit.fill(writer, kit.World(numbers=(1, 4)))
    writer.finish()
    return vault.path


@pytest.mark.parametrize("fate", ["before", "torn"])
def test_killed_at_every_durable_write_nothing_acknowledged_is_lost(tmp_path, kit, template, fate):
    undisturbed = tmp_path / "undisturbed"
    killed(template, [(undisturbed, -1, fate)])
    expected = content(Vault.open(undisturbed))
    assert expected[2] == ["ticket/4"]
    steps = int(Path(f"{undisturbed}.steps").read_text())
    assert steps > 25
    runs = [(tmp_path / f"at-{point}", point, fate) for point in range(steps)]
    killed(template, runs)
    again = []
    for folder, point, _ in runs:
        assert not Path(f"{folder}.steps").exists(), f"not killed at {point}"
        clock = kit.Ticking(kit.START.replace(month=4))  # when the run was killed
        vault = Vault.open(folder, clock=clock)
        acknowledged = set(Path(f"{folder}.told").read_text().split())
        assert acknowledged <= content(vault)[0].keys(), point
        assert {f"ticket/{n}" for n in (1, 4)} <= content(vault)[0].keys(), point
        sound(folder, kit, point)
        again.append((folder, -1, fate))
    resumed(again, expected, kit)


def capturing():
    """The script's own capture, with this folder's conftest as its."""
    source = compile(SCRIPT.read_text(), str(SCRIPT), "exec")
    known = sys.modules.get("conftest")
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        sys.modules.pop("conftest", None)
        space = {"__name__": "killed_process"}
        exec(source, space)
    finally:
        sys.path.remove(str(SCRIPT.parent))
        sys.modules.pop("conftest", None)
        if known is not None:
            sys.modules["conftest"] = known
    return space["second_capture"]


def resumed(runs, expected, kit):
    """The same command once more ends where an undisturbed run does."""
    second_capture = capturing()
    for folder, _, _ in runs:
        told = os.open(f"{folder}.told", os.O_WRONLY)
        second_capture(folder, None, told)
        os.close(told)
        vault = Vault.open(folder)
        assert content(vault) == expected, folder.name
        assert vault.captures()[-1].state == "complete"
        sound(folder, kit, folder.name)


def sound(folder, kit, point):
    """Only what was torn off and set aside is remarked on."""
    report = check_vault(folder, quick=False, kept=None, progress=Silent(), clock=kit.Ticking())
    assert report.as_json()["state"] == "ok", (point, report.findings)
    remarks = {f.what.split(";")[0] for f in report.findings}
    assert remarks <= {
        "is the end of an append that broke off, set aside",
        "was never put in place by a run that broke off",
        "is no file of this program",
    }, point
