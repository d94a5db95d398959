"""Makes the files of one pack: divides it, lays out, settles the numbers, finishes. Pages are made by workers."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.spi import PackContent
from psa_evidence_pdf.cache import opened, pruned
from psa_evidence_pdf.dating import LAID_OUT_AT
from psa_evidence_pdf.documents import document_data
from psa_evidence_pdf.labels import Run
from psa_evidence_pdf.numbering import Numbering, number, told
from psa_evidence_pdf.plan import Document, Plan
from psa_evidence_pdf.sizes import smaller
from psa_evidence_pdf.stand_ins import Numbers, exchange, stand_ins, times
from psa_evidence_pdf.typesetting import Job, Positions, needed, small_print
from psa_evidence_pdf.volumes import Limits
from psa_evidence_pdf.work import Finish, LaidOut, lay_out
from psa_evidence_pdf.workers import Workers

_ROUNDS = 4
_SEVERAL = 3
"""Files that are finished together."""
_LAID_OUT_AT = int(LAID_OUT_AT.timestamp())
Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Sheets:
    """How a document was laid out: the numbers `printed` in it, and each with how many `times`."""

    document: Document
    printed: Numbers
    times: Mapping[str, int]
    laid: LaidOut


class Press:
    """The documents of one content. Files laid out are kept in a private temporary folder, and in `cache` for later."""

    def __init__(self, content: PackContent, limits: Limits, cache: Path | None = None) -> None:
        self.content = content
        self._limits = limits
        self._cache = opened(cache) if cache is not None else None
        self._plan = Plan.of(content, limits)
        self._folder = Path(tempfile.mkdtemp(prefix="psa-evidence-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._laid: dict[str, _Sheets] = {}
        self._numbering: Numbering | None = None
        self._finished: dict[str, Finish] = {}
        """What was finished, by file; its bytes stand in the folder."""
        self._workers = Workers(alone=len(self._plan.documents) > 1)

    @property
    def there(self) -> bool:
        """Whether its folder is: whoever made the build may have ended the place for temporary files since."""
        return self._folder.is_dir()

    @property
    def plan(self) -> Plan:
        """How the pack is divided; final once settled."""
        return self._plan

    def settle(self, step: Step) -> Numbering:
        """Lay everything out and give every page its number. `step` is called once a document at least.

        Numbers take the place of stand-ins when the files are finished. A document in which they cannot is laid out
        again with the real ones.
        """
        if self._numbering is not None:
            return self._numbering
        numbering = self._divided(step)
        for _ in range(_ROUNDS):
            again = [d for d in self._plan.documents if self._numbers_for(d, numbering) is None]
            if not again:
                break
            self._lay_out(again, lambda d: told(self._plan, d, numbering), step)  # noqa: B023 - called at once
            found = self._number()
            if found == numbering:
                break
            numbering = found
        else:
            raise _unsettled()
        self._numbering = numbering
        self._workers.relieve()
        if self._cache is not None:
            pruned(self._cache)
        return numbering

    def make(self, folder: Path, manifest: bytes | None) -> Iterator[tuple[str, int]]:
        """Write every file into `folder`: name and pages, the report first.

        What was finished before and is to be the same is copied: of two calls that differ in the manifest all files but
        the one that carries it.
        """
        numbering = self.settle(lambda: None)
        wanted = {d.file: self._wanted(d, numbering, manifest if d.front else None) for d in self._plan.documents}
        todo = [d for d in self._plan.documents if self._finished.get(d.file) != wanted[d.file]]
        prints = self._small_prints([wanted[d.file] for d in todo])

        def told(document: Document) -> tuple[Any, ...]:
            finish = wanted[document.file]
            return self._path(document), finish, self._made(document), prints.get(_characters(finish))

        made = self._workers.in_order(_finish(), map(told, todo))
        for document in self._plan.documents:
            file = document.file
            if self._finished.get(file) != wanted[file]:
                self._finished.pop(file, None)
                next(made)
                self._finished[file] = wanted[file]
            _copied(self._made(document), folder / file)
            yield file, numbering.pages[file]
        if manifest is None:  # the file that carries it is still to come
            self._workers.relieve()
        else:
            self._workers.close()

    def _small_prints(self, wanted: Sequence[Finish]) -> dict[str, bytes]:
        """By the characters that the numbers of several files are printed in: each file would else have it made anew,
        and fonts read for it. One file makes its own."""
        if len(wanted) < _SEVERAL:
            return {}
        characters = sorted(set(map(_characters, wanted)))
        return dict(zip(characters, self._workers.in_order(small_print, ((each,) for each in characters)), strict=True))

    def _divided(self, step: Step) -> Numbering:
        """Lay out with stand-ins for the numbers, dividing again what came out larger than a file may be."""
        while True:
            todo = [d for d in self._plan.documents if d.file not in self._laid or self._laid[d.file].document != d]
            self._lay_out(todo, lambda d: stand_ins(self._plan, d), step)
            again = smaller(self._plan, self._limits, {file: sheets.laid for file, sheets in self._laid.items()})
            if again is None:
                return self._number()
            self._plan = again
            self._workers.close()
            self._workers = Workers(alone=len(again.documents) > 1)

    def _lay_out(self, documents: Sequence[Document], numbers: Callable[[Document], Numbers], step: Step) -> None:
        waiting: deque[tuple[Document, Numbers, dict[str, int]]] = deque()

        def tasks() -> Iterator[tuple[Any, ...]]:
            for document in documents:
                shown, printed = document_data(self._plan, document), numbers(document)
                often = times(shown, printed)
                waiting.append((document, printed, often))
                yield Job(shown.data, _LAID_OUT_AT), printed, often, self._path(document), self._cache

        if documents:
            self._workers.begin()
        for laid in self._workers.in_order(lay_out, tasks(), meanwhile=_finish):
            document, printed, often = waiting.popleft()
            self._laid[document.file] = _Sheets(document, printed, often, laid)
            step()

    def _numbers_for(self, document: Document, numbering: Numbering) -> dict[str, str] | None:
        """What takes the place of each number that was printed when a document was laid out, or None: lay out again."""
        sheets, real = self._laid[document.file], told(self._plan, document, numbering)
        if sheets.printed == real:
            return {number: number for number in sheets.times}
        return exchange(sheets.printed, real) if sheets.laid.places is not None else None

    def _number(self) -> Numbering:
        positions: dict[str, Positions] = {d.file: self._laid[d.file].laid.positions for d in self._plan.documents}
        return number(self._plan, positions)

    def _path(self, document: Document) -> Path:
        return self._folder / document.file

    def _made(self, document: Document) -> Path:
        return self._folder / f"{document.file}.finished"

    def _wanted(self, document: Document, numbering: Numbering, manifest: bytes | None) -> Finish:
        bates, file = self.content.bates, document.file
        pages, report = numbering.pages[file], numbering.report[file]
        runs: list[Run] = []
        if report:
            first = bates.first_report_page + numbering.report_from[file] - 1
            runs.append(Run(0, f"{bates.prefix}R-", bates.digits, first))
        for index, begins, _ in numbering.runs[file]:
            if not runs or runs[-1].label(index) != bates.exhibit(begins):
                runs.append(Run(index, bates.prefix, bates.digits, begins))
        bookmarks = tuple(numbering.first[id_] for id_ in document.ids)
        numbers = self._numbers_for(document, numbering)
        if numbers is None:
            raise _unsettled()
        places = self._laid[file].laid.places if any(was != is_ for was, is_ in numbers.items()) else {}
        return Finish(file, places or {}, numbers, tuple(runs), pages, bookmarks, manifest, self.content.as_of)


def _characters(wanted: Finish) -> str:
    return needed(run.prefix for run in wanted.runs)


def _finish() -> Callable[[Path, Finish, Path], None]:
    """What finishes a file. It is loaded, with the library that reads files back, when pages are being laid out or have
    been: a fifth of a second in which they need not wait to be."""
    from psa_evidence_pdf.finishing import finish  # noqa: PLC0415 - see above

    return finish


def _copied(made: Path, path: Path) -> None:
    try:
        shutil.copyfile(made, path)
    except OSError as error:
        raise StorageError(f"{path.name} could not be written.", why=error.strerror or str(error)) from error


def _unsettled() -> EvidenceError:
    return EvidenceError("The page numbers do not settle.", next_step="This is a fault of psa-evidence.")
