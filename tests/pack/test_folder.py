"""Where a pack is built: nothing stays of what failed, nor of what was ended by force."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from psa_evidence.pack.folder import building

NOW = datetime(2025, 7, 2, tzinfo=UTC)
KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from psa_evidence.pack.folder import building
with building(Path(sys.argv[1]), "Pack", now=datetime(2025, 7, 2, tzinfo=UTC)) as (scratch, _):
    (scratch / "a client's text").write_text("x")
    os._exit(9)
"""


def test_what_a_build_that_was_killed_left_goes_with_the_next(tmp_path):
    """Else each power cut leaves a hidden folder of clients' records for ever."""
    assert subprocess.run([sys.executable, "-c", KILLED, tmp_path], check=False, timeout=60).returncode == 9
    [left] = tmp_path.glob(".*.building")
    assert (left / "a client's text").exists()
    with building(tmp_path, "Pack", now=NOW) as (scratch, done):
        assert scratch.parent == tmp_path
        assert not left.exists()
    assert list(tmp_path.iterdir()) == done == [tmp_path / "Pack"]


def test_a_build_under_way_and_a_folder_of_unknown_origin_stay(tmp_path):
    (tmp_path / ".of-somebody.building").mkdir()
    with building(tmp_path, "Pack", now=NOW) as (first, _):
        (first / "file").write_text("x")
        with building(tmp_path, "Pack", now=NOW) as (second, _):
            assert (first / "file").exists()
            assert second != first
    assert {p.name for p in tmp_path.iterdir()} == {".of-somebody.building", "Pack", "Pack_2"}


def test_nothing_stays_of_a_build_that_fails(tmp_path):
    with pytest.raises(KeyError), building(tmp_path, "Pack", now=NOW):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
