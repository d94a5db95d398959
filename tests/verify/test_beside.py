"""Checks on a second processor: the same report, whatever becomes of the copies that make them."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import subprocess
import sys

import pytest

from psa_evidence.verify import beside, verifier, verify_pack
from psa_evidence.verify.bag import Unhashed
from psa_evidence.verify.complete import check_complete
from psa_evidence.verify.container import Folder, Unreadable, Zip
from psa_evidence.verify.report import Checklist
from psa_evidence.verify.withheld_logs import check_withheld_logs

MAY_COPY = beside._may_copy

ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process well")
TWO = pytest.mark.skipif(len(getattr(os, "sched_getaffinity", lambda _: [0])(0)) < 2, reason="one processor")


def run(script, *arguments):
    """A process of its own, which has one thread; what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, arguments)], capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


WHERE = """
import json, os
from psa_evidence.verify.beside import Beside
with Beside(lambda: {"pid": os.getpid(), "words": "\\ud800 é"}) as it:
    print(json.dumps([os.getpid(), it.answer()]))
"""

ENDS = """
import json, os, sys
from psa_evidence.verify.beside import Beside
def work():
    eval(sys.argv[1])
    return "done"
with Beside(work) as it:
    print(json.dumps(it.answer()))
"""

LEFT = """
import json, os, time
from psa_evidence.verify.beside import Beside
try:
    with Beside(lambda: time.sleep(100)):
        raise KeyError
except KeyError:
    pass
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print(json.dumps("no copy is left"))
"""

THREADS = """
import json, os, threading
from psa_evidence.verify.beside import Beside
wait = threading.Event()
threading.Thread(target=wait.wait).start()
with Beside(os.getpid) as it:
    print(json.dumps(it.answer()))
wait.set()
"""

VERIFIED = """
import json, os, sys
from pathlib import Path
from psa_evidence.verify import beside, verify_pack
if sys.argv[2] == "here":
    beside._may_copy = lambda: False
made = []
fork = os.fork
os.fork = lambda: made.append(1) or fork()
print(json.dumps([verify_pack(Path(sys.argv[1])).as_json(), len(made)]))
"""

GONE = """
import json, os, sys
from pathlib import Path
from psa_evidence.verify import verifier, verify_pack
real = verifier.check_population
def taken_away(*given):
    os.unlink(sys.argv[1])
    return real(*given)
verifier.check_population = taken_away
print(json.dumps(verify_pack(Path(sys.argv[1])).as_json()))
"""


@ONLY_LINUX
@TWO
def test_work_is_done_in_a_copy_and_its_answer_comes_back():
    here, answer = run(WHERE)
    assert answer["words"] == "\ud800 é"
    assert answer["pid"] != here


@ONLY_LINUX
@pytest.mark.parametrize(
    "end",
    ["os._exit(0)", "os.kill(os.getpid(), 9)", "1 / 0", "sys.exit(0)", "os.write(3, b'x') and os.close(3)"],
)
def test_when_the_copy_ends_before_its_time_there_is_no_answer(end):
    assert run(ENDS, "0") == "done"
    assert run(ENDS, end) is None


@ONLY_LINUX
def test_a_copy_that_is_not_needed_any_more_is_ended():
    assert run(LEFT) == "no copy is left"


def test_with_several_threads_there_is_no_copy():
    assert run(THREADS) is None


def test_without_a_second_processor_there_is_no_copy(monkeypatch):
    monkeypatch.setattr(beside, "_may_copy", lambda: False)
    with beside.Beside(lambda: 1 / 0) as it:
        assert it.answer() is None


@ONLY_LINUX
@TWO
def test_a_pack_is_judged_alike_in_one_process_and_in_three(pack, tmp_path):
    pack.files["data/tables/Evidence tables.xlsx"] = b"none"
    for path in (pack.write(), pack.write_zip(tmp_path / "pack.zip")):
        (one, none), (two, copies) = run(VERIFIED, path, "here"), run(VERIFIED, path, "beside")
        assert (none, copies) == (0, 2)
        assert one == two
        assert any(check["id"] == "9.11" and check["status"] == "fail" for check in one["checks"])


@ONLY_LINUX
@TWO
def test_a_zip_file_that_is_gone_when_the_copy_opens_it_is_read_here(pack, tmp_path, monkeypatch):
    monkeypatch.setattr(verifier, "check_complete", check_complete)  # another process asks for all
    monkeypatch.setattr(verifier, "check_withheld_logs", check_withheld_logs)
    path = pack.write_zip(tmp_path / "pack.zip")
    report = pack.verify().as_json()
    assert run(GONE, path) == report
    assert not path.exists()


