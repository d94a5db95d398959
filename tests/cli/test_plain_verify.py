"""The usual command line of `verify`, read without typer: what typer would read, or left to it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from psa_evidence.cli import plain_verify
from psa_evidence.cli.plain_verify import Asked, read

P, A, B = Path("p"), Path("a.pem"), Path("b.pem")


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("verify p", Asked(P, (), as_json=False)),
        ("verify --json p", Asked(P, (), as_json=True)),
        ("verify p --json --json", Asked(P, (), as_json=True)),
        ("verify p --trust a.pem", Asked(P, (A,), as_json=False)),
        ("verify --trust a.pem --json p --trust b.pem", Asked(P, (A, B), as_json=True)),
    ],
)
def test_a_usual_line_is_read(line, asked):
    assert read(line.split()) == asked


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["p"], ["capture", "p"], ["verify"], ["verify", "p", "q"], ["verify", ""], ["verify", "--json"],
        ["verify", "-h"], ["verify", "p", "--help"], ["verify", "p", "--trust"], ["verify", "--trust", "--json", "p"],
        ["verify", "--trust", "-x", "p"], ["verify", "--trust=a.pem", "p"], ["verify", "--", "p"], ["verify", "-"],
        ["verify", "p", "--opening", "o"], ["verify", "--page", "f"], ["verify", "--trust", "--trust", "a.pem", "p"],
        ["verify", "*.zip"], ["verify", "p?"], ["verify", "[p]"], ["verify", "~/p"], ["verify", "$P"],
        ["verify", "%P%"],
        ["verify", "p", "--trust", "*.pem"], ["--json", "verify", "p"],
    ],
)  # fmt: skip
def test_anything_else_is_left_to_typer(arguments):
    assert read(arguments) is None


@pytest.mark.parametrize(
    "line", ["verify p", "verify p --json", "verify none", "verify p --trust p", "verify none --json --trust x"]
)
def test_both_ways_say_the_same(run, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    assert read(line.split()) is not None
    plainly = run(*line.split())
    monkeypatch.setattr(plain_verify, "read", lambda _: None)
    assert run(*line.split()) == plainly
    assert plainly.code in {2, 5}


def test_the_search_for_objects_in_rings_is_as_before_afterwards(run, tmp_path):
    before = gc.get_threshold()
    gc.set_threshold(701, 10, 10)
    try:
        assert run("verify", tmp_path).code == 5
        assert gc.get_threshold() == (701, 10, 10)
    finally:
        gc.set_threshold(*before)


def test_a_line_that_cannot_be_read_is_said_to_be_so(run):
    ran = run("verify", "p", "--trust")
    assert ran.code == 2
    assert "--trust" in ran.err
