"""The finished pack is taken apart again and searched for what was withheld; its pages are counted and compared.

1. Every file, and every name, is searched for each piece of withheld or masked text (`hidden.secrets_of`).
2. Each PDF: its pages are those of the pagination, each label is a number of its range and used once.
3. Every Bates number printed on a page lies in a range of this pack, or was issued before (data/logs/bates.csv).
4. A bookmark leads to the first page of every exhibit and part.

A text, a file or a name that fails stops the build. No error shows what was found.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from psa_evidence.errors import EvidenceError
from psa_evidence.pack.extract import page_texts, texts_of
from psa_evidence.pack.hidden import Secret
from psa_evidence.pack.plain import LONG, words
from psa_evidence.spi import Bates, Pagination

MANY: Final = 64
"""More long texts than this are looked for all at once, window by window."""

REPEATED: Final = 200
"""Characters of texts that are looked at once, however often they come: names of objects, keys, cells."""

MAX_WORDS: Final = 8
"""A short text may be broken into so many words."""

_NEXT: Final = "Nothing was left of this pack. Correct the rule, or report the exporter; then build again."


class LeakError(EvidenceError):
    """Something that was withheld stands in a finished file."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Secrets ready to be looked for."""

    long: Mapping[str, tuple[Secret, ...]]
    short: Mapping[str, Secret]
    begins: frozenset[str]
    """Every beginning of a short one: a word that is none need not be put together with those behind it."""

    @classmethod
    def of(cls, secrets: Iterable[Secret]) -> Looking:
        long: dict[str, tuple[Secret, ...]] = {}
        short = {}
        for secret in secrets:
            if len(secret.plain) >= LONG:
                head = secret.plain[:LONG]
                long[head] = (*long.get(head, ()), secret)
            else:
                short[secret.plain] = secret
        return cls(long, short, frozenset(plain[:end] for plain in short for end in range(1, len(plain) + 1)))

    def found_in(self, text: str) -> Secret | None:
        found = words(text)
        return self._whole(found) or self._anywhere("".join(found))

    def _anywhere(self, plain: str) -> Secret | None:
        if len(self.long) <= MANY:
            heads: Iterable[str] = (head for head in self.long if head in plain)
        else:
            heads = {plain[at : at + LONG] for at in range(len(plain) - LONG + 1)} & self.long.keys()
        return next((s for head in sorted(heads) for s in self.long[head] if s.plain in plain), None)

    def _whole(self, found: Sequence[str]) -> Secret | None:
        """Short ones as words; from four letters on also where a word is broken in several."""
        if self.begins.isdisjoint(found):
            return None
        for start, word in enumerate(found):
            if word not in self.begins:
                continue
            if word in self.short:
                return self.short[word]
            joined = word
            for more in found[start + 1 : start + MAX_WORDS]:
                joined += more
                if joined not in self.begins:
                    break
                if len(joined) >= 4 and joined in self.short:
                    return self.short[joined]
        return None


def search(bag: Path, files: Iterable[str], secrets: Sequence[Secret]) -> None:
    """Search all files of a finished bag, and their names. Raises LeakError, which names the file and the rule."""
    if not secrets:
        return
    looking = Looking.of(secrets)
    paths = list(files)
    seen: set[str] = set()
    for number, file in enumerate(paths, 1):  # names first: every list of files repeats them
        if (hit := looking.found_in(file)) is not None:
            raise _leak(f"the name of file {number} of the pack ", hit)
    for file in paths:
        try:
            for text in texts_of((bag / file).read_bytes()):
                if len(text) <= REPEATED:
                    if text in seen:
                        continue
                    seen.add(text)
                if (hit := looking.found_in(text)) is not None:
                    raise _leak(file, hit)
        except EvidenceError as error:
            if isinstance(error, LeakError):
                raise
            raise EvidenceError(f"{file}: {error.what}", why=error.why, next_step=_NEXT) from error


def _leak(where: str, secret: Secret) -> LeakError:
    return LeakError(
        f"What is withheld by {secret.rule} was found in {where}.",
        why="The finished files are searched for everything that a copy leaves out.",
        next_step=_NEXT,
    )


def check_pages(
    bag: Path, pdfs: Sequence[str], bates: Bates, pagination: Pagination | None, issued: Sequence[tuple[str, str]]
) -> None:
    """Compare the pages of the PDFs with what was given out. `issued` are first and last numbers given earlier."""
    if pagination is None:
        return
    ranges = [*pagination.exhibits.values(), *pagination.parts.values()]
    known = {n for first, last in (*ranges, *issued) for n in _numbers(bates, first, last)}
    seen: dict[str, str] = {}
    marked: set[str] = set()
    total = 0
    pattern = re.compile(rf"(?<![A-Za-z0-9_-]){re.escape(bates.prefix)}(?:R-)?\d{{{bates.digits},}}(?![0-9])")
    for file in pdfs:
        data = (bag / file).read_bytes()
        reader = _open(data, file)
        total += len(reader.pages)
        labels = reader.page_labels
        for label in labels:
            if label in seen:
                raise _wrong(file, f"the number {label} is on two pages")
            seen[label] = file
        marked |= {labels[place] for place in _places(reader)}
        for page, text in enumerate(page_texts(data), 1):
            for number in pattern.findall(text):
                if number not in known and number not in seen and not _of_report(bates, number, pagination):
                    raise _wrong(file, f"page {page} cites {number}, which is no page of this pack")
    if total != pagination.exhibit_pages + pagination.report_pages:
        raise _wrong(pdfs[0] if pdfs else "the pack", f"{total} pages stand where others were counted")
    for kind, places in (("exhibit", pagination.exhibits), ("part", pagination.parts)):
        for first, last in places.values():
            if first not in seen or last not in seen:
                raise _wrong(pdfs[0] if pdfs else "the pack", f"pages {first} to {last} of an {kind} are not there")
            if first not in marked:
                raise _wrong(seen[first], f"no bookmark leads to {first}")


def _of_report(bates: Bates, number: str, pagination: Pagination) -> bool:
    """The pages before the first part, such as the cover, belong to no part and are numbered too."""
    prefix = f"{bates.prefix}R-"
    return number.startswith(prefix) and 0 <= int(number.removeprefix(prefix)) - bates.first_report_page < (
        pagination.report_pages
    )


def _numbers(bates: Bates, first: str, last: str) -> Iterator[str]:
    report = first.startswith(f"{bates.prefix}R-")
    prefix = f"{bates.prefix}R-" if report else bates.prefix
    make = bates.report if report else bates.exhibit
    for number in range(int(first.removeprefix(prefix)), int(last.removeprefix(prefix)) + 1):
        yield make(number)


def _open(data: bytes, file: str) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(data))
        len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _wrong(file, f"it cannot be read ({type(error).__name__})") from error
    return reader


def _places(reader: PdfReader) -> Iterator[int]:
    def flat(entries: Sequence[Any]) -> Iterator[Any]:
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry)
            else:
                yield entry

    for entry in flat(reader.outline):
        place = reader.get_destination_page_number(entry)
        if place is not None and place >= 0:
            yield place


def _wrong(file: str, why: str) -> EvidenceError:
    return EvidenceError(f"{file} was taken apart again and is not as it should be.", why=why, next_step=_NEXT)
