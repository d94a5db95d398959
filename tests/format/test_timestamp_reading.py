"""Requests, and hostile responses: the reader's own error and nothing else."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psa_evidence.format import FormatError
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.format.timestamp_request import request
from psa_evidence.format.timestamp_token import read_response

DIGEST = bytes(range(32))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_the_request(tmp_path):
    (tmp_path / "q").write_bytes(request(DIGEST, nonce=0xABCDEF, policy="1.2.3.4"))
    text = subprocess.run(
        ["openssl", "ts", "-query", "-in", "q", "-text"], cwd=tmp_path, capture_output=True, check=True, text=True
    ).stdout
    for line in ("Hash Algorithm: sha256", "Nonce: 0xABCDEF", "Policy OID: 1.2.3.4", "Certificate required: yes"):
        assert line in text


@pytest.mark.parametrize(
    ("digest", "nonce", "policy"),
    [(b"short", 1, None), (DIGEST, 0, None), (DIGEST, -1, None), (DIGEST, 1 << 128, None), (DIGEST, 1, "policy")],
)
def test_a_request_that_is_none_is_not_made(digest, nonce, policy):
    with pytest.raises(FormatError):
        request(digest, nonce=nonce, policy=policy)


@pytest.mark.parametrize("nonce", [1, (1 << 128) - 1])
def test_the_smallest_and_the_largest_nonce_are_asked_with(nonce):
    from asn1crypto import tsp

    assert tsp.TimeStampReq.load(request(DIGEST, nonce=nonce))["nonce"].native == nonce


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_a_response(data):
    with pytest.raises(FormatError):
        read_response(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_mangled_response_gives_a_verdict_and_nothing_else(keys, answer_bytes, data):
    place = data.draw(st.integers(0, len(answer_bytes) - 1))
    length = data.draw(st.integers(0, 8))
    mangled = answer_bytes[:place] + data.draw(st.binary(max_size=8)) + answer_bytes[place + length :]
    judge(mangled, b"", anchors=keys.chain[2:])


@pytest.fixture(scope="session")
def answer_bytes(keys):
    import hashlib
    from datetime import UTC, datetime

    from psa_evidence.simulator.authority import respond

    asked = request(hashlib.sha256(b"").digest(), nonce=5)
    return respond(asked, keys, now=datetime(2026, 3, 1, tzinfo=UTC), serial=1)


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"0\x03abc"])
def test_a_file_without_certificates_is_refused(data):
    with pytest.raises(FormatError):
        from_file(data)


def test_a_file_of_certificates_may_be_pem_or_der_and_names_each_once(keys):
    from cryptography.hazmat.primitives.serialization import Encoding

    assert from_file(keys.root_pem * 3) == keys.chain[2:]
    assert from_file(keys.chain[2].public_bytes(Encoding.DER)) == keys.chain[2:]


def test_what_an_authority_says_in_words_is_made_harmless_and_bounded():
    from asn1crypto import tsp

    said = tsp.PKIStatusInfo({"status": 2, "status_string": ["no\x1b[2J\u202e" + "x" * 5000]}).dump()
    body = b"\x30\x82" + len(said).to_bytes(2, "big") + said
    answer = read_response(body)
    assert answer.text.startswith("no?[2J?xxx")
    assert len(answer.text) == 300
    assert answer.text in judge(body, b"", anchors=()).reason
