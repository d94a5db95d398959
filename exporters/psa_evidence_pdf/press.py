"""Makes the files of one pack: divides it, lays out, settles the numbers, finishes. Pages are made by workers."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import PackContent
from psa_evidence_pdf.cache import opened, pruned
from psa_evidence_pdf.dating import LAID_OUT_AT
from psa_evidence_pdf.documents import document_data
from psa_evidence_pdf.labels import Run
from psa_evidence_pdf.numbering import Numbering, number, provisional, told
from psa_evidence_pdf.plan import Document, Plan
from psa_evidence_pdf.sizes import smaller
from psa_evidence_pdf.typesetting import Job, Positions
from psa_evidence_pdf.volumes import Limits
from psa_evidence_pdf.work import Finish, LaidOut, finish, lay_out
from psa_evidence_pdf.workers import Workers

_ROUNDS = 4
_MANY = 6
"""With more documents than this, what numbers the pages are new processes: those that laid them out keep memory."""
Step = Callable[[], None]


class Press:
    """The documents of one content. Files laid out are kept in a private temporary folder, and in `cache` for later."""

    def __init__(self, content: PackContent, limits: Limits, cache: Path | None = None) -> None:
        self.content = content
        self._limits = limits
        self._cache = opened(cache) if cache is not None else None
        self._plan = Plan.of(content, limits)
        self._folder = Path(tempfile.mkdtemp(prefix="psa-evidence-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._laid: dict[str, tuple[Document, LaidOut]] = {}
        self._numbering: Numbering | None = None
        self._workers = Workers()

    @property
    def plan(self) -> Plan:
        """How the pack is divided; final once settled."""
        return self._plan

    def settle(self, step: Step) -> Numbering:
        """Lay everything out and give every page its number. `step` is called once a document at least."""
        if self._numbering is not None:
            return self._numbering
        numbering = self._divided(step)
        for _ in range(_ROUNDS):
            self._lay_out(
                (d for d in self._plan.documents if d.printed or d.front), numbering, step, keep=True
            )  # fmt: skip
            found = self._number()
            if found == numbering:
                self._numbering = numbering
                if len(self._plan.documents) > _MANY:
                    self._workers.close()
                if self._cache is not None:
                    pruned(self._cache)
                return numbering
            numbering = found
        raise _unsettled()

    def make(self, folder: Path, manifest: bytes | None) -> Iterator[tuple[str, int]]:
        """Write every file into `folder`: name and pages, the report first."""
        numbering = self.settle(lambda: None)
        tasks = (
            (self._path(d), self._wanted(d, numbering, manifest if d.front else None), folder / d.file)
            for d in self._plan.documents
        )
        for document, _ in zip(self._plan.documents, self._workers.in_order(finish, tasks), strict=True):
            yield document.file, numbering.pages[document.file]
        self._workers.close()

    def _divided(self, step: Step) -> Numbering:
        """Lay out with provisional numbers, dividing again what came out larger than a file may be."""
        while True:
            numbering = provisional(self._plan)
            todo = [d for d in self._plan.documents if self._laid.get(d.file, (None,))[0] != d]
            self._lay_out(todo, numbering, step, keep=False)
            again = smaller(self._plan, self._limits, {file: laid for file, (_, laid) in self._laid.items()})
            if again is None:
                return self._number()
            self._plan = again

    def _lay_out(self, documents: Iterable[Document], numbering: Numbering, step: Step, *, keep: bool) -> None:
        """`keep`: the numbers are the real ones, so the pages are written; pages that print none always are, and all
        are where their size in bytes is asked for."""
        done = list(documents)
        sized = self._limits.size is not None
        tasks = (
            (self._job(d), told(self._plan, d, numbering),
             self._path(d) if keep or sized or not (d.printed or d.front) else None, self._cache)
            for d in done
        )  # fmt: skip
        for document, laid in zip(done, self._workers.in_order(lay_out, tasks), strict=True):
            self._laid[document.file] = document, laid
            step()

    def _number(self) -> Numbering:
        positions: dict[str, Positions] = {d.file: self._laid[d.file][1].positions for d in self._plan.documents}
        return number(self.content, self._plan.documents, positions)

    def _job(self, document: Document) -> Job:
        return Job(document_data(self._plan, document), int(LAID_OUT_AT.timestamp()))

    def _path(self, document: Document) -> Path:
        return self._folder / document.file

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
        return Finish(file, tuple(runs), pages, bookmarks, manifest, self.content.as_of)


def _unsettled() -> EvidenceError:
    return EvidenceError("The page numbers do not settle.", next_step="This is a fault of psa-evidence.")
