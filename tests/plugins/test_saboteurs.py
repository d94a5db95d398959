"""Saboteurs beside good plug-ins: each is named with its reason, the others work, and stdout stays data."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from psa_evidence import isolation, plugin_trial, plugins
from psa_evidence.errors import SourceError
from psa_evidence.plugins import load_connector, load_exporter

FOLDER = Path(__file__).resolve().parent / "saboteurs"
ON_IMPORT = {
    "crash_on_import": "RuntimeError",
    "hang_on_import": "had not loaded after",
    "exit_on_import": "SystemExit",
    "kill_on_import": "ended its process (code 0)",
    "interrupt_on_import": "KeyboardInterrupt",
    "base_on_import": "Escape",
    "wrong_type": "is not a connector",
    "wrong_info": "is not a connector",
    "huge_title": "is not a connector",
}
PROGRAM = "from psa_evidence.cli import main; main()"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install saboteurs as distributions; several lie side by side. Returns the folder for the path."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    plugin_trial.tried.cache_clear()

    def install(*names):
        for name in names:
            code = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
            group = re.match(r"# group: (\w+)", code).group(1)
            (site / f"saboteur_{name}.py").write_text(code, encoding="utf-8")
            info = site / f"saboteur_{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: saboteur-{name}\nVersion: 1.0\n")
            (info / "entry_points.txt").write_text(f"[psa_evidence.{group}]\n{name} = saboteur_{name}:plugin\n")
            monkeypatch.delitem(sys.modules, f"saboteur_{name}", raising=False)
        return site

    return install


@pytest.fixture
def program(tmp_path):
    """Run a command in a process of its own, as a user does."""

    def run(*arguments, path):
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *(str(a) for a in arguments)], capture_output=True, text=True, check=False,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(path), *filter(None, sys.path)])},
            timeout=100,
        )  # fmt: skip

    return run


def test_all_are_named_with_their_reasons_and_the_others_load(install, monkeypatch):
    monkeypatch.setattr(plugin_trial, "TRIAL_SECONDS", 12.0)
    install(*ON_IMPORT)
    found = {t.plugin.name: t for t in plugins.trial()}
    for name, reason in ON_IMPORT.items():
        assert reason in found[name].problem, name
        assert f"saboteur-{name} 1.0" in found[name].problem
        assert "hunter2" not in found[name].problem
    for name in ("connectwise", "tables"):
        assert (found[name].problem, bool(found[name].title)) == ("", True)


def test_the_command_lists_them_and_leaves_with_2(install, program):
    path = install("crash_on_import", "kill_on_import", "print_on_import", "huge_title")
    ran = program("plugins", "--json", path=path)
    assert ran.returncode == 2
    listed = {one["name"]: one for one in json.loads(ran.stdout)}
    assert "RuntimeError" in listed["crash_on_import"]["problem"]
    assert "code 0" in listed["kill_on_import"]["problem"]
    assert listed["print_on_import"]["problem"] == listed["connectwise"]["problem"] == ""
    assert "hunter2" not in ran.stdout + ran.stderr
    assert "NOISE" not in ran.stdout
    assert "NOISE by descriptor" in ran.stderr


@pytest.mark.parametrize("how", ["crash", "exit", "base", "types"])
@pytest.mark.parametrize("command", ["capture", "doctor"])
def test_a_connector_that_fails_in_use_is_told_with_its_place(install, program, tmp_path, command, how):
    path = install("in_use")
    _configure(tmp_path, how)
    ran = program(command, "--json", path=path)
    said = ran.stdout + ran.stderr
    if command == "capture" and how == "types":
        assert ran.returncode == 0
        return
    assert ran.returncode == 3
    assert "The connector 'in_use' failed." in said
    assert {"crash": "ValueError at", "exit": "SystemExit", "base": "Escape", "types": "str"}[how] in said
    assert "hunter2" not in said
    assert "internal error" not in said
    if command == "doctor":
        assert {"vault", "disk"} <= {one["id"] for one in json.loads(ran.stdout)}


def test_what_a_connector_prints_does_not_reach_the_data(install, program, tmp_path):
    path = install("in_use")
    _configure(tmp_path, "print")
    ran = program("capture", "--json", path=path)
    assert json.loads(ran.stdout)["state"] == "complete"
    assert ran.stderr.count("NOISE") == 2


def test_a_check_that_hangs_is_ended(install, program, tmp_path, monkeypatch):
    install("in_use")
    monkeypatch.setattr(isolation, "CHECK_SECONDS", 0.05)

    async def check():
        async with load_connector("in_use").open({"how": "hang"}, {}) as source:
            return await source.check()

    import asyncio

    with pytest.raises(SourceError) as caught:
        asyncio.run(check())
    assert "had not ended" in caught.value.why


def test_clients_that_are_none_are_refused(install):
    import asyncio

    install("in_use")

    async def clients():
        async with load_connector("in_use").open({"how": ""}, {}) as source:
            return await source.clients()

    with pytest.raises(SourceError, match="in_use") as caught:
        asyncio.run(clients())
    assert "int" in caught.value.why


def test_records_that_are_none_are_refused(install):
    install("in_use")
    with pytest.raises(SourceError, match="in_use"):
        load_connector("in_use").interpret(["one"])


EXPORTERS = {
    "export_crash": "ValueError", "export_exit": "SystemExit", "export_base": "Escape",
    "export_lies": "name that not every system allows", "export_types": "did not say which files",
    "export_over": "over another's file",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTERS)
def test_an_exporter_that_fails_leaves_nothing_and_is_told(install, tmp_path, name):
    from psa_evidence.spi import Silent

    install(name)
    folder = tmp_path / "bag" / "data" / name
    folder.mkdir(parents=True)
    (folder / "tickets.csv").write_text("another's")
    found = load_exporter(name)
    assert found.export(None, folder, pagination=None, manifest=None, progress=Silent()) == ()
    assert EXPORTERS[name] in found.failures[0]
    assert "hunter2" not in found.failures[0]
    assert [p.read_text() for p in folder.rglob("*")] == ["another's"]
    assert [p.name for p in (tmp_path / "bag").rglob("*")] == ["data", name, "tickets.csv"]


def _configure(folder, how):
    (folder / "psa-evidence.toml").write_text(
        f'format = 1\nmsp = "Us"\ntime_zone = "UTC"\n[connections.main]\nconnector = "in_use"\nhow = "{how}"\n',
        encoding="utf-8",
    )
