"""What happens in worker processes comes back as it should."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time

import pytest

from psa_evidence.errors import EvidenceError, StorageError, TransientError
from psa_evidence_pdf import apart
from psa_evidence_pdf.typesetting import Job, world_digest
from psa_evidence_pdf.work import lay_out
from psa_evidence_pdf.workers import WORKERS, Workers


@pytest.fixture
def in_order():
    workers = Workers()
    yield workers.in_order
    workers.close()


def test_results_come_in_the_order_of_the_tasks(in_order):
    assert list(in_order(pow, ((n, 2) for n in range(9)))) == [n * n for n in range(9)]


def test_no_task_starts_no_process(in_order):
    assert list(in_order(os._exit, ())) == []


def test_a_worker_that_dies_is_said_and_does_not_hang(in_order):
    with pytest.raises(TransientError, match="ended before its time"):
        list(in_order(os._exit, ((1,),)))


def test_after_a_worker_died_others_begin(in_order):
    with pytest.raises(EvidenceError):
        list(in_order(os._exit, ((1,),)))
    assert list(in_order(abs, ((-1,),))) == [1]


def test_an_error_in_a_worker_arrives_with_its_words(in_order, tmp_path):
    with pytest.raises(EvidenceError, match="could not be laid out"):
        list(in_order(lay_out, ((Job(b"no json", 0), {"first": {}, "last": {}, "facts": []}, {}, tmp_path / "x.pdf"),)))


def test_errors_travel_between_processes_whole():
    import pickle

    error = StorageError("what", why="why", next_step="next")
    back = pickle.loads(pickle.dumps(error))
    assert (back.what, back.why, back.next_step) == ("what", "why", "next")


def test_one_thread_each_where_several_documents_are_under_way(in_order):
    alone = Workers(alone=True)
    assert list(alone.in_order(os.getenv, (("RAYON_NUM_THREADS",),))) == ["1"]
    alone.close()
    assert list(in_order(os.getenv, (("RAYON_NUM_THREADS",),))) == [os.getenv("RAYON_NUM_THREADS")]


def test_workers_begin_with_settings_for_memory_that_the_program_itself_does_not_have(monkeypatch):
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    alone = Workers(alone=True)
    told = list(alone.in_order(_slowly_told, [()] * 4))
    alone.close()
    assert all("glibc.malloc.hugetlb=1" in each for each in told)
    assert "GLIBC_TUNABLES" not in os.environ


def test_settings_for_memory_that_somebody_made_are_kept(monkeypatch):
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.arena_max=2")
    alone = Workers(alone=True)
    assert list(alone.in_order(os.getenv, (("GLIBC_TUNABLES",),))) == ["glibc.malloc.arena_max=2"]
    alone.close()
    assert os.environ["GLIBC_TUNABLES"] == "glibc.malloc.arena_max=2"


def _slowly_told():
    """So slowly that the next task is another process's."""
    time.sleep(0.05)
    return os.environ["GLIBC_TUNABLES"]


def test_processes_begin_before_the_first_task_and_no_more_of_them():
    alone = Workers(alone=True)
    alone.begin()
    alone.begin()
    begun = set(alone._pool._processes)
    assert len(begun) == WORKERS
    assert list(alone.in_order(pow, ((n, 2) for n in range(5)))) == [0, 1, 4, 9, 16]
    assert set(alone._pool._processes) == begun
    alone.close()


def test_for_one_document_none_begins():
    workers = Workers()
    workers.begin()
    assert workers._pool is None


linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process well")


@linux
def test_each_task_is_done_in_a_copy_that_takes_its_memory_with_it():
    alone = Workers(alone=True)
    assert len(set(alone.in_order(os.getpid, [()] * 5))) == 5
    alone.close()


@linux
def test_a_copy_does_not_look_through_what_was_copied_for_waste():
    alone = Workers(alone=True)
    assert list(alone.in_order(gc.isenabled, [()] * 2)) == [False, False]
    alone.close()


@linux
def test_a_copy_need_not_read_the_fonts_to_know_their_digest():
    alone = Workers(alone=True)
    assert list(alone.in_order(_digests_known, [()] * 3)) == [1, 1, 1]
    alone.close()


def _digests_known():
    return world_digest.cache_info().currsize


ONE_DOCUMENT = """
import os, threading
from psa_evidence_pdf.apart import copies
from psa_evidence_pdf.workers import WORKERS, Workers
workers = Workers()
print(list(workers.in_order(os.getppid, [()])) == [os.getpid()], workers._pool, copies())
held = threading.Event()
threading.Thread(target=held.wait).start()
print(copies())
held.set()
"""


@linux
def test_for_one_document_no_process_is_begun_but_a_process_with_threads_is_never_copied():
    said = subprocess.run([sys.executable, "-c", ONE_DOCUMENT], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", "None", "True", "False"]


LOADED_MEANWHILE = """
import sys, time
from psa_evidence_pdf import PdfExporter
from psa_evidence_pdf.workers import Workers
print("pypdf" in sys.modules)
done = []
print(list(Workers().in_order(time.sleep, [(0.01,)], meanwhile=lambda: done.append(1))), len(done))
"""


@linux
def test_the_library_that_reads_files_back_is_not_loaded_before_pages_are_laid_out():
    said = subprocess.run([sys.executable, "-c", LOADED_MEANWHILE], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "[None]", "1"]


@pytest.mark.parametrize("work", [abs, int])
def test_where_there_is_no_copy_the_typesetter_is_made_to_forget(monkeypatch, work):
    forgot = []
    monkeypatch.setattr(apart, "copies", lambda: False)
    monkeypatch.setattr(apart, "forget", lambda: forgot.append(True))
    if work is abs:
        assert apart.apart(work, -1) == 1
    else:
        with pytest.raises(ValueError, match="invalid literal"):
            apart.apart(work, "x")
    assert forgot == [True]
