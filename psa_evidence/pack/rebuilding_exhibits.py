"""The exhibits of a pack and its load file made again from its natives, and compared with those it brings.

1. What each exhibit says has the digest that data/logs/bates.csv states for it.
2. The load file is written again by the same exporter, each of its files compared byte for byte: the texts come from
   the exhibits that were made again, the PDF of a document from the pages of the pack's own PDFs.

Legend and custodian are taken as the load file states them, its profile as its list of columns does: they come from
the matter file alone. How the pages of the PDFs are laid out is not made again.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final, get_args

from psa_evidence.errors import EvidenceError
from psa_evidence.format import Manifest
from psa_evidence.matter import Production
from psa_evidence.matter.matter import Profile
from psa_evidence.pack.bag import files_below
from psa_evidence.pack.changes import ChangeRow
from psa_evidence.pack.compared import Compared, compared, differing
from psa_evidence.pack.content import with_exhibits
from psa_evidence.pack.documents import documents
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.events import events
from psa_evidence.pack.exported import export
from psa_evidence.pack.issuing import digest
from psa_evidence.pack.numbering import SETTINGS_KINDS
from psa_evidence.pack.on_disk import arranged
from psa_evidence.pack.run_facts import run_facts
from psa_evidence.spi import Bates, Exhibit, Exporter, Material, PackContent, Pagination, Silent, Wishes

FOLDER: Final = "data/production"
_PAPERS: Final = ("us-letter", "a4")
_BETWEEN: Final = "\x14"
_AROUND: Final = "\u00fe"
_LINE: Final = "\u00ae"
"""In place of a line break."""
MAX_PAGES: Final = 1_000_000
"""Of all documents: a list of numbers may state any."""
_PREFIX: Final = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]{6,9}", re.ASCII)
_VOLUME: Final = re.compile(r"[A-Z]+[0-9]+", re.ASCII)
"""As a matter file may name them: files are called after them."""
_REPLACED: Final = ("th", "(R)")
"""In place of characters that the format uses itself."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A line of data/logs/bates.csv of an exhibit in the pack."""

    exhibit: str
    first: str
    last: str
    digest: str

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Numbered:
        return cls(row["exhibit"], _armed(row["first"]), _armed(row["last"]), row["content_sha256"])


def remade(
    pack: Path, manifest: Manifest, content: PackContent, dossier: Dossier, numbers: Sequence[Numbered],
    loadfile: Exporter | None, *, unjudged: str,
) -> list[Compared]:  # fmt: skip
    """`content` has the tables alone; `numbers` are in the order of the pages. `unjudged`: why differences are no
    fault."""
    listed, shown = with_exhibits(dossier, _nothing)
    at = {exhibit.id: place for place, exhibit in enumerate(shown)}
    others = sorted({n.exhibit for n in numbers} ^ at.keys())
    found = [differing(f"exhibit {one}", _missing(made=one in at), unjudged) for one in others]
    if others:
        return [*found, *_left(pack, "its exhibits are not those of the natives", unjudged)]
    ordered = arranged(shown, [at[n.exhibit] for n in numbers])
    content = replace(content, exhibits=ordered, documents=documents(listed), events=events(listed))
    found += _exhibits(content, ordered, numbers, unjudged)
    return [*found, *_load_file(pack, manifest, content, listed, numbers, loadfile, unjudged=unjudged)]


def settings_changes(rows: Sequence[Mapping[str, str]]) -> tuple[ChangeRow, ...]:
    """Of data/tables/record_changes.csv what the exhibit of the settings shows. `verify` holds the edits of the table
    to the natives. Raises KeyError, ValueError."""
    found = []
    for row in rows:
        kind, _, id_ = row["record"].partition("/")
        if row["what"] != "edited" or kind not in SETTINGS_KINDS:
            continue
        found.append(
            ChangeRow(
                what="edited", kind=kind, id=id_, client=None, field=_armed(row["field"]), old=_armed(row["old"]),
                new=_armed(row["new"]), before=_instant(row["captured_before"]),
                after=_instant(row["captured_after"]), note=_armed(row["note"]),
                native_before=row["native_before"],
            )
        )  # fmt: skip
    return tuple(found)


def _exhibits(
    content: PackContent, shown: Sequence[Exhibit], numbers: Sequence[Numbered], unjudged: str
) -> list[Compared]:
    """By the digests on the paper on which most of them are the same."""
    wanted = [number.digest for number in numbers]
    papers = [replace(content, paper=paper) for paper in _PAPERS]
    made = max(
        ([digest(one, exhibit) for exhibit in shown] for one in papers),
        key=lambda digests: sum(a == b for a, b in zip(digests, wanted, strict=True)),
    )
    why = "what it says, made again, has another digest than data/logs/bates.csv states"
    return [
        Compared(name, "agrees") if again == n.digest else differing(name, why, unjudged)
        for n, again in zip(numbers, made, strict=True)
        for name in (f"exhibit {n.exhibit}",)
    ]


