"""One field of a record, written out with its proof for whoever may see it."""

import hashlib
import json

import pytest

from psa_evidence.format import Opening
from psa_evidence.spi import ConnectorInfo, Exchange, Scope, Sighting
from psa_evidence.vault import Vault, system_clock

BODY = b'{"id":7,"summary":"Backup failed","internal":"SECRET"}'


@pytest.fixture
def kept(project, tmp_path):
    """A project whose vault holds one ticket."""
    vault = Vault.create(tmp_path / "vault", vault_id="test")
    info = ConnectorInfo(name="connectwise", title="", version="1", settings=())
    writer = vault.begin(connection="main", connector=info, scope=Scope(), clock=system_clock)
    now = system_clock()
    exchange = Exchange(
        method="GET", url="https://psa.example/x", request_headers=(), request_body=b"", status=200, reason="OK",
        http_version="HTTP/1.1", response_headers=(), response_body=BODY, started_at=now, finished_at=now,
    )  # fmt: skip
    writer.keep(exchange, [Sighting(kind="ticket", id="7", start=0, end=len(BODY), client="1")])
    writer.finish()
    return vault


def test_a_field_is_written_with_its_proof_and_no_other(kept, run, tmp_path):
    shown = run("vault", "open-field", "ticket/7", "summary")
    assert shown.code == 0, shown.err
    opening = Opening.read(shown.out.strip().encode())
    assert (opening.problem(), json.loads(opening.field.value)) == (None, "Backup failed")
    assert "SECRET" not in shown.out
    done = run("vault", "open-field", "ticket/7", "summary", "--out", tmp_path / "o.json")
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "o.json").read_bytes().decode() == shown.out.strip()
    again = run("vault", "open-field", "ticket/7", "internal", "--out", tmp_path / "o.json")
    assert again.code != 0
    assert b"SECRET" not in (tmp_path / "o.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ticket/8", "summary"), "ticket/8"),
        (("ticket", "summary"), "ticket/"),
        (("ticket/7", "Summary"), "no field"),
        (("ticket/7", "summary", "--seal", "99"), "no seal 99"),
        (("ticket/7", "summary", "--seal", "0"), "no seal 0"),
    ],
)
def test_what_is_not_there_is_said(kept, run, arguments, words):
    result = run("vault", "open-field", *arguments)
    assert result.code == 2
    assert words in result.err
    assert "SECRET" not in result.err
    assert [e["action"] for e in kept.custody.read()] == ["captured", "sealed"]


def test_the_custody_log_says_which_field_was_opened_by_whom_and_not_what_is_in_it(kept, run, tmp_path):
    shown = run("vault", "open-field", "ticket/7", "internal", "--seal", "1")
    entry = kept.custody.read()[-1]
    assert (entry["action"], entry["subject"]) == ("opened", "ticket/7")
    assert entry["who"]
    assert entry["detail"] == {
        "client": "1", "connection": "main", "field": "internal", "seal": 1,
        "sha256": hashlib.sha256(shown.out.strip().encode()).hexdigest(),
    }  # fmt: skip
    (tmp_path / "o.json").write_bytes(b"")
    assert run("vault", "open-field", "ticket/7", "internal", "--out", tmp_path / "o.json").code == 3
    assert kept.custody.read()[-1] == entry


def test_an_opening_that_does_not_belong_to_the_pack_fails(kept, run, tmp_path):
    (tmp_path / "o.json").write_text(run("vault", "open-field", "ticket/7", "summary").out.strip())
    (tmp_path / "pack").mkdir()
    result = run("verify", tmp_path / "pack", "--opening", tmp_path / "o.json")
    assert result.code == 5
    assert "Opening: FAILS." in result.out
    assert all(len(line) <= 80 for line in result.out.splitlines() if str(tmp_path) not in line)
    missing = run("verify", tmp_path / "pack", "--opening", tmp_path / "none.json")
    assert missing.code == 2
