"""The check of a vault, step by step. It reads; it changes nothing but the lock's own file.

1. The vault says what it is, and its salt key is the one it was made with.
2. Each seal can be read and follows the one before.
3. Each capture is under one seal, each seal over a capture that is there; nothing is half-made.
4. No seal is missing that the custody log, or a seal kept elsewhere, knows of.
5. Each file of each seal is there with its size and (full check) its digest.
6. Each record list leads to the root and counts of its seal, and capture.json says the same.
7. (Full check.) Each record's bytes, read from its exchange, have its digest and give its leaf.
8. Each tombstone names a sealed version and a list that leaves the record out.
9. The chained logs hold together and lost nothing, they know of each other's entries, and each seal finds in them the
   heads that it states.
10. Each time-stamp token covers its seal or renewal and is signed for time-stamping; none that the custody log knows is
   gone. Whether one leads to a root that somebody trusts is for `psa-evidence verify`.
11. No file is there that nobody knows.
12. The catalogue says what the captures say (full check: row by row).
13. (Full check.) The files of nodes are those of the record lists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.format import Seal
from psa_evidence.spi import Progress
from psa_evidence.vault import layout as layouts
from psa_evidence.vault.check import index, logs, records, seals, tokens
from psa_evidence.vault.check.report import CheckReport, Findings, many
from psa_evidence.vault.layout import EXPORTS, Layout
from psa_evidence.vault.lock import Lock
from psa_evidence.vault.times import Clock

STEPS: Final = {
    1: "Vault and salt key", 2: "Seals and their chain", 3: "Captures and seals", 4: "Seals known elsewhere",
    5: "Files", 6: "Record lists", 7: "Records", 8: "Tombstones", 9: "Logs", 10: "Time-stamp tokens",
    11: "Unknown files", 12: "Catalogue", 13: "Nodes",
}  # fmt: skip
ONLY_FULL: Final = "only in a full check"
TASK: Final = "check"

_RULES: Final = (
    "vault.toml", "salts.key", "holds.jsonl", "custody.jsonl", "witness.jsonl", "holds.lock", "custody.lock",
    "witness.lock", "vault.lock", "stamping.lock",
    "holds.head", "custody.head", "witness.head",
    "catalogue.db", "catalogue.db-wal", "catalogue.db-shm", "catalogue.db-journal",
)  # fmt: skip


def check_vault(path: Path, *, quick: bool, kept: Path | None, progress: Progress, clock: Clock) -> CheckReport:
    """Check the vault at `path`. `kept` is a seal document kept elsewhere. Raises ConfigurationError when there is no
    vault or `kept` is no seal, VaultError when it is of another format; whatever is wrong with one is in the report."""
    layout = Layout(path)
    anchor = None if kept is None else seals.read_kept(kept)
    found = Findings()
    vault_id, key = _vault(layout, found)
    busy = _busy(layout, clock)
    sealed = seals.read_seals(layout, 2, found)
    found.close(2, STEPS[2], many(len(sealed), "seal") + (f", the newest of {_newest(sealed)}" if sealed else ""))
    seals.check_captures(layout, sealed, 3, found, busy=busy)
    found.close(3, STEPS[3], many(len(layout.capture_ids()), "capture"))
    custody = logs.check_log(layout, "custody", sealed, 9, found)
    holds = logs.check_log(layout, "holds", sealed, 9, found)
    witness = logs.check_log(layout, "witness", sealed, 9, found)
    logs.check_agreement(custody, holds, witness, sealed, 9, found)
    seals.check_outside(sealed, custody, anchor, 4, found)
    _anchored(kept, found)
    progress.start(TASK, _work(sealed, quick=quick))
    try:
        _contents(layout, sealed, key, found, progress, quick=quick)
        found.close(9, STEPS[9], f"{len(custody):,} custody entries, {many(len(holds), 'hold')}")
        tokens.check_tokens(layout, sealed, custody, 10, STEPS[10], found)
        nodes = [layout.nodes(s.capture).relative_to(layout.root).as_posix() for s in sealed.values()]
        looked = seals.check_strays(layout, sealed, [*_RULES, *nodes, *_exports(layout, found)], 11, found)
        found.close(11, STEPS[11], many(looked, "file"))
        if vault_id is None:
            found.skip(12, STEPS[12], "the vault does not say which it is")
        elif busy:
            found.skip(12, STEPS[12], "another run is writing to it")
        else:
            detail = index.check_index(layout, vault_id, sealed, 12, found, full=not quick, clock=clock)
            found.close(12, STEPS[12], detail)
        _nodes(layout, sealed, found, quick=quick)
    finally:
        progress.finish(TASK)
    found.unchecked.append(
        "Whether the vault was made anew as a whole, with other dates: only a seal or a time-stamp token kept "
        "elsewhere shows that."
    )
    if quick:
        found.unchecked.append("Bytes inside files that kept their size: the quick check compares no digests.")
    ordered = sorted(found.steps, key=lambda step: step.number)
    findings = sorted(found.found, key=lambda f: f.step)
    return CheckReport(
        quick=quick, steps=tuple(ordered), findings=tuple(findings), unchecked=tuple(dict.fromkeys(found.unchecked))
    )


def _vault(layout: Layout, found: Findings) -> tuple[str | None, bytes | None]:
    vault_id = key = None
    if not layout.toml.exists() and not layout.captures.exists() and not layout.seals.exists():
        layouts.read_id(layout)  # raises: there is no vault
    try:
        vault_id = layouts.read_id(layout)
    except layouts.OtherFormatError:
        raise  # it is not damaged
    except EvidenceError as error:
        found.damaged(1, "vault.toml", error.what, error.next_step)
    try:
        key = layouts.read_salt_key(layout)
    except EvidenceError as error:
        found.damaged(1, "salts.key", f"{error.what} {error.why}", error.next_step)
    if vault_id is not None and key is not None and layout.toml.read_bytes() != layouts.about_text(vault_id, key):
        found.damaged(1, "vault.toml", "is not as it was written")
    found.close(1, STEPS[1], f"vault {vault_id}" if vault_id else "not known")
    return vault_id, key


def _busy(layout: Layout, clock: Clock) -> bool:
    """Whether another run is writing now."""
    lock = Lock(layout.lock)
    try:
        if not lock.try_acquire(clock()):
            return True
    except StorageError:
        return False  # a folder that cannot be written has no writer that we could meet
    lock.release()
    return False


def _contents(layout: Layout, sealed: dict[int, Seal], key: bytes | None, found: Findings, progress: Progress, *,
              quick: bool) -> None:  # fmt: skip
    size = compared = stones = lines = 0

    def advance(read: int) -> None:
        progress.advance(TASK, read)

    for _, seal in sorted(sealed.items()):
        size += records.check_files(layout, seal, 5, found, digests=not quick, advance=advance)
        info = records.check_capture_json(layout, seal, 6, found)
        readable = records.check_list(layout, seal, 6, found)
        lines += seal.leaves
        if readable:
            stones += records.check_tombstones(layout, seal, sealed, 8, found)
        if readable and info is not None and not quick:
            compared += records.check_records(layout, seal, info.connection, key, 7, found, advance)
    found.close(5, STEPS[5], f"{size:,} bytes" + (" (sizes only)" if quick else ""))
    found.close(6, STEPS[6], many(lines, "record version"))
    if quick:
        found.skip(7, STEPS[7], ONLY_FULL)
    else:
        found.close(7, STEPS[7], many(compared, "record") + ("" if key else "; without the salt key no leaves"))
    found.close(8, STEPS[8], many(stones, "tombstone"))


def _exports(layout: Layout, found: Findings) -> list[str]:
    """Statements on packs that are not in the custody log: of a build under way, or of one that ended by force."""
    names = [f"{EXPORTS}/{path.name}" for path in sorted((layout.root / EXPORTS).glob("*.json"))]
    for name in names:
        found.add(11, "note", name, "states a pack that is not in the custody log yet",
                  "the next `psa-evidence build`, or `verify` of that pack, enters it")  # fmt: skip
    return names


def _nodes(layout: Layout, sealed: dict[int, Seal], found: Findings, *, quick: bool) -> None:
    if quick:
        found.skip(13, STEPS[13], ONLY_FULL)
        return
    for _, seal in sorted(sealed.items()):
        if records.nodes_differ(layout, seal):
            where = layout.nodes(seal.capture).relative_to(layout.root).as_posix()
            remedy = "Delete it; it is made anew when a proof is asked for."
            found.add(13, "healable", where, "does not hold the nodes of its record list", remedy)
    found.close(13, STEPS[13], many(len(sealed), "tree"))


def _anchored(kept: Path | None, found: Findings) -> None:
    if kept is None:
        found.close(4, STEPS[4], "the seals that the custody log names; no seal kept elsewhere was given")
        found.unchecked.append(
            "Whether the vault was put back to an earlier state together with its logs: compare with a seal kept "
            "elsewhere (--seal FILE)."
        )
    else:
        found.close(4, STEPS[4], f"the seals that the custody log names, and {kept.name}")


def _work(sealed: dict[int, Seal], *, quick: bool) -> int | None:
    """Bytes to read, for the time left: files for their digests, exchanges once more for their records."""
    if quick:
        return None
    total = 0
    for seal in sealed.values():
        total += sum(file.size * (2 if file.path.endswith(".warc.gz") else 1) for file in seal.files)
    return total


def _newest(sealed: dict[int, Seal]) -> str:
    return sealed[max(sealed)].sealed_at
