"""Tokens good and forged: what is believed, by which anchor, and under which step a lie is found."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from rfc3161_client import VerificationError

from psa_evidence.format import timestamp
from psa_evidence.format.timestamp import STEPS, Imprint, judge
from psa_evidence.format.timestamp_certificates import from_file, name
from psa_evidence.format.witness import MAX_RESPONSE
from psa_evidence.simulator.authority import make_keys

NOW = datetime(2026, 3, 1, 2, 10, 5, tzinfo=UTC)
DATA = b'{"number":1}'
NONCE = 0x1234567890ABCDEF
VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "rfc3161"


def failed(verdict):
    return {step.name for step in verdict.steps if step.state == "fails"}


def roots(keys):
    return from_file(keys.root_pem)


@pytest.mark.parametrize("kind", ["keys", "elliptic"])
def test_a_good_token_is_proved_by_both_programs_step_by_step(kind, answer, request):
    keys = request.getfixturevalue(kind)
    verdict = judge(answer(of=keys), DATA, anchors=roots(keys), nonce=NONCE)
    assert tuple(step.name for step in verdict.steps) == STEPS
    assert verdict.proved
    assert verdict.reason == ""
    assert verdict.steps[-1].detail == "OpenSSL accepts it too"
    assert (verdict.token.at, verdict.token.serial, verdict.token.accuracy) == (NOW, 7, timedelta(seconds=1))
    assert "DEMONSTRATION" in verdict.authority
    assert verdict.path.anchor == keys.chain[2]
    assert verdict.path.valid_until == keys.chain[0].not_valid_after_utc


@pytest.mark.parametrize(
    ("faults", "steps"),
    [
        ({"wrong_nonce": True}, {"nonce"}),
        ({"no_nonce": True}, {"nonce"}),
        ({"wrong_imprint": True}, {"imprint"}),
        ({"broken_signature": True}, {"signature"}),
        ({"no_certificate": True}, {"signer"}),
        ({"status": 2}, {"status"}),
        ({"status": 3}, {"status"}),
        ({"status": 4}, {"status"}),
        ({"status": 5}, {"status"}),
        ({"status": 77}, {"status"}),
        ({"clock_offset": timedelta(days=-30)}, {"path"}),
        ({"clock_offset": timedelta(days=3651)}, {"path"}),
    ],
    ids=lambda v: "-".join(v) if isinstance(v, dict) else "+".join(v),
)
def test_what_an_authority_may_do_wrong_is_found_where_it_is(keys, answer, faults, steps):
    verdict = judge(answer(**faults), DATA, anchors=roots(keys), nonce=NONCE)
    assert failed(verdict) == steps
    assert verdict.refused
    assert not verdict.proved


def test_another_policy_than_asked_for_is_refused(keys, answer):
    good = judge(answer(), DATA, anchors=roots(keys))
    assert failed(judge(answer(wrong_policy=True), DATA, anchors=roots(keys), policy=good.token.policy)) == {"policy"}
    assert judge(answer(), DATA, anchors=roots(keys), policy=good.token.policy).proved


def test_granted_with_modifications_is_as_good_as_granted(keys, answer):
    assert judge(answer(status=1), DATA, anchors=roots(keys), nonce=NONCE).proved


def test_a_token_over_other_bytes_is_refused(keys, answer):
    for data in (b"", DATA + b"\n", DATA[:-1]):
        assert failed(judge(answer(), data, anchors=roots(keys))) == {"imprint"}


@pytest.mark.parametrize("unsorted", [False, True])
def test_a_forgers_own_root_within_the_token_is_no_anchor(keys, elliptic, answer, unsorted):
    """The attacker has a CA of his own and embeds its root; the verifier knows the honest root only."""
    forged = answer(of=elliptic, embedded_root=True, unsorted=unsorted)
    assert judge(forged, DATA, anchors=roots(elliptic)).proved
    assert failed(judge(forged, DATA, anchors=roots(keys))) == {"path"}
    assert failed(judge(forged, DATA, anchors=roots(keys), others=elliptic.chain)) == {"path"}


def test_a_forger_with_the_names_of_the_honest_authority_is_refused(keys, answer):
    twin = make_keys(NOW)
    assert [c.subject for c in twin.chain] == [c.subject for c in keys.chain]
    assert failed(judge(answer(of=twin, embedded_root=True), DATA, anchors=roots(keys))) == {"path"}


def test_without_anchors_nothing_is_proved_and_nothing_refused(answer):
    verdict = judge(answer(), DATA, anchors=())
    assert (verdict.proved, verdict.refused) == (False, False)
    assert [s.name for s in verdict.steps if s.state == "open"] == ["path"]
    assert failed(judge(answer(wrong_imprint=True), DATA, anchors=())) == {"imprint"}


def test_only_a_self_signed_certificate_is_an_anchor(keys, answer):
    assert failed(judge(answer(), DATA, anchors=keys.chain[:2])) == {"path"}
    assert judge(answer(), DATA, anchors=(*keys.chain[:2], keys.chain[2])).proved


def test_der_out_of_order_is_read_and_judged_just_as_strictly(keys, answer):
    verdict = judge(answer(unsorted=True), DATA, anchors=roots(keys), nonce=NONCE)
    assert verdict.proved
    assert "only one of two programs" in verdict.steps[-1].detail
    for faults, steps in (({"broken_signature": True}, {"signature"}), ({"wrong_imprint": True}, {"imprint"})):
        assert failed(judge(answer(unsorted=True, **faults), DATA, anchors=roots(keys))) == steps


def test_a_certificate_that_is_not_embedded_may_be_given(keys, answer):
    assert judge(answer(no_certificate=True), DATA, anchors=roots(keys), others=keys.chain[:2]).proved


@pytest.mark.parametrize("purpose", ["absent", "not critical", "with others"])
def test_a_certificate_not_for_time_stamping_alone_is_refused(purpose, answer):
    keys = make_keys(NOW, purpose=purpose, elliptic=True)
    assert failed(judge(answer(of=keys), DATA, anchors=roots(keys))) == {"purpose"}


def test_a_weak_key_is_refused(answer):
    keys = make_keys(NOW, bits=1024)
    assert failed(judge(answer(of=keys), DATA, anchors=roots(keys))) == {"signature", "path"}


def test_a_certificate_that_ended_since_counts_at_the_tokens_time(answer):
    then = datetime(2001, 5, 1, tzinfo=UTC)
    keys = make_keys(then, days=30, elliptic=True)
    verdict = judge(answer(of=keys, now=then), DATA, anchors=roots(keys))
    assert verdict.proved
    assert verdict.path.valid_until < datetime(2002, 1, 1, tzinfo=UTC)


def test_every_changed_byte_is_found_or_changes_nothing_that_counts(keys, answer):
    """Whoever flips a bit can at most touch what is neither signed nor judged: encodings, spare certificates."""
    honest = answer()
    anchors = roots(keys)
    good = judge(honest, DATA, anchors=anchors, nonce=NONCE)
    survivors = 0
    for place in range(0, len(honest), 7):
        changed = bytearray(honest)
        changed[place] ^= 1 << (place % 8)
        verdict = judge(bytes(changed), DATA, anchors=anchors, nonce=NONCE)
        if verdict.proved:
            survivors += 1
            assert (verdict.token.at, verdict.token.imprint, verdict.signer) == (
                good.token.at, good.token.imprint, good.signer,
            )  # fmt: skip
    assert survivors < len(honest) / 7 / 10


@pytest.mark.parametrize("cut", [0, 1, 5, 50, 500, -1])
def test_a_response_that_was_cut_is_refused(keys, answer, cut):
    assert failed(judge(answer()[:cut], DATA, anchors=roots(keys))) == {"status"}
    assert failed(judge(answer() + b"\x00", DATA, anchors=roots(keys))) == {"status"}


def test_an_endless_response_is_refused_unread(keys):
    assert failed(judge(b"\x30" * (MAX_RESPONSE + 1), DATA, anchors=roots(keys))) == {"status"}


@pytest.mark.parametrize(
    ("file", "covers", "ok"),
    [
        ("identrust/issue-104.tsr", b"hello", True),
        ("sigstage/response-sha256.tsr", b"hello", True),
        ("sigstage/response-sha384.tsr", b"hello", True),
        ("sigstage/response-sha512.tsr", b"hello", True),
        ("sigstage/response-no-embedded-cert.tsr", b"hello", True),
        ("sigstage/response-invalid-signature.tsr", b"hello", False),
        ("sigstore.mock/response-expired.tsr", None, True),
        ("test_tsa/response.tsr", b"hello", True),
        ("test_tsa/response-injected-certs.tsr", b"hello", True),
        ("test_tsa/other_response.tsr", b"hello", False),
    ],
)
def test_tokens_of_other_peoples_authorities(file, covers, ok):
    path = VECTORS / file
    data = (path.parent / "payload").read_bytes() if covers is None else covers
    verdict = judge(path.read_bytes(), data, anchors=from_file((path.parent / "ts_chain.pem").read_bytes()))
    assert verdict.proved is ok
    assert verdict.refused is not ok
    assert failed(judge(path.read_bytes(), data + b"!", anchors=())) >= {"imprint"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("faults", [{}, {"unsorted": True}, {"wrong_imprint": True}, {"broken_signature": True}],
                         ids=lambda f: "-".join(f) or "good")  # fmt: skip
def test_openssls_own_command_says_the_same(keys, answer, tmp_path, faults):
    for file, content in (("d", DATA), ("r.tsr", answer(**faults)), ("root.pem", keys.root_pem)):
        (tmp_path / file).write_bytes(content)
    ran = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "d", "-in", "r.tsr", "-CAfile", "root.pem", "-attime",
         str(int(NOW.timestamp()))], cwd=tmp_path, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (ran.returncode == 0) == judge(answer(**faults), DATA, anchors=roots(keys)).proved


def test_every_name_of_the_test_authority_says_demonstration(keys):
    assert all("DEMONSTRATION" in name(certificate.subject) for certificate in keys.chain)


def test_where_only_a_digest_is_at_hand_it_must_be_by_the_tokens_own_algorithm(keys, answer):
    good = Imprint("sha256", hashlib.sha256(DATA).digest())
    assert failed(judge(answer(), good, anchors=roots(keys))) == set()
    other = Imprint("sha512", hashlib.sha512(DATA).digest())
    assert "imprint" in failed(judge(answer(), other, anchors=roots(keys)))
    assert "imprint" in failed(judge(answer(), replace(good, digest=hashlib.sha256(b"").digest()), anchors=roots(keys)))


@pytest.mark.parametrize(
    ("nonce", "state", "words"),
    [
        (NONCE, "holds", "that of the request"),
        (None, "holds", "not known here"),
        (NONCE + 1, "fails", "the token answers another request"),
    ],
)
def test_the_nonce_is_told_as_what_it_is(keys, answer, nonce, state, words):
    [step] = [step for step in judge(answer(), DATA, anchors=roots(keys), nonce=nonce).steps if step.name == "nonce"]
    assert step.state == state
    assert words in step.detail


def test_the_policy_is_told_and_so_is_another(keys, answer):
    token = judge(answer(), DATA, anchors=roots(keys)).token
    for asked, words in ((None, token.policy), (token.policy, token.policy), ("1.2.3", "not the one asked for")):
        verdict = judge(answer(), DATA, anchors=roots(keys), policy=asked)
        [step] = [step for step in verdict.steps if step.name == "policy"]
        assert words in step.detail
        assert (asked == "1.2.3") is ("policy" in failed(verdict))


def test_openssl_is_asked_and_its_no_counts(keys, answer, monkeypatch):
    def no(*_):
        raise VerificationError("no")

    verdict = judge(answer(), DATA, anchors=roots(keys))
    assert [step.detail for step in verdict.steps if step.name == "agreement"] == ["OpenSSL accepts it too"]
    asked = []
    monkeypatch.setattr(timestamp, "VerifierBuilder", lambda **given: asked.append(given) or SimpleNamespace(
        build=lambda: SimpleNamespace(verify=no)))  # fmt: skip
    assert failed(judge(answer(), DATA, anchors=roots(keys))) == {"agreement"}
    assert asked[0]["tsa_certificate"] == keys.chain[0]
    assert asked[0]["roots"] == [keys.chain[-1]]


def test_a_certificate_in_the_token_that_cannot_be_read_is_passed_over(keys, answer):
    token = judge(answer(), DATA, anchors=roots(keys)).token
    assert timestamp._embedded(replace(token, certificates=(b"x", *token.certificates))) == timestamp._embedded(token)
    assert len(timestamp._embedded(token)) == len(token.certificates)
