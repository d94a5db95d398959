"""Certificates as files: what is read, up to which limits, and by whose word one is a root."""

from __future__ import annotations

import base64
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from psa_evidence.format import FormatError, timestamp_certificates
from psa_evidence.format.timestamp_certificates import from_der, from_file, is_root, issued_by, name, to_pem

AT = datetime(2026, 3, 1, tzinfo=UTC)
KEY, OTHER = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])


def certificate(subject="A", issuer="A", *, by=KEY, serial=1):
    return (
        x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named(issuer))
        .public_key(KEY.public_key()).serial_number(serial).not_valid_before(AT)
        .not_valid_after(AT + timedelta(days=1)).sign(by, hashes.SHA256())
    )  # fmt: skip


def test_a_file_gives_back_the_certificates_in_their_order():
    found = certificate(serial=1), certificate(serial=2)
    assert from_file(to_pem(found)) == found
    assert from_file(b"text before\n" + to_pem(found[::-1]) + b"text behind\n") == found[::-1]


def test_so_many_certificates_and_bytes_at_most(monkeypatch):
    two = to_pem([certificate(serial=1), certificate(serial=2)])
    monkeypatch.setattr(timestamp_certificates, "MAX_CERTIFICATES", 2)
    assert len(from_file(two)) == 2
    monkeypatch.setattr(timestamp_certificates, "MAX_CERTIFICATES", 1)
    with pytest.raises(FormatError, match="more than 1"):
        from_file(two)
    der = certificate().public_bytes(Encoding.DER)
    monkeypatch.setattr(timestamp_certificates, "MAX_CERTIFICATE", len(der))
    from_der(der)
    monkeypatch.setattr(timestamp_certificates, "MAX_CERTIFICATE", len(der) - 1)
    with pytest.raises(FormatError, match="over the limit"):
        from_der(der)


@pytest.mark.parametrize(("subject", "issuer"), [("", "A"), ("A", "")])
def test_a_certificate_without_a_name_is_refused(subject, issuer):
    made = certificate(subject, issuer)
    for read in (lambda: from_der(made.public_bytes(Encoding.DER)), lambda: from_file(to_pem([made]))):
        with pytest.raises(FormatError):
            read()


def test_a_certificate_that_ends_before_it_begins_is_refused():
    """Its dates are changed in its bytes: the library would not sign such a one."""
    der = certificate().public_bytes(Encoding.DER)
    turned = der.replace(b"260302000000Z", b"260228235959Z")
    assert turned != der
    with pytest.raises(FormatError):
        from_der(turned)
    moment = der.replace(b"260302000000Z", b"260301000000Z")
    assert from_der(moment).not_valid_after_utc == AT


def test_a_root_is_named_as_its_own_issuer_and_signed_by_its_own_key():
    assert is_root(certificate())
    assert not is_root(certificate(by=OTHER))
    assert not is_root(certificate("A", "B"))
    assert issued_by(certificate("B", "A"), certificate())
    assert not issued_by(certificate("B", "C"), certificate())


def test_what_the_library_warns_of_is_no_error():
    """Its serial number is zero, which RFC 5280 forbids and real authorities have issued."""
    made = certificate(serial=1).public_bytes(Encoding.DER)
    zero = made.replace(b"\x02\x01\x01\x30", b"\x02\x01\x00\x30", 1)
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(zero) + b"-----END CERTIFICATE-----\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(CryptographyDeprecationWarning):
            x509.load_der_x509_certificate(zero)
        assert to_pem(from_file(pem)) == to_pem([from_der(zero)])


def test_a_name_is_the_common_name_or_all_of_it_and_harmless(monkeypatch):
    unit = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Org")])
    assert name(named("A B")) == "A B"
    assert name(unit) == "O=Org"
    assert name(named("a\u202eb")) == "a?b"
    assert name(x509.Name([])) == "without a name"
    monkeypatch.setattr(timestamp_certificates, "_SHOWN", 3)
    assert name(named("abcdef")) == "abc"
