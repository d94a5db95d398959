"""The vault's custody log as a pack shows it: its own entries in words and whole, those of others as digests only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psa_evidence.format import Seal, parse
from psa_evidence.format.log import digest_of_line, link

OF_CAPTURES: Final = frozenset({"captured", "sealed", "stamped", "renewed"})
OF_MATTERS: Final = frozenset({"accessed", "exported", "released", "verified"})
ROUTINE: Final = "routine archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyLog:
    """`rows`: number, time, who, what, of what, detail. `lines` is `data/logs/custody.jsonl`: every entry up to
    `entries`, those that are about others withheld; `head` is the digest of the last. `heads` says for each seal of
    the pack how many entries it covers."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[bytes, ...]
    withheld: int
    head: str | None
    heads: tuple[tuple[int, int], ...]

    @property
    def entries(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose pack it is. `names` are the client's id, identifier and name: a hold may bear any of them."""

    connection: str
    client: str
    names: frozenset[str]
    matter: str
    captures: Collection[str]

    def concerns(self, entry: Mapping[str, Any]) -> bool:
        """Captures that the pack uses, holds on its client, and what was done for its matter or in the routine archive
        of its client. Other matters, also of the same client, are not this pack's to show."""
        action, detail = entry.get("action"), entry.get("detail")
        if action in OF_CAPTURES:
            return entry.get("subject") in self.captures
        if not isinstance(detail, Mapping) or detail.get("connection") != self.connection:
            return False
        if action == "held":
            return str(detail.get("client")).casefold() in self.names
        ours = detail.get("matter") == self.matter or detail.get("mode") == ROUTINE
        return action in OF_MATTERS and detail.get("client") == self.client and ours


def names_of(*texts: str) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts if text)


def custody_log(lines: Iterable[bytes], seals: Sequence[Seal], about: About) -> CustodyLog:
    """The log up to the last entry about a capture under `seals`, and no further: what is logged later, this pack
    among it, would make every build another. `lines` are checked to hold together (`ChainedLog.lines`)."""
    known = list(lines)
    entries = [parse(line) for line in known]
    used = known[: _cut(entries, seals)]
    shown, rows, withheld = [], [], 0
    for line, entry in zip(used, entries, strict=False):
        if about.concerns(entry):
            shown.append(line)
            rows.append(_row(entry))
        else:
            withheld += 1
            shown.append(link(line, entry))
    return CustodyLog(
        rows=tuple(rows), lines=tuple(shown), withheld=withheld, head=digest_of_line(used[-1]) if used else None,
        heads=tuple((seal.number, seal.logs["custody"].entries) for seal in seals),
    )  # fmt: skip


def _cut(entries: Sequence[Any], seals: Sequence[Seal]) -> int:
    """How many entries there were when the newest thing was done to a capture under `seals` (recorded, stamped); at
    least those that the seals state."""
    captures = {seal.capture for seal in seals}
    done = [
        int(entry["number"])
        for entry in entries
        if entry.get("action") in OF_CAPTURES and entry.get("subject") in captures
    ]
    return max([*done, *(seal.logs["custody"].entries for seal in seals)], default=0)


def _row(entry: Mapping[str, Any]) -> tuple[str, ...]:
    detail = json.dumps(entry.get("detail") or {}, ensure_ascii=False, sort_keys=True)
    return (*(str(entry.get(name, "")) for name in ("number", "at", "who", "action", "subject")), detail)