class EndedError(Exception):
    """In the place of the end of a process."""


def is_open(handle):
    try:
        os.fstat(handle)
    except OSError:
        return False
    return True


@pytest.fixture
def pipe(monkeypatch):
    """The two ends of the pipe that is made next; both are closed after the test."""
    made, real = [], os.pipe

    def both():
        made.extend(real())
        return tuple(made)

    monkeypatch.setattr(beside, "_may_copy", lambda: True)
    monkeypatch.setattr(os, "pipe", both)
    yield made
    for handle in made:
        if is_open(handle):
            os.close(handle)


@pytest.fixture
def asleep(monkeypatch, pipe):
    """A process that sleeps in the place of the copy, and a function that writes into its end of the pipe and ends."""
    child = os.posix_spawn("/bin/sleep", ["sleep", "100"], {})
    ends = []
    monkeypatch.setattr(os, "fork", lambda: ends.append(os.dup(pipe[1])) or child)

    def write(*parts):
        for part in parts:
            os.write(ends[0], part)
        os.close(ends[0])

    yield child, write
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except OSError:
        pass


@ONLY_LINUX
@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ([b'["there"]'], "there"), ([b'[["the', b're", ', b"1]]"], ["there", 1]), ([b"[]"], None),
        ([b'["there", 1]'], None), ([b'{"there": 1}'], None), ([b'["there"'], None), ([b"\xff"], None), ([], None),
    ],
)  # fmt: skip
def test_only_one_whole_answer_of_the_copy_is_taken(monkeypatch, asleep, pipe, written, answer):
    monkeypatch.setattr(beside, "_BLOCK", 4)
    with beside.Beside(lambda: "here") as it:
        assert not is_open(pipe[1])
        asleep[1](*written)
        assert it.answer() == answer
        assert not is_open(pipe[0])
        with pytest.raises(ChildProcessError):
            os.waitpid(asleep[0], os.WNOHANG)


@ONLY_LINUX
def test_a_copy_that_is_not_asked_is_ended_and_nothing_of_it_left(asleep, pipe):
    with beside.Beside(lambda: None):
        assert os.waitpid(asleep[0], os.WNOHANG) == (0, 0)
    asleep[1]()
    assert not is_open(pipe[0])
    with pytest.raises(ChildProcessError):
        os.waitpid(asleep[0], os.WNOHANG)


@ONLY_LINUX
def test_where_there_are_too_many_processes_there_is_no_copy(monkeypatch, pipe):
    def fork():
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", fork)
    with beside.Beside(lambda: "here") as it:
        assert [is_open(handle) for handle in pipe] == [False, False]
        assert it.answer() is None


@ONLY_LINUX
def test_a_copy_keeps_its_end_of_the_pipe_only(monkeypatch, pipe):
    given = []

    def answer(work, handle):
        given.append((work(), handle))
        raise EndedError

    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(beside, "_answer", answer)
    with pytest.raises(EndedError):
        beside.Beside(lambda: "there")
    assert given == [("there", pipe[1])]
    assert [is_open(handle) for handle in pipe] == [False, True]


@pytest.mark.parametrize(("fails", "code", "written"), [(False, 0, b'[["\\ud800"]]'), (True, 1, b"")])
def test_a_copy_writes_its_answer_and_ends_with_nothing_else(monkeypatch, fails, code, written):
    def end(code):
        raise EndedError(code)

    def work():
        return 1 / 0 if fails else ["\ud800"]

    frozen = []
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as told:
        with monkeypatch.context() as patch:
            patch.setattr(os, "_exit", end)
            patch.setattr(gc, "freeze", lambda: frozen.append(1))
            with pytest.raises(EndedError) as ended:
                beside._answer(work, writing)
        assert told.read() == written
    assert ended.value.args == (code,)
    assert frozen == [1]


@pytest.mark.parametrize(
    ("platform", "processors", "threads", "may"),
    [
        ("linux", 2, 1, True), ("linux", 1, 1, False), ("linux", 2, 2, False), ("linux", 2, 0, False),
        ("linux", 2, None, False), ("darwin", 2, 1, False), ("win32", 2, 1, False),
    ],
)  # fmt: skip
def test_only_linux_copies_a_process_with_one_thread_where_there_are_two_processors(
    monkeypatch, tmp_path, platform, processors, threads, may
):
    for number in range(threads or 0):
        (tmp_path / str(number)).touch()
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(0 if pid else processors)), raising=False)
    monkeypatch.setattr(beside, "_THREADS", tmp_path / "gone" if threads is None else tmp_path)
    assert MAY_COPY() is may


