"""The step on the chained logs: each line follows the one before, none is lost, each seal finds the head that it
states, and the logs know of each other's entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import EvidenceError
from psa_evidence.format import FormatError, LogHead, Seal, canonical, parse
from psa_evidence.format.log import digest_of_line
from psa_evidence.format.seal import LOGS
from psa_evidence.vault.chain import head_path, lost, read_head
from psa_evidence.vault.check.report import ANY_RUN, Findings, many
from psa_evidence.vault.keeping import untold_holds
from psa_evidence.vault.layout import Layout

STAMPED: Final = frozenset({"stamped", "renewed"})
"""What the custody log says of a token that was obtained."""


def check_log(layout: Layout, name: str, seals: Mapping[int, Seal], step: int, found: Findings) -> list[dict[str, Any]]:
    """Entries of `<name>.jsonl` as far as they hold together."""
    where = f"{name}.jsonl"
    path = layout.root / where
    head = _noted(path, step, found)
    try:
        data = path.read_bytes() if path.exists() else b""
    except OSError as error:
        found.damaged(step, where, f"cannot be read: {error.strerror or type(error).__name__}")
        return []
    *lines, tail = data.split(b"\n")
    if tail:
        found.add(
            step, "healable", where, "ends in a line that an append did not finish; it was never acknowledged",
            "the next entry sets it aside",
        )  # fmt: skip
    entries: list[dict[str, Any]] = []
    digests: list[str] = []
    for number, line in enumerate(lines, 1):
        previous = digests[-1] if digests else None
        digests.append(digest_of_line(line))
        entry = _entry(line)
        if entry is None:
            found.damaged(step, where, f"line {number} is not canonical JSON: it was changed")
        elif entry.get("number") != number or entry.get("previous") != previous:
            found.damaged(step, where, f"line {number} does not follow line {number - 1}: one of them was changed")
        else:
            entries.append(entry)
    if head is not None and (loss := lost(head, lines)):
        found.damaged(step, where, loss)
    _heads(name, digests, seals, step, found)
    return entries


def check_agreement(custody: list[dict[str, Any]], holds: list[dict[str, Any]], witness: list[dict[str, Any]],
                    seals: Mapping[int, Seal], step: int, found: Findings) -> None:  # fmt: skip
    """Each hold, token and seal is in the log of its own and in the custody log. A run that broke off between the two
    leaves the last one out of custody; what custody knows and its own log does not was taken out."""
    told = Counter(entry.get("action") for entry in custody)
    if told["held"] > len(holds):
        found.damaged(step, "holds.jsonl", f"has {len(holds):,} holds; the custody log knows {told['held']:,}")
    elif untold := untold_holds(holds, custody):
        what = f"does not know {many(len(untold), 'hold')} yet: a run broke off after it"
        found.add(step, "healable", "custody.jsonl", what, "psa-evidence vault check --heal, or the next capture")
    kept = {entry.get("sha256") for entry in witness if entry.get("action") == "stamped"}
    for entry in custody:
        detail = entry.get("detail")
        if entry.get("action") in STAMPED and isinstance(detail, dict) and detail.get("sha256") not in kept:
            found.damaged(step, "witness.jsonl", f"does not know the token of custody entry {entry.get('number')}")
    known = {entry.get("subject") for entry in custody if entry.get("action") == "sealed"}
    for number, seal in sorted(seals.items()):
        if seal.capture in known:
            continue
        what = f"does not know seal {number}"
        if number == max(seals):
            found.add(step, "healable", "custody.jsonl", f"{what} yet: a run broke off after it", ANY_RUN)
        else:
            found.damaged(step, "custody.jsonl", what)


def _noted(log: Path, step: int, found: Findings) -> LogHead | None:
    name = head_path(log).name
    try:
        head = read_head(log)
    except EvidenceError as error:
        found.damaged(step, name, error.what)
        return None
    if head is None and log.exists() and log.stat().st_size:
        found.add(step, "note", name, f"is not there, so an end cut off {log.name} would not be found; the next entry "
                  "makes it")  # fmt: skip
    return head


def _heads(name: str, digests: list[str], seals: Mapping[int, Seal], step: int, found: Findings) -> None:
    where = f"{name}.jsonl"
    covered = 0
    for number, seal in sorted(seals.items()):
        head = seal.logs.get(name)
        if head is None:
            continue
        covered = max(covered, head.entries)
        if head.entries > len(digests):
            found.damaged(
                step, where, f"has {len(digests):,} entries; seal {number} was made when it had {head.entries:,}"
            )
        elif head.entries and digests[head.entries - 1] != head.sha256:
            found.damaged(step, where, f"entry {head.entries} is not the one that seal {number} states")
    if name not in LOGS and digests:
        found.unchecked.append(
            f"{where}: no seal states how far it had come. The custody log names each token that it has; that an "
            "authority was asked and has not answered stands in it alone."
        )
    elif len(digests) > covered:
        found.unchecked.append(
            f"{where}: the last {len(digests) - covered:,} of {len(digests):,} entries are not under a seal yet; the "
            "next capture's seal covers them."
        )


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = parse(line)
        return entry if isinstance(entry, dict) and canonical(entry) == line else None
    except FormatError:
        return None
