import json
import subprocess
import sys
from pathlib import Path

import pytest

from psa_evidence.testing.sla_vectors import DEVIATIONS, BadVectorError, main, run, run_file

HERE = Path(__file__).parents[1] / "vectors" / "sla"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "sla_vectors"
FILES = sorted(HERE.glob("*.json"))
ELSEWHERE = ("frappe_helpdesk", "glpi", "opening_hours_js", "perl_business_hours", "request_tracker")
"""Sources under GPL, AGPL, LGPL or the Artistic licence: read where they lie, never copied."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_engine_agrees_with_the_source(file):
    outcomes = run_file(file)
    assert [outcome for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == json.loads(file.read_text("utf-8"))["count"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_engine_agrees_with_a_source_that_is_not_copied(name):
    file = SHARED / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"{file.name} is not here: its licence does not let it be copied")
    assert [outcome for outcome in run_file(file) if not outcome.passed] == []


def test_every_named_deviation_differs_and_says_by_which_rule():
    found = {}
    for file in (*FILES, *(SHARED / f"{name}.json" for name in ELSEWHERE)):
        if file.is_file():
            found |= {o.id: o.rule for o in run_file(file) if o.rule is not None and o.id in DEVIATIONS}
    here = {name: d.rule for name, d in DEVIATIONS.items() if not name.startswith(ELSEWHERE) or SHARED.is_dir()}
    assert found == here
    assert all(1 <= rule <= 9 for rule in found.values())


def test_the_documentation_names_every_deviation():
    text = (Path(__file__).parents[2] / "docs" / "sla.md").read_text("utf-8")
    for name, deviation in DEVIATIONS.items():
        assert f"| `{name}` | {deviation.rule} |" in text


def vector(**changes):
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return {
        "id": "own-1", "op": "add", "calendar": week, "timezone": "UTC", "holidays": [], "start": "2026-03-02T09:00:00",
        "seconds": 3600, "end": "2026-03-02T10:00:00", **changes,
    }  # fmt: skip


def test_a_wrong_expectation_fails_with_both_values():
    outcome = run(vector(end="2026-03-02T10:00:01"))
    assert (outcome.passed, outcome.detail) == (
        False, "add: expected 2026-03-02T10:00:01Z, got 2026-03-02T10:00:00Z",
    )  # fmt: skip


def test_a_deviation_whose_difference_is_another_fails():
    file = json.loads((HERE / "biz.json").read_text("utf-8"))
    known = next(v for v in file["vectors"] if v["id"] == "biz-013")
    assert run(known).rule == 1
    assert not run({**known, "seconds": 7199}).passed


def test_the_far_edge_passes_only_where_the_vector_says_that_it_means_it():
    far = vector(seconds=8 * 3600, end="2026-03-03T09:00:00")
    assert not run(far).passed
    assert run({**far, "reference": {"edge": "far edge"}}).rule == 1
    assert not run({**far, "end": "2026-03-03T09:00:01", "reference": {"edge": "far edge"}}).passed


@pytest.mark.parametrize(
    "changes",
    [
        {"op": "elapsed", "end": "2026-03-02T08:00:00", "start": "2026-03-02T10:00:00", "seconds": -3600},
        {"op": "elapsed", "end": "2026-03-02T08:00:00", "start": "2026-03-02T10:00:00", "seconds": 0,
         "reversed": "zero"},
        {"op": "elapsed", "end": "2026-03-02T08:00:00", "start": "2026-03-02T10:00:00", "seconds": 3600,
         "reversed": "absolute"},
        {"op": "add", "pauses": [["2026-03-02T09:00:00", "2026-03-02T09:30:00"]], "end": "2026-03-02T10:30:00"},
        {"op": "add", "pauses": [["2026-03-02T09:50:00", "2026-03-02T12:00:00"],
                                 ["2026-03-02T11:00:00", "2026-03-02T13:00:00"]], "end": "2026-03-02T13:10:00"},
        {"op": "subtract", "start": "2026-03-02T12:00:00", "end": "2026-03-02T10:30:00",
         "pauses": [["2026-03-02T11:00:00", "2026-03-02T11:30:00"]]},
        {"op": "add", "seconds": 60.0, "start": "2026-03-02T09:00:00+00:00", "end": "2026-03-02T09:01:00Z"},
    ],
)  # fmt: skip
def test_every_kind_of_vector_is_understood(changes):
    assert run(vector(**changes)).passed


@pytest.mark.parametrize("changes", [{"op": "fly"}, {"timezone": "Mars/Olympus"}, {"start": "soon"}, {"calendar": 3}])
def test_a_vector_that_makes_no_sense_fails_and_stops_nothing(changes):
    assert not run(vector(**changes)).passed


def test_the_command_prints_failures_and_the_count(tmp_path, capsys):
    file = tmp_path / "own.json"
    file.write_text(json.dumps({"vectors": [vector(), vector(id="own-2", seconds=1)]}), "utf-8")
    assert main([str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED own.json own-2 add:")
    assert lines[1:] == ["1 passed, 1 failed"]
    assert main([str(HERE / "spatie_opening_hours.json")]) == 0
    assert main([]) == 2


def test_a_file_that_is_no_vector_file_is_refused(tmp_path):
    file = tmp_path / "own.json"
    file.write_text("[]", "utf-8")
    with pytest.raises(BadVectorError):
        run_file(file)


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "psa_evidence.testing.sla_vectors", str(HERE / "spatie_opening_hours.json")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "1 passed, 0 failed", "")
