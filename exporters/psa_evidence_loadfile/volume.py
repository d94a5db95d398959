"""One volume: `DATA`, `NATIVES`, `TEXT` and `IMAGES`, with at most a thousand documents a subfolder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from psa_evidence.errors import SelfTestError
from psa_evidence.spi import ExportedFile, Material, PackContent, Pagination
from psa_evidence_loadfile.concordance import dat
from psa_evidence_loadfile.fields import Line
from psa_evidence_loadfile.images import Pages, count
from psa_evidence_loadfile.items import Item, items
from psa_evidence_loadfile.listing import columns_csv, facts_csv, records_csv
from psa_evidence_loadfile.opticon import Image, opt
from psa_evidence_loadfile.profile import load
from psa_evidence_loadfile.reader import LoadFileError, check, read_dat, read_opt
from psa_evidence_loadfile.text import text_of
from psa_evidence_loadfile.words import readme

_MEDIA = {".csv": "text/csv", ".txt": "text/plain", ".pdf": "application/pdf", ".json": "application/json"}
_TEXTS = frozenset({".txt", ".csv", ".log", ".md", ".eml", ".html", ".htm", ".xml", ".json"})
"""Attached files that are text as they are; the text of others is not extracted."""
_LONGEST_TEXT = 20_000_000


class Volume:
    """Written below `folder` as `<name>/`. `files` are what was written, in order."""

    def __init__(self, content: PackContent, pagination: Pagination, material: Material, folder: Path) -> None:
        self._content, self._pagination, self._material, self._folder = content, pagination, material, folder
        self._name = content.wishes.production_volume
        self._profile = load(content.wishes.production_profile)
        self._items = list(items(content, pagination))
        self._lines: list[Line] = []
        self._rows: list[list[str]] = []
        self._pages: Pages | None = None
        if content.wishes.production_images and material.pages is not None:
            self._pages = Pages(material.pages, pagination.files)
        self._written: list[str] = []
        self._made: set[Path] = set()
        """Folders."""

    @property
    def files(self) -> tuple[ExportedFile, ...]:
        return tuple(
            ExportedFile(path=path, media_type=_MEDIA.get(PurePosixPath(path).suffix, "application/octet-stream"))
            for path in self._written
        )

    def write(self, step: Callable[[], None]) -> None:
        """`step` is called once a document."""
        for item in self._items:
            self._lines.append(self._line(item))
            if item.attached is None:
                step()
        self._rows = [self._profile.row(line) for line in self._lines]
        made = dat([c.name for c in self._profile.columns], self._rows)
        self._data("dat", made.data)
        if self._pages is not None:
            self._data("opt", opt(self._images()))
        self._data("fields.csv", columns_csv(self._profile), mark="_")
        self._data("records.csv", records_csv(self._items), mark="_")
        self._data("facts.csv", facts_csv(self._content, self._pagination), mark="_")
        self._data(
            "readme.txt",
            readme(
                self._name,
                self._profile,
                self._items,
                replaced=made.replaced,
                images=self._pages is not None,
                natives=None if self._content.run is None else self._content.run.natives,
            ),
            mark="_",
        )

    def check(self) -> None:
        """Read the volume back, whatever its profile, and hold it against itself. Raises SelfTestError."""
        try:
            rows = read_dat((self._folder / self._name / "DATA" / f"{self._name}.dat").read_bytes())
            images = None
            if self._pages is not None:
                images = read_opt((self._folder / self._name / "DATA" / f"{self._name}.opt").read_bytes())
        except LoadFileError as error:
            raise _refused(str(error)) from error
        standard = load("standard")
        same = standard == self._profile
        lines = self._rows if same else [standard.row(line) for line in self._lines]
        own = [dict(zip((c.name for c in standard.columns), line, strict=True)) for line in lines]
        if [list(row.values()) for row in rows] != _read(self._rows):
            raise _refused("its rows are not those that were meant")
        found = check(own, images, self._folder, self._content.bates.prefix)
        if found.problems:
            raise _refused(found.problems[0])
        if found.pages != self._pagination.exhibit_pages:
            raise _refused("it has another number of pages than the exhibits")

    def _line(self, item: Item) -> Line:
        native = self._native(item)
        return Line(
            item=item, content=self._content, volume=self._name,
            native_link=native[0], md5=native[1], text_link=self._text(item), pdf_link=self._pdf(item),
        )  # fmt: skip

    def _native(self, item: Item) -> tuple[str, str]:
        """Link and MD5. The bytes are read from the pack and must have their digest."""
        if item.native is None:
            return "", ""
        data = (self._material.bag / item.native.path).read_bytes()
        if hashlib.sha256(data).hexdigest() != item.native.sha256:
            raise SelfTestError(f"The native of {item.begin} does not have its digest.")
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest() if self._profile.wants_md5 else ""
        return self._put("NATIVES", item, item.ending, data), md5

    def _text(self, item: Item) -> str:
        if item.attached is None:
            return self._put("TEXT", item, ".txt", text_of(self._content.exhibits[item.place], self._pagination))
        if item.ending not in _TEXTS or item.attached.native.size > _LONGEST_TEXT:
            return ""
        data = (self._material.bag / item.attached.native.path).read_bytes()
        try:
            words = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return ""
        return self._put("TEXT", item, ".txt", words.encode("utf-8-sig"))

    def _pdf(self, item: Item) -> str:
        if self._pages is None or not item.pages:
            return ""
        bates = self._content.bates
        first = int(item.begin.removeprefix(bates.prefix))
        data = self._pages.document([bates.exhibit(first + n) for n in range(item.pages)])
        return self._put("IMAGES", item, ".pdf", data)

    def _images(self) -> list[Image]:
        found = []
        for line in self._lines:
            if line.pdf_link:
                path = self._folder.joinpath(*line.pdf_link.split("\\"))
                found.append(Image(line.item.begin, self._name, line.pdf_link, count(path)))
        return found

    def _put(self, kind: str, item: Item, ending: str, data: bytes) -> str:
        """Writes a file; its path as the load file has it, from the folder above the volume."""
        self._save(f"{self._name}/{kind}/{item.folder}/{item.begin}{ending}", data)
        return f".\\{self._name}\\{kind}\\{item.folder}\\{item.begin}{ending}"

    def _data(self, ending: str, data: bytes, mark: str = ".") -> None:
        self._save(f"{self._name}/DATA/{self._name}{mark}{ending}", data)

    def _save(self, path: str, data: bytes) -> None:
        target = self._folder / path
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        target.write_bytes(data)
        self._written.append(path)


def _read(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Values as a reader gets each of them back, when it stands alone."""
    values = list(dict.fromkeys(value for row in rows for value in row))
    alone = read_dat(dat(["x"], [[value] for value in values]).data)
    back = dict(zip(values, (line["x"] for line in alone), strict=True))
    return [[back[value] for value in row] for row in rows]


def _refused(why: str) -> SelfTestError:
    return SelfTestError(
        "The load file was read back and is not as it should be.", why=why, next_step="This is a fault of psa-evidence."
    )
