import json
import subprocess
import sys
from pathlib import Path

import pytest

from psa_evidence.testing.sla_vectors import DEVIATIONS, BadVectorError, main, run, run_file

HERE = Path(__file__).parents[1] / "vectors" / "sla"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "sla_vectors"
FILES = sorted(HERE.glob("*.json"))
OWN = sorted((HERE / "own").glob("*.json"))
ELSEWHERE = ("frappe_helpdesk", "glpi", "opening_hours_js", "perl_business_hours", "request_tracker")
"""Sources under GPL, AGPL, LGPL or the Artistic licence: read where they lie, never copied."""


@pytest.mark.parametrize("file", [*FILES, *OWN], ids=lambda file: f"{file.parent.name}-{file.stem}")
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
    pause = [["2026-03-02T10:00:00", "2026-03-02T11:00:00"]]
    before = vector(seconds=3600, pauses=pause, end="2026-03-02T11:00:00")
    assert not run(before).passed
    assert run({**before, "reference": {"edge": "far edge"}}).rule == 1


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


def test_every_operation_has_its_own_vectors():
    assert {file.stem for file in OWN} == {
        "add", "subtract", "elapsed", "next_open", "next_close", "prev_close", "add_workdays", "local_to_utc",
    }  # fmt: skip


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_each_of_our_vectors_fails_when_its_expectation_is_another(file):
    """None of them passes whatever the engine says."""
    for one in json.loads(file.read_text("utf-8"))["vectors"]:
        if one["op"] == "elapsed":
            other = one | {"seconds": one["seconds"] + 86_400}
        else:
            other = one | {"end": "2027" + one["end"][4:]}
        assert run(one).passed
        assert not run(other).passed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"op": "fly"}, "unknown operation 'fly'; known are add, subtract, elapsed"),
        ({"op": ["add"]}, "unknown operation ['add']"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"start": "soon"}, "soon"),
        ({"calendar": 3}, "TypeError"),
        ({"calendar": {"monday": []}}, "days are mon, tue"),
        ({"calendar": {"mon": [["9", "17"]]}}, "is no time of day"),
        ({"calendar": {"mon": [["17:00", "09:00"]]}}, "ConfigurationError"),
        ({"seconds": None}, "neither 'seconds' nor 'minutes'"),
        ({"seconds": float("inf")}, "OverflowError"),
        ({"seconds": 10**30}, "NeverOpenError"),
        ({"op": "add_workdays"}, "has no 'workdays'"),
        ({"op": "add_workdays", "workdays": 10**12}, "NeverOpenError"),
        ({"op": "elapsed", "reversed": "sideways"}, "'reversed' is 'sideways'"),
        ({"pauses": [["2026-03-02T10:00", "2026-03-02T09:00"]]}, "a pause ends before it begins"),
        ({"end": None}, "TypeError"),
    ],
)
def test_a_vector_that_makes_no_sense_fails_says_why_and_stops_nothing(changes, said):
    outcome = run(vector(**changes))
    assert not outcome.passed
    assert said in outcome.detail


@pytest.mark.parametrize("thing", [None, 3, "add", ["add"]], ids=["null", "number", "text", "list"])
def test_what_is_no_vector_fails(thing):
    assert not run(thing).passed


def test_a_vector_of_another_file_that_bears_the_id_of_a_deviation_is_judged_by_itself():
    assert run(vector(id="biz-013")).passed
    assert not run(vector(id="biz-013", end="2026-03-02T10:00:01")).passed


def test_the_command_prints_failures_and_the_count(tmp_path, capsys):
    file = tmp_path / "own.json"
    file.write_text(json.dumps({"vectors": [vector(), vector(id="own-2", seconds=1)]}), "utf-8")
    assert main([str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED own.json own-2 add:")
    assert lines[1:] == ["1 passed, 1 failed"]
    assert main([str(HERE / "spatie_opening_hours.json")]) == 0
    assert main([]) == 2


@pytest.mark.parametrize(
    "text",
    ["[]", "", "{", "nul", "[" * 100_000, '{"vectors": 3}', '{"schema": "sla-vectors/2", "vectors": []}', "\ufffd"],
    ids=["list", "empty", "cut", "word", "deep", "number", "newer", "noise"],
)
def test_a_file_that_is_no_vector_file_is_refused_before_anything_is_run(tmp_path, capsys, text):
    file = tmp_path / "own.json"
    file.write_text(text, "utf-8")
    with pytest.raises(BadVectorError):
        run_file(file)
    assert main([str(HERE / "biz.json"), str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("own.json is ")


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_refused(tmp_path, capsys):
    file = tmp_path / "own.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert main([str(file)]) == 2
    assert main([str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read." in capsys.readouterr().err


def test_a_folder_stands_for_the_files_in_it(tmp_path, capsys):
    for name, seconds in (("b", 3600), ("a", 1)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"vectors": [vector(seconds=seconds)]}), "utf-8")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "FAILED a.json own-1 add: expected 2026-03-02T10:00:00Z, got 2026-03-02T09:00:01Z", "1 passed, 1 failed",
    ]  # fmt: skip
    (tmp_path / "empty").mkdir()
    assert main([str(tmp_path / "empty")]) == 2


def test_standard_input_is_a_file_too():
    done = subprocess.run(
        [sys.executable, "-m", "psa_evidence.testing.sla_vectors", "-"],
        input=json.dumps({"vectors": [vector(), vector(op="fly")]}), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (1, "1 passed, 1 failed", "")


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "psa_evidence.testing.sla_vectors", str(HERE / "spatie_opening_hours.json")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "1 passed, 0 failed", "")
