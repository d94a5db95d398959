"""The owner's key and certificate, with which PDFs are signed: from a PKCS#12 file, or in a token (PKCS#11)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign import signers

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import FormatError
from psa_evidence.format.timestamp_certificates import from_der
from psa_evidence.format.timestamp_signature import TokenError, made_by

PIN_NEXT: Final = (
    "Check module, token, label and PIN (PSA_EVIDENCE_SIGNATURE_PIN, or the keyring); `pkcs11-tool --list-objects` "
    "shows what the token holds."
)
FILE_NEXT: Final = "check the file and the passphrase (PSA_EVIDENCE_SIGNATURE_PASSPHRASE, or the keyring)"
WITHOUT: Final = "or take [signature] out of psa-evidence.toml"
MAX_CHAIN: Final = 10
"""Certificates from the owner's to its root; usual chains have two or three."""

_PROBE: Final = b"psa-evidence: is this the key of that certificate?"
_USAGES: Final = frozenset({"digital_signature", "non_repudiation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Where a key lies that cannot be copied. `module` is the library of the token's maker, `label` that of the
    certificate, and of the key unless `key` names another; `name` is the token's own label, empty for the only one."""

    module: Path
    label: str
    key: str = ""
    name: str = ""


def signer_of(path: Path, passphrase: str | None, *, at: datetime) -> signers.Signer:
    """From a PKCS#12 file. Raises ConfigurationError, never with the passphrase; also for a certificate that is not
    valid `at` that time, and for a key that makes no signature that holds (`_check`)."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path.name} cannot be read.", why=error.strerror or type(error).__name__,
            next_step=f"Correct pkcs12 in [signature], {WITHOUT}.",
        ) from None  # fmt: skip
    secret = passphrase.encode() if passphrase else None
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, secret)
    except Exception:  # noqa: BLE001 - the library raises many kinds for a file of hostile bytes
        raise ConfigurationError(
            f"{path.name} cannot be opened",
            why="It is not PKCS#12, or the passphrase is another." if secret
            else "It is not PKCS#12, or it needs a passphrase and none was found.",
            next_step=FILE_NEXT,
        ) from None  # fmt: skip
    if key is None or certificate is None:
        raise ConfigurationError(
            f"{path.name} holds no {'key' if key is None else 'certificate of its key'}.",
            next_step=f"Export certificate and key together into one file, {WITHOUT}.",
        )
    loader: Any = signers.SimpleSigner
    try:
        signer: signers.Signer = loader.load_pkcs12_data(data, other_certs=(), passphrase=secret)
    except Exception as error:  # noqa: BLE001 - keys of a kind that the library does not know
        raise ConfigurationError(
            f"The key in {path.name} cannot be used to sign.", why=type(error).__name__,
            next_step=f"Use a certificate with an RSA or elliptic-curve key, {WITHOUT}.",
        ) from None  # fmt: skip
    _check(signer, path.name, at)
    return signer


@contextmanager
def token_signer(token: Token, pin: str | None, *, at: datetime) -> Iterator[signers.Signer]:
    """From a token, whose session lasts as long as the block. Raises ConfigurationError, never with the PIN."""
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415 - an extra that few need
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
        from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415
    except ImportError:
        raise ConfigurationError(
            "Keys in tokens (PKCS#11) need a library that is not installed.",
            next_step="Run pip install 'psa-evidence[pkcs11]'.",
        ) from None
    try:
        criteria = TokenCriteria(label=token.name) if token.name else None
        session = open_pkcs11_session(str(token.module), token_criteria=criteria, user_pin=pin)
    except (PKCS11Error, PdfError, OSError, RuntimeError, ValueError) as error:
        raise _unusable(error, pin) from None
    try:
        signer = PKCS11Signer(  # the digest is made here: every token has the plain mechanisms, few have the others
            session, cert_label=token.label, key_label=token.key or token.label, use_raw_mechanism=True
        )
        try:
            certificate = signer.signing_cert
            if certificate is not None:
                signer.cert_registry.register_multiple(_issuers(certificate, _certificates(session)))
        except (PKCS11Error, PdfError, ValueError) as error:
            raise _unusable(error, pin) from None
        if certificate is None:
            raise ConfigurationError(f"The token has no certificate labelled {token.label!r}.", next_step=PIN_NEXT)
        _check(signer, token.label, at)
        yield signer
    finally:
        session.close()


def _unusable(error: Exception, pin: str | None) -> ConfigurationError:
    """The libraries say which label or module they did not find, and nothing of some other errors but their name."""
    said = str(error)
    why = said if said and not (pin and pin in said) else type(error).__name__
    return ConfigurationError(
        "The token cannot be used.", why=why if pin else f"{why.rstrip('.')}. No PIN was given.", next_step=PIN_NEXT
    )


def _certificates(session: Any) -> Iterator[x509.Certificate]:
    """All in the token that can be read."""
    from pkcs11 import Attribute, CertificateType, ObjectClass  # noqa: PLC0415 - an extra that few need

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509}
    for found in session.get_objects(wanted):
        with suppress(FormatError):  # what cannot be read issued nothing
            yield x509.Certificate.load(from_der(found[Attribute.VALUE]).public_bytes(Encoding.DER))


def _issuers(certificate: x509.Certificate, among: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The certificates of those who issued it, as far as they are there: readers who know the root alone need those
    between. Others of the token are nobody's business."""
    by_name = {each.subject.dump(): each for each in among}
    chain: list[x509.Certificate] = []
    while (issuer := by_name.get(certificate.issuer.dump())) is not None and len(chain) < MAX_CHAIN:
        if issuer.subject == certificate.subject:
            break
        chain.append(issuer)
        certificate = issuer
    return chain


def _check(signer: signers.Signer, name: str, at: datetime) -> None:
    """The certificate is valid and may be used to sign (RFC 5280, 4.2.1.3), and a signature by the key holds by what
    the verifier asks. Asked before the pack is built: the level that it states must be true. Raises
    ConfigurationError."""
    certificate = signer.signing_cert
    if certificate is None:
        raise ConfigurationError(f"There is no certificate in {name}.", next_step=f"Use another, {WITHOUT}.")
    first, last = certificate.not_valid_before.astimezone(UTC), certificate.not_valid_after.astimezone(UTC)
    if not first <= at <= last:
        raise ConfigurationError(
            f"The certificate in {name} cannot be used to sign.",
            why=f"It is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, UTC; every reader would reject the signature.",
            next_step=f"Renew it, {WITHOUT}.",
        )
    usage = certificate.key_usage_value
    if usage is not None and not _USAGES & usage.native:
        raise ConfigurationError(
            f"The certificate in {name} cannot be used to sign.",
            why="Its key usage is neither digital signature nor content commitment (non-repudiation); readers reject "
            "the signature.",
            next_step=f"Use a certificate for signing documents, {WITHOUT}.",
        )
    try:
        stated = signer.get_signature_mechanism_for_digest("sha256")["algorithm"].native
        signature = asyncio.run(signer.async_sign_raw(_PROBE, "sha256"))
        made_by(from_der(certificate.dump()), stated, "sha256", signature, _PROBE)
    except Exception as error:  # noqa: BLE001 - a token or a kind of key may refuse in many ways
        raise ConfigurationError(
            f"The key in {name} makes no signature that holds for its certificate.",
            why=str(error) if isinstance(error, TokenError) else type(error).__name__,
            next_step=f"Use a certificate and its own key, RSA of 2048 bits or more or elliptic curve, {WITHOUT}.",
        ) from None
