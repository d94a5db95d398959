"""A package of somebody else's, built and installed without the internet, does the whole way beside a broken one."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from psa_evidence.testing.fake_server import served

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE / "example_connector"
PROGRAM = "from psa_evidence.cli import main; main()"
BUILDS = importlib.util.find_spec("hatchling") is not None and importlib.util.find_spec("pip") is not None


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The example as pip installs it; by hand where there is no build tool."""
    folder = tmp_path_factory.mktemp("site")
    if BUILDS:
        source = tmp_path_factory.mktemp("source") / "example"
        _copy(EXAMPLE, source)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation",
             "--disable-pip-version-check", "--target", str(folder), str(source)],
            check=True, capture_output=True, timeout=100,
        )  # fmt: skip
    else:
        _copy(EXAMPLE / "src" / "psa_evidence_tinydesk", folder / "psa_evidence_tinydesk")
        info = folder / "psa_evidence_tinydesk-0.3.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: psa-evidence-tinydesk\nVersion: 0.3.0\n")
        points = "[psa_evidence.connectors]\ntinydesk = psa_evidence_tinydesk:connector\n"
        (info / "entry_points.txt").write_text(points)
    return folder


@pytest.fixture
def desk(monkeypatch):
    """The fake Tinydesk, served."""
    spec = importlib.util.spec_from_file_location("fake_tinydesk", EXAMPLE / "tests" / "fake_tinydesk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with served(module.respond) as fake:
        yield fake, module


@pytest.fixture
def run(tmp_path, site):
    def run(*arguments, more=()):
        path = os.pathsep.join([str(site), *map(str, more), *filter(None, sys.path)])
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *(str(a) for a in arguments)], capture_output=True, text=True, check=False,
            cwd=tmp_path, timeout=100,
            env={**os.environ, "PYTHONPATH": path, "PSA_EVIDENCE_MAIN_TOKEN": "tiny-token-0123456789"},
        )  # fmt: skip

    return run


def test_it_is_found(run):
    ran = run("plugins", "--json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    [found] = [one for one in json.loads(ran.stdout) if one["name"] == "tinydesk"]
    assert found["title"] == "Tinydesk (example)"
    assert (found["distribution"], found["version"], found["problem"]) == ("psa-evidence-tinydesk", "0.3.0", "")


def test_the_whole_way_beside_a_broken_exporter(run, desk, tmp_path):
    fake, module = desk
    (tmp_path / "psa-evidence.toml").write_text(
        'format = 1\nmsp = "Ida\'s Desk"\ntime_zone = "UTC"\n'
        f'[connections.main]\nconnector = "tinydesk"\nsite = "{fake.url}"\npage_size = 3\n',
        encoding="utf-8",
    )
    captured = run("capture", "--json", "--quiet")
    assert captured.returncode == 0, captured.stdout + captured.stderr
    counts = json.loads(captured.stdout)["counts"]
    assert counts["tickets"] == {"asked": module.TICKETS, "received": module.TICKETS}
    assert counts["comments"]["received"] == 2 * module.TICKETS
    written = run("init", "--matter", "Larch", "--client", "Larch Dental", "--from", "2026-02-01", "--to", "2026-02-28")
    assert written.returncode == 0, written.stderr
    built = run("build", written.stdout.strip(), "--json", "--quiet", more=[_crashing(tmp_path / "crashing")])
    assert built.returncode == 3, built.stderr
    result = json.loads(built.stdout)
    assert any("'export_crash' failed. ValueError at" in warning for warning in result["warnings"])
    pack = tmp_path / result["pack"]
    natives = sorted(p.name for p in (pack / "data" / "natives" / "ticket").iterdir())
    assert natives == ["102.json", "104.json", "106.json"]
    bodies = b"".join(gzip.decompress(one.answer.body) for one in fake.seen)
    assert not (pack / "data" / "export_crash").exists()
    assert all((pack / "data" / "natives" / "ticket" / name).read_bytes() in bodies for name in natives)
    verified = json.loads(run("verify", pack, "--json").stdout)
    [open_] = [check for check in verified["checks"] if check["status"] in {"fail", "inconclusive"}]
    assert (open_["id"], open_["status"], verified["verdict"]) == ("9.10", "inconclusive", "inconclusive")
    assert open_["detail"].endswith("the pack names no source of 2: messages.ticket, tickets.closed")


def _crashing(folder):
    folder.mkdir()
    name = "export_crash"
    (folder / f"saboteur_{name}.py").write_text((HERE / "saboteurs" / f"{name}.py").read_text(encoding="utf-8"))
    info = folder / f"saboteur_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: saboteur-{name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[psa_evidence.exporters]\n{name} = saboteur_{name}:plugin\n")
    return folder


def _copy(source, target):
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            (target / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (target / path.relative_to(source)).write_bytes(path.read_bytes())
