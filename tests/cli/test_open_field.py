"""One field of a record, written out with its proof for whoever may see it."""

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
        (("ticket/7", "summary", "--seal", "99"), ""),
    ],
)
def test_what_is_not_there_is_said(kept, run, arguments, words):
    result = run("vault", "open-field", *arguments)
    if words:
        assert result.code == 2
        assert words in result.err
        assert "SECRET" not in result.err
    else:
        assert result.code == 0


def test_an_opening_that_does_not_belong_to_the_pack_fails(kept, run, tmp_path):
    (tmp_path / "o.json").write_text(run("vault", "open-field", "ticket/7", "summary").out.strip())
    (tmp_path / "pack").mkdir()
    result = run("verify", tmp_path / "pack", "--opening", tmp_path / "o.json")
    assert result.code == 5
    assert "Opening: FAILS." in result.out
    missing = run("verify", tmp_path / "pack", "--opening", tmp_path / "none.json")
    assert missing.code == 2
