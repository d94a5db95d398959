"""Step 8: the PDFs, which carry the manifest and a Bates number on every page."""

from __future__ import annotations

import csv
import io
import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from psa_evidence.format import Manifest
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.pdf_reader import Reader
from psa_evidence.verify.pdf_seal import Found, SealError, check_seals_on_pdfs, seal_of
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.seekable import seekable

if TYPE_CHECKING:
    from cryptography import x509

ATTACHMENT: Final = "manifest.json"
MAX_PAGES: Final = 200_000
MAX_ATTACHMENTS: Final = 10_000
LEDGER: Final = "data/logs/bates.csv"
IN_PACK: Final = "in this pack"
MAX_LEDGER: Final = 64 << 20
_BATES: Final = re.compile(r"(?P<prefix>(?:.*[^0-9])?)(?P<number>[0-9]{4,40})", re.DOTALL)
_EMBEDDED: Final = "/EmbeddedFiles"


def check_pdfs(
    bag: Bag, checks: Checklist, manifest: Manifest, manifest_bytes: bytes, anchors: Sequence[x509.Certificate]
) -> list[str]:
    """The first PDF that the manifest names must carry the manifest; the others are its further volumes, and what
    they carry under that name must be the manifest too. The labels of all pages, in order."""
    if not manifest.pdfs:
        checks.fail("8.1", "the manifest names no PDF")
    if len(set(manifest.pdfs)) != len(manifest.pdfs):
        checks.fail("8.1", "the manifest names a PDF twice")
    pages: list[tuple[str, str]] = []
    seals: dict[str, Found | None] = {}  # of each PDF whose seal, or lack of one, could be read
    for number, path in enumerate(dict.fromkeys(manifest.pdfs)):
        if not re.fullmatch(r"data/[^/]+\.pdf", path):
            checks.fail("8.1", "not the name of a PDF in data", path)
        elif path not in bag.container.files:
            checks.fail("8.1", "named in the manifest but missing", path)
        else:
            found = _check_pdf(bag, checks, path, manifest_bytes, seals, must_carry=number == 0)
            pages += [(path, label) for label in found]
    _check_bates(checks, pages, _given_earlier(bag, checks))
    labels = [label for _, label in pages]
    check_seals_on_pdfs(bag, checks, seals, anchors)
    checks.settle("8.1", f"{counted(len(manifest.pdfs), 'PDF')} read, {counted(len(labels), 'page')}")
    checks.settle("8.2", "the PDF carries this very manifest; what its pages show was not compared with the records")
    checks.settle(
        "8.3", f"{counted(len(labels), 'page')}, each with its own Bates number, without a gap that is not listed"
    )
    return labels


def _check_pdf(
    bag: Bag, checks: Checklist, path: str, manifest_bytes: bytes, seals: dict[str, Found | None], *, must_carry: bool
) -> list[str]:
    """Bates labels of the pages, empty when the PDF cannot be read."""
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)  # a hostile PDF does not get to write into anybody's log
    labels: list[str] = []
    try:
        with seekable(bag, path) as file:
            if file.read(5) != b"%PDF-":
                checks.fail("8.1", "does not begin as a PDF does", path)
                return []
            labels, problems = _read(file, path, manifest_bytes, seals, must_carry=must_carry)
        for step, problem in problems:
            checks.fail(step, problem, path)
    except Unreadable as error:
        checks.fail("8.1", str(error), path)
    except Exception as error:  # noqa: BLE001 - a hostile PDF makes its parser raise anything
        checks.fail("8.1", f"cannot be read as a PDF: {type(error).__name__}", path)
    finally:
        log.setLevel(level)
    return labels


def _read(
    file: IO[bytes], path: str, manifest_bytes: bytes, seals: dict[str, Found | None], *, must_carry: bool
) -> tuple[list[str], list[tuple[str, str]]]:
    """Labels of the pages, and step and words of what is wrong.

    pypdf reads strictly first: it then takes the tables of objects at their word and stops where an object is not as
    they say. Otherwise it goes to each object of the file to see, which takes nine tenths of the time. A file that
    cannot be read strictly is read again, mended as far as it can be.
    """
    try:
        return _said(Reader(file, strict=True), file, path, manifest_bytes, seals, must_carry=must_carry)
    except Exception:  # noqa: BLE001 - a hostile PDF makes its parser raise anything; it is read again and that told
        seals.pop(path, None)
        file.seek(0)
        return _said(PdfReader(file), file, path, manifest_bytes, seals, must_carry=must_carry)


def _said(
    reader: PdfReader, file: IO[bytes], path: str, manifest_bytes: bytes, seals: dict[str, Found | None], *,
    must_carry: bool,
) -> tuple[list[str], list[tuple[str, str]]]:  # fmt: skip
    if reader.is_encrypted:
        return [], [("8.1", "encrypted")]
    if len(reader.pages) > MAX_PAGES:
        return [], [("8.1", f"more than {MAX_PAGES:,} pages")]
    problem = _attachment_problem(reader, manifest_bytes, must_carry=must_carry)
    problems = [("8.2", problem)] if problem else []
    file.seek(0)
    try:
        seals[path] = seal_of(reader, file.read()) if "/AcroForm" in reader.root_object else None
    except SealError as error:  # the rest is looked at all the same: what was changed is then named
        problems.append(("8.4", str(error)))
    if "/PageLabels" not in reader.root_object:
        return [], [*problems, ("8.3", "its pages have no labels")]
    return [str(label) for label in reader.page_labels], problems


