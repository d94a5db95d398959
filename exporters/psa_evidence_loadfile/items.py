"""What becomes a line of the load file: each exhibit with its Bates range, and each attached file as its child.

An attached file is produced as it is. No page shows it, so it has no page number of its own: its number is that of its
exhibit's first page, a point, and its place among the attached files, such as MSP000012.0001.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import AttachedFile, PackContent, Pagination, ProducedDocument, SourceFile

FILES_A_FOLDER = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line. `pages` is 0 for an attached file; `family` is the range of the parent and all its children, or empty.

    `place` is that of its exhibit among all, from 0; `folder` is the number of the subfolder for its files.
    """

    begin: str
    end: str
    pages: int
    family: tuple[str, str] | None
    parent: str
    children: int
    document: ProducedDocument
    attached: AttachedFile | None
    place: int
    folder: str

    @property
    def native(self) -> SourceFile | None:
        return self.document.native if self.attached is None else self.attached.native

    @property
    def ending(self) -> str:
        """Of its native, with the point; empty when it has none."""
        return PurePosixPath(self.native.path).suffix if self.native else ""


def items(content: PackContent, pagination: Pagination) -> Iterator[Item]:
    """In the order of the pages, each parent before its children.

    Raises EvidenceError when the documents are not the exhibits, or their numbers do not rise. Numbers may be left out
    between documents: those that were issued earlier for others.
    """
    documents = {d.exhibit: d for d in content.documents}
    ids = [exhibit.id for exhibit in content.exhibits]
    if set(documents) != set(ids):
        raise EvidenceError("The documents of the production are not the exhibits of the pack.")
    bates, before, pages = content.bates, 0, 0
    for place, exhibit in enumerate(ids):
        document = documents[exhibit]
        first, last = pagination.exhibits.get(exhibit, ("", ""))
        count = _span(first, last, bates.prefix)
        number = int(first.removeprefix(bates.prefix)) if count > 0 else 0
        whole = first == bates.exhibit(number) and last == bates.exhibit(number + count - 1)
        if count < 1 or number <= before or not whole:
            raise EvidenceError(
                f"The pages of exhibit {place + 1} do not come after those of the one before.",
                next_step="Number the pages of the same content before the load file is written.",
            )
        before, pages = number + count - 1, pages + count
        folder = f"{place // FILES_A_FOLDER + 1:04d}"
        children = document.attachments
        family = (first, _child(first, len(children))) if children else None
        yield Item(
            begin=first, end=last, pages=count, family=family, parent="", children=len(children), document=document,
            attached=None, place=place, folder=folder,
        )  # fmt: skip
        for n, attached in enumerate(children, 1):
            own = _child(first, n)
            yield Item(
                begin=own, end=own, pages=0, family=family, parent=first, children=0, document=document,
                attached=attached, place=place, folder=folder,
            )  # fmt: skip
    if pages != pagination.exhibit_pages:
        raise EvidenceError("The exhibits do not have as many pages as were numbered.")


def _child(parent: str, number: int) -> str:
    return f"{parent}.{number:04d}"


def _span(first: str, last: str, prefix: str) -> int:
    try:
        return int(last.removeprefix(prefix)) - int(first.removeprefix(prefix)) + 1
    except ValueError:
        return 0
