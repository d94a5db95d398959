from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from psa_evidence.simulator import Knobs, Running, Settings, serve, spawned
from psa_evidence.simulator.__main__ import main, settings_of
from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.serve import _arguments, make_store

HEADER = (
    "number,incident_state,made_sla,reopen_count,caller_id,opened_by,contact_type,location,category,subcategory,u_symptom,"
    "cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,problem_id,rfc,vendor,"
    "closed_code,resolved_by,sys_updated_by,sys_updated_at,opened_at,resolved_at,closed_at"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    line = "INC01,New" + ",?" * 23 + ",1/2/2016 01:23,1/2/2016 01:20,?,?"
    path.write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    return path


def test_a_process_serves_and_ends_with_its_block(log, client) -> None:
    with spawned(Settings(incidents=log, knobs=Knobs(deny=("finance/invoices",)))) as where:
        http = client(where)
        assert [row["id"] for row in http.get("service/tickets").json()] == [1]
        assert http.get("finance/invoices").status_code == 403
        assert where.control(advance_days=1)["now"] == "2016-02-03T01:23:00Z"
    with pytest.raises(OSError):
        where.stats()


def test_a_process_that_cannot_start_is_an_error_and_no_hang(tmp_path, capfd) -> None:
    with pytest.raises(RuntimeError), spawned(Settings(incidents=tmp_path / "missing.csv")):
        pass
    assert "could not start" in capfd.readouterr().err


def test_the_printed_line_has_all_that_a_client_needs(log) -> None:
    out = io.StringIO()
    serve(Settings(incidents=log, stop_with_stdin=True), out=out, stdin=io.StringIO(""))
    assert out.getvalue().count("\n") == 1
    printed = json.loads(out.getvalue())
    assert set(printed) == {
        "url", "company", "public_key", "private_key", "client_id", "control_token", "codebase", "pid",
    }  # fmt: skip
    assert Running.from_line(out.getvalue()).url == printed["url"]


def test_keys_follow_from_the_seed() -> None:
    assert Keys.from_seed(7) == Keys.from_seed(7)
    assert Keys.from_seed(7).private_key != Keys.from_seed(8).private_key


@pytest.mark.parametrize("line", ["", "[]", "{}", "null", '{"url": "x"}', "Traceback"])
def test_another_line_is_no_address(line) -> None:
    with pytest.raises(ValueError):
        Running.from_line(line)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(
            port=8080, seed=3, clients=12, tickets=5, months_later=2, incidents=Path("a b.csv"), answer_key=Path("k")
        ),
        Settings(
            seed=9, knobs=Knobs(seed=9, hostile=True, deny=("finance/invoices", "sales"), cut_share=0.25, rate_limit=5)
        ),
    ],
)
def test_settings_survive_the_command_line(settings) -> None:
    assert settings_of(_arguments(settings)) == settings


def test_the_command_line_refuses_what_knobs_refuse(capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        settings_of(["--cut-share", "2"])
    assert caught.value.code == 2
    assert "cut_share" in capsys.readouterr().err


def test_an_unreadable_log_ends_with_a_sentence(tmp_path, capsys) -> None:
    (tmp_path / "log.csv").write_text("not a log", encoding="utf-8")
    assert main(["--incidents", str(tmp_path / "log.csv")]) == 2
    assert "could not start" in capsys.readouterr().err


def test_a_generated_world_comes_with_its_answer_key(tmp_path, monkeypatch, small_store) -> None:
    class World(type(small_store())):
        def answer_key(self) -> dict[str, object]:
            return {"stories": {"b": 1, "a": "é"}}

    made = type(sys)("psa_evidence.simulator.world")
    made.make_world = lambda *, seed, clients, tickets: World(tickets)
    monkeypatch.setitem(sys.modules, "psa_evidence.simulator.world", made)
    store = make_store(Settings(tickets=4, months_later=1, answer_key=tmp_path / "key.json"))
    assert store.count("service/tickets") == 4
    assert store.now.isoformat() == "2026-03-02T12:00:00+00:00"
    assert json.loads((tmp_path / "key.json").read_bytes()) == {"stories": {"a": "é", "b": 1}}


def test_help_explains_every_option(capsys) -> None:
    with pytest.raises(SystemExit):
        settings_of(["--help"])
    shown = capsys.readouterr().out
    assert "share of answers that are a web page" in shown
    for flag in ("--incidents", "--answer-key", "--deny", "--hostile", "--fault-seed", "--rate-limit"):
        assert flag in shown
