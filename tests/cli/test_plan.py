"""Planning, choosing and checking before anything is fetched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from psa_evidence.cli import choosing, machine
from psa_evidence.errors import AmbiguousError
from psa_evidence.spi import ClientName

TWO = [
    ClientName(id="1", name="Northwind Dental", identifier="NWD"),
    ClientName(id="2", name="Northwind Legal", identifier="NWL"),
]


def test_a_plan_counts_and_fetches_nothing(run, project, psa):
    planned = run("plan", "--json")
    assert planned.code == 0, planned.err
    found = json.loads(planned.out)
    paths = psa.stats()["paths"]
    assert all(path.endswith("/count") for path in paths)
    assert not (project / "vault").exists()
    by_name = {line["resource"]: line for line in found["resources"]}
    assert by_name["service/tickets"]["records"] == found["tickets"] > 50
    assert found["pages"] > found["tickets"]


def test_a_plan_comes_near_what_a_capture_takes(run, project, psa):
    planned = json.loads(run("plan", "--json").out)
    before = psa.stats()["requests"]
    assert run("capture", "--quiet").code == 0
    took = psa.stats()["requests"] - before
    assert 0.75 * took <= planned["requests"] <= 1.25 * took


def test_a_plan_of_one_client_and_period_is_smaller_and_fits_eighty_columns(run, project):
    client = json.loads(run("clients", "--json").out)[0]["id"]
    whole = json.loads(run("plan", "--json").out)
    part = json.loads(run("plan", "--client", client, "--period", "March 2026", "--json").out)
    assert 0 < part["requests"] < whole["requests"]
    told = run("plan", "--client", client)
    assert all(len(line) <= 80 for line in told.out.splitlines())
    assert "requests" in told.out


def test_a_plan_names_what_it_may_not_count(run, project, psa):
    psa.control(knobs={"deny": ["finance/invoices"]})
    ran = run("plan", "--json")
    assert ran.code == 3
    lines = {line["resource"]: line for line in json.loads(ran.out)["resources"]}
    assert lines["finance/invoices"]["problem"] == "no permission"
    assert lines["service/tickets"]["problem"] is None


@pytest.mark.parametrize("arguments", [
    ["--period", "2025", "--since", "2025-01-01"], ["--period", "soon"], ["--since", "2026", "--until", "2025"],
    ["--period", "since contract start"],
])  # fmt: skip
def test_periods_that_cannot_be_meant_are_refused_before_anything_is_asked(run, project, psa, arguments):
    ran = run("capture", *arguments)
    assert ran.code == 2
    assert "Next:" in ran.err
    assert psa.stats()["requests"] == 0


def test_the_start_of_the_contract_is_read_from_the_vault(run, project):
    client = next(c["id"] for c in json.loads(run("clients", "--json").out) if c["id"] != "2")
    assert run("capture", "--client", client, "--quiet").code == 0
    written = run("init", "--matter", "Dispute", "--client", client, "--period", "since contract start")
    assert written.code == 0, written.err
    text = Path(written.out.strip()).read_text(encoding="utf-8")
    assert "period = { from = 20" in text


def test_a_name_that_fits_several_is_an_error_that_lists_them_when_nobody_can_be_asked(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(AmbiguousError, match="Northwind Dental"):
        choosing.choose(TWO, "northwind", ask=True)


def test_at_a_terminal_the_person_chooses(monkeypatch):
    answers = iter([7, 2])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert choosing.choose(TWO, "northwind", ask=True).id == "2"
    with pytest.raises(AmbiguousError):
        choosing.choose(TWO, "northwind", ask=False)


def checked(run, *arguments):
    ran = run("doctor", "--json", *arguments)
    return ran, {line["id"]: line for line in json.loads(ran.out)}


def test_doctor_finds_everything_in_place(run, captured):
    ran, lines = checked(run)
    assert ran.code == 0
    for name in (
        "vault",
        "vault/write",
        "vault/lock",
        "disk",
        "zone data",
        "fonts",
        "host",
        "keys",
        "version",
        "clock",
    ):
        assert lines[name]["status"] == "ok", lines[name]
    told = run("doctor")
    assert all(len(line) <= 80 for line in told.out.splitlines())
    assert "since when. Next: name one" in " ".join(told.out.split())


def test_doctor_says_that_the_keys_are_missing_and_what_to_do(run, project, monkeypatch):
    monkeypatch.delenv("PSA_EVIDENCE_MAIN_PUBLIC_KEY")
    ran = run("doctor")
    assert ran.code == 2
    said = " ".join(ran.out.split())
    assert "for the connection 'main': neither the environment nor" in said
    assert "has it. Next: run `psa-evidence init --keys`" in said


def test_doctor_says_what_a_missing_permission_leaves_empty(run, project, psa):
    psa.control(knobs={"deny": ["time/entries"]})
    ran, lines = checked(run)
    assert ran.code == 0
    assert lines["time/entries"]["status"] == "warning"
    assert "work done" in lines["time/entries"]["detail"]


def test_doctor_leaves_with_four_when_the_keys_are_refused_and_two_when_the_host_is_wrong(run, project, monkeypatch):
    monkeypatch.setenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY", "Sup3rS3cretWrongKey")
    ran, _ = checked(run)
    assert ran.code == 4
    assert "Sup3rS3cret" not in ran.out + ran.err
    file = project / "psa-evidence.toml"
    file.write_text(file.read_text().replace('company = "', 'company = "not-'))
    assert checked(run)[0].code == 2


@pytest.mark.parametrize("denied", ["service/tickets", "company/companies"])
def test_doctor_leaves_with_four_when_the_role_does_not_show_what_every_pack_needs(run, project, psa, denied):
    psa.control(knobs={"deny": [denied]})
    ran, lines = checked(run)
    assert lines[denied]["status"] == "failed"
    assert ran.code == 4


def test_doctor_sees_that_another_run_holds_the_vault(run, captured):
    from psa_evidence.cli import context
    from psa_evidence.vault.layout import Layout
    from psa_evidence.vault.lock import Lock

    lock = Lock(Layout(captured / "vault").lock)
    assert lock.try_acquire(context.now())
    try:
        _, lines = checked(run)
    finally:
        lock.release()
    assert lines["vault/lock"]["status"] == "warning"


def test_doctor_names_missing_zones_and_fonts(monkeypatch):
    monkeypatch.setattr(machine, "ZONES", ("Nowhere/Never",))
    assert machine._zones("Also/Never").status == "failed"
    assert "Also/Never" in machine._zones("Also/Never").detail
    assert machine._fonts(0).status == "failed"
    assert machine.fonts() > 5


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_doctor_names_a_folder_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    assert machine._writable(tmp_path) is False