def _load_file(
    pack: Path, manifest: Manifest, content: PackContent, dossier: Dossier, numbers: Sequence[Numbered],
    loadfile: Exporter | None, *, unjudged: str,
) -> list[Compared]:  # fmt: skip
    there = files_below(pack / FOLDER) if (pack / FOLDER).is_dir() else []
    if not there:
        return []
    if loadfile is None:
        return [Compared(FOLDER, "not judged", "there is no exporter of load files")]
    try:
        stated = _stated(pack, there)
    except (OSError, ValueError, LookupError, csv.Error):
        return [differing(FOLDER, "its load file, or the list of its columns, cannot be read", unjudged)]
    production = stated.production
    known = replace(dossier, matter=replace(dossier.matter, parties=stated.parties))
    content = replace(
        content, run=run_facts(known), footer=stated.legend, bates=_bates(numbers),
        wishes=Wishes(
            production_profile=production.profile, production_volume=production.volume,
            production_images=production.images,
        ),
    )  # fmt: skip
    pages = _pages(numbers, content.bates.prefix)
    if pages is None:
        return [differing(FOLDER, "the numbers in data/logs/bates.csv are none that a load file can have", unjudged)]
    pagination = Pagination(
        exhibits={n.exhibit: (n.first, n.last) for n in numbers}, parts={}, exhibit_pages=pages, report_pages=0,
        files=tuple(PurePosixPath(path).name for path in manifest.pdfs),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="psa-evidence-") as folder:
        again = Path(folder)
        material = Material(bag=pack, pages=pack / "data" if production.images else None)
        try:
            written = export(
                "loadfile", loadfile, content, again, FOLDER, pagination=pagination, manifest=None, progress=Silent(),
                material=material,
            )  # fmt: skip
        except (EvidenceError, OSError) as error:
            why = f"{error.what} {error.why}".strip() if isinstance(error, EvidenceError) else "a file cannot be read"
            return [differing(FOLDER, f"it cannot be made again: {why}", unjudged)]
        found = [
            compared(path, pack / path, again / path, unjudged=unjudged or stated.unknown(path)) for path in written
        ]
    more = sorted({f"{FOLDER}/{one}" for one in there} - set(written))
    return [*found, *(differing(path, "it was not made again", unjudged) for path in more)]


@dataclass(frozen=True, slots=True)
class _Stated:
    production: Production
    legend: str
    custodian: str

    def unknown(self, path: str) -> str:
        """Why a difference of this file may come of legend and custodian: the readme counts characters replaced."""
        if path.endswith("_readme.txt") and any(mark in self.legend + self.custodian for mark in _REPLACED):
            return "it counts characters replaced, and which legend and custodian had, the matter file alone says"
        return ""

    @property
    def parties(self) -> tuple[tuple[str, str], ...]:
        return (("msp", self.custodian),) if self.custodian else ()


def _stated(pack: Path, there: Sequence[str]) -> _Stated:
    """What the load file says that no native shows. Raises ValueError, LookupError, OSError, csv.Error."""
    [dat] = [path for path in there if path.endswith(".dat")]
    volume = PurePosixPath(dat).stem
    if not _VOLUME.fullmatch(volume):
        raise ValueError(volume)
    lines = (pack / FOLDER / dat).read_bytes().decode("utf-8-sig").split("\r\n")
    names, *values = ([cell.strip(_AROUND) for cell in line.split(_BETWEEN)] for line in lines[:2] if line)
    cells = dict(zip(names, values[0], strict=True)) if values else {}
    text = (pack / FOLDER / dat).with_name(f"{volume}_fields.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    [profile] = [name for name in get_args(Profile) if f"in profile {name}" not in rows[0]]
    of = {row["field"]: cells.get(row["column"], "").replace(_LINE, "\n") for row in rows}
    images = any(path.endswith(".opt") or "/IMAGES/" in path for path in there)
    production = Production(profile=profile, volume=volume, images=images)
    return _Stated(production, of.get("confidentiality", ""), of.get("custodian", ""))


def _bates(numbers: Sequence[Numbered]) -> Bates:
    """The prefix is what stands before the digits, of which there are six unless there are a million pages."""
    plain = Bates(prefix="")
    return Bates(prefix=numbers[0].first[: -plain.digits]) if numbers else plain


def _pages(numbers: Sequence[Numbered], prefix: str) -> int | None:
    """How many there are; None where a number is no number, or could lead a file that bears it out of its folder."""
    pages = 0
    for number in numbers:
        first, last = number.first.removeprefix(prefix), number.last.removeprefix(prefix)
        if not (_PREFIX.fullmatch(prefix) and _DIGITS.fullmatch(first) and _DIGITS.fullmatch(last)):
            return None
        pages += int(last) - int(first) + 1
    return pages if 0 <= pages <= MAX_PAGES else None


def _left(pack: Path, why: str, unjudged: str) -> list[Compared]:
    return [differing(FOLDER, f"it cannot be made again: {why}", unjudged)] if (pack / FOLDER).is_dir() else []


def _missing(*, made: bool) -> str:
    return "it is not in data/logs/bates.csv" if made else "no native of the pack belongs to it"


def _instant(cell: str) -> datetime:
    found = datetime.fromisoformat(cell)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _armed(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running it."""
    return cell.removeprefix("'")


def _nothing() -> None:
    return None
