"""Entries of a chained log and the digest by which the next one, and the seals, know each (docs/format/vault.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import FormatError, canonical, parse, sha256

SALT: Final = "salt"
_LINK: Final = {"entry", "number", "previous"}
_WITHHELD_BEFORE: Final = {"number", "previous", "withheld"}
"""How an entry was withheld before there were links: its digest said nothing of the entries in front of it."""


def link(line: bytes, entry: Mapping[str, Any]) -> bytes:
    """What stands for an entry in the chain, and in a pack that withholds it: its digest, number and predecessor."""
    return canonical({"entry": sha256(line), "number": entry["number"], "previous": entry["previous"]})


def entry_digest(line: bytes, entry: Mapping[str, Any]) -> str:
    """Digest of the link of an entry with a salt, of the line itself without one. `entry` is what the line holds."""
    return sha256(link(line, entry) if SALT in entry else line)


def digest_of_line(line: bytes) -> str:
    """The same for a line that need not be an entry."""
    try:
        entry = parse(line)
        return entry_digest(line, entry) if isinstance(entry, dict) else sha256(line)
    except (FormatError, KeyError):
        return sha256(line)


def is_link(entry: Mapping[str, Any], line: bytes) -> bool:
    """Whether a line of a pack stands for an entry that is withheld. Raises FormatError when it does so in a form that
    would leave the entries before it loose."""
    if entry.keys() == _WITHHELD_BEFORE:
        raise FormatError("an entry is withheld in a form that does not hold those before it")
    if entry.keys() != _LINK:
        return False
    fields.digest(entry["entry"], "the digest of a withheld entry")
    if canonical(entry) != line:
        raise FormatError("a withheld entry is not in canonical form")
    return True
