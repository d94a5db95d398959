"""Time-stamps: the page judges a token as the program does and passes none on the pack's word."""

import base64
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from psa_evidence.format import canonical
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file, to_pem
from psa_evidence.format.timestamp_request import request
from psa_evidence.simulator.authority import Faults, Keys, make_keys, respond
from psa_evidence.verify import verify_pack

NOW = datetime(2026, 3, 1, 2, 10, 30, tzinfo=UTC)
DATA = b'{"number":1}'
VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "rfc3161"
ONLY_PYTHON = {"nonce", "policy", "agreement"}
JUDGE = """(async () => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const certificates = (text) => (text ? certificatesOf(bytes(text)) : []);
  const verdict = await judgeTimestamp(bytes(a), bytes(b), certificates(c), certificates(d));
  return {steps: verdict.steps, proved: isProved(verdict), at: verdict.token && verdict.token.info.at.text,
          serial: verdict.token && verdict.token.info.serial, signer: verdict.signer && verdict.signer.name};
})()"""


def b64(data):
    return base64.b64encode(data).decode()


@pytest.fixture(scope="module")
def keys():
    return make_keys(NOW - timedelta(days=60))


@pytest.fixture(scope="module")
def elliptic():
    return make_keys(NOW, elliptic=True, name="two")


def answer(keys, data=DATA, *, now=NOW, **faults):
    asked = request(hashlib.sha256(data).digest(), nonce=77)
    return respond(asked, keys, now=now, serial=1 << 70, faults=Faults(**faults))


@pytest.fixture
def both(browser):
    """Failed steps by page and program, which must be the same; and what the page says."""

    def compare(token, data, chain=b"", roots=b""):
        found = browser.value(JUDGE, b64(token), b64(data), b64(chain), b64(roots))
        others, anchors = (from_file(pem) if pem else () for pem in (chain, roots))
        expected = judge(token, data, others=others, anchors=anchors)
        failed = {step["name"] for step in found["steps"] if step["state"] == "fails"}
        assert failed == {step.name for step in expected.steps if step.state == "fails"} - ONLY_PYTHON, found["steps"]
        assert found["proved"] == expected.proved
        if expected.token is not None and found["at"]:
            assert found["at"] == expected.token.at.isoformat().replace("+00:00", "Z")
            assert found["serial"] == str(expected.token.serial)
        return failed, found

    return compare


@pytest.mark.parametrize("kind", ["keys", "elliptic"])
def test_a_good_token_is_proved_with_its_root_and_open_without(both, kind, request):
    of = request.getfixturevalue(kind)
    failed, found = both(answer(of), DATA, roots=of.root_pem)
    assert (failed, found["proved"]) == (set(), True)
    assert "DEMONSTRATION" in found["signer"]
    failed, found = both(answer(of), DATA)
    assert (failed, found["proved"]) == (set(), False)


