"""Half of the checks on a second processor: the same report, whatever becomes of the copy that makes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from psa_evidence.verify import beside

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
with Beside(lambda _: {"pid": os.getpid(), "words": "\\ud800 é"}) as it:
    print(json.dumps([os.getpid(), it.answer()]))
"""

ENDS = """
import json, os, sys
from psa_evidence.verify.beside import Beside
here = os.getpid()
def work(_):
    if os.getpid() != here:
        eval(sys.argv[1])
    return "done here"
with Beside(work) as it:
    print(json.dumps(it.answer()))
"""

LEFT = """
import json, os, time
from psa_evidence.verify.beside import Beside
try:
    with Beside(lambda _: time.sleep(100)):
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
with Beside(lambda _: os.getpid()) as it:
    print(json.dumps([os.getpid(), it.answer()]))
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
def test_when_the_copy_ends_before_its_time_the_work_is_done_here(end):
    assert run(ENDS, end) == "done here"


@ONLY_LINUX
def test_a_copy_that_is_not_needed_any_more_is_ended():
    assert run(LEFT) == "no copy is left"


def test_with_several_threads_the_work_is_done_here():
    here, there = run(THREADS)
    assert here == there


def test_without_a_second_processor_the_work_is_done_here(monkeypatch):
    monkeypatch.setattr(beside, "_may_copy", lambda: False)
    with beside.Beside(lambda apart: (os.getpid(), apart)) as it:
        assert it.answer() == (os.getpid(), False)
    with beside.Beside(lambda _: 1 / 0) as it, pytest.raises(ZeroDivisionError):
        it.answer()


@ONLY_LINUX
@TWO
def test_a_pack_is_judged_alike_in_one_process_and_in_two(pack, tmp_path):
    pack.files["data/tables/Evidence tables.xlsx"] = b"none"
    for path in (pack.write(), pack.write_zip(tmp_path / "pack.zip")):
        (one, none), (two, copies) = run(VERIFIED, path, "here"), run(VERIFIED, path, "beside")
        assert (none, copies) == (0, 1)
        assert one == two
        assert any(check["id"] == "9.11" and check["status"] == "fail" for check in one["checks"])


@ONLY_LINUX
@TWO
def test_a_zip_file_that_is_gone_when_the_copy_opens_it_is_read_here(pack, tmp_path):
    path = pack.write_zip(tmp_path / "pack.zip")
    report = pack.verify().as_json()
    assert run(GONE, path) == report
    assert not path.exists()
