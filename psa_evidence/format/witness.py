"""What a pack claims about time: its tokens, the renewals over them, and the seals that wait for one.

`tokens` are over the seals themselves, `renewals` over a document that names a seal and all tokens on it up to then.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from psa_evidence.format import fields
from psa_evidence.format.canonical import FormatError, canonical, parse

RENEWAL_FORMAT: Final = "psa-evidence/renewal/1"
AUTHORITY: Final = re.compile(r"(?!renewal)[a-z0-9][a-z0-9-]{0,39}\Z")
"""How an authority is called in a configuration, and so in file names."""
MAX_RESPONSE: Final = 256 << 10
"""Bytes of a time-stamp response. Those of public authorities have 1 to 10 KiB."""


@dataclass(frozen=True, slots=True)
class WitnessToken:
    """A response of `authority` over the document of a seal. `stated_time` is what the token says, ISO 8601 UTC."""

    seal: int
    authority: str
    path: str
    sha256: str
    stated_time: str


@dataclass(frozen=True, slots=True)
class WitnessRenewal:
    """A renewal of a seal's tokens: `path` and `sha256` are of its document, `tokens` are over that document."""

    seal: int
    number: int
    path: str
    sha256: str
    tokens: tuple[WitnessToken, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """Empty in all three: no authority was ever asked."""

    tokens: tuple[WitnessToken, ...] = ()
    renewals: tuple[WitnessRenewal, ...] = ()
    owed: tuple[int, ...] = ()

    def members(self) -> dict[str, Any]:
        return {
            "tokens": [asdict(token) for token in self.tokens],
            "renewals": [{**asdict(r), "tokens": [asdict(t) for t in r.tokens]} for r in self.renewals],
            "owed": list(self.owed),
        }

    @classmethod
    def of(cls, value: Any) -> Witness:
        """Raises FormatError."""
        raw = fields.obj(value, "witness", {"tokens", "renewals", "owed"})
        return cls(
            tuple(_token(item) for item in fields.items(raw["tokens"], "witness tokens")),
            tuple(_renewal(item) for item in fields.items(raw["renewals"], "witness renewals")),
            tuple(fields.integer(item, "witness owed") for item in fields.items(raw["owed"], "witness owed")),
        )

    @property
    def all_tokens(self) -> tuple[WitnessToken, ...]:
        return (*self.tokens, *(token for renewal in self.renewals for token in renewal.tokens))


def token_path(seal: int, authority: str, renewal: int | None = None) -> str:
    """Where a response lies, in a vault and in a pack."""
    middle = "" if renewal is None else f".renewal-{renewal}"
    return f"seals/{seal:06d}{middle}.{authority}.tsr"


def renewal_path(seal: int, number: int) -> str:
    return f"seals/{seal:06d}.renewal-{number}.json"


def chain_path(authority: str) -> str:
    """The certificates that came with an authority's tokens. Nothing makes them trusted."""
    return f"seals/authorities/{authority}.pem"


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewing token covers: the digest of a seal's document and of every earlier file on its time, in the order
    of their paths (after the idea of RFC 4998, 5.2: a new time-stamp over the old ones)."""

    seal: int
    number: int
    sha256: str
    covers: tuple[tuple[str, str], ...]

    def document(self) -> bytes:
        return canonical({
            "format": RENEWAL_FORMAT, "seal": self.seal, "number": self.number, "sha256": self.sha256,
            "covers": [{"path": path, "sha256": digest} for path, digest in self.covers],
        })  # fmt: skip

    @classmethod
    def read(cls, data: bytes) -> Renewal:
        """Raises FormatError. The bytes must be canonical."""
        raw = fields.obj(parse(data), "renewal", {"format", "seal", "number", "sha256", "covers"})
        fields.constant(raw["format"], "renewal format", RENEWAL_FORMAT)
        renewal = cls(
            fields.integer(raw["seal"], "renewal seal"),
            fields.integer(raw["number"], "renewal number"),
            fields.digest(raw["sha256"], "renewal digest"),
            tuple(_covered(item) for item in fields.items(raw["covers"], "renewal covers")),
        )
        if renewal.document() != data:
            raise FormatError("renewal: not in canonical form")
        return renewal


def _covered(value: Any) -> tuple[str, str]:
    raw = fields.obj(value, "renewal cover", {"path", "sha256"})
    return fields.text(raw["path"], "cover path"), fields.digest(raw["sha256"], "cover digest")


def _token(value: Any) -> WitnessToken:
    raw = fields.obj(value, "witness token", {"seal", "authority", "path", "sha256", "stated_time"})
    return WitnessToken(
        fields.integer(raw["seal"], "token seal"),
        fields.text(raw["authority"], "token authority"),
        fields.text(raw["path"], "token path"),
        fields.digest(raw["sha256"], "token digest"),
        fields.text(raw["stated_time"], "token time"),
    )


def _renewal(value: Any) -> WitnessRenewal:
    raw = fields.obj(value, "witness renewal", {"seal", "number", "path", "sha256", "tokens"})
    return WitnessRenewal(
        fields.integer(raw["seal"], "renewal seal"),
        fields.integer(raw["number"], "renewal number"),
        fields.text(raw["path"], "renewal path"),
        fields.digest(raw["sha256"], "renewal digest"),
        tuple(_token(item) for item in fields.items(raw["tokens"], "renewal tokens")),
    )
