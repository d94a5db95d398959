"""X.509 certificates of time-stamp authorities: reading them, and naming them in a report."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from psa_evidence.format.canonical import FormatError

MAX_CERTIFICATES: Final = 200
"""In one PEM file. The bundles of operating systems have about 150 roots."""

MAX_CERTIFICATE: Final = 64 << 10
"""Bytes of one certificate; usual ones have one or two thousand."""

_SHOWN: Final = 200


def from_der(data: bytes) -> x509.Certificate:
    """Raises FormatError."""
    if len(data) > MAX_CERTIFICATE:
        raise FormatError(f"certificate: over the limit of {MAX_CERTIFICATE:,} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of what real authorities do; what matters is checked
            return _whole(x509.load_der_x509_certificate(data))
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        raise FormatError("certificate: cannot be read") from error


def _whole(certificate: x509.Certificate) -> x509.Certificate:
    """The library reads names and times when they are asked for: all that is used later is asked for here."""
    if not len(certificate.subject) or not len(certificate.issuer):
        raise ValueError("without a name")
    if certificate.not_valid_before_utc > certificate.not_valid_after_utc:
        raise ValueError("ends before it begins")
    return certificate


def from_file(data: bytes) -> tuple[x509.Certificate, ...]:
    """All certificates of a PEM file (RFC 7468), text between them ignored, each once; or the one of a DER file.
    Raises FormatError when there is none or one cannot be read."""
    if data[:1] == b"\x30":
        return (from_der(data),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [_whole(each) for each in x509.load_pem_x509_certificates(data)]
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        raise FormatError("certificates: not a file of certificates, PEM or DER, that can be read") from error
    if len(found) > MAX_CERTIFICATES:
        raise FormatError(f"certificates: more than {MAX_CERTIFICATES} in one file")
    return tuple({fingerprint(certificate): certificate for certificate in found}.values())


def to_pem(certificates: Iterable[x509.Certificate]) -> bytes:
    """As a PEM file, in the order given."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER bytes, lower-case hexadecimal."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def is_root(certificate: x509.Certificate) -> bool:
    """Whether it was issued by itself, and its own key shows it."""
    return certificate.subject == certificate.issuer and issued_by(certificate, certificate)


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name is the stated one and its key made the signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # noqa: BLE001 - the library raises many kinds, some undocumented, for keys it does not know
        return False
    return True


def name(subject: x509.Name) -> str:
    """A name for people: its common name, else all of it, in characters that show."""
    common = subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    text = str(common[0].value) if common else subject.rfc4514_string()
    return "".join(c if c.isprintable() else "?" for c in text[:_SHOWN]) or "without a name"
