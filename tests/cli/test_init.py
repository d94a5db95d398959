"""`init` at a terminal, through a pipe, and for keys alone."""

from __future__ import annotations

import io

import keyring
import pytest

from psa_evidence.cli.commands import init

GIVEN = (
    "--set", "site=psa.example", "--set", "company=acme", "--set", "client_id=guid", "--msp", "Us",
)  # fmt: skip


@pytest.fixture
def piped(monkeypatch):
    def answers(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return answers


def test_input_that_ends_is_a_usage_error_that_names_the_flags(run, tmp_path, piped):
    piped("psa.example\n")
    ran = run("init", tmp_path / "here")
    assert ran.code == 2
    assert "--no-ask" in ran.err
    assert "Interrupted" not in ran.err
    assert not (tmp_path / "here").exists()


def test_answers_through_a_pipe_make_a_file_and_keys_are_left_for_later(run, tmp_path, piped):
    piped("psa.example\nacme\nguid\nUs\nEurope/Berlin\n")
    ran = run("init", tmp_path / "here")
    assert ran.code == 0, ran.err
    assert "init --keys" in ran.err
    assert f"in the folder {tmp_path / 'here'}" in ran.err


def test_a_wrong_zone_leaves_no_file_behind(run, tmp_path):
    command = ("init", tmp_path / "here", "--no-ask", *GIVEN, "--time-zone")
    assert run(*command, "Mars/Phobos").code == 2
    assert run(*command, "Europe/Berlin").code == 0


def test_a_zone_that_is_none_is_asked_for_again(run, tmp_path, piped):
    piped("psa.example\nacme\nguid\nUs\nEastern\nEurope/Berlin\n")
    ran = run("init", tmp_path / "here")
    assert ran.code == 0, ran.err
    assert "not an IANA time zone" in ran.err
    assert "[]" not in ran.err
    assert 'time_zone = "Europe/Berlin"' in (tmp_path / "here" / "psa-evidence.toml").read_text(encoding="utf-8")


def test_keys_can_be_given_later(run, tmp_path, monkeypatch):
    assert run("init", tmp_path, "--no-ask", *GIVEN).code == 0
    again = run("init", tmp_path, "--no-ask", *GIVEN)
    assert (again.code, "--keys" in again.err) == (2, True)
    kept = {}
    monkeypatch.setattr(keyring, "set_password", lambda service, name, value: kept.update({(service, name): value}))
    monkeypatch.setattr(init, "_somebody_there", lambda: True)
    answers = iter(["pub", "hunter2"])
    monkeypatch.setattr(init, "_hidden", lambda _label: next(answers))
    ran = run("init", tmp_path, "--keys")
    assert ran.code == 0, ran.err
    assert kept == {("psa-evidence/main", "public_key"): "pub", ("psa-evidence/main", "private_key"): "hunter2"}
    assert "hunter2" not in ran.err + ran.out


def test_a_matter_file_names_the_very_client_that_was_meant(run, captured, psa):
    """Two clients of one name: the file that was written for one of them must not fit both when it is built."""
    assert psa.control(edit=[{"resource": "company/companies", "id": n, "set": {"name": "Acme"}} for n in (103, 104)])
    assert run("capture", "--quiet", "--client", "103", "--client", "104").code == 0
    written = run("init", "--matter", "M", "--client", "104", "--from", "2026-10-01", "--to", "2026-10-31")
    text = (captured / "matters" / "M.toml").read_text("utf-8")
    assert written.code == 0
    assert 'client = "Acme"' not in text
    built = run("build", "matters/M.toml", "--json")
    assert built.code == 0, built.err
    assert run("init", "--matter", "N", "--client", "Acme", "--from", "2026-10-01", "--to", "2026-10-31").code == 2
