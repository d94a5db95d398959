"""The script for the monthly run and the scheduler's line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from psa_evidence.cli.commands import schedule

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="runs a shell script")


def test_a_time_that_is_none_is_refused(run, project):
    ran = run("schedule", "--at", "25:00")
    assert ran.code == 2
    assert "HH:MM" in ran.err


@POSIX
def test_the_script_stands_beside_the_configuration_and_the_line_names_it(run, project):
    ran = run("schedule", "--at", "03:05")
    script = project / "archive-run.sh"
    assert ran.out == f"5 3 * * * {script}\n"
    assert os.access(script, os.X_OK)
    assert "PSA_EVIDENCE_MAIN_PRIVATE_KEY" in ran.err
    assert all(len(line) <= 80 or str(script) in line for line in ran.err.splitlines())


@POSIX
def test_the_runs_of_two_connections_have_a_script_and_a_log_each(run, project):
    """The script of the second took the place of the first one's, which then ran no more."""
    file = project / "psa-evidence.toml"
    section = file.read_text().split("[connections.main]")[1].split("\n[")[0]
    file.write_text(f'{file.read_text()}\n[connections."my second"]{section}\n')
    for name in ("main", "my second"):
        ran = run("schedule", "--connection", name)
        assert "at another time" in " ".join(ran.err.split())
    scripts = sorted(project.glob("archive-run*"))
    assert [s.name[:14] for s in scripts] == ["archive-run-ma", "archive-run-my"]
    assert "archive run --quiet --connection main >>archive-main.log" in scripts[0].read_text()
    assert "archive run --quiet --connection 'my second' >>archive-my-second-" in scripts[1].read_text()


@POSIX
@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (3, "left with 3")])
def test_the_script_is_silent_unless_the_run_did_not_end_well(tmp_path, monkeypatch, code, mailed):
    folder = tmp_path / "it's here"
    folder.mkdir()
    program = folder / "psa-evidence"
    program.write_text(f'#!/bin/sh\necho "ran $*"\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    (folder / "run.sh").write_text(schedule.text(windows=False, connection="main"))
    ran = subprocess.run(["/bin/sh", folder / "run.sh"], capture_output=True, text=True, check=False, cwd="/")
    assert (ran.returncode, ran.stdout) == (code, "")
    assert mailed in ran.stderr
    assert bool(ran.stderr) == bool(mailed)
    assert "ran archive run --quiet --connection main" in (folder / "archive.log").read_text()


def test_the_script_for_windows_has_its_line_ends_and_hands_on_the_exit_code():
    text = schedule.text(windows=True)
    assert text.count("\n") == text.count("\r\n")
    assert 'psa-evidence.exe" archive run --quiet >>archive.log' in text
    assert text.endswith("exit /b %ERRORLEVEL%\r\n")
    text = schedule.text(windows=True, connection="50% off", of="50-off")
    assert 'archive run --quiet --connection "50%% off" >>archive-50-off.log' in text


def test_the_lines():
    there = PureWindowsPath(r"C:\Users\José Luis\evidence\archive-run.cmd")
    assert schedule.line(there, "02", "00", windows=True) == (
        r'schtasks /Create /TN "psa-evidence archive" /SC DAILY /ST 02:00 '
        r'/TR "\"C:\Users\José Luis\evidence\archive-run.cmd\""'
    )
    assert '/TN "psa-evidence archive second"' in schedule.line(there, "02", "00", windows=True, of="second")
    assert schedule.line(PurePosixPath("/srv/50% off/run.sh"), "02", "30", windows=False) == (
        r"30 2 * * * '/srv/50\% off/run.sh'"
    )
