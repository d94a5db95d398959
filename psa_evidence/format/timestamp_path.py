"""The path of certificates from a token's signer to an anchor, as it stood at the token's time (RFC 5280, 6).

Anchors come from the caller alone. Whatever the token brings along, roots included, only helps to find the way.
Revocation is not looked up: nothing is fetched, and a token does not carry it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from psa_evidence.format.timestamp_certificates import fingerprint, is_root, issued_by, name
from psa_evidence.format.timestamp_signature import HASHES, TokenError, check_key

T = TypeVar("T")

MAX_PATH: Final = 8
"""Certificates from the signer to the anchor. Public authorities have three or four."""

MAX_TRIES: Final = 200
"""Signatures checked in search of a path, so that a crafted heap of certificates ends."""

_KNOWN: Final = frozenset(
    kind.oid
    for kind in (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.CertificatePolicies,
                 x509.SubjectAlternativeName, x509.IssuerAlternativeName, x509.SubjectKeyIdentifier,
                 x509.AuthorityKeyIdentifier, x509.CRLDistributionPoints, x509.AuthorityInformationAccess)
)  # fmt: skip
"""Extensions that may be critical: checked here, or such as restrict nothing that is asked here."""


@dataclass(frozen=True, slots=True)
class Path:
    """From the signer's certificate to the anchor, both included."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def anchor(self) -> x509.Certificate:
        return self.certificates[-1]

    @property
    def valid_until(self) -> datetime:
        """When the first certificate of the path ends: a token should be renewed before."""
        return min(each.not_valid_after_utc for each in self.certificates)


def check_purpose(signer: x509.Certificate) -> str:
    """Extended key usage critical and for time-stamping only (RFC 3161, 2.3). Raises TokenError."""
    extensions = _extensions(signer)
    try:
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise TokenError("the signer's certificate is not for time-stamping: no extended key usage") from error
    if not usage.critical:
        raise TokenError("the extended key usage of the signer's certificate is not critical")
    if list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TokenError("the extended key usage of the signer's certificate is not time-stamping alone")
    try:
        key_usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return "extended key usage is critical and for time-stamping only"
    if not (key_usage.digital_signature or key_usage.content_commitment):
        raise TokenError("the signer's key is not for signatures")
    return "extended key usage is critical and for time-stamping only"


def find_path(signer: x509.Certificate, others: Iterable[x509.Certificate], anchors: Sequence[x509.Certificate],
              at: datetime) -> Path:  # fmt: skip
    """The first good path to a root among `anchors`. Certificates in `anchors` that are no roots help like `others`.

    Raises TokenError with the reason why the path that came furthest is not good.
    """
    roots = {fingerprint(each): each for each in anchors if is_root(each)}
    helpers = {fingerprint(each): each for each in (*anchors, *others)}
    if not roots:
        raise TokenError("none of the certificates given as anchors is a root (self-signed)")
    search = _Search(roots, helpers, at)
    found = search.extend((signer,))
    if found is None:
        raise TokenError(search.reason)
    return found


class _Search:
    def __init__(self, roots: dict[str, x509.Certificate], helpers: dict[str, x509.Certificate], at: datetime) -> None:
        self.roots, self.helpers, self.at = roots, helpers, at
        self.reason = "its certificates do not lead to any of the anchors given"
        self.tries = 0

    def extend(self, path: tuple[x509.Certificate, ...]) -> Path | None:
        last = path[-1]
        if fingerprint(last) in self.roots:
            try:
                check_path(path, self.at)
            except TokenError as error:
                self.reason = str(error)
                return None
            return Path(path)
        if len(path) >= MAX_PATH:
            return None
        candidates = [each for each in self.helpers.values() if each.subject == last.issuer and each not in path]
        for candidate in sorted(candidates, key=lambda each: fingerprint(each) not in self.roots):
            self.tries += 1
            if self.tries > MAX_TRIES:
                return None
            if issued_by(last, candidate) and (found := self.extend((*path, candidate))):
                return found
        return None


def check_path(path: Sequence[x509.Certificate], at: datetime) -> None:
    """Each certificate of a path whose signatures hold, at an instant. Raises TokenError."""
    for depth, certificate in enumerate(path):
        shown = name(certificate.subject)
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise TokenError(f"the certificate of {shown} was not valid at the token's time")
        check_key(certificate)
        if depth < len(path) - 1:
            algorithm = _hash_of(certificate)
            if not isinstance(algorithm, tuple(HASHES.values())):
                raise TokenError(f"the certificate of {shown} is signed with a weak or unknown algorithm")
        extensions = _extensions(certificate)
        for extension in extensions:
            if extension.critical and extension.oid not in _KNOWN:
                raise TokenError(f"the certificate of {shown} has a restriction that this version cannot check")
        if depth:
            _check_authority(extensions, depth, shown)


def _check_authority(extensions: x509.Extensions, depth: int, shown: str) -> None:
    """That the certificate at `depth` may issue the one before it."""
    try:
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound as error:
        raise TokenError(f"{shown} is not a certificate authority") from error
    if not basic.ca:
        raise TokenError(f"{shown} is not a certificate authority")
    if basic.path_length is not None and basic.path_length < depth - 1:
        raise TokenError(f"the path is longer than {shown} allows")
    usages = [each.value for each in extensions if isinstance(each.value, x509.KeyUsage)]
    if usages and not usages[0].key_cert_sign:
        raise TokenError(f"{shown} may not sign certificates")
    purposes = [each.value for each in extensions if isinstance(each.value, x509.ExtendedKeyUsage)]
    wanted = {ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes and not wanted & set(purposes[0]):
        raise TokenError(f"{shown} may not issue certificates for time-stamping")


def _extensions(certificate: x509.Certificate) -> x509.Extensions:
    return _read(lambda: certificate.extensions, "the extensions of a certificate cannot be read")


def _hash_of(certificate: x509.Certificate) -> hashes.HashAlgorithm | None:
    return _read(
        lambda: certificate.signature_hash_algorithm, "a certificate is signed with an algorithm that is not known"
    )


def _read(read: Callable[[], T], words: str) -> T:
    try:
        return read()
    except Exception as error:
        raise TokenError(words) from error