@pytest.mark.parametrize(
    ("faults", "step"),
    [
        ({"wrong_imprint": True}, "imprint"), ({"broken_signature": True}, "signature"),
        ({"no_certificate": True}, "signer"),
        ({"status": 2}, "status"), ({"clock_offset": timedelta(days=-90)}, "path"),
        ({"clock_offset": timedelta(days=4000)}, "path"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)  # fmt: skip
def test_what_an_authority_may_do_wrong_is_found(both, keys, faults, step):
    assert both(answer(keys, **faults), DATA, roots=keys.root_pem)[0] == {step}


@pytest.mark.parametrize("purpose", ["not critical", "absent", "with others"])
def test_a_certificate_that_is_not_for_time_stamping_alone_is_refused(both, purpose):
    of = make_keys(NOW, purpose=purpose)
    assert "purpose" in both(answer(of), DATA, roots=of.root_pem)[0]


def test_a_weak_key_is_refused(both):
    of = make_keys(NOW, bits=1024)
    assert "signature" in both(answer(of), DATA, roots=of.root_pem)[0]


def test_a_forger_who_brings_his_own_root_is_not_believed(both, keys):
    forger = make_keys(NOW, name="forger")
    token = answer(forger, embedded_root=True)
    assert both(token, DATA, roots=keys.root_pem)[0] == {"path"}
    assert both(token, DATA, chain=to_pem(forger.chain), roots=keys.root_pem)[0] == {"path"}


def test_a_forger_with_the_names_of_the_real_one_is_not_believed(both, keys):
    assert both(answer(make_keys(NOW), embedded_root=True), DATA, roots=keys.root_pem)[0] == {"path"}


def certificate(name, key, issuer, issuer_key, *, authority):
    """`authority` None: for time-stamping. No path length anywhere."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
    )
    if authority is None:
        purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    else:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


@pytest.mark.parametrize("authority", [True, False])
def test_only_an_authority_makes_authorities(both, authority):
    """The forger has any certificate below the real root, and signs one for time-stamping with its key."""
    root, middle, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    chain = (
        certificate("signer", key, "middle", middle, authority=None),
        certificate("middle", middle, "root", root, authority=authority),
        certificate("root", root, "root", root, authority=True),
    )
    failed, found = both(answer(Keys(key, chain)), DATA, roots=to_pem(chain[2:]))
    assert (failed, found["proved"]) == (set() if authority else {"path"}, authority)


def test_a_certificate_from_the_chain_file_helps(both, keys):
    token = answer(keys, no_certificate=True)
    assert both(token, DATA, chain=to_pem(keys.chain), roots=keys.root_pem)[1]["proved"]


def test_naming_the_middle_of_the_chain_is_not_naming_a_root(both, keys):
    assert both(answer(keys), DATA, roots=to_pem(keys.chain[1:2]))[0] == {"path"}


def test_every_byte_of_a_token_counts(browser, keys):
    """One changed bit anywhere: never proved; and no error that is not a finding."""
    good = answer(keys)
    script = """(async () => {
      const token = Uint8Array.from(atob(a), (c) => c.charCodeAt(0));
      const data = Uint8Array.from(atob(b), (c) => c.charCodeAt(0));
      const roots = certificatesOf(utf8(c));
      const proved = [];
      for (let at = 0; at < token.length; at += 1) {
        token[at] ^= 1;
        if (isProved(await judgeTimestamp(token, data, [], roots))) proved.push(at);
        token[at] ^= 1;
      }
      return proved;
    })()"""
    proved = browser.value(script, b64(good), b64(DATA), keys.root_pem.decode())
    for at in proved:  # what nothing signs: the program's own reader must take it too
        changed = bytearray(good)
        changed[at] ^= 1
        steps = judge(bytes(changed), DATA, anchors=from_file(keys.root_pem)).steps
        assert {step.name for step in steps if step.state == "fails"} <= ONLY_PYTHON, at
    assert len(proved) < 30


@pytest.mark.parametrize(
    ("name", "data", "chain", "good"),
    [
        ("sigstage/response-sha256.tsr", b"hello", "sigstage/ts_chain.pem", True),
        ("sigstage/response-sha384.tsr", b"hello", "sigstage/ts_chain.pem", True),
        ("sigstage/response-sha512.tsr", b"hello", "sigstage/ts_chain.pem", True),
        ("sigstage/response-no-embedded-cert.tsr", b"hello", "sigstage/ts_chain.pem", True),
        ("sigstage/response-invalid-signature.tsr", b"hello", "sigstage/ts_chain.pem", False),
        ("sigstage/response-sha256.tsr", b"hullo", "sigstage/ts_chain.pem", False),
        ("sigstage/response-sha256.tsr", b"hello", "test_tsa/ts_chain.pem", False),
        ("test_tsa/response-injected-certs.tsr", b"hello", "test_tsa/ts_chain.pem", None),
        ("test_tsa/response.tsr", b"hello", "test_tsa/ts_chain.pem", None),
        ("sigstore.mock/response-expired.tsr", None, "sigstore.mock/ts_chain.pem", None),
        ("identrust/issue-104.tsr", b"hello", "identrust/ts_chain.pem", None),
    ],
)
def test_tokens_that_others_made(both, name, data, chain, good):
    """`good` None: what the program says is asked for, whatever it is."""
    data = (VECTORS / "sigstore.mock/payload").read_bytes() if data is None else data
    pem = (VECTORS / chain).read_bytes()
    _, found = both((VECTORS / name).read_bytes(), data, chain=pem, roots=pem)
    if good is not None:
        assert found["proved"] is good


@pytest.mark.parametrize(
    ("curve", "digest"), [("secp384r1", "sha384"), ("secp521r1", "sha512"), ("prime256v1", "sha256")]
)
def test_tokens_that_openssl_made(both, tmp_path, curve, digest):
    """An authority set up with OpenSSL alone, on each curve."""

    def run(*words):
        return subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "serial").write_text("01")
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\ncerts=root.pem\nsigner_key=tsa.key\n"
        f"signer_digest={digest}\ndefault_policy=1.2.3\ndigests=sha256,sha384,sha512\nordering=no\ntsa_name=yes\n"
        "ess_cert_id_chain=yes\naccuracy=secs:1,millisecs:500\n"
    )
    (tmp_path / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    for who, extra in (("root", ["-x509", "-addext", "basicConstraints=critical,CA:TRUE"]), ("tsa", [])):
        run("req", *extra, "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-keyout",
            f"{who}.key", "-subj", f"/CN=Ünïcode {who}/O=Example", "-utf8",
            "-out", f"{who}.pem" if extra else f"{who}.csr")  # fmt: skip
    run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-extfile", "ext", "-out", "tsa.pem",
        "-set_serial", "0x80ff")  # fmt: skip
    run("ts", "-query", "-data", "data", f"-{digest}", "-cert", "-out", "q.tsq")
    run("ts", "-reply", "-queryfile", "q.tsq", "-config", "tsa.cnf", "-section", "t", "-out", "r.tsr")
    failed, found = both((tmp_path / "r.tsr").read_bytes(), DATA, roots=(tmp_path / "root.pem").read_bytes())
    assert (failed, found["proved"]) == (set(), True)
    assert found["signer"] == "Ünïcode tsa"


def test_a_token_wrapped_with_open_lengths_is_read(both, keys):
    """BER as some authorities send it: response, token and signed data end by a mark instead of a length."""
    good = answer(keys)
    token = tsp.TimeStampResp.load(good)["time_stamp_token"]
    signed = token["content"].dump()  # [0] { SEQUENCE { ... } }
    inner = signed[4:] if signed[1] == 0x82 else signed[2:]
    body = inner[4:]
    opened = (
        b"\x30\x80" + b"\x30\x03\x02\x01\x00" + b"\x30\x80" + token["content_type"].dump()
        + b"\xa0\x80" + b"\x30\x80" + body + b"\x00\x00" * 4
    )  # fmt: skip
    assert both(opened, DATA, roots=keys.root_pem)[1]["proved"]


class Stamped:
    """A pack whose second seal is stamped, and what a forger does with it."""

    def __init__(self, pack, keys):
        self.pack, self.keys = pack, keys

    def stamp(self, seal, token, stated=None):
        path, pack = f"seals/{seal:06d}.demo.tsr", self.pack
        pack.files[path] = token
        pack.files["seals/authorities/demo.pem"] = to_pem(self.keys.chain)
        stated = stated or NOW.isoformat().replace("+00:00", "Z")
        pack.edit("data/manifest.json", lambda m: m["witness"]["tokens"].append({
            "seal": seal, "authority": "demo", "path": path, "sha256": hashlib.sha256(token).hexdigest(),
            "stated_time": stated,
        }))  # fmt: skip
        pack.repair()
        return self

    def seal(self, number):
        return self.pack.files[f"seals/{number:06d}.json"]


def good(stamped):
    stamped.stamp(2, answer(stamped.keys, stamped.seal(2)))


def only_the_first_seal(stamped):
    stamped.stamp(1, answer(stamped.keys, stamped.seal(1), now=NOW - timedelta(days=28)),
                  (NOW - timedelta(days=28)).isoformat().replace("+00:00", "Z"))  # fmt: skip


def only_the_first_and_the_second_owed(stamped):
    stamped.pack.edit("data/manifest.json", lambda m: m["witness"].update(owed=[2]))
    only_the_first_seal(stamped)


def owed_and_none_there(stamped):
    stamped.pack.edit("data/manifest.json", lambda m: m["witness"].update(owed=[2]))
    stamped.pack.repair()


def token_of_another_seal(stamped):
    stamped.stamp(2, answer(stamped.keys, stamped.seal(1)))


def token_with_a_broken_signature(stamped):
    stamped.stamp(2, answer(stamped.keys, stamped.seal(2), broken_signature=True))


def token_of_a_forger(stamped):
    stamped.stamp(2, answer(make_keys(NOW), stamped.seal(2), embedded_root=True))


def token_of_rubbish(stamped):
    stamped.stamp(2, b"\x30\x02\x05\x00")


def token_claimed_but_removed(stamped):
    good(stamped)
    del stamped.pack.files["seals/000002.demo.tsr"]
    stamped.pack.repair()


def token_that_nobody_claims(stamped):
    good(stamped)
    stamped.pack.files["seals/000001.demo.tsr"] = b"0"
    stamped.pack.repair()


def token_with_another_stated_time(stamped):
    stamped.stamp(2, answer(stamped.keys, stamped.seal(2)), "2020-01-01T00:00:00Z")


def token_older_than_its_seal(stamped):
    at = NOW - timedelta(days=1) + timedelta(hours=1)
    stamped.stamp(2, answer(stamped.keys, stamped.seal(2), now=at), at.isoformat().replace("+00:00", "Z"))


def token_at_another_place(stamped):
    good(stamped)
    stamped.pack.files["seals/000002.other.tsr"] = stamped.pack.files.pop("seals/000002.demo.tsr")
    stamped.pack.edit("data/manifest.json", lambda m: m["witness"]["tokens"][0].update(path="seals/000002.other.tsr"))
    stamped.pack.repair()


def renewed(stamped, **changes):
    good(stamped)
    covered = "seals/000002.demo.tsr"
    document = canonical({
        "format": "psa-evidence/renewal/1", "seal": 2, "number": 1,
        "sha256": hashlib.sha256(stamped.seal(2)).hexdigest(),
        "covers": [{"path": covered, "sha256": hashlib.sha256(stamped.pack.files[covered]).hexdigest()}], **changes,
    })  # fmt: skip
    at = NOW + timedelta(days=365)
    token, path = answer(stamped.keys, document, now=at), "seals/000002.renewal-1.demo.tsr"
    stamped.pack.files["seals/000002.renewal-1.json"] = document
    stamped.pack.files[path] = token
    stamped.pack.edit("data/manifest.json", lambda m: m["witness"]["renewals"].append({
        "seal": 2, "number": 1, "path": "seals/000002.renewal-1.json", "sha256": hashlib.sha256(document).hexdigest(),
        "tokens": [{"seal": 2, "authority": "demo", "path": path, "sha256": hashlib.sha256(token).hexdigest(),
                    "stated_time": at.isoformat().replace("+00:00", "Z")}],
    }))  # fmt: skip
    stamped.pack.repair()


def renewal_of_another_seal(stamped):
    renewed(stamped, sha256="0" * 64)


def renewal_that_covers_nothing(stamped):
    renewed(stamped, covers=[])


def renewal_over_other_bytes(stamped):
    renewed(stamped, covers=[{"path": "seals/000002.demo.tsr", "sha256": "0" * 64}])


CASES = [
    good, only_the_first_seal, only_the_first_and_the_second_owed, owed_and_none_there, token_of_another_seal,
    token_with_a_broken_signature, token_of_a_forger, token_claimed_but_removed, token_that_nobody_claims,
    token_with_another_stated_time, token_older_than_its_seal, token_at_another_place, renewed, renewal_of_another_seal,
    renewal_that_covers_nothing, renewal_over_other_bytes, token_of_rubbish,
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_stamped_pack_is_judged_as_the_verifier_judges_it(browser, pack, keys, outcome, case, tmp_path):
    case(Stamped(pack, keys))
    archive = pack.write_zip(tmp_path / "pack.zip")
    root = tmp_path / "root.pem"
    root.write_bytes(keys.root_pem)
    without = outcome(browser.give("zip", archive))
    assert without == outcome(verify_pack(archive))
    assert without[0] != "pass" or case is owed_and_none_there
    with_root = outcome(browser.trust(root))
    assert with_root == outcome(verify_pack(archive, [keys.root_pem]))
    assert (with_root[0] == "pass") == (case in {good, renewed, only_the_first_and_the_second_owed})


def test_without_an_authority_it_says_who_signed_and_that_nobody_named_vouches(browser, pack, keys, tmp_path):
    good(Stamped(pack, keys))
    assert browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))["verdict"] == "inconclusive"
    words = browser.text("verdict")
    assert "DEMONSTRATION time-stamp authority" in words
    assert "nobody you named vouches" in words


def test_without_webcrypto_a_signature_is_open_and_never_passes(browser_without_crypto, pack, keys, tmp_path):
    good(Stamped(pack, keys))
    browser, root = browser_without_crypto, tmp_path / "root.pem"
    root.write_bytes(keys.root_pem)
    browser.trust(root)
    report = browser.give("zip", pack.write_zip(tmp_path / "pack.zip"))
    assert report["verdict"] == "inconclusive"
    assert {c["id"] for c in report["checks"] if c["status"] == "inconclusive"} == {"10.2", "10.3", "10.6"}
    assert "withholds WebCrypto" in browser.text("verdict")


def test_without_webcrypto_a_token_over_other_bytes_still_fails(browser_without_crypto, pack, keys, tmp_path):
    token_of_another_seal(Stamped(pack, keys))
    assert browser_without_crypto.give("zip", pack.write_zip(tmp_path / "pack.zip"))["verdict"] == "fail"


@pytest.mark.parametrize(
    "content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_that_names_nobody_is_said_to(browser, tmp_path, content):
    path = tmp_path / "root.pem"
    path.write_bytes(content)
    browser.trust(path)
    assert browser.value("anchors.length") == 0
    assert "names no authority" in browser.text("named")