def _attachment_problem(reader: PdfReader, manifest_bytes: bytes, *, must_carry: bool) -> str | None:
    found = [spec for name, spec in _specifications(reader) if ATTACHMENT in _names(name, spec)]
    if not found:
        return f"carries no {ATTACHMENT}" if must_carry else None
    if len(found) > 1:
        return f"carries {len(found)} attachments called {ATTACHMENT}"
    streams = _object(found[0].get("/EF"))
    contents = [_object(value) for value in streams.values()] if isinstance(streams, DictionaryObject) else []
    if not contents:
        return f"its {ATTACHMENT} is empty"
    for content in contents:
        if not isinstance(content, StreamObject) or content.get_data() != manifest_bytes:
            return f"the {ATTACHMENT} it carries is not the manifest of this pack"
    return None


def _specifications(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Names and file specifications of the tree of embedded files (ISO 32000-2, 7.9.6 and 7.11.4)."""
    catalogue_names = _object(reader.root_object.get("/Names"))
    nodes = [_object(catalogue_names.get(_EMBEDDED))] if isinstance(catalogue_names, DictionaryObject) else []
    visited = 0
    while nodes:
        node = nodes.pop()
        visited += 1
        if visited > MAX_ATTACHMENTS:
            raise Unreadable(f"more than {MAX_ATTACHMENTS:,} attachments")
        if not isinstance(node, DictionaryObject):
            continue
        kids, pairs = _object(node.get("/Kids")), _object(node.get("/Names"))
        if isinstance(kids, ArrayObject):
            nodes.extend(_object(kid) for kid in kids[: MAX_ATTACHMENTS + 1])
        if isinstance(pairs, ArrayObject):
            for name, value in zip(pairs[::2], pairs[1::2], strict=False):
                specification = _object(value)
                visited += 1
                if isinstance(specification, DictionaryObject):
                    yield str(_object(name)), specification


def _names(name: str, specification: DictionaryObject) -> set[str]:
    return {name, *(str(_object(specification[key])) for key in ("/F", "/UF") if key in specification)}


def _object(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _given_earlier(bag: Bag, checks: Checklist) -> dict[tuple[str, int], int]:
    """Prefix and first number -> last number of the ranges that are listed as issued earlier and not in this pack."""
    if LEDGER not in bag.container.files:
        return {}
    try:
        rows = list(csv.reader(io.StringIO(bag.read(LEDGER, MAX_LEDGER).decode("utf-8-sig")), strict=True))
        ends = [(_BATES.fullmatch(row[0]), _BATES.fullmatch(row[1])) for row in rows[1:] if row[4] != IN_PACK]
        return {(one["prefix"], int(one["number"])): int(two["number"]) for one, two in ends if one and two}
    except (Unreadable, UnicodeDecodeError, csv.Error, IndexError) as error:
        checks.fail("8.3", f"the list of Bates numbers cannot be read: {type(error).__name__}", LEDGER)
        return {}


def _check_bates(checks: Checklist, pages: list[tuple[str, str]], earlier: dict[tuple[str, int], int]) -> None:
    """Each prefix counts up from page to page, through all PDFs in their order: by one, but for numbers listed as
    issued earlier, which no page bears. `pages` are file and label. Behind a break the count goes on from there: two
    files in each other's place are two breaks, not one for each page."""
    ranges: dict[str, list[tuple[int, int]]] = {}
    for (prefix, first), end in sorted(earlier.items()):
        reached = max(end, ranges[prefix][-1][1]) if prefix in ranges else end
        ranges.setdefault(prefix, []).append((first, reached))
    last: dict[str, int] = {}
    seen: set[str] = set()
    for path, label in pages:
        page = f"page {names.shown(label)}"
        match = _BATES.fullmatch(label)
        if not match:
            checks.fail("8.3", f"{page}: not a Bates number", path)
        elif label in seen:
            checks.fail("8.3", f"{page}: a Bates number on two pages", path)
        else:
            number, prefix = int(match["number"]), match["prefix"]
            expected = last.get(prefix, number - 1) + 1
            while expected < number and earlier.get((prefix, expected), -1) >= expected:
                expected = earlier[prefix, expected] + 1
            before = bisect_right(ranges.get(prefix, []), number, key=itemgetter(0))
            if before and ranges[prefix][before - 1][1] >= number:
                checks.fail("8.3", f"{page}: a Bates number that the list says is not in this pack", path)
            else:
                if expected != number:
                    checks.fail("8.3", f"{page}: a Bates number out of order", path)
                last[prefix] = number
        seen.add(label)
