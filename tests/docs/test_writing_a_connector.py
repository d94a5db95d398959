"""The guide's skeleton, taken from the page as it is printed, passes the kit and is found when it is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "writing-a-connector.md"
BLOCK = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)\n```\n", re.DOTALL)


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory):
    folder = tmp_path_factory.mktemp("minidesk")
    for path, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text + "\n", encoding="utf-8")
    return folder


def test_the_skeleton_passes_the_kit(skeleton):
    path = os.pathsep.join([str(skeleton / "src"), *filter(None, sys.path)])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "--rootdir", ".", "tests"]
    ran = subprocess.run(
        command, cwd=skeleton, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-4000:]
    assert " passed" in ran.stdout
    assert "skipped" not in ran.stdout


def test_the_files_are_those_of_the_drawing(skeleton):
    drawn = re.search(r"    minidesk/\n((?:      .*\n)+)", GUIDE.read_text(encoding="utf-8")).group(1)
    listed = {line.split()[0] for line in drawn.splitlines()}
    assert {
        str(p.relative_to(skeleton).as_posix()) for p in skeleton.rglob("*") if p.suffix in {".py", ".toml"}
    } == listed
