"""The proofs of a pack's records, written beside its content: they wait for nothing but the records, and nothing that
is written on pages waits for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from psa_evidence.errors import TransientError
from psa_evidence.spi import RawRecord
from psa_evidence.vault import Vault
from psa_evidence.vault.proof_files import Places, begin, write_proofs, write_proofs_of

FOLDER: Final = "data/proofs"
MANY: Final = 4_000
"""Records for which to begin a process takes less time than to prove them here."""
MOST_BYTES: Final = 64_000_000
"""Of records that are handed to a process, which holds them once more."""


@contextmanager
def proving(
    vault: Vault, records: Sequence[RawRecord], in_part: Collection[int], bag: Path
) -> Iterator[Callable[[], Places]]:
    """Begin to write the proofs of `records`, one file a seal, below `FOLDER`; what it gives waits for them.

    The salts of those whose place in `records` is in `in_part` are not given. Many are proved by a process of their
    own, which ends before the block does: it writes into the pack's folder. Raises VaultError, when it begins or is
    waited for.
    """
    folder = bag / FOLDER
    folder.mkdir(parents=True)
    if len(records) < MANY or sum(len(record.body) for record in records) > MOST_BYTES:
        places = write_proofs(vault, records, in_part, folder)
        del records  # or this generator holds them as long as the block lasts
        yield lambda: places
        return
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=begin) as beside:
        future = beside.submit(write_proofs_of, vault.path, tuple(records), frozenset(in_part), folder)
        beside.shutdown(wait=False)  # it ends, and gives back its memory, when this is done
        del records

        def proved() -> Places:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise TransientError(
                    "A process that proves records ended before its time.",
                    why="The system may have run out of memory.",
                    next_step="Close other programs and build the pack again.",
                ) from error

        yield proved
