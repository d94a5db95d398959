"""The step on the chained logs: each line follows the one before, and each seal finds the head that it states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psa_evidence.format import FormatError, Seal, canonical, parse, sha256
from psa_evidence.vault.check.report import Findings
from psa_evidence.vault.layout import Layout


def check_log(layout: Layout, name: str, seals: Mapping[int, Seal], step: int, found: Findings) -> list[dict[str, Any]]:
    """Entries of `<name>.jsonl` as far as they hold together."""
    where = f"{name}.jsonl"
    path = layout.root / where
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
        digests.append(sha256(line))
        entry = _entry(line)
        if entry is None:
            found.damaged(step, where, f"line {number} is not canonical JSON: it was changed")
        elif entry.get("number") != number or entry.get("previous") != previous:
            found.damaged(step, where, f"line {number} does not follow line {number - 1}: one of them was changed")
        else:
            entries.append(entry)
    _heads(name, digests, seals, step, found)
    return entries


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
    if len(digests) > covered:
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
