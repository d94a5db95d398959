"""The owner's key and certificate, with which PDFs are signed: from a PKCS#12 file, or in a token (PKCS#11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pyhanko.sign import signers

from psa_evidence.errors import ConfigurationError

if TYPE_CHECKING:
    from asn1crypto import x509

PIN_NEXT = "Check module, token, label and PIN; `pkcs11-tool --list-objects` shows what the token holds."


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
    valid `at` that time."""
    try:
        loader: Any = signers.SimpleSigner
        found = loader.load_pkcs12(str(path), passphrase=passphrase.encode() if passphrase else None)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read as a PKCS#12 file", why=type(error).__name__,
            next_step="check the file and the passphrase",
        ) from None  # fmt: skip
    if found is None:
        raise ConfigurationError(
            f"{path.name} cannot be opened", why="It is not PKCS#12, or the passphrase is another.",
            next_step="check the file and the passphrase",
        )  # fmt: skip
    signer = cast("signers.Signer", found)
    _check_dates(signer.signing_cert, path.name, at)
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
        raise _unusable(error) from None
    try:
        signer = PKCS11Signer(  # the digest is made here: every token has the plain mechanisms, few have the others
            session, cert_label=token.label, key_label=token.key or token.label, use_raw_mechanism=True
        )
        try:
            certificate = signer.signing_cert
        except (PKCS11Error, PdfError, ValueError) as error:
            raise _unusable(error) from None
        if certificate is None:
            raise ConfigurationError(f"The token has no certificate labelled {token.label!r}.", next_step=PIN_NEXT)
        _check_dates(certificate, token.label, at)
        yield signer
    finally:
        session.close()


def _unusable(error: Exception) -> ConfigurationError:
    return ConfigurationError("The token cannot be used.", why=type(error).__name__, next_step=PIN_NEXT)


def _check_dates(certificate: x509.Certificate | None, name: str, at: datetime) -> None:
    if certificate is None:
        return
    first, last = certificate.not_valid_before.astimezone(UTC), certificate.not_valid_after.astimezone(UTC)
    if not first <= at <= last:
        raise ConfigurationError(
            f"The certificate in {name} cannot be used to sign.",
            why=f"It is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, UTC; every reader would reject the signature.",
            next_step="Renew it, or take [signature] out of psa-evidence.toml.",
        )
