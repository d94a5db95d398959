"""Capturing as a user does, against the simulated PSA over sockets: what goes wrong, says so and loses nothing."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from psa_evidence.cli import context
from psa_evidence.cli.commands.capture import SHOWN, describe
from psa_evidence.spi import Scope
from psa_evidence.vault import CaptureInfo


def records_stored(folder):
    """Lines of all record lists in the vault."""
    total = 0
    for path in folder.glob("vault/captures/*/records.jsonl.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            total += sum(1 for _ in lines)
    return total


def test_everything_is_captured_and_counted(run, project, psa):
    ran = run("capture", "--json")
    assert ran.code == 0, ran.err
    info = json.loads(ran.out)
    assert info["state"] == "complete"
    assert info["missing"] == []
    tickets = info["counts"]["service/tickets"]
    assert tickets["asked"] == tickets["received"] > 50
    stats = psa.stats()
    assert set(stats["methods"]) <= {"GET", "POST"}
    assert stats["write_attempts"] == []


def test_a_second_run_fetches_only_what_changed(run, project, psa):
    assert run("capture", "--quiet").code == 0
    before = psa.stats()["requests"]
    assert run("capture", "--quiet").code == 0
    again = psa.stats()["requests"] - before
    assert again < before / 3


def test_a_clock_that_was_set_back_before_the_last_seal_is_named_and_nothing_is_captured(run, captured, monkeypatch):
    """A seal made then would fail check 10.5 in every later pack."""
    sealed = sorted((captured / "vault/seals").glob("*.json"))
    monkeypatch.setattr(context, "now", lambda: datetime.now(UTC) - timedelta(days=3))
    ran = run("capture", "--quiet")
    assert ran.code == 2
    assert "before the last seal" in ran.err
    assert "Set the clock." in ran.err
    assert sorted((captured / "vault/seals").glob("*.json")) == sealed
    monkeypatch.setattr(context, "now", lambda: datetime.now(UTC) - timedelta(minutes=1))  # as clocks are corrected
    assert run("capture", "--quiet").code == 0


def test_the_words_fit_eighty_columns(run, project):
    ran = run("capture", "--client", first_client(run))
    assert ran.code == 0, ran.err
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert "complete" in ran.out


def first_client(run):
    return json.loads(run("clients", "--json").out)[0]["id"]


def test_wrong_keys_are_refused_and_not_shown(run, project, monkeypatch):
    monkeypatch.setenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY", "Sup3rS3cretWrongKey")
    ran = run("capture")
    assert ran.code == 4
    assert "Next:" in ran.err
    assert "Sup3rS3cretWrongKey" not in ran.out + ran.err


def test_missing_keys_name_their_variables(run, project, monkeypatch):
    monkeypatch.delenv("PSA_EVIDENCE_MAIN_PRIVATE_KEY")
    ran = run("capture")
    assert ran.code == 2
    assert "PSA_EVIDENCE_MAIN_PRIVATE_KEY" in ran.err.replace("\n       ", " ")


def test_a_missing_permission_costs_only_what_it_covers(run, project, psa):
    psa.control(knobs={"deny": ["finance/invoices"]})
    ran = run("capture", "--json")
    assert ran.code == 3
    info = json.loads(ran.out)
    assert info["state"] == "partial"
    assert {m["reason"] for m in info["missing"] if m["resource"].startswith("finance/invoices")} == {"no permission"}
    assert info["counts"]["service/tickets"]["received"] > 50


def test_an_unreachable_host_says_what_to_check(run, project):
    text = (project / "psa-evidence.toml").read_text()
    site = next(line for line in text.splitlines() if line.startswith("site"))
    (project / "psa-evidence.toml").write_text(text.replace(site, 'site = "http://127.0.0.1:9"'))
    ran = run("capture")
    assert ran.code == 2
    assert "Next:" in ran.err


class Website(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<!doctype html><title>Welcome</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def website():
    server = HTTPServer(("127.0.0.1", 0), Website)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_host_that_answers_html_is_said_not_to_be_a_psa(run, project, website):
    text = (project / "psa-evidence.toml").read_text()
    site = next(line for line in text.splitlines() if line.startswith("site"))
    (project / "psa-evidence.toml").write_text(text.replace(site, f'site = "{website}"'))
    ran = run("capture")
    assert ran.code == 2
    assert "Next:" in ran.err


def test_a_failure_in_the_middle_keeps_what_arrived_and_the_next_run_resumes(run, project, psa):
    psa.control(knobs={"server_error_share": 0.05})
    first = run("capture", "--quiet")
    assert first.code in {0, 3}
    kept = records_stored(project)
    assert kept > 0
    psa.control(knobs={"server_error_share": 0.0})
    second = run("capture", "--json")
    assert second.code == 0, second.err
    assert json.loads(second.out)["state"] == "complete"
    assert records_stored(project) >= kept


def test_a_client_that_matches_none_or_two_is_not_guessed(run, project):
    clients = json.loads(run("clients", "--json").out)
    none = run("capture", "--client", "no such client at all")
    assert none.code == 2
    assert "Next:" in none.err
    letter = next(
        c for c in "aeiou" if sum(c in x["name"].lower() or c in x["identifier"].lower() for x in clients) > 1
    )
    two = run("capture", "--client", letter)
    assert two.code == 2
    assert "Next:" in two.err


def test_an_unknown_key_in_the_file_is_an_error(run, project):
    path = project / "psa-evidence.toml"
    path.write_text(path.read_text() + '\n[valut]\npath = "x"\n')
    ran = run("capture")
    assert ran.code == 2
    assert "valut" in ran.err
    assert "vault" in ran.err


def test_a_half_written_vault_is_named_and_not_overwritten(run, project):
    vault = project / "vault"
    (vault / "captures").mkdir(parents=True)
    (vault / "captures" / "something").write_text("x")
    ran = run("capture")
    assert ran.code == 2
    assert "Next:" in ran.err
    assert (vault / "captures" / "something").read_text() == "x"


def test_no_output_file_or_log_holds_a_key(run, project, psa):
    psa.control(knobs={"deny": ["sales"]})
    ran = run("capture")
    secrets = (psa.public_key, psa.private_key)
    assert not any(secret in ran.out + ran.err for secret in secrets)
    for path in project.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            data += gzip.decompress(data) if path.suffix == ".gz" else b""
            assert not any(secret.encode() in data for secret in secrets), path.name


def test_ctrl_c_says_that_nothing_is_lost_and_the_next_run_resumes(run, project, psa):
    psa.control(knobs={"latency_ms": 100})
    # a shell that starts something with `&` has it ignore the signal
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = [sys.executable, "-c", f"{listening}; from psa_evidence.cli import main; main()", "capture"]
    group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **group) as process:
        deadline = time.monotonic() + 60
        while psa.stats()["requests"] < 40 and time.monotonic() < deadline:
            time.sleep(0.05)
        psa.control(knobs={"latency_ms": 5000})  # it does not end before the signal, however busy the machine
        process.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "Interrupted" in said
    psa.control(knobs={"latency_ms": 0})
    ran = run("capture", "--json")
    assert ran.code == 0, ran.err
    assert [c["state"] for c in json.loads(run("vault", "list", "--json").out)] == ["failed", "complete"]


def test_what_is_missing_again_and_again_is_shown_a_few_times_and_counted():
    lost = [{"resource": "notes", "reason": "not found", "count": None, "detail": f"ticket/{n}"} for n in range(40)]
    other = {"resource": "notes", "reason": "no permission", "count": 3, "detail": ""}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    info = CaptureInfo(
        id="c", connection="main", connector="x", connector_version="1", state="partial", started_at=at,
        finished_at=at, scope=Scope(), counts={}, missing=(*lost, other), facts={}, exchanges=0, records=0,
        new_versions=0, vanished=0, software="s",
    )  # fmt: skip
    lines = [line for line in describe(info).splitlines() if line.startswith("Missing")]
    assert len(lines) == SHOWN + 2
    assert f"{40 - SHOWN} times more" in lines[SHOWN]
    assert lines[-1] == "Missing: notes: 3, no permission"
