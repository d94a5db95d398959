"""What the signature must hold by itself, without the second program's help."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from psa_evidence.format import FormatError, timestamp_signature
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_signature import (
    TokenError,
    check_binding,
    check_signature,
    find_signer,
    made_by,
)
from psa_evidence.format.timestamp_token import CertificateId, read_response

DATA = b'{"number":1}'


@pytest.fixture
def token(answer):
    return read_response(answer()).token


def test_another_time_written_into_a_signed_token_is_found(keys, answer):
    """Same length, so that nothing but the signed digest can tell."""
    forged = answer().replace(b"20260301021005Z", b"20250301021005Z")
    assert forged != answer()
    with pytest.raises(TokenError, match="digest"):
        check_signature(read_response(forged).token, keys.chain[0])
    failed = {s.name for s in judge(forged, DATA, anchors=keys.chain[2:]).steps if s.state == "fails"}
    assert "signature" in failed


def test_a_token_names_its_certificate_and_no_other(keys, elliptic, token):
    assert "sha256" in check_binding(token, keys.chain[0])
    for other in (*keys.chain[1:], *elliptic.chain):
        with pytest.raises(TokenError, match="another certificate"):
            check_binding(token, other)


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ((), "does not name"),
        ((CertificateId("md5", bytes(16), None),), "not known"),
        ((CertificateId("sha1", bytes(20), None),), "another certificate"),
        ((CertificateId("sha256", bytes(32), None),), "another certificate"),
    ],
    ids=["none", "md5", "sha1", "sha256"],
)
def test_a_certificate_named_wrongly_or_not_at_all_is_refused(keys, token, ids, words):
    with pytest.raises(TokenError, match=words):
        check_binding(replace(token, signer=replace(token.signer, certificate_ids=ids)), keys.chain[0])


def test_one_good_name_does_not_heal_a_wrong_one(keys, token):
    ids = (*token.signer.certificate_ids, CertificateId("sha1", bytes(20), None))
    with pytest.raises(TokenError):
        check_binding(replace(token, signer=replace(token.signer, certificate_ids=ids)), keys.chain[0])


def test_another_serial_number_than_the_certificates_is_refused(keys, token):
    (named,) = token.signer.certificate_ids
    wrong = replace(token, signer=replace(token.signer, certificate_ids=(replace(named, serial=1),)))
    with pytest.raises(TokenError, match="serial"):
        check_binding(wrong, keys.chain[0])


def test_the_name_of_another_authority_in_the_token_is_refused(keys, token):
    with pytest.raises(TokenError, match="name"):
        check_binding(replace(token, name=keys.chain[2].subject.public_bytes()), keys.chain[0])


@pytest.mark.parametrize(
    "change",
    [
        {"digest_algorithm": "sha1"}, {"digest_algorithm": "sha3_256"}, {"signature_algorithm": "sha1_rsa"},
        {"signature_algorithm": "sha512_rsa"}, {"signature_algorithm": "rsassa_pss"},
        {"signature_algorithm": "sha256_ecdsa"}, {"signature_algorithm": "1.2.3.4"}, {"content_type": "data"},
        {"attributes": b"\x31\x00"}, {"signature": b""},
    ],
    ids=lambda change: "-".join(f"{name}-{value}" for name, value in change.items() if isinstance(value, str))
    or next(iter(change)),
)  # fmt: skip
def test_weak_unknown_or_other_algorithms_and_bytes_are_refused(keys, token, change):
    check_signature(token, keys.chain[0])
    with pytest.raises(TokenError):
        check_signature(replace(token, signer=replace(token.signer, **change)), keys.chain[0])


def test_a_signer_that_nobody_has_is_not_found(keys, elliptic, token):
    bare = replace(token, certificates=())
    with pytest.raises(TokenError, match="neither in the token nor given"):
        find_signer(bare, [])
    assert find_signer(token, []) == keys.chain[0]


def test_the_signature_alone_is_judged_by_the_key_and_by_the_bytes(keys, elliptic, answer):
    """Of both kinds of key: another key, other bytes, a digest that is not known."""
    for of in (keys, elliptic):
        signer = read_response(answer(of=of)).token.signer
        given = signer.signature_algorithm, signer.digest_algorithm
        made_by(of.chain[0], *given, signer.signature, signer.attributes)
        assert given[1] in check_signature(read_response(answer(of=of)).token, of.chain[0])
        with pytest.raises(TokenError, match="not made by"):
            made_by(of.chain[0], *given, signer.signature, signer.attributes + b" ")
        with pytest.raises(TokenError, match="not made by"):
            made_by(of.chain[0], *given, bytes([signer.signature[0] ^ 1]) + signer.signature[1:], signer.attributes)
        with pytest.raises(TokenError, match="digest algorithm md5"):
            made_by(of.chain[0], given[0], "md5", signer.signature, signer.attributes)
        with pytest.raises(TokenError):
            made_by((elliptic if of is keys else keys).chain[0], *given, signer.signature, signer.attributes)


def test_a_signer_is_found_by_issuer_and_serial_together_or_by_key_id(keys, token):
    def named(**change):
        return replace(token, signer=replace(token.signer, **change))

    with pytest.raises(TokenError, match="neither"):
        find_signer(named(serial=token.signer.serial + 1), [])
    with pytest.raises(TokenError, match="neither"):
        find_signer(named(issuer=keys.chain[0].subject.public_bytes()), [])
    from asn1crypto import x509 as asn1

    for certificate in keys.chain:
        der = certificate.public_bytes(Encoding.DER)
        if key_id := asn1.Certificate.load(der).key_identifier:
            by_key = replace(token, signer=replace(token.signer, issuer=None, serial=None, key_id=key_id))
            assert find_signer(by_key, [der]) == certificate
    with pytest.raises(TokenError, match="neither"):
        find_signer(replace(token, signer=replace(token.signer, issuer=None, serial=None, key_id=b"other")), [])


def test_certificates_that_cannot_be_read_are_no_signer(token):
    with pytest.raises(TokenError, match="neither"):
        find_signer(replace(token, certificates=(b"", b"0\x03abc", b"\x30\x80")), [])


def test_a_signer_certificate_that_only_one_library_reads_is_refused(token, monkeypatch):
    def unreadable(der):
        raise FormatError(f"{len(der)} bytes")

    monkeypatch.setattr(timestamp_signature, "from_der", unreadable)
    with pytest.raises(TokenError, match="cannot be read"):
        find_signer(token, [])


def test_a_name_that_cannot_be_read_is_another_name(keys, token):
    for name in (b"", b"0\x03abc", b"\x31\x00"):
        with pytest.raises(TokenError, match="name"):
            check_binding(replace(token, name=name), keys.chain[0])
