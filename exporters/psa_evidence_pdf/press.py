"""Makes the files of one pack: lays out, settles the numbers, finishes. Volumes are made in worker processes."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import PackContent
from psa_evidence_pdf.documents import Document, Plan
from psa_evidence_pdf.labels import Run
from psa_evidence_pdf.numbering import Numbering, number, provisional, told
from psa_evidence_pdf.typesetting import Job, Positions, forget
from psa_evidence_pdf.volumes import Limits
from psa_evidence_pdf.work import Finish, finish, lay_out
from psa_evidence_pdf.workers import in_order

_ROUNDS = 4
Step = Callable[[], None]


class Press:
    """The documents of one content. Volumes once laid out are kept in a private temporary folder."""

    def __init__(self, content: PackContent, limits: Limits) -> None:
        self.content = content
        self._plan = Plan(content, limits)
        self._folder = Path(tempfile.mkdtemp(prefix="psa-evidence-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._positions: dict[str, Positions] = {}
        self._numbering: Numbering | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        return self._plan.documents

    def settle(self, step: Step) -> Numbering:
        """Lay everything out and give every page its number. `step` is called once a document."""
        if self._numbering is not None:
            return self._numbering
        report, *volumes = self.documents
        numbering = provisional(self.content)
        tasks = ((self._job(v), told(self.content, v, numbering), None if v.cited else self._path(v)) for v in volumes)
        for volume, positions in zip(volumes, in_order(lay_out, tasks), strict=True):
            self._positions[volume.file] = positions
            step()
        job = self._job(report)
        for _ in range(_ROUNDS):
            self._positions[report.file] = job.positions(told(self.content, report, numbering))
            found = number(self.content.bates, self.documents, self._positions)
            if found == numbering:
                step()
                self._numbering = numbering
                return numbering
            numbering = found
            forget()
        raise _unsettled()

    def make(self, folder: Path, manifest: bytes | None) -> Iterator[tuple[str, int]]:
        """Write every file into `folder`: name and pages, the report first."""
        numbering = self.settle(lambda: None)
        report, *volumes = self.documents
        pdf = self._job(report, manifest).typeset(told(self.content, report, numbering))
        finish(pdf, self._wanted(report, numbering, manifest), folder / report.file)
        del pdf
        forget()
        yield report.file, numbering.pages[report.file]
        missing = [v for v in volumes if not self._path(v).exists()]
        again = ((self._job(v), told(self.content, v, numbering), self._path(v)) for v in missing)
        for volume, positions in zip(missing, in_order(lay_out, again), strict=True):
            if positions != self._positions[volume.file]:
                raise _unsettled()
        last = ((self._path(v), self._wanted(v, numbering, None), folder / v.file) for v in volumes)
        for volume, _ in zip(volumes, in_order(finish, last), strict=True):
            yield volume.file, numbering.pages[volume.file]

    def _job(self, document: Document, manifest: bytes | None = None) -> Job:
        return Job(self._plan.data(document), int(self.content.as_of.timestamp()), manifest)

    def _path(self, volume: Document) -> Path:
        return self._folder / f"{volume.volume}.pdf"

    def _wanted(self, document: Document, numbering: Numbering, manifest: bytes | None) -> Finish:
        bates = self.content.bates
        pages = numbering.pages[document.file]
        report = numbering.report_pages if document.report else 0
        runs: list[Run] = []
        if report:
            runs.append(Run(0, f"{bates.prefix}R-", bates.digits, bates.first_report_page))
        if pages > report:
            first = bates.first_exhibit_page + numbering.starts[document.file] - 1
            runs.append(Run(report, bates.prefix, bates.digits, first))
        bookmarks = tuple(numbering.first[id_] for id_ in (*document.parts, *document.exhibits))
        return Finish(document.file, tuple(runs), pages, bookmarks, manifest)


def _unsettled() -> EvidenceError:
    return EvidenceError("The page numbers do not settle.", next_step="This is a fault of psa-evidence.")
