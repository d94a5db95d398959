"""Reading our own documents: typed access to untrusted JSON, one error for all that can be wrong."""

from __future__ import annotations

import re
from typing import Any, Final

from psa_evidence.format.canonical import FormatError

_HEX_LIST: Final = re.compile(r"[0-9a-f]{64}(?:,[0-9a-f]{64})*\Z")
_HEX: Final = re.compile(r"[0-9a-f]{64}\Z")


def obj(value: Any, where: str, names: set[str]) -> dict[str, Any]:
    """An object with exactly `names`: an unknown name may be a promise this version cannot check, so it is refused."""
    if not isinstance(value, dict):
        raise FormatError(f"{where}: not an object")
    if value.keys() != names:
        if missing := sorted(names - value.keys()):
            raise FormatError(f"{where}: {missing[0]} is missing")
        extra = min(value.keys() - names)
        raise FormatError(f"{where}: {extra[:40]!r} is not known to this version")
    return value


def text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise FormatError(f"{where}: not a text")
    return value


def optional_text(value: Any, where: str) -> str | None:
    return None if value is None else text(value, where)


def integer(value: Any, where: str) -> int:
    """A whole number from 0 to 2^53 - 1, what JSON carries exactly (RFC 8785, 3.2.2.3)."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise FormatError(f"{where}: not a whole number")
    return value


def items(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise FormatError(f"{where}: not a list")
    return value


def digest(value: Any, where: str) -> str:
    """64 lower-case hexadecimal digits."""
    if not isinstance(value, str) or not _HEX.match(value):
        raise FormatError(f"{where}: not a SHA-256 digest")
    return value


def digests(value: Any, where: str) -> tuple[str, ...]:
    """A list of digests, all looked at in one go: with as many commas as gaps, each item is one digest."""
    found = items(value, where)
    try:
        joined = ",".join(found)
    except TypeError as error:
        raise FormatError(f"{where}: not a SHA-256 digest") from error
    if found and (len(joined) != 65 * len(found) - 1 or not _HEX_LIST.match(joined)):
        raise FormatError(f"{where}: not a SHA-256 digest")
    return tuple(found)


def optional_digest(value: Any, where: str) -> str | None:
    return None if value is None else digest(value, where)


def optional_signed(value: Any, where: str) -> int | None:
    """A whole number of either sign within what JSON carries exactly, or None."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**53) < value < 2**53:
        raise FormatError(f"{where}: not a whole number")
    return value


def counts(value: Any, where: str) -> dict[str, int]:
    """Names to whole numbers."""
    if not isinstance(value, dict):
        raise FormatError(f"{where}: not an object")
    return {name: integer(number, where) for name, number in value.items()}


def constant(value: Any, where: str, expected: str) -> None:
    if value != expected:
        raise FormatError(f"{where}: {str(value)[:60]!r} is not {expected!r}; a newer version may read it")
