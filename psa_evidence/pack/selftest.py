"""The finished pack is taken apart again and searched for what was withheld; its pages are counted and compared.

1. Every file, and every name, is searched for each piece of withheld or masked text (`hidden.secrets_of`).
2. Each PDF: its pages are those of the pagination, each label is a number of its range and used once.
3. Every Bates number that is a link lies in a range of this pack, or was issued before (data/logs/bates.csv). Of the
   links on a page that lead to one page of the same file and show a number, one shows the number of that page. Texts
   of records are no cites, whatever they look like.
4. A bookmark leads to the first page of every exhibit and part.

A text, a file or a name that fails stops the build. No error shows what was found: it names the files, the page, the
rule, and the record that the text was withheld in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from psa_evidence.errors import SelfTestError
from psa_evidence.selftest import Examined, Examiner, Looking, PagesSeen, Secret
from psa_evidence.spi import Bates, Pagination

_NEXT: Final = "Nothing was left of this pack. Report the exporter that wrote the file, or build without it."
_SHOWN: Final = 3
"""Files that a leak is told of; the others are counted."""
_TELLING: Final = ("data/natives/", "data/attachments/")
"""What other files are made of: named first."""


class LeakError(SelfTestError):
    """Something that was withheld stands in a finished file."""


def examiner(secrets: Sequence[Secret], bates: Bates) -> Examiner:
    """What takes the files of a pack apart: to be used in a `with` block."""
    return Examiner(secrets, rf"(?<![A-Za-z0-9_-]){re.escape(bates.prefix)}(?:R-)?\d{{{bates.digits},}}(?![0-9])")


def search(
    bag: Path, files: Sequence[str], pdfs: Sequence[str], digests: Mapping[str, str], secrets: Sequence[Secret],
    examiner: Examiner,
) -> dict[str, PagesSeen]:  # fmt: skip
    """Search all files of a finished bag, and their names; what the pages of its PDFs say and are called.

    A PDF whose bytes were read ahead is not read again: `digests` say so. With nothing withheld only PDFs are read.
    Raises LeakError, and SelfTestError for a file that cannot be taken apart.
    """
    _search_names(files, secrets)
    known = examiner.known()
    paged = set(pdfs)
    todo = [file for file in files if (secrets or file in paged) and not (file in paged and digests[file] in known)]
    found = dict(zip(todo, examiner.examined([(bag / file, file in paged) for file in todo]), strict=True))
    seen: dict[str, PagesSeen] = {}
    looked_at = {file: found.get(file) or known[digests[file]] for file in files if file in found or file in paged}
    _refuse_leaks(looked_at)
    for file, examined in looked_at.items():
        if examined.unread is not None:
            what, why = examined.unread
            raise SelfTestError(f"{file}: {what}", why=why, next_step=_NEXT)
        if file in paged and examined.sha256 != digests[file]:
            raise _wrong(file, "its bytes are not those that were listed")
        if examined.pages is not None:
            seen[file] = examined.pages
    return seen


def _refuse_leaks(looked_at: Mapping[str, Examined]) -> None:
    """The first text of the file that tells most, with every file in which that one is the first found."""
    leaking = sorted(
        ((file, e.page, e.hit) for file, e in looked_at.items() if e.hit is not None),
        key=lambda leak: not leak[0].startswith(_TELLING),
    )
    if leaking:
        hit = leaking[0][2]
        files = [f"{file}, page {page}" if page else file for file, page, found in leaking if found == hit]
        raise _leak(files, hit)


def _search_names(files: Sequence[str], secrets: Sequence[Secret]) -> None:
    """Before all else: every list of files repeats them."""
    looking = Looking.of(secrets)
    for number, file in enumerate(files, 1):
        if secrets and (hit := looking.found_in(file)) is not None:
            raise _leak([f"the name of file {number} of the pack"], hit)


def _leak(files: Sequence[str], hit: Secret) -> LeakError:
    more = f" and {len(files) - _SHOWN:,} more" if len(files) > _SHOWN else ""
    return LeakError(
        f"What is withheld by {hit.rule} was found in {'; '.join(files[:_SHOWN])}{more}.",
        why="The finished files are searched for everything that a copy leaves out. "
        + (f"The text is withheld in {hit.of}." if hit.of else ""),
        next_step="Nothing was left of this pack. See the text in a counsel copy, and what else says it: a record, an "
        "attachment, the matter file. Where that may be shown, narrow the rule; where not, withhold it too or mask "
        "the words. A short text may also be one of the report's own words: withhold its record, not the field. "
        "Where nothing else says it, report the exporter that wrote the file.",
    )


def check_pages(
    pdfs: Mapping[str, PagesSeen], bates: Bates, pagination: Pagination | None, issued: Sequence[tuple[str, str]]
) -> None:
    """Compare the pages of the PDFs with what was given out. `issued` are first and last numbers given earlier."""
    if pagination is None:
        return
    ranges = [*pagination.exhibits.values(), *pagination.parts.values()]
    known = {n for first, last in (*ranges, *issued) for n in _numbers(bates, first, last)}
    seen: dict[str, str] = {}
    marked: set[str] = set()
    total = 0
    for file, found in pdfs.items():
        total += found.pages
        if len(found.labels) != found.pages:
            raise _wrong(file, "readers do not agree on the number of its pages")
        for label in found.labels:
            if label in seen:
                raise _wrong(file, f"the number {label} is on two pages")
            seen[label] = file
        marked |= {found.labels[place] for place in found.marked}
        _check_cites(file, found, lambda n: n in known or n in seen or _of_report(bates, n, pagination))
    first_file = next(iter(pdfs), "the pack")
    if total != pagination.exhibit_pages + pagination.report_pages:
        raise _wrong(first_file, f"{total} pages stand where others were counted")
    for kind, places in (("exhibit", pagination.exhibits), ("part", pagination.parts)):
        for first, last in places.values():
            if first not in seen or last not in seen:
                raise _wrong(first_file, f"pages {first} to {last} of an {kind} are not there")
            if first not in marked:
                raise _wrong(seen[first], f"no bookmark leads to {first}")


def _check_cites(file: str, found: PagesSeen, is_known: Callable[[str], bool]) -> None:
    """A title may be broken so that one of its lines looks like a number; what leads to the same page has the real one
    beside it."""
    within: dict[tuple[int, int], set[str]] = {}
    for cited in found.cited:
        if cited.to is not None:
            within.setdefault((cited.page, cited.to), set()).add(cited.number)
        elif not is_known(cited.number):
            raise _wrong(file, f"page {cited.page + 1} cites {cited.number}, which is no page of this pack")
    for (page, to), numbers in within.items():
        if found.labels[to] not in numbers:
            raise _wrong(file, f"page {page + 1} cites {min(numbers)}, which leads to {found.labels[to]}")


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


def _wrong(file: str, why: str) -> SelfTestError:
    return SelfTestError(f"{file} was taken apart again and is not as it should be.", why=why, next_step=_NEXT)
