"""The owner's signature on a PDF, made here by hand: one thing wrong at a time, everything else signed right."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from psa_evidence.verify import pdf_signature
from psa_evidence.verify.pdf_signature import SignatureError, signature_by

COVERED = b"%PDF-1.7 all of the file but the signature"
AT = datetime(2026, 3, 1, tzinfo=UTC)
EC, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)


def certificate(key, name="Owner", serial=7):
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
        .serial_number(serial).not_valid_before(AT).not_valid_after(AT + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return asn1.Certificate.load(made.public_bytes(Encoding.DER))


def attribute(kind, *values):
    return cms.CMSAttribute({"type": kind, "values": list(values)})


def named_certificate(of, digest=None, algorithm="sha256"):
    digest = digest or hashlib.new(algorithm, of.dump()).digest()
    one = tsp.ESSCertIDv2({"hash_algorithm": {"algorithm": algorithm}, "cert_hash": digest})
    return attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [one]}))


OWN = certificate(EC)
GOOD = {
    "content": attribute("content_type", "data"),
    "digest": attribute("message_digest", hashlib.sha256(COVERED).digest()),
    "named": named_certificate(OWN),
}


def signature(
    key=EC, *, own=OWN, certificates=None, attributes=GOOD, digest="sha256", stated=None, tokens=(), change=None
):
    """DER of a CMS signature; `attributes` by any names, signed as they are."""
    signed_attributes = cms.CMSAttributes(list(attributes.values()))
    over = signed_attributes.dump()
    if isinstance(key, rsa.RSAPrivateKey):
        value, stated = key.sign(over, PKCS1v15(), hashes.SHA256()), stated or "rsassa_pkcs1v15"
    else:
        value, stated = key.sign(over, ec.ECDSA(hashes.SHA256())), stated or "sha256_ecdsa"
    named = {"issuer": own.issuer, "serial_number": own.serial_number}
    signer = {
        "version": "v1", "sid": cms.SignerIdentifier("issuer_and_serial_number", named),
        "digest_algorithm": {"algorithm": digest}, "signed_attrs": signed_attributes,
        "signature_algorithm": {"algorithm": stated}, "signature": value,
    }  # fmt: skip
    if tokens:
        signer["unsigned_attrs"] = list(tokens)
    signed = {
        "version": "v1", "digest_algorithms": [{"algorithm": digest}], "encap_content_info": {"content_type": "data"},
        "certificates": [own] if certificates is None else certificates, "signer_infos": [signer],
    }  # fmt: skip
    if change:
        change(signed)
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()


@pytest.mark.parametrize("key", [EC, RSA], ids=["ec", "rsa"])
@pytest.mark.parametrize("padding", [b"", bytes(500)], ids=["exact", "padded"])
def test_a_good_signature_gives_name_and_value_and_no_token(key, padding):
    own = certificate(key)
    made = signature(
        key,
        own=own,
        certificates=[certificate(OTHER, "Another"), own],
        attributes={**GOOD, "named": named_certificate(own)},
    )
    found = signature_by(made + padding, COVERED)
    assert (found.name, found.token) == ("Owner", None)
    assert found.value in made


def test_the_one_time_stamp_over_it_is_handed_on():
    token = cms.ContentInfo({"content_type": "data", "content": core.OctetString(b"token")})
    stamp = attribute("signature_time_stamp_token", token)
    found = signature_by(signature(tokens=[attribute("signing_time", core.UTCTime(AT)), stamp]), COVERED)
    assert found.token == token.dump()
    assert signature_by(signature(tokens=[stamp, stamp]), COVERED).token is None
    assert signature_by(signature(tokens=[attribute("signing_time", core.UTCTime(AT))]), COVERED).token is None


def but(**changed):
    """A good signature with other attributes, or without those that are None."""
    return signature(attributes={name: each for name, each in {**GOOD, **changed}.items() if each is not None})


def doubled(signed):
    signed["signer_infos"] = signed["signer_infos"] * 2


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (signature(change=doubled), "not one signature"),
        (signature(change=lambda signed: signed.update(signer_infos=[])), "not one signature"),
        (but(twice=GOOD["digest"]), "stands twice"),
        (signature(digest="sha1"), "weak or not known"),
        (but(content=attribute("content_type", "signed_data")), "another type of content"),
        (but(digest=attribute("message_digest", bytes(32))), "the file was changed"),
        (signature(OTHER), "not made by the signer's key"),
        (signature(stated="sha256_rsa"), "weak, not known, or not the key's"),
        (signature(certificates=[]), "not in the signature"),
        (signature(certificates=[certificate(EC, serial=8)]), "not in the signature"),
        (signature(certificates=[certificate(EC, "Another")]), "not in the signature"),
        (but(named=named_certificate(certificate(OTHER))), "names another"),
        (but(named=named_certificate(OWN, bytes(32))), "names another"),
        (but(named=named_certificate(OWN, algorithm="sha1")), "names another"),
        *((but(**{left_out: None}), "cannot be read") for left_out in GOOD),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_what_is_wrong_with_a_signature_is_said(made, words):
    with pytest.raises(SignatureError, match=words):
        signature_by(made, COVERED)


def test_a_signature_over_other_bytes_is_refused():
    with pytest.raises(SignatureError, match="the file was changed"):
        signature_by(signature(), COVERED + b" ")


def test_something_else_than_signed_data_is_refused():
    other = cms.ContentInfo({"content_type": "data", "content": core.OctetString(b"x")}).dump()
    with pytest.raises(SignatureError):
        signature_by(other, COVERED)


def test_so_many_bytes_at_most(monkeypatch):
    made = signature()
    monkeypatch.setattr(pdf_signature, "MAX_CMS", len(made))
    signature_by(made, COVERED)
    with pytest.raises(SignatureError, match="too large"):
        signature_by(made + b"\x00", COVERED)
