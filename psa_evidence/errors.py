"""The error tree, grouped by what the caller can do about it.

    EvidenceError
    ├── ConfigurationError      fix the command line, a file, a key's place, the host      exit 2
    │   ├── AmbiguousError      a name matched several things: choose one
    │   └── UnreachableError    the host did not answer, or is not a PSA
    ├── RefusedError            the PSA said no: keys or permission                        exit 4
    │   ├── AuthenticationError
    │   └── PermissionMissingError
    ├── TransientError          asking again later may work (rate limit, 5xx, cut line)    exit 3
    ├── SourceError             what came back cannot be read; record it and go on         exit 3
    ├── StorageError            disk full, folder not writable, lock held                  exit 3
    ├── VaultError              the vault is damaged or of another format                  exit 2
    └── VerificationError       something does not match what was sealed                   exit 5
        └── SelfTestError       a finished pack is not as it must be; nothing is left of it

Every error carries what happened, why (when known) and what to do next, and never a secret or a client's text.
"""

from __future__ import annotations


class EvidenceError(Exception):
    """Root of all errors that people are meant to read. `exit_code` follows DESIGN.md."""

    exit_code = 1

    def __init__(self, what: str, *, why: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step


class ConfigurationError(EvidenceError):
    """The command line, a file, a key's place or an address must be corrected."""

    exit_code = 2


class AmbiguousError(ConfigurationError):
    """A name matched several things."""


class UnreachableError(ConfigurationError):
    """No answer, or an answer that is not a PSA's."""


class RefusedError(EvidenceError):
    """The PSA refused."""

    exit_code = 4


class AuthenticationError(RefusedError):
    """The keys were not accepted."""


class PermissionMissingError(RefusedError):
    """The keys were accepted; the role does not allow this."""


class TransientError(EvidenceError):
    """Asking again later may work."""

    exit_code = 3

    def __init__(self, what: str, *, why: str = "", next_step: str = "", retry_after: float | None = None) -> None:
        super().__init__(what, why=why, next_step=next_step)
        self.retry_after = retry_after
        """Seconds the server asked us to wait, when it said so."""


class SourceError(EvidenceError):
    """What the source sent cannot be read. The raw bytes are kept all the same."""

    exit_code = 3


class StorageError(EvidenceError):
    """The disk is full, the folder cannot be written, another run holds the lock."""

    exit_code = 3


class VaultError(EvidenceError):
    """The vault is damaged, half-written or of a format this version does not know."""

    exit_code = 2


class VerificationError(EvidenceError):
    """Something does not match what was sealed."""

    exit_code = 5


class SelfTestError(VerificationError):
    """Files of a pack were read again when they were finished, and are not as they must be. It is not released."""
