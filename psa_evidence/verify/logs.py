"""Step 7.4: the custody log of the pack goes on from where each seal says it stood, and the seals and time-stamps that
it tells of are in the pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from psa_evidence.format import FormatError, Manifest, Seal, parse, sha256
from psa_evidence.format.log import entry_digest, is_link
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

CUSTODY: Final = "data/logs/custody.jsonl"
MAX_LOG: Final = 256 << 20
"""Bytes: a million entries."""


@dataclass(slots=True)
class _Log:
    """`digests` of its entries; `withheld` is how many stand for others; `sealed` maps the number of a seal to the
    digest that the log states, `stamped` the digest of a time-stamp to its seal."""

    digests: list[str] = field(default_factory=list)
    withheld: int = 0
    sealed: dict[int, str] = field(default_factory=dict)
    stamped: dict[str, int] = field(default_factory=dict)


def check_logs(bag: Bag, checks: Checklist, manifest: Manifest, seals: Mapping[int, Seal]) -> None:
    """The log holds together, and has at least the entries that the seals state, with the same digest. Seals and
    time-stamps of which it tells are those of `manifest`."""
    stated = [seal for _, seal in sorted(seals.items()) if seal.logs["custody"].entries]
    if CUSTODY not in bag.container.files:
        if stated:
            checks.fail("7.4", f"missing; {counted(len(stated), 'seal')} of this pack state a digest of it", CUSTODY)
        checks.settle("7.4", "no seal states an entry of the custody log, and the pack does not hold it")
        return
    try:
        log = _chain(bag.read(CUSTODY, MAX_LOG))
    except (FormatError, Unreadable) as error:
        checks.fail("7.4", names.shown(str(error)), CUSTODY)
        return
    digests, before = log.digests, 0
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
    _check_told(checks, manifest, log)
    about = f", {log.withheld:,} of them about others and withheld" if log.withheld else ""
    stood = f"it stood as {counted(len(stated), 'seal')} of this pack say"
    told = (
        f"{counted(len(log.sealed), 'seal')} and {counted(len(log.stamped), 'time-stamp')} of which it tells are there"
    )
    words = f"custody log with {len(digests):,} entries{about}; {stood}"
    checks.settle("7.4", f"{words}; {told}" if log.sealed or log.stamped else words)


def _check_told(checks: Checklist, manifest: Manifest, log: _Log) -> None:
    seals = {seal.number: seal.digest for seal in manifest.seals}
    tokens = {token.sha256: token.seal for token in manifest.witness.all_tokens}
    for number, digest in log.sealed.items():
        if number not in seals:
            checks.fail("7.4", "the custody log tells of a seal that the pack does not hold", f"seal {number}")
        elif seals[number] != digest:
            checks.fail("7.4", "the custody log tells of another seal of this number", f"seal {number}")
    for digest, number in log.stamped.items():
        if tokens.get(digest) != number:
            words = f"the custody log tells of a time-stamp that the pack does not hold, SHA-256 {names.shown(digest)}"
            checks.fail("7.4", words, f"seal {number}")


def _chain(data: bytes) -> _Log:
    """Raises FormatError at the line that does not follow the one before."""
    *lines, last = data.split(b"\n")
    if last:
        raise FormatError("the last line has no end")
    log = _Log()
    for number, line in enumerate(lines, 1):
        entry = parse(line)
        previous = log.digests[-1] if log.digests else None
        if not isinstance(entry, dict) or not _follows(entry, number, previous):
            raise FormatError(f"does not hold together at line {number}")
        if is_link(entry, line):
            log.withheld += 1
            log.digests.append(sha256(line))
        else:
            log.digests.append(entry_digest(line, entry))
            _tell(log, entry.get("action"), entry.get("detail"))
    return log


def _tell(log: _Log, action: Any, detail: Any) -> None:
    """Logs of older programs may say less: what they do not say is not asked for."""
    if not isinstance(detail, dict) or type(number := detail.get("seal")) is not int:
        return
    if action == "sealed" and isinstance(digest := detail.get("digest"), str):
        log.sealed[number] = digest
    elif action in ("stamped", "renewed") and isinstance(digest := detail.get("sha256"), str):
        log.stamped[digest] = number


def _follows(entry: Mapping[str, Any], number: int, previous: str | None) -> bool:
    """A number that is 1.0 or true is none."""
    return type(entry.get("number")) is int and entry["number"] == number and entry.get("previous", 0) == previous
