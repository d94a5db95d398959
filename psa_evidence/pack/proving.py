"""The proofs of a pack's records, written beside its content: they wait for nothing but the records, and nothing that
is written on pages waits for them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import RawRecord
from psa_evidence.vault import Vault

FOLDER: Final = "data/proofs"
MANY: Final = 4_000
"""Records for which to begin a process takes less time than to prove them here."""
MOST_BYTES: Final = 64_000_000
"""Of records that are handed to a process, which holds them once more."""

Places = tuple[tuple[int, int], ...]
"""Of each record in order: the number of its seal, and the index of its leaf."""


@contextmanager
def proving(
    vault: Vault, records: Sequence[RawRecord], in_part: Collection[int], bag: Path
) -> Iterator[Callable[[], Places]]:
    """Begin to write the proofs of `records`, one file a seal, below `FOLDER`; what it gives waits for them.

    The salts of those whose place in `records` is in `in_part` are not given. Many are proved by a process of their
    own, which ends before the block does: it writes into the pack's folder. Raises VaultError, when it begins or is
    waited for.
    """
    (bag / FOLDER).mkdir(parents=True)
    if len(records) < MANY or sum(len(record.body) for record in records) > MOST_BYTES:
        places = _write(vault, records, in_part, bag)
        del records  # or this generator holds them as long as the block lasts
        yield lambda: places
        return
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin) as beside:
        future = beside.submit(_opened, vault.path, tuple(records), frozenset(in_part), bag)
        beside.shutdown(wait=False)  # it ends, and gives back its memory, when this is done
        del records

        def proved() -> Places:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise EvidenceError(
                    "A process that proves records ended before its time.",
                    why="The system may have run out of memory.",
                    next_step="Close other programs and build the pack again.",
                ) from error

        yield proved


def _write(vault: Vault, records: Sequence[RawRecord], in_part: Collection[int], bag: Path) -> Places:
    proofs, places = vault.proofs_and_places(records, in_part=in_part)
    for file in proofs:
        with (bag / FOLDER / f"{file.seal:06d}.json").open("xb") as written:
            written.writelines(file.pieces())
    return places


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program, which waits for what it began


def _opened(path: Path, records: Sequence[RawRecord], in_part: Collection[int], bag: Path) -> Places:
    return _write(Vault.open(path), records, in_part, bag)