@pytest.fixture
def copied(monkeypatch):
    """The work of the copies is made here, when their answers are asked for; what each answered."""
    answers = []

    class Copied(beside.Beside):
        def __init__(self, work):
            super().__init__(work)
            self._work = work

        def answer(self):
            answers.append(json.loads(json.dumps(self._work())))
            return answers[-1]

    monkeypatch.setattr(beside, "_may_copy", lambda: False)
    monkeypatch.setattr(verifier, "Beside", Copied)
    return answers


def test_what_copies_find_is_in_the_report_and_they_open_the_pack_again(monkeypatch, pack, copied, tmp_path):
    opened, closed, real = [], [], Zip.reopened
    monkeypatch.setattr(Zip, "reopened", lambda self: opened.append(self) or real(self))
    monkeypatch.setattr(Zip, "close", lambda self, close=Zip.close: closed.append(self) or close(self))
    pack.files["data/tables/Evidence tables.xlsx"] = b"none"
    pack.repair()
    report = verify_pack(pack.write_zip(tmp_path / "pack.zip"))
    assert [check.id for check in report.checks if check.status == "fail"] == ["9.11"]
    assert len(copied) == 2
    assert all(copied)
    assert len(opened) == 2
    assert [any(each is one for one in opened) for each in closed] == [False, False, True]
    assert report == pack.verify()


def test_what_a_copy_looked_into_must_be_what_was_hashed(monkeypatch, pack, copied):
    """Else the checks are made again, of files that are then compared at once."""
    pack.write()
    real = verifier.check_time
    seen = []

    def changed_before(bag, checks, *given):
        seen.append(type(bag).__name__)
        if len(seen) == 1:
            bag.seen["data/manifest.json"] = "0" * 64
            checks.fail("10.1", "of another manifest")
        real(bag, checks, *given)

    monkeypatch.setattr(verifier, "check_time", changed_before)
    report = pack.verify()
    assert seen == ["Unhashed", "Bag"]
    assert not [check for check in report.checks if check.detail == "of another manifest"]


def test_what_copies_found_in_the_files_that_were_hashed_is_taken(monkeypatch, pack, copied):
    seen, time, tables = [], verifier.check_time, verifier.check_readable
    monkeypatch.setattr(
        verifier, "check_time", lambda bag, *given: seen.append(type(bag).__name__) or time(bag, *given)
    )
    monkeypatch.setattr(verifier, "check_readable", lambda *given: seen.append("tables") or tables(*given))
    pages, volumes = [], verifier.check_volumes
    monkeypatch.setattr(verifier, "check_volumes", lambda *given: pages.append(given[3]) or volumes(*given))
    pack.verify()
    assert seen == ["tables", "Unhashed"]
    assert pages == [copied[1][1]]
    assert len(pages[0]) > 1


def test_a_copy_that_finds_another_file_the_second_time_says_so(pack, tmp_path):
    with Folder(pack.write()).reopened() as container:
        bag = Unhashed(container, {})
        digest = hashlib.sha256(pack.files["data/manifest.json"]).hexdigest()
        assert bag.sha256("data/manifest.json") == digest
        assert bag.seen == {"data/manifest.json": digest}  # else nobody would compare it with what is hashed
        assert bag.sha256("data/manifest.json") == digest
        assert bag.read("data/manifest.json", 1 << 20) == pack.files["data/manifest.json"]
        assert bag.seen == {"data/manifest.json": digest}
        with pytest.raises(Unreadable, match="changed while it was checked"):
            bag.settle("data/manifest.json", "0" * 64)
        (tmp_path / "gone").touch()
        with Folder(tmp_path).reopened() as emptied:
            (tmp_path / "gone").unlink()
            assert Unhashed(emptied, bag.seen).sha256("gone") is None
        assert bag.sha256("data/nothing") is None
        assert bag.seen == {"data/manifest.json": digest}


def test_rows_of_a_checklist_are_taken_over_whole():
    checks, others = Checklist(), Checklist()
    others.fail("8.1", "does not hold", "a\n")
    others.settle("8.2", "holds")
    others.skip(("8.3",), "of a reason")
    others.settle("8.4", "no seal", "not witnessed")
    checks.settle("9.1", "holds")
    checks.add(json.loads(json.dumps(others.rows())))
    found = checks.report()
    assert found.checks[:4] == others.report().checks
    assert found.verdict == "fail"
