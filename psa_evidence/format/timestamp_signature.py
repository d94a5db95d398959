"""The signature of a time-stamp token: whose certificate it is, that it is bound to it, and that the key signed.

Only RSA (PKCS #1 v1.5) and ECDSA with SHA-256, SHA-384 or SHA-512 are known. Everything else is refused, weak or new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from psa_evidence.format.canonical import FormatError
from psa_evidence.format.timestamp_certificates import from_der
from psa_evidence.format.timestamp_token import Signer, Token

HASHES: Final[dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]]] = {
    "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512,
}  # fmt: skip
MIN_RSA_BITS: Final = 2048
CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")


class TokenError(Exception):
    """What is asked of a token does not hold; the words are for people."""


def find_signer(token: Token, others: Iterable[bytes]) -> x509.Certificate:
    """The certificate that the signer info names, among the embedded ones and `others` (DER). Raises TokenError."""
    for der in (*token.certificates, *others):
        if _is_of(token.signer, der):
            try:
                return from_der(der)
            except FormatError as error:
                raise TokenError("the signer's certificate cannot be read") from error
    raise TokenError("the signer's certificate is neither in the token nor given")


def _is_of(signer: Signer, der: bytes) -> bool:
    try:
        certificate = asn1.Certificate.load(der)
        if signer.key_id is not None:
            return bool(certificate.key_identifier == signer.key_id)
        return bool(
            certificate.serial_number == signer.serial and certificate.issuer == asn1.Name.load(signer.issuer or b"")
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return False


def check_binding(token: Token, certificate: x509.Certificate) -> str:
    """That the signed attributes name this certificate (RFC 3161, 2.4.2; RFC 5816). Raises TokenError."""
    ids = token.signer.certificate_ids
    if not ids:
        raise TokenError("the signature does not name the signer's certificate (ESSCertID)")
    der = certificate.public_bytes(Encoding.DER)
    for each in ids:
        # SHA-1 names here which of the authority's own certificates is meant; the path decides on the certificate
        if each.algorithm not in {"sha1", *HASHES}:
            raise TokenError("the signer's certificate is named by a digest algorithm that is not known")
        if hashlib.new(each.algorithm, der, usedforsecurity=False).digest() != each.digest:
            raise TokenError("the signature names another certificate than the one that made it (ESSCertID)")
        if each.serial is not None and each.serial != certificate.serial_number:
            raise TokenError("the signature names a certificate with another serial number (ESSCertID)")
    if token.name is not None and not _same_name(token.name, certificate):
        raise TokenError("the authority's name in the token is not that of its certificate")
    return "the signed attributes name the certificate: " + ", ".join(each.algorithm for each in ids)


def _same_name(der: bytes, certificate: x509.Certificate) -> bool:
    try:
        return bool(asn1.Name.load(der) == asn1.Name.load(certificate.subject.public_bytes()))
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def check_signature(token: Token, certificate: x509.Certificate) -> str:
    """Content type, digest of the TSTInfo and signature over the attributes (RFC 5652, 5.4-5.6). Raises TokenError."""
    signer = token.signer
    if signer.content_type != "tst_info":
        raise TokenError("the signed content type is not that of a time-stamp")
    if signer.digest_algorithm not in HASHES:
        raise TokenError(f"the digest algorithm {signer.digest_algorithm} is weak or not known")
    if hashlib.new(signer.digest_algorithm, token.content).digest() != signer.message_digest:
        raise TokenError("the signed digest is not that of the token's content")
    made_by(certificate, signer.signature_algorithm, signer.digest_algorithm, signer.signature, signer.attributes)
    return f"made by the signer's key ({signer.signature_algorithm}, {signer.digest_algorithm})"


def made_by(certificate: x509.Certificate, stated: str, digest: str, signature: bytes, over: bytes) -> None:
    """That the key of the certificate made `signature` over these bytes; `stated` and `digest` are the algorithms by
    asn1crypto's names. Raises TokenError."""
    if digest not in HASHES:
        raise TokenError(f"the digest algorithm {digest} is weak or not known")
    check_key(certificate)
    key = certificate.public_key()
    algorithm = HASHES[digest]()
    try:
        if isinstance(key, rsa.RSAPublicKey) and stated in {"rsassa_pkcs1v15", "rsa", f"{digest}_rsa"}:
            key.verify(signature, over, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and stated == f"{digest}_ecdsa":
            key.verify(signature, over, ec.ECDSA(algorithm))
        else:
            raise TokenError(f"the signature algorithm {stated} is weak, not known, or not the key's")
    except InvalidSignature as error:
        raise TokenError("the signature was not made by the signer's key over these bytes") from error


def check_key(certificate: x509.Certificate) -> None:
    """That the key is of a kind and size that is known to be strong enough. Raises TokenError."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TokenError("a certificate has a key of a kind that is not known") from error
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS:
            raise TokenError(f"a certificate has an RSA key of {key.key_size} bits; less than {MIN_RSA_BITS} is weak")
    elif not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in CURVES:
        raise TokenError("a certificate has a key of a kind that is weak or not known")
