"""The private CA: a root, an authority below it, and the certificate of the time-stamp signer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import CertificatePoliciesOID, ExtendedKeyUsageOID, NameOID

POLICY: Final = "1.3.6.1.4.1.32473.3161"
"""Below the number that IANA keeps for examples (RFC 5612)."""

NOTICE: Final = "DEMONSTRATION: this authority is a program on the same computer and proves nothing about any time."
Purpose = Literal["critical", "not critical", "absent", "with others"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the authority signs with. `chain` is the signer's certificate, the authority's below the root, the root."""

    key: PrivateKey
    chain: tuple[x509.Certificate, x509.Certificate, x509.Certificate]

    @property
    def root_pem(self) -> bytes:
        """The anchor, to be given to whoever is to believe this authority."""
        return self.chain[2].public_bytes(serialization.Encoding.PEM)


def make_keys(now: datetime, *, days: int = 3650, purpose: Purpose = "critical", elliptic: bool = False,
              bits: int = 2048, name: str = "") -> Keys:  # fmt: skip
    """New keys and certificates, valid from a day before `now` for `days` (the root and the authority ten years more).

    `purpose` says how the signer's extended key usage is marked; `name` distinguishes one test authority from another.
    """
    start = now.replace(microsecond=0) - _DAY
    suffix = f" {name}" if name else ""
    root_key, middle_key = _key(elliptic, 2048), _key(elliptic, 2048)
    key = _key(elliptic, bits)
    root_name = _name(f"DEMONSTRATION root{suffix}, proves nothing")
    middle_name = _name(f"DEMONSTRATION issuing authority{suffix}")
    end = start + timedelta(days=days + 3650)
    root = _certificate(root_name, root_key, root_name, root_key, start, end, authority=1)
    middle = _certificate(middle_name, middle_key, root_name, root_key, start, end, authority=0)
    signer = _certificate(
        _name(f"DEMONSTRATION time-stamp authority{suffix}"), key, middle_name, middle_key, start,
        start + timedelta(days=days), purpose=purpose,
    )  # fmt: skip
    return Keys(key, (signer, middle, root))


def _key(elliptic: bool, bits: int) -> PrivateKey:
    return ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, bits)


def _name(common: str) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "DEMONSTRATION, not a real authority"),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])  # fmt: skip


def _certificate(
    subject: x509.Name,
    key: PrivateKey,
    issuer: x509.Name,
    issuer_key: PrivateKey,
    start: datetime,
    end: datetime,
    *,
    authority: int | None = None,
    purpose: Purpose | None = None,
) -> x509.Certificate:
    public = key.public_key()
    notice = x509.UserNotice(None, NOTICE)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority is not None, path_length=authority), critical=True)
        .add_extension(_usage(signs_certificates=authority is not None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(CertificatePoliciesOID.ANY_POLICY, [notice])]),
            critical=False,
        )
    )
    if purpose is not None and purpose != "absent":
        uses = [ExtendedKeyUsageOID.TIME_STAMPING]
        if purpose == "with others":
            uses.append(ExtendedKeyUsageOID.CODE_SIGNING)
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=purpose != "not critical")
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates, content_commitment=not signs_certificates, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs_certificates, crl_sign=signs_certificates,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
