"""`vault check`, `vault log` and what commands write to the custody log, as a user runs them."""

import json

from psa_evidence.vault import Vault


def test_check_log_and_verify_from_a_configured_project(run, psa, project):
    configuration = project / "psa-evidence.toml"
    configuration.write_text(
        configuration.read_text().replace("[connections.main]", '[owner]\nname = "Ann Owner"\n[connections.main]')
    )
    assert run("capture", "--quiet").code in {0, 3}
    whole = run("vault", "check")
    assert whole.code == 0, whole.out
    assert max(map(len, whole.out.splitlines())) <= 80
    assert "as it was sealed and written" in whole.out
    quick = json.loads(run("vault", "check", "--quick", "--json").out)
    assert (quick["state"], quick["quick"]) == ("ok", True)

    client = Vault.open(project / "vault").clients()[0]
    run("init", "--matter", "M v N", "--client", client.id, "--from", "2026-10-01", "--to", "2026-10-31")
    pack = run("build", "matters/M-v-N.toml", "--quiet").out.strip()
    assert run("verify", pack).code in {0, 3}
    entries = json.loads(run("vault", "log", "--json").out)
    actions = [e["action"] for e in entries]
    assert actions == ["captured", "sealed", "accessed", "exported", "verified"]
    assert all(e["who"].startswith("Ann Owner (") for e in entries)
    assert entries[-1]["detail"]["client"] == client.id
    assert entries[-1]["detail"]["fingerprint"] == entries[-2]["detail"]["fingerprint"]
    assert "exported" in run("vault", "log").out

    seal = project / "kept.json"
    seal.write_bytes((project / "vault/seals/000001.json").read_bytes())
    assert run("vault", "check", "--quick", "--seal", seal).code == 0
    (project / "vault/catalogue.db").unlink()
    assert run("vault", "check").code == 3
    assert run("vault", "check", "--heal").code == 0
    damaged = next((project / "vault/captures").glob("*/capture.json"))
    damaged.write_bytes(damaged.read_bytes().replace(b"complete", b"COMPLETE", 1) + b" ")
    ran = run("vault", "check", "--heal")
    assert ran.code == 5
    assert "capture.json" in ran.out
    assert "Nothing was made good" in ran.err


def test_a_lost_salt_key_is_put_back_from_the_keyring(run, captured, ring):
    path = captured / "vault/salts.key"
    key = path.read_bytes()
    vault = Vault.open(captured / "vault")
    assert ring.kept["psa-evidence/vault", vault.id] == key.hex()

    path.unlink()
    lost = run("vault", "check", "--quick")
    assert lost.code == 5
    assert "keyring" in " ".join(lost.out.split())
    assert run("vault", "check", "--quick", "--heal").code == 0
    assert path.read_bytes() == key

    path.write_bytes(bytes(32))
    ran = run("vault", "check", "--heal")
    assert ran.code == 0, ran.out
    assert "put back" in ran.err
    assert path.read_bytes() == key
    assert (captured / "vault/salts.key.tail-1").read_bytes() == bytes(32)


def test_without_a_keyring_the_vault_holds_its_only_key_and_nothing_else_is_taken_for_it(run, captured, ring):
    for other in (None, "not hexadecimal", bytes(32).hex()):
        ring.kept = {name: other for name in ring.kept if other is not None}
        (captured / "vault/salts.key").unlink(missing_ok=True)
        ran = run("vault", "check", "--quick", "--heal")
        assert ran.code == 5
        assert "put back" not in ran.err
        assert not (captured / "vault/salts.key").exists()
        ring.kept = {("psa-evidence/vault", Vault.open(captured / "vault").id): ""}


def test_verify_outside_a_project_logs_nothing_and_says_nothing(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PSA_EVIDENCE_CONFIG", raising=False)
    (tmp_path / "pack").mkdir()
    ran = run("verify", tmp_path / "pack")
    assert ran.code == 5
    assert "custody" not in ran.err
