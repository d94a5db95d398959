import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from psa_evidence.errors import StorageError
from psa_evidence.vault.lock import Holding, Lock

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_second_holder_is_told_who_holds_it_and_what_to_do(tmp_path):
    first, second = Lock(tmp_path / "vault.lock"), Lock(tmp_path / "vault.lock")
    first.acquire(NOW)
    with pytest.raises(StorageError, match="Another run") as caught:
        second.acquire(NOW)
    assert str(os.getpid()) in caught.value.why
    assert "2026-03-01" in caught.value.why
    assert "Wait" in caught.value.next_step
    first.release()
    second.acquire(NOW)
    second.release()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / "vault.lock"
    code = (
        "import sys, os, time; from pathlib import Path; from datetime import datetime, UTC;"
        "from psa_evidence.vault.lock import Lock;"
        "l = Lock(Path(sys.argv[1])); l.acquire(datetime.now(UTC)); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held" + os.linesep.encode()
        assert not Lock(path).try_acquire(NOW)
        process.kill()
        process.wait()
    lock = Lock(path)
    assert lock.try_acquire(NOW)
    lock.release()


def test_a_file_that_says_nonsense_holds_nothing(tmp_path):
    path = tmp_path / "vault.lock"
    path.write_bytes(b"\xff garbage")
    with Holding(Lock(path), NOW, wait_seconds=0):
        assert not Lock(path).try_acquire(NOW)
    assert Lock(path).try_acquire(NOW)
