"""How one capture ends, well or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from psa_evidence.format import SealedFile
from psa_evidence.spi import Silent
from psa_evidence.vault.catalogue import Filling
from psa_evidence.vault.files import CAPTURE, Totals
from psa_evidence.vault.info import CaptureInfo, State
from psa_evidence.vault.keeping import Keeper, capture_info, sealed_file
from psa_evidence.vault.leaves import Leaves
from psa_evidence.vault.set_back import FACT
from psa_evidence.vault.times import instant
from psa_evidence.vault.tombstones import TOMBSTONES, read_tombstones
from psa_evidence.vault.writer import Account


class Ending:
    """Implements `writer.Ending` for a capture in `folder`. `release` is called last, whatever happened."""

    def __init__(self, keeper: Keeper, folder: Path, head: dict[str, Any], filling: Filling, who: str,
                 release: tuple[Callable[[], None], ...]) -> None:  # fmt: skip
        self._keeper = keeper
        self._folder = folder
        self._head = head
        self._filling = filling
        self._who = who
        self._release = release

    def finished(self, state: State, failure: str, account: Account, totals: Totals, leaves: Leaves,
                 files: list[SealedFile]) -> CaptureInfo:  # fmt: skip
        now, began = self._keeper.clock(), instant(self._head["started_at"])
        if now < began:
            account.facts[FACT] = (began - now).total_seconds()
        vanished = self._keeper.bury(self._folder, self._filling)
        if vanished:
            files = [*files, sealed_file(self._keeper.layout.root, self._folder / TOMBSTONES)]
        info = capture_info(
            self._head, self._folder.name, state, failure, account, totals, now, account.facts, vanished
        )
        document = info.document()
        self._keeper.disk.replace(self._folder / CAPTURE, document)
        seal = self._keeper.seal(info, files, leaves)
        self._keeper.record(seal, info, self._who)
        self._filling.bury(read_tombstones(self._folder))
        self._filling.finish(info, document)
        return info

    def broken(self, failure: str, account: Account) -> CaptureInfo:
        """The writing failed: record what the disk holds as failed, then seal and index that."""
        self._filling.close()
        capture = self._folder / CAPTURE
        if not capture.exists():
            self._keeper.recover(self._folder, failure, account)
        self._keeper.settle(Silent())
        return CaptureInfo.read(capture.read_bytes(), CAPTURE)

    def release(self) -> None:
        self._filling.close()
        for let_go in self._release:
            let_go()
