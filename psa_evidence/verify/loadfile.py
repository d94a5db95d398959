"""Step 9.8: a production volume numbers its documents with the pages of the pack's PDFs, each page once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

FOLDER: Final = "data/production/"
MAX_DAT: Final = 512 << 20
"""Bytes: a million documents."""
MAX_VOLUMES: Final = 1_000
_BOM: Final = b"\xef\xbb\xbf"
DIGITS: Final = "0123456789"
_BETWEEN: Final = "\x14"
_AROUND: Final = "\u00fe"
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "begin": ("BEGBATES", "Bates Beg", "BEGDOC"),
    "end": ("ENDBATES", "Bates End", "ENDDOC"),
    "parent": ("PARENTBATES", "Parent Document ID", "PARENTID"),
    "pages": ("PAGECOUNT", "Page Count", "NUMPAGES"),
    "sha256": ("SHA256HASH", "SHA256 Hash", "HASHSHA"),
    "native": ("NATIVELINK", "FILE_PATH"),
}
"""What the profiles call a column. One of each must be there."""


@dataclass(frozen=True, slots=True)
class Document:
    """A line of the load file. An attached file has a parent and no pages."""

    begin: str
    end: str
    parent: str
    pages: str
    sha256: str
    native: str


def check_volumes(bag: Bag, checks: Checklist, manifest: Manifest, labels: Sequence[str]) -> None:
    """`labels` are those of the pages of the pack's PDFs, in order."""
    if not any(path.startswith(FOLDER) for path in bag.container.files):
        checks.settle("9.8", "the pack holds no production volume")
        return
    paths = [p for p in sorted(bag.container.files) if p.startswith(FOLDER) and p.casefold().endswith(".dat")]
    if not paths:
        checks.fail("9.8", "a production volume without its load file", FOLDER)
    if len(paths) > MAX_VOLUMES:
        checks.fail("9.8", f"more than {MAX_VOLUMES:,} load files", FOLDER)
        return
    if not labels:
        checks.skip(("9.8",), "no page of a PDF has a number (8.1, 8.3)")
        return
    places = {label: place for place, label in enumerate(labels)}
    sealed = {record.sha256 for record in manifest.records}
    documents = 0
    covered = bytearray(len(labels))
    for path in paths:
        try:
            found = documents_of(bag.read(path, MAX_DAT))
            for problem, subject in _problems(bag, path, found, places, sealed):
                checks.fail("9.8", problem, f"{path}: {subject}")
            _cover(covered, found, places)
            documents += 1
        except Unreadable as error:
            checks.fail("9.8", str(error), path)
    if documents == len(paths) and (missing := _uncovered(covered, labels)):
        words = f"{counted(len(missing), 'page')} with numbers of its documents are of none of them, such as this"
        checks.fail("9.8", words, missing[0])
    words = "documents have the numbers of the PDFs' pages, without a gap"
    checks.settle("9.8", f"{counted(documents, 'load file')}: {words}")


def _cover(covered: bytearray, documents: Sequence[Document], places: Mapping[str, int]) -> None:
    """Mark the pages of the documents."""
    for each in documents:
        if not each.parent and (first := places.get(each.begin)) is not None and each.end in places:
            length = max(0, places[each.end] + 1 - first)
            covered[first : first + length] = b"\x01" * length


def _uncovered(covered: bytearray, labels: Sequence[str]) -> list[str]:
    """Pages of no document, that have the prefix of some document's: exhibits are numbered apart from the report."""
    prefixes = {label.rstrip(DIGITS) for label, is_covered in zip(labels, covered, strict=True) if is_covered}
    return [
        label
        for label, is_covered in zip(labels, covered, strict=True)
        if not is_covered and label.rstrip(DIGITS) in prefixes
    ]


def documents_of(data: bytes) -> list[Document]:
    """The lines of a Concordance load file. Raises Unreadable."""
    if not data.startswith(_BOM):
        raise Unreadable("no byte order mark of UTF-8")
    try:
        text = data[len(_BOM) :].decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    if not text.endswith("\r\n"):
        raise Unreadable("the last line does not end in CRLF")
    heading, *lines = text.removesuffix("\r\n").split("\r\n")
    columns = _fields(heading)
    places = []
    for called in _COLUMNS.values():
        found = [place for place, name in enumerate(columns) if name in called]
        if len(found) != 1:
            raise Unreadable(f"not one column {called[0]}")
        places.append(found[0])
    documents = []
    for number, line in enumerate(lines, 2):
        cells = _fields(line)
        if len(cells) != len(columns):
            raise Unreadable(f"line {number:,} has another number of fields than the heading")
        documents.append(Document(*(cells[place] for place in places)))
    return documents


def _fields(line: str) -> list[str]:
    cells = line.split(_BETWEEN)
    if any(len(c) < 2 or c[0] != _AROUND or c[-1] != _AROUND or _AROUND in c[1:-1] for c in cells):
        raise Unreadable("a field that is not within thorns")
    return [cell[1:-1] for cell in cells]


def _problems(
    bag: Bag, path: str, documents: Sequence[Document], places: Mapping[str, int], sealed: AbstractSet[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong, and with which number."""
    following: int | None = None
    numbers: set[str] = set()
    for each in documents:
        if each.begin in numbers:
            yield "a number on two lines", each.begin
        if each.parent:
            if each.parent not in numbers or each.begin.rpartition(".")[0] != each.parent or each.pages != "0":
                yield "an attached file that does not follow its parent's number", each.begin
        else:
            first, last = places.get(each.begin), places.get(each.end)
            if first is None or last is None:
                yield "a number that is on no page of the PDFs", each.begin
            elif last < first:
                yield "a range that ends before it begins", each.begin
            else:
                if following is not None and first != following:
                    yield "does not follow the pages of the document before it", each.begin
                if each.pages != str(last - first + 1):
                    yield "its page count is not its range", each.begin
                following = last + 1
        numbers.add(each.begin)
        if each.native and (problem := _native_problem(bag, path, each, sealed)):
            yield problem, each.begin


def _native_problem(bag: Bag, path: str, document: Document, sealed: AbstractSet[str]) -> str | None:
    """A link is from the volume or the folder above it, with backslashes, as platforms write it."""
    link = document.native.replace("\\", "/").removeprefix("./")
    if names.escape(link):
        return "its native leads out of the volume"
    before, folder, _ = path.partition("/DATA/")
    volume = before if folder else path.rpartition("/")[0]
    digests = {bag.sha256(f"{above}/{link}") for above in (volume, volume.rpartition("/")[0])} - {None}
    if not digests:
        return "its native is missing"
    if digests != {document.sha256.lower()}:
        return "its native has another digest than the line states"
    return None if document.sha256.lower() in sealed else "its native is not the native of any record of the pack"
