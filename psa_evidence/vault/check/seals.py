"""Steps on seals: each readable, following the one before, over a capture that is there; none missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.format import FormatError, Seal
from psa_evidence.vault.check.report import ANY_RUN, RESTORE, Findings
from psa_evidence.vault.durable import TEMPORARY
from psa_evidence.vault.files import CAPTURE, RECORDS
from psa_evidence.vault.layout import Layout, read_id

OF_ANOTHER = "Give a seal of this vault; if it was one, the vault was made anew."
ROLLED_BACK = (
    "The vault was put back to an earlier state, or a seal was taken out. Compare with every copy; nothing here can "
    "bring it back."
)


def read_seals(layout: Layout, step: int, found: Findings) -> dict[int, Seal]:
    """Seals by number as far as they can be read; what is wrong with them and their chain is found."""
    vault_id = _vault_id(layout)
    seals: dict[int, Seal] = {}
    numbers = layout.seal_numbers()
    for number in numbers:
        where = f"seals/{layout.seal(number).name}"
        try:
            seals[number] = Seal.read(layout.seal(number).read_bytes())
        except FormatError as error:
            found.damaged(step, where, f"cannot be read as a seal: {error}")
        except OSError as error:
            found.damaged(step, where, f"cannot be read: {error.strerror or type(error).__name__}")
    for number in range(1, max(numbers, default=0) + 1):
        where = f"seals/{layout.seal(number).name}"
        seal = seals.get(number)
        if seal is None:
            if number not in numbers:
                found.damaged(step, where, "is missing, and later seals are there")
            continue
        before = seals.get(number - 1)
        if seal.number != number:
            found.damaged(step, where, f"bears the number {seal.number}")
        if vault_id is not None and seal.vault != vault_id:
            found.damaged(step, where, "was made for another vault, or vault.toml was changed")
        if number == 1 and seal.previous is not None:
            found.damaged(step, where, "names a seal before it, and is the first")
        elif before is not None and seal.previous != before.digest():
            found.damaged(
                step, where, f"does not follow seal {number - 1}: one of the two was changed after it was made"
            )
    return seals


def check_captures(layout: Layout, seals: Mapping[int, Seal], step: int, found: Findings, *, busy: bool) -> None:
    """Every capture under one seal, every seal over a capture that is there, nothing half-made."""
    by_capture: dict[str, list[int]] = {}
    for number, seal in seals.items():
        by_capture.setdefault(seal.capture, []).append(number)
    present = layout.capture_ids()
    for capture in present:
        numbers = by_capture.get(capture, [])
        where = f"captures/{capture}"
        if len(numbers) > 1:
            found.damaged(step, where, f"is under {len(numbers)} seals")
        elif not numbers:
            _unsealed(layout.captures / capture, where, step, found, busy=busy)
    for capture in sorted(by_capture.keys() - set(present)):
        found.damaged(step, f"captures/{capture}", f"is gone; seal {by_capture[capture][0]} is over it")
    for folder in layout.unborn():
        found.add(step, "healable", f"captures/{folder.name}", "was being made when a run broke off; empty", ANY_RUN)


def read_kept(path: Path) -> Seal:
    """A seal kept elsewhere. Raises ConfigurationError for what is none: that says nothing about the vault."""
    try:
        return Seal.read(path.read_bytes())
    except (OSError, FormatError) as error:
        raise ConfigurationError(
            f"The seal kept elsewhere cannot be read: {path.name}.",
            why=(error.strerror or "") if isinstance(error, OSError) else str(error),
            next_step="Give a file as it lies in seals/ of a vault or a pack, or another copy of it.",
        ) from error


def check_outside(seals: Mapping[int, Seal], custody: Iterable[Mapping[str, Any]], anchor: Seal | None, step: int,
                  found: Findings) -> None:  # fmt: skip
    """What the custody log, and a seal kept elsewhere, know of seals must be there."""
    for entry in custody:
        if entry.get("action") != "sealed":
            continue
        detail = entry.get("detail")
        number, digest = (detail.get("seal"), detail.get("digest")) if isinstance(detail, dict) else (None, None)
        seal = seals.get(number) if isinstance(number, int) else None
        if seal is None:
            found.damaged(step, "custody.jsonl", f"knows a seal {number}, which is not there", ROLLED_BACK)
        elif seal.digest() != digest:
            found.damaged(step, "custody.jsonl", f"knows another seal {number} than the one that is there", ROLLED_BACK)
    if anchor is None:
        return
    seal = seals.get(anchor.number)
    if seal is not None and seal.vault != anchor.vault:
        found.damaged(step, "seals", f"the seal kept elsewhere is of another vault, {anchor.vault}", OF_ANOTHER)
        return
    if seal is None:
        found.damaged(step, "seals", f"seal {anchor.number}, kept elsewhere, is not in this vault", ROLLED_BACK)
    elif seal.digest() != anchor.digest():
        found.damaged(step, "seals", f"seal {anchor.number} is not the one kept elsewhere", ROLLED_BACK)


def _unsealed(folder: Path, where: str, step: int, found: Findings, *, busy: bool) -> None:
    if busy:
        found.add(step, "note", where, "is being written now by another run; not checked")
    elif not (folder / RECORDS).is_file():
        found.damaged(step, where, f"has no {RECORDS} and no seal", RESTORE)
    else:
        state = "ended" if (folder / CAPTURE).is_file() else "broke off"
        found.add(step, "healable", where, f"{state} and was not sealed yet", ANY_RUN)


def check_strays(layout: Layout, seals: Mapping[int, Seal], known: Iterable[str], step: int, found: Findings) -> int:
    """Files that no seal and no rule of the layout knows. Returns how many files were looked at."""
    sealed = {file.path for seal in seals.values() for file in seal.files}
    rules = set(known)
    unsealed = set(layout.capture_ids()) - {seal.capture for seal in seals.values()}
    looked = 0
    for path in sorted(p for p in layout.root.rglob("*") if p.is_file()):
        looked += 1
        name = path.relative_to(layout.root).as_posix()
        parts = name.split("/")
        if name in sealed or name in rules or (parts[0] == "captures" and len(parts) > 1 and parts[1] in unsealed):
            continue
        if parts[0] == "seals" and (len(parts) > 2 or parts[-1].endswith((".json", ".tsr", ".tsq"))):
            continue
        if name.endswith(TEMPORARY):
            found.add(step, "note", name, "was never put in place by a run that broke off; it may be deleted")
        elif ".tail-" in name:
            found.add(step, "note", name, "is the end of an append that broke off, set aside; nothing acknowledged")
        elif parts[0] == "captures":
            found.damaged(step, name, "is no file of its sealed capture", "Find out who put it there; move it out.")
        else:
            found.add(step, "note", name, "is no file of this program")
    return looked


def _vault_id(layout: Layout) -> str | None:
    try:
        return read_id(layout)
    except EvidenceError:
        return None
