"""Files with the root certificates of time-stamp authorities, as people name them on a command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import FormatError
from psa_evidence.format.timestamp_certificates import from_file

MAX_ANCHOR_FILE: Final = 4 << 20
"""Bytes. The root certificates of a whole operating system have about 300 KiB."""


def read_anchors(path: Path) -> bytes:
    """A file of certificates, checked to be one. Raises ConfigurationError."""
    try:
        if path.stat().st_size > MAX_ANCHOR_FILE:
            raise ConfigurationError(f"{path} is too large for a file of root certificates")
        data = path.read_bytes()
        from_file(data)
    except FormatError as error:
        raise ConfigurationError(
            f"{path} holds no certificate that can be read", why=str(error),
            next_step="give the authority's root certificate as a PEM or DER file; a bundle (PKCS#7, .p7b) becomes one "
            "with `openssl pkcs7 -print_certs`",
        ) from error  # fmt: skip
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read", why=error.strerror or "", next_step="check the file's name"
        ) from error
    return data
