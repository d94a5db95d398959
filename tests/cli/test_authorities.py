"""Time-stamp authorities as a user meets them: configured, checked, asked, owed, renewed, trusted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from psa_evidence.cli import context
from psa_evidence.format import canonical, sha256
from psa_evidence.format.log import digest_of_line
from psa_evidence.simulator.authority import Faults, make_keys, running


@pytest.fixture(scope="session")
def keys():
    return make_keys(context.now(), elliptic=True)


@pytest.fixture
def tsa(keys):
    with running(keys, context.now) as authority:
        yield authority


@pytest.fixture
def witnessed(project, tsa, keys):
    """The project with the authority configured and its root beside the configuration."""
    (project / "root.pem").write_bytes(keys.root_pem)
    configure(project, tsa.url, 'anchors = "root.pem"')
    return project


def configure(project, url, *lines, name="demo"):
    path = project / "psa-evidence.toml"
    text = path.read_text(encoding="utf-8")
    more = "\n".join(["[[authority]]", f'name = "{name}"', f'url = "{url}"', *lines])
    path.write_text(f"{text}\n{more}\n", encoding="utf-8")


def build(run, matter="M"):
    written = run("init", "--matter", matter, "--client", "Castellan", "--from", "2026-10-01", "--to", "2026-10-31")
    assert written.code == 0, written.err
    built = run("build", written.out.strip(), "--json")
    made = json.loads(built.out)
    sealed = made["pdf_seal"]["asked"] == made["pdf_seal"]["reached"]
    assert built.code == (0 if sealed else 3), built.err
    return made["pack"]


def test_a_capture_is_stamped_and_its_pack_verifies_for_who_trusts_the_root(run, witnessed):
    captured = run("capture", "--client", "Castellan", "--json")
    assert captured.code == 0, captured.err
    (stamped,) = json.loads(captured.out)["time"]
    assert (stamped["state"], stamped["authority"]) == ("stamped", "demo")
    pack = build(run)
    assert run("verify", pack, "--trust", "root.pem").code == 0
    untrusting = run("verify", pack, "--json")
    assert untrusting.code == 3
    assert json.loads(untrusting.out)["verdict"] == "inconclusive"
    stranger = witnessed / "stranger.pem"
    stranger.write_bytes(make_keys(context.now(), elliptic=True).root_pem)
    assert run("verify", pack, "--trust", stranger).code == 5
    both = run("verify", pack, "--trust", stranger, "--trust", "root.pem")
    assert both.code == 0
    assert all(len(line) <= 80 for line in both.out.splitlines())
    assert run("verify", pack, "--trust", "psa-evidence.toml").code == 2
    assert run("verify", pack, "--trust", "nowhere.pem").code == 2


def test_an_authority_that_is_down_costs_no_capture_and_the_next_run_obtains_the_token(run, witnessed, tsa):
    tsa.faults = Faults(http_status=404)
    captured = run("capture", "--client", "Castellan", "--quiet")
    assert captured.code == 3
    assert "Time not yet witnessed: seal 1, demo:" in captured.err
    pack = build(run)
    assert "PDF-Seal: asked: document time-stamp; reached: none" in (Path(pack) / "bag-info.txt").read_text()
    owed = json.loads(run("verify", pack, "--json").out)
    assert owed["verdict"] == "pass"
    assert "not yet witnessed" in next(c["detail"] for c in owed["checks"] if c["id"] == "10.1")
    assert run("vault", "stamp").code == 3
    tsa.faults = Faults()
    stamped = run("vault", "stamp", "--json")
    assert stamped.code == 0
    assert [s["state"] for s in json.loads(stamped.out)] == ["stamped"]
    assert run("vault", "stamp").code == 0
    assert run("verify", build(run, "Again"), "--trust", "root.pem").code == 0


def test_what_is_owed_for_one_reason_is_said_once_within_the_width_of_a_terminal(run, witnessed, tsa):
    tsa.faults = Faults(garbage=True)
    for _ in range(3):
        captured = run("capture", "--client", "Castellan", "--quiet")
    said = captured.err
    assert "seals 1 to 3, demo:" in " ".join(said.split())
    assert said.count("Time not yet witnessed") == 1
    assert all(len(line) <= 80 for line in said.splitlines())


def test_a_seal_made_anew_under_a_token_that_covers_another_is_found_by_the_check_of_the_vault(run, witnessed):
    """Whoever has the vault changes its newest seal, and the custody log behind it with its head; not the token."""
    assert run("capture", "--client", "Castellan", "--quiet").code == 0
    assert run("vault", "renew", "--within", "5000").code == 0
    assert run("vault", "check").code == 0
    vault = witnessed / "vault"
    path = vault / "seals/000001.json"
    path.write_bytes(canonical({**json.loads(path.read_bytes()), "sealed_at": "2026-01-01T00:00:00Z"}))
    digest, lines, previous = sha256(path.read_bytes()), [], None
    for line in (vault / "custody.jsonl").read_bytes().splitlines():
        entry = {**json.loads(line), "previous": previous}
        if entry["action"] == "sealed":
            entry["detail"]["digest"] = digest
        lines.append(canonical(entry))
        previous = digest_of_line(lines[-1])
    (vault / "custody.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (vault / "custody.head").write_bytes(canonical({"entries": len(lines), "sha256": previous}))
    checked = run("vault", "check", "--json")
    assert checked.code == 5
    found = {f["where"]: f["what"] for f in json.loads(checked.out)["findings"] if f["severity"] == "damaged"}
    assert set(found) == {"seals/000001.demo.tsr"}
    assert "covers other bytes" in found["seals/000001.demo.tsr"]
    renewal = vault / "seals/000001.renewal-1.json"
    renewal.write_bytes(renewal.read_bytes().replace(b'"number":1', b'"number":2'))
    found = json.loads(run("vault", "check", "--quick", "--json").out)["findings"]
    assert "seals/000001.renewal-1.demo.tsr" in {f["where"] for f in found}


def test_tokens_are_renewed_only_when_it_is_time(run, witnessed):
    assert run("capture", "--client", "Castellan", "--quiet").code == 0
    early = run("vault", "renew")
    assert (early.code, early.out) == (0, "")
    renewed = run("vault", "renew", "--within", "5000", "--json")
    assert renewed.code == 0, renewed.err
    assert [(s["renewal"], s["state"]) for s in json.loads(renewed.out)] == [(1, "stamped")]
    assert run("verify", build(run), "--trust", "root.pem").code == 0


def test_without_an_authority_there_is_nothing_to_ask(run, project):
    assert run("vault", "stamp").code == 2
    assert run("vault", "renew").code == 2


@pytest.mark.parametrize(
    ("faults", "status", "words"),
    [
        ({}, "ok", "leads to its anchor"),
        ({"http_status": 500}, "failed", "HTTP 500"),
        ({"broken_signature": True}, "failed", "not good"),
        ({"garbage": True}, "failed", "not good"),
    ],
    ids=["good", "down", "lying", "garbage"],
)
def test_doctor_says_how_an_authority_does(run, witnessed, tsa, faults, status, words):
    tsa.faults = Faults(**faults)
    ran = run("doctor", "--json")
    found = next(c for c in json.loads(ran.out) if c["id"] == "authority demo")
    assert found["status"] == status
    assert words in found["detail"]
    assert ran.code == (0 if status == "ok" else 2)


def test_doctor_says_that_no_authority_is_configured(run, project):
    found = {check["id"]: check for check in json.loads(run("doctor", "--json").out)}
    assert found["authority"]["status"] == "warning"
    assert "[[authority]]" in found["authority"]["next_step"]


def test_doctor_warns_of_an_authority_without_anchors(run, project, tsa):
    configure(project, tsa.url)
    ran = run("doctor", "--json")
    found = next(c for c in json.loads(ran.out) if c["id"] == "authority demo")
    assert (ran.code, found["status"]) == (0, "warning")
    assert "anchors" in found["next_step"]


@pytest.mark.parametrize(
    ("issued", "passphrase", "status", "words"),
    [
        (True, "open sesame", "ok", "1 certificate of its issuers with it"),
        (False, "open sesame", "warning", "signed by itself"),
        (True, "another", "failed", "passphrase is another"),
    ],
)
def test_doctor_tries_the_owners_key(run, project, monkeypatch, issued, passphrase, status, words):
    write_key(project / "owner.p12", issued=issued)
    file = project / "psa-evidence.toml"
    file.write_text(f'{file.read_text()}\n[signature]\npkcs12 = "owner.p12"\n')
    monkeypatch.setenv("PSA_EVIDENCE_SIGNATURE_PASSPHRASE", passphrase)
    ran = run("doctor", "--json")
    found = next(c for c in json.loads(ran.out) if c["id"] == "signature")
    assert (found["status"], ran.code) == (status, 2 if status == "failed" else 0)
    assert words in found["detail"]
    assert "sesame" not in ran.out + ran.err
    assert ("Acme IT" in found["detail"]) is (status != "failed")


def test_doctor_says_nothing_of_a_signature_that_nobody_asked_for(run, project):
    assert "signature" not in {check["id"] for check in json.loads(run("doctor", "--json").out)}


def write_key(path, *, issued):
    """A PKCS#12 file of an owner's key, its certificate by an authority, which is in it too, or by itself."""
    key, above = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    owner, root = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Acme IT", "Root"))

    def certify(subject, of, issuer, by):
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(of.public_key())
        since = datetime.now(UTC) - timedelta(days=1)
        made = made.serial_number(7).not_valid_before(since).not_valid_after(since + timedelta(days=90))
        return made.sign(by, hashes.SHA256())

    certificate = certify(owner, key, root, above) if issued else certify(owner, key, owner, key)
    others = [certify(root, above, root, above)] if issued else None
    locked = serialization.BestAvailableEncryption(b"open sesame")
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"owner", key, certificate, others, locked))


@pytest.mark.parametrize(
    ("name", "url"),
    [("Demo", "http://a.example/"), ("renewal-1", "http://a.example/"), ("a/b", "http://a.example/"),
     ("demo", "ftp://a.example/"), ("demo", "a.example"), ("demo", "http://user:secret@a.example/")],
)  # fmt: skip
def test_a_wrong_authority_is_refused_without_showing_its_value(run, project, name, url):
    configure(project, url, name=name)
    ran = run("vault", "list")
    assert ran.code == 2
    assert "secret" not in ran.err


def test_two_authorities_of_one_name_are_refused(run, project):
    configure(project, "http://a.example/")
    configure(project, "http://b.example/")
    assert run("vault", "list").code == 2
