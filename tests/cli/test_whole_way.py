"""From a matter file to a verified pack, the monthly run, holds: the commands as a user types them."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from pypdf import PdfReader

import psa_evidence.archive.run as archive_run

MONTH = "2026-09"


def test_a_pack_is_built_without_keys_and_verifies(run, captured, build_one, monkeypatch):
    monkeypatch.delenv("PSA_EVIDENCE_MAIN_PUBLIC_KEY")
    monkeypatch.delenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY")
    pack = build_one()["pack"]
    assert list((captured / "page-cache").glob("*.pages"))
    ran = run("verify", pack, "--json")
    assert ran.code == 0, ran.out
    report = json.loads(ran.out)
    assert report["verdict"] == "pass"
    assert {"id", "status", "detail", "subject"} == set(report["checks"][0])
    words = run("verify", pack)
    assert all(len(line) <= 80 for line in words.out.splitlines())
    assert "no time-stamp authority has witnessed" in words.out.replace("\n", " ")


def test_one_changed_byte_anywhere_fails_with_exit_code_5(run, built):
    pack = built
    files = sorted(p for p in pack.rglob("*") if p.is_file())
    kinds = {}
    for path in files:
        kinds.setdefault((path.relative_to(pack).parts[:2][-1] if path.parent != pack else path.name), path)
    assert run("verify", pack).code == 0
    for path in kinds.values():
        honest = path.read_bytes()
        data = bytearray(honest)
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert run("verify", pack).code == 5, path.name
        path.write_bytes(honest)


def test_the_sla_table_counts_each_ticket_stage_and_reading_once(built):
    with (built / "data/tables/sla_results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    keys = [(r["ticket"], r["stage"], r["reading"]) for r in rows]
    assert len(keys) == len(set(keys)) == 9 * len({r["ticket"] for r in rows}) > 0
    assert {r["verdict"] for r in rows} <= {"met", "missed", "not determined", "no target", "excluded"}


def test_a_matter_file_with_an_unknown_key_is_refused(run, captured):
    written = run("init", "--matter", "M", "--client", "Castellan", "--from", "2026-08-01", "--to", "2026-10-31")
    path = captured / written.out.strip()
    path.write_text(path.read_text().replace("paper =", "papre ="))
    ran = run("build", path)
    assert ran.code == 2
    assert "papre" in ran.err


def test_the_clock_of_a_ticket_is_explained(run, built):
    ticket = next((built / "data/natives/ticket").glob("*.json")).stem
    data = json.loads(run("explain", ticket, "--json").out)
    assert data["ticket"] == ticket
    for result in data["results"]:
        if result["intervals"]:
            assert sum(i["seconds"] for i in result["intervals"]) == result["elapsed_seconds"]
    words = run("explain", ticket)
    assert words.code == 0
    assert all(len(line) <= 80 for line in words.out.splitlines())
    assert run("explain", f"#{ticket}").out == words.out
    assert data["unread"] == []
    assert run("explain", "99999999").code == 2


WHOLE = "102"
"""The client whose pack of the monthly run has all its files."""


@pytest.fixture
def fail(monkeypatch):
    """Name the clients whose pack fails. Those of the others have records and proofs, and all files for one of them:
    laying out nine reports takes half a minute."""
    failing: list[str] = []
    real = archive_run.build

    def build(*, matter, exporters, **rest):
        if matter.client in failing:
            raise RuntimeError("text of a client")
        return real(matter=matter, exporters=exporters if matter.client == WHOLE else {}, **rest)

    monkeypatch.setattr(archive_run, "build", build)
    return failing.append


def test_the_monthly_run_makes_each_pack_once(run, captured, fail):
    first = json.loads(run("archive", "run", "--month", MONTH, "--json").out)
    assert first["state"] == "complete"
    assert {c["state"] for c in first["clients"]} == {"built"}
    assert len(first["clients"]) >= 8
    second = json.loads(run("archive", "run", "--month", MONTH, "--json").out)
    assert {c["state"] for c in second["clients"]} == {"kept"}
    assert [c["pack"] for c in second["clients"]] == [c["pack"] for c in first["clients"]]
    [whole] = [c["pack"] for c in first["clients"] if c["client"] == WHOLE]
    assert run("verify", whole).code == 0


def test_one_clients_failure_costs_only_that_client(run, captured, fail):
    fail("101")
    ran = run("archive", "run", "--month", MONTH, "--json")
    assert ran.code == 3
    outcome = {c["client"]: c for c in json.loads(ran.out)["clients"]}
    assert outcome["101"]["state"] == "failed"
    assert "text of a client" not in ran.out + ran.err
    assert sum(c["state"] == "built" for c in outcome.values()) == len(outcome) - 1


def test_clients_of_two_connections_that_are_called_alike_each_have_their_month(run, captured, fail, monkeypatch):
    """The same simulated PSA under two names: each client has its twin, of the same name and number."""
    file = captured / "psa-evidence.toml"
    section = file.read_text().split("[connections.main]")[1].split("\n[")[0]
    file.write_text(f"{file.read_text()}\n[connections.second]{section}\n")
    for key in ("PUBLIC_KEY", "PRIVATE_KEY"):
        monkeypatch.setenv(f"PSA_EVIDENCE_SECOND_{key}", os.environ[f"PSA_EVIDENCE_MAIN_{key}"])
    made = {
        name: json.loads(run("archive", "run", "--connection", name, "--month", MONTH, "--json").out)["clients"]
        for name in ("main", "second")
    }
    one, two = ({c["client"]: Path(c["pack"]) for c in clients if c["state"] == "built"} for clients in made.values())
    assert one.keys() == two.keys()
    assert len(one) == len(made["main"])
    assert {str(pack.parents[2]) for pack in one.values()} == {str(captured / "packs/archive")}
    assert {str(pack.parents[2]) for pack in two.values()} == {str(captured / "packs/archive-second")}
    assert last_number(one[WHOLE]) != last_number(two[WHOLE])
    again = json.loads(run("archive", "run", "--connection", "second", "--month", MONTH, "--json").out)
    assert {c["state"] for c in again["clients"]} == {"kept"}


def last_number(pack):
    [report] = pack.glob("data/*.pdf")
    return PdfReader(report).page_labels[-1]


def test_an_open_month_is_refused(run, captured):
    assert run("archive", "run", "--month", "2099-01").code == 2


def test_a_hold_is_recorded_even_when_the_capture_fails(run, project, psa, monkeypatch):
    ran = run("hold", "start", "Castellan", "--client", "Castellan", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["state"] == "complete"
    monkeypatch.setenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY", "wrong")
    assert run("hold", "start", "Second", "--client", "Castellan").code == 4
    holds = json.loads(run("hold", "list", "--json").out)
    assert [h["matter"] for h in holds] == ["Castellan", "Second"]
    assert holds[0]["client"] == "Castellan"  # the vault knew nobody yet
    assert holds[1]["client"].isdecimal()
    assert "Castellan " in run("hold", "list").out.splitlines()[-1]


def test_the_catalogue_can_be_deleted_and_made_anew(run, captured):
    before = run("clients", "--captured", "--json").out
    for path in (captured / "vault").glob("catalogue.db*"):
        path.unlink()
    assert run("clients", "--captured", "--json").out == before
    made = run("vault", "reindex")
    assert made.code == 0
    assert "`vault check` says" in made.out + made.err
    assert len(json.loads(run("vault", "list", "--json").out)) == 1


def test_doctor_says_what_is_fine_and_what_is_not(run, project, psa):
    good = run("doctor", "--json")
    assert good.code == 0, good.out
    assert {"configuration", "vault", "disk"} <= {c["id"] for c in json.loads(good.out)}
    psa.control(knobs={"deny": ["finance/invoices"]})
    assert all(len(line) <= 80 for line in run("doctor").out.splitlines())


def test_plugins_are_listed(run):
    ran = run("plugins", "--json")
    assert ran.code == 0
    assert {"connectwise", "pdf", "tables"} <= {p["name"] for p in json.loads(ran.out)}


def test_init_writes_a_file_that_loads_and_holds_no_key(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("init", "evidence", "--no-ask", "--set", "site=psa.example", "--set", "company=acme", "--set",
              "client_id=00000000-0000-0000-0000-000000000000", "--msp", 'A "quoted" name', "--time-zone",
              "Europe/Berlin")  # fmt: skip
    assert ran.code == 0, ran.err
    text = (tmp_path / "evidence" / "psa-evidence.toml").read_text()
    assert 'site = "psa.example"' in text
    assert run("init", "evidence", "--no-ask").code == 2
    refused = run("init", "other", "--no-ask", "--set", "private_key=hunter2")
    assert refused.code == 2
    assert "hunter2" not in refused.err


def test_the_demo_says_in_few_lines_what_it_made_and_how_to_check_it(run, tmp_path):
    ran = run("demo", "--out", tmp_path / "demo", "--tickets", "100", "--quiet")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert len(lines) == 7
    assert "DEMONSTRATION" in lines[3]
    assert lines[4].startswith("Verified   pass")
    root = tmp_path / "demo" / "DEMONSTRATION-root.pem"
    assert lines[5].endswith(f"--trust {root}")
    pack = lines[1].split(maxsplit=1)[1]
    assert run("verify", pack, "--trust", root).code == 0
    assert run("verify", pack).code == 3
    assert run("demo", "--out", tmp_path / "demo").code == 2


def test_usage_errors_leave_with_2_and_help_with_0(run):
    assert run("--help").code == 0
    assert run("--version").code == 0
    assert run("capture", "--no-such-option").code == 2
    assert run("no-such-command").code == 2


def test_hostile_text_in_every_field_is_captured_shown_and_verified(run, project, psa):
    psa.control(knobs={"hostile": True})
    assert run("capture", "--quiet").code == 0
    written = run("init", "--matter", "H", "--client", "101", "--from", "2026-09-01", "--to", "2026-09-30")
    assert written.code == 0, written.err
    built = run("build", written.out.strip(), "--json")
    assert built.code == 0, built.err
    assert run("verify", json.loads(built.out)["pack"]).code == 0
