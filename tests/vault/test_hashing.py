"""Leaves hashed in a process of their own are those that are hashed here, whatever becomes of that process."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from psa_evidence import leaf_process
from psa_evidence.format import LeafHasher
from psa_evidence.vault import Vault, hashing
from psa_evidence.vault.hashing import Hashing, Record

KEY = bytes(range(32))
RECORDS = [Record("ticket", f"n{i}é", b'{"id":%d,"x":"' % i + b"y" * i + b'"}') for i in range(300)]
HERE = LeafHasher(KEY, "main", "c")
EXPECTED = [HERE(n, *record) for n, record in enumerate(RECORDS, 7)]


@pytest.fixture
def seconds():
    """For a batch."""
    return hashing.SECONDS


@pytest.fixture
def started(monkeypatch, seconds):
    """Hashing whose process runs."""
    monkeypatch.setattr(hashing, "SECONDS", seconds)
    monkeypatch.setattr(hashing, "MANY", 1)
    monkeypatch.setattr(hashing, "_cores", lambda: 2)
    made = Hashing(KEY, "main", "c")
    assert made.begin(1, [])() == []
    assert made._process is not None
    yield made
    made.close()


def no_hashing_here(made, monkeypatch):
    """Only the one that is hashed again; says how many were hashed here."""
    count = []
    monkeypatch.setattr(made, "_here", lambda *a: (count.append(1), HERE(*a))[1])
    return count


def test_the_process_gives_the_same_hashes(started, monkeypatch):
    count = no_hashing_here(started, monkeypatch)
    for _ in range(3):
        assert started.begin(7, RECORDS)() == EXPECTED
    assert started.begin(7, [])() == []
    assert len(count) == 3


def test_the_batch_that_a_process_is_started_for_is_its_work(monkeypatch):
    """A page of a thousand tickets is a third of a second, in which no request is sent if it is hashed here."""
    monkeypatch.setattr(hashing, "_cores", lambda: 2)
    monkeypatch.setattr(hashing, "MANY", 300)
    made = Hashing(KEY, "main", "c")
    count = no_hashing_here(made, monkeypatch)
    assert made.begin(7, RECORDS)() == EXPECTED
    made.close()
    assert len(count) == 1


@pytest.mark.parametrize("when", ["before", "between"])
def test_a_process_that_died_is_done_without(started, when):
    if when == "before":
        started._process._process.kill()
        started._process._process.wait()
    waiting = started.begin(7, RECORDS)
    started._process._process.kill()
    assert waiting() == EXPECTED
    assert started._process is None
    assert started.begin(7, RECORDS)() == EXPECTED


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
@pytest.mark.parametrize("seconds", [0.05])
def test_a_process_that_hangs_is_ended(started):
    os.kill(started._process._process.pid, signal.SIGSTOP)
    assert started.begin(7, RECORDS)() == EXPECTED
    assert started._process is None


def test_wrong_hashes_are_found(started, monkeypatch):
    """The program was upgraded on the disk between its start and that of the process."""
    process = started._process
    monkeypatch.setattr(process, "answer", lambda leaves: [bytes(32)] * leaves)
    assert started.begin(7, RECORDS)() == EXPECTED
    assert started._process is None


def test_what_cannot_be_hashed_is_said_as_it_would_be_here(started):
    with pytest.raises(UnicodeEncodeError):
        started.begin(7, [Record("ticket", "\ud800", b"{}"), *RECORDS[:2]])()


def test_files_are_hashed_by_a_thread_while_others_work(started, monkeypatch):
    monkeypatch.setattr(hashing, "LARGE_BYTES", 100)
    monkeypatch.setattr(started._process, "ask", None)
    ahead, threads = threading.Event(), []

    def hashed(*record):
        ahead.wait(30)
        threads.append(threading.current_thread())
        return HERE(*record)

    monkeypatch.setattr(started, "_here", hashed)
    waiting = started.begin(7, RECORDS)
    ahead.set()
    assert waiting() == EXPECTED
    assert threading.current_thread() not in threads
    started.close()
    assert not any(thread.is_alive() for thread in threads)


def test_what_the_thread_cannot_hash_is_said(started, monkeypatch):
    monkeypatch.setattr(hashing, "LARGE_BYTES", 1)
    with pytest.raises(UnicodeEncodeError):
        started.begin(7, [Record("ticket", "\ud800", b"{}")])()


@pytest.mark.parametrize("cause", ["few", "one core", "frozen", "no program", "refused"])
def test_no_process_where_none_is_worth_it_or_to_be_had(monkeypatch, cause):
    monkeypatch.setattr(hashing, "MANY", 10_000 if cause == "few" else 1)
    monkeypatch.setattr(hashing, "_cores", lambda: 1 if cause == "one core" else 2)
    if cause == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    if cause == "no program":
        monkeypatch.setattr(sys, "executable", "")
    if cause == "refused":

        def refuse(*_args, **_kwargs):
            raise OSError

        monkeypatch.setattr(subprocess, "Popen", refuse)
    made = Hashing(KEY, "main", "c")
    for _ in range(3):
        assert made.begin(7, RECORDS)() == EXPECTED
        assert made._process is None
    made.close()


def test_the_key_is_in_no_command_and_no_environment(started):
    process = started._process._process
    assert KEY.hex() not in " ".join(process.args)
    environment = Path(f"/proc/{process.pid}/environ")
    if environment.exists():
        assert KEY.hex().encode() not in environment.read_bytes()
    assert KEY.hex() not in repr(dict(os.environ))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_is_not_for_the_process(started, monkeypatch):
    count = no_hashing_here(started, monkeypatch)
    assert started.begin(7, RECORDS)() == EXPECTED  # it is up
    os.kill(started._process._process.pid, signal.SIGINT)
    assert started.begin(7, RECORDS)() == EXPECTED
    assert len(count) == 2


def test_it_ends_with_its_input():
    """So it does when whoever started it is killed."""
    told = io.BytesIO()
    leaf_process.serve(io.BytesIO(b'["00", "main", "c"]\n[0, [["ticket", "1", 2]]]\n{}'), told)
    assert told.getvalue() == LeafHasher(b"\0", "main", "c")(0, "ticket", "1", b"{}")


def test_it_takes_a_batch_whole_before_it_hashes(monkeypatch):
    """Whoever hands it over waits so long: a pipe holds little."""
    steps = []

    class Asked(io.BytesIO):
        def read(self, size):
            steps.append(size)
            return super().read(size)

    monkeypatch.setattr(leaf_process, "LeafHasher", lambda *_: lambda *_: steps.append("hashed") or bytes(32))
    asked = b'["00", "main", "c"]\n[0, [["ticket", "1", 2], ["ticket", "2", 3]]]\n{}{ }'
    leaf_process.serve(Asked(asked), io.BytesIO())
    assert steps == [5, "hashed", "hashed"]


PARENT = """
import sys, time
from psa_evidence.vault import hashing
from psa_evidence.vault.hashing import Hashing, Record
hashing.MANY, hashing._cores = 1, lambda: 2
made = Hashing(bytes(32), "main", "c")
made.begin(0, [Record("ticket", "1", b"{}")])()
made.begin(0, [Record("ticket", "1", b"{}")])()
print(made._process._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no list of processes here")
def test_it_does_not_outlive_a_parent_that_is_killed():
    path = os.pathsep.join(each for each in sys.path if each)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as parent:
        child = int(parent.stdout.readline())
        assert Path(f"/proc/{child}").exists()
        parent.kill()
        parent.wait()
    while Path(f"/proc/{child}/exe").exists() and b"leaf_process" in Path(f"/proc/{child}/cmdline").read_bytes():
        time.sleep(0.01)  # the test's own time limit ends this


def test_a_capture_has_the_same_files_either_way(tmp_path, kit, monkeypatch):
    monkeypatch.setattr(hashing, "_cores", lambda: 2)
    made = []
    for many in (10**9, 1):
        monkeypatch.setattr(hashing, "MANY", many)
        vault = Vault.create(tmp_path / str(many), vault_id="v", salt_key=bytes(32))
        writer = kit.begin(vault)
        for _ in range(3):
            kit.fill(writer, kit.World(numbers=(1, 4)))
        assert (writer._files._hashing._process is not None) == (many == 1)
        writer.finish()
        assert writer._files._hashing._process is None
        made.append({p.name: p.read_bytes() for p in sorted((vault.path / "captures").glob("*/*"))})
    assert made[0] == made[1]
