"""Step 7.4: the custody log of the pack goes on from where each seal says it stood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from psa_evidence.format import FormatError, Seal, parse, sha256
from psa_evidence.format.log import entry_digest, is_link
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

CUSTODY: Final = "data/logs/custody.jsonl"
MAX_LOG: Final = 256 << 20
"""Bytes: a million entries."""


def check_logs(bag: Bag, checks: Checklist, seals: Mapping[int, Seal]) -> None:
    """The log holds together, and has at least the entries that the seals state, with the same digest."""
    stated = [seal for _, seal in sorted(seals.items()) if seal.logs["custody"].entries]
    if CUSTODY not in bag.container.files:
        if stated:
            checks.fail("7.4", f"missing; {counted(len(stated), 'seal')} of this pack state a digest of it", CUSTODY)
        checks.settle("7.4", "no seal states an entry of the custody log, and the pack does not hold it")
        return
    try:
        digests, withheld = _chain(bag.read(CUSTODY, MAX_LOG))
    except (FormatError, Unreadable) as error:
        checks.fail("7.4", names.shown(str(error)), CUSTODY)
        return
    before = 0
    for seal in stated:
        head = seal.logs["custody"]
        subject = f"seal {seal.number}"
        if head.entries > len(digests):
            words = f"it had {head.entries:,} entries when the seal was made; {len(digests):,} are there"
            checks.fail("7.4", words, subject)
        elif digests[head.entries - 1] != head.sha256:
            checks.fail("7.4", f"entry {head.entries:,} is not the one that the seal states", subject)
        if head.entries < before:
            checks.fail("7.4", "states fewer entries than a seal before it", subject)
        before = max(before, head.entries)
    about = f", {withheld:,} of them about others and withheld" if withheld else ""
    stood = f"it stood as {counted(len(stated), 'seal')} of this pack say"
    checks.settle("7.4", f"custody log with {len(digests):,} entries{about}; {stood}")


def _chain(data: bytes) -> tuple[list[str], int]:
    """Digest of each entry, and how many are withheld. Raises FormatError at the line that does not follow the one
    before."""
    *lines, last = data.split(b"\n")
    if last:
        raise FormatError("the last line has no end")
    digests: list[str] = []
    withheld = 0
    for number, line in enumerate(lines, 1):
        entry = parse(line)
        previous = digests[-1] if digests else None
        if not isinstance(entry, dict) or not _follows(entry, number, previous):
            raise FormatError(f"does not hold together at line {number}")
        if is_link(entry, line):
            withheld += 1
            digests.append(sha256(line))
        else:
            digests.append(entry_digest(line, entry))
    return digests, withheld


def _follows(entry: Mapping[str, Any], number: int, previous: str | None) -> bool:
    """A number that is 1.0 or true is none."""
    return type(entry.get("number")) is int and entry["number"] == number and entry.get("previous", 0) == previous
