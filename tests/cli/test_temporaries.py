"""What commands leave in the folder for temporary files: nothing, and what a killed one left goes with the next."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from psa_evidence.cli import context, temporaries
from psa_evidence.errors import ConfigurationError


@pytest.fixture
def parent(tmp_path, monkeypatch):
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


HELD = (
    "import sys, time; from pathlib import Path; from psa_evidence.cli import context, temporaries\n"
    "with temporaries.private(context.now()) as folder:\n"
    "    (folder / 'page.pdf').write_bytes(b'a page of a client'); print(folder, flush=True); time.sleep(60)\n"
)


def test_files_of_this_process_and_of_those_it_starts_are_made_there_and_go(parent):
    with temporaries.private(context.now()) as folder:
        assert folder.parent == parent
        assert folder.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
        assert Path(tempfile.mkdtemp()).parent == folder
        code = "import tempfile; print(tempfile.gettempdir())"
        started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert Path(started.stdout.strip()) == folder
    assert tempfile.gettempdir() == str(parent)
    assert os.environ["TMPDIR"] == str(parent)
    assert list(parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_a_killed_run_left_goes_with_the_next_and_what_a_living_one_has_stays(parent):
    def begun():
        process = subprocess.Popen([sys.executable, "-c", HELD], stdout=subprocess.PIPE, text=True)
        return process, Path(process.stdout.readline().strip())

    (killed, left), (living, used) = begun(), begun()
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert (left / "page.pdf").exists()
        with temporaries.private(context.now()):
            assert not left.exists()
            assert (used / "page.pdf").exists()
    finally:
        living.kill()
        for process in (killed, living):
            process.wait()
            process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_that_somebody_else_put_there_is_not_followed(parent, tmp_path):
    """In a folder of all users anybody can name a link as ours, to a folder of the victim's."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "lock").write_bytes(b"precious")
    (parent / f"{temporaries.PREFIX}x").symlink_to(victim)
    bare = parent / f"{temporaries.PREFIX}y"
    bare.mkdir()
    with temporaries.private(context.now()):
        assert (victim / "lock").read_bytes() == b"precious"
        assert bare.exists()


def test_a_pack_is_made_with_its_pages_in_such_a_folder(run, project, parent, monkeypatch):
    assert run("capture", "--client", "Castellan", "--quiet").code == 0
    written = run("init", "--matter", "M", "--client", "Castellan", "--from", "2026-10-01", "--to", "2026-10-31")
    where = []

    def building(**_):
        where.append(Path(tempfile.gettempdir()))
        raise ConfigurationError("enough seen")

    monkeypatch.setattr("psa_evidence.cli.commands.build.build_pack", building)
    assert run("build", written.out.strip()).code == 2
    assert [folder.name.startswith(temporaries.PREFIX) and folder.parent == parent for folder in where] == [True]
    assert list(parent.iterdir()) == []
