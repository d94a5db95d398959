"""A form as a Word document, marked DRAFT on every page; its times are fixed: the same facts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Final

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt, RGBColor

from psa_evidence_certificates.draft import Blank, Block, Command, Form, Grid, Head, Para, Signature, Text, Ticks

DRAFT: Final = "DRAFT FOR COUNSEL - NOT SIGNED - NOT LEGAL ADVICE"
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_PAPER: Final = {"a4": (Mm(210), Mm(297)), "us-letter": (Inches(8.5), Inches(11))}
_WIDTH: Final = 6.4
"""Inches between the margins, on the narrower paper."""
_FONT: Final = "Times New Roman"
_SHORT: Final = 20
"""A table of so few rows is not divided between pages."""


def document(form: Form, *, matter: str, paper: str, as_of: datetime) -> bytes:
    """The bytes of the file. `as_of` stands in for the time of making."""
    made = docx.Document()
    _set_up(made, form, matter, paper, as_of)
    made.add_heading(_plain(form.title), level=1)
    _small(made, form.rule)
    counter = 0
    for block, after in zip_longest(form.blocks, form.blocks[1:]):
        if isinstance(block, Para) and block.style == "numbered":
            counter += 1
        _block(made, block, counter, closing=isinstance(after, Signature))
    buffer = io.BytesIO()
    made.save(buffer)
    return _fixed(buffer.getvalue())


def _set_up(made: Any, form: Form, matter: str, paper: str, as_of: datetime) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = _PAPER[paper]
    section.left_margin = section.right_margin = int((section.page_width - Inches(_WIDTH)) / 2)
    section.top_margin = section.bottom_margin = Inches(1)
    for name, size in (("Normal", 11), ("Heading 1", 15), ("Heading 2", 12)):
        style = made.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn(script), _FONT)
        fonts = style.element.rPr.rFonts
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    _line(section.header.paragraphs[0], DRAFT, bold=True)
    footer = section.footer.paragraphs[0]
    _line(footer, f"{_plain(matter)} | {form.name} | draft | page ")
    _field(footer, "PAGE")
    _line(footer, " of ")
    _field(footer, "NUMPAGES")
    at = as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core = made.core_properties
    core.author = core.last_modified_by = "psa-evidence"
    core.title, core.subject, core.comments, core.keywords = f"DRAFT: {form.title}", form.rule, DRAFT, ""
    core.created = core.modified = at
    core.revision, core.language = 1, "en"
    for zoom in made.settings.element.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")  # ISO/IEC 29500-1, 17.15.1.94, requires it; python-docx' template lacks it
    relations = made.part.package.rels
    for name in [key for key, value in relations.items() if value.reltype.endswith("/thumbnail")]:
        del relations[name]


def _block(made: Any, block: Block, counter: int, *, closing: bool) -> None:
    """`closing`: lines to sign on follow, which must not stand alone on a page."""
    match block:
        case Head():
            made.add_heading(_plain(block.text), level=2)
        case Para():
            _para(made, block, counter).paragraph_format.keep_with_next = closing or None
        case Grid():
            _grid(made, block)
        case Ticks():
            line = made.add_paragraph()
            line.add_run("    ".join(f"{'☒' if ticked else '☐'} {name}" for name, ticked in block.choices))
        case Signature():
            _grid(made, Grid((), tuple(((label,), ("",)) for label in block.lines), (2.0, 4.4)), tall=True)
            _together(made.tables[-1])


def _para(made: Any, block: Para, counter: int) -> Any:
    line = made.add_paragraph()
    line.paragraph_format.space_after = Pt(6)
    if block.style == "numbered":
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Inches(0.35), Inches(-0.35)
        line.add_run(f"{counter}.\t")
        line.paragraph_format.tab_stops.add_tab_stop(Inches(0.35))
    elif block.style == "note":
        line.add_run("Note to counsel, to be deleted: ").bold = True
    _fill(line, block.text, italic=block.style == "note")
    return line


def _grid(made: Any, block: Grid, *, tall: bool = False) -> None:
    wide = block.widths or (1.0,) * len(block.rows[0] if block.rows else block.head)
    columns = len(wide)
    table = made.add_table(rows=0, cols=columns)
    table.style, table.autofit = "Table Grid", False
    inches = [Inches(_WIDTH * w / sum(wide)) for w in wide]
    for column, width in zip(table.columns, inches, strict=True):
        column.width = width
    if block.head:
        cells = _row(table, inches)
        for cell, title in zip(cells, block.head, strict=True):
            _fill(cell.paragraphs[0], (title,), bold=True, size=9)
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no word for it
    for row in block.rows:
        cells = _row(table, inches)
        for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _fill(cell.paragraphs[0], text, bold=not block.head and place == 0, size=11 if tall else 9)
        if tall:
            table.rows[-1].height = Inches(0.4)
    if not block.rows:
        _fill(_row(table, inches)[0].paragraphs[0], ("none",), size=9)
    if len(block.rows) <= _SHORT:
        _together(table)
    made.add_paragraph().paragraph_format.space_after = Pt(2)


def _together(table: Any) -> None:
    """Its rows on one page."""
    for row in list(table.rows)[:-1]:
        for cell in row.cells:
            for line in cell.paragraphs:
                line.paragraph_format.keep_with_next = True


def _row(table: Any, inches: list[Any]) -> Any:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx has no word for it
    cells = row.cells
    for cell, width in zip(cells, inches, strict=True):
        cell.width = width
    return cells


def _fill(line: Any, text: Text, *, bold: bool = False, italic: bool = False, size: int | None = None) -> None:
    for piece in text:
        if isinstance(piece, Blank):
            run = line.add_run(f"[________ {_plain(piece.label)}]")
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        elif isinstance(piece, Command):
            run = line.add_run(_plain(piece.text))
            run.font.name, run.font.size = "Courier New", Pt(9)
        else:
            run = line.add_run(_plain(piece))
            run.bold, run.italic = bold or None, italic or None
        if size:
            run.font.size = Pt(size)


def _small(made: Any, text: str) -> None:
    made.add_paragraph().add_run(_plain(text)).font.size = Pt(10)


def _line(line: Any, text: str, *, bold: bool = False) -> None:
    run = line.add_run(text)
    run.bold, run.font.size = bold, Pt(8.5)


def _field(line: Any, code: str) -> None:
    """A number that the word processor works out."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", ""), ("end", "")):
        run = line.add_run("1" if kind == "shown" else "")
        run.font.size = Pt(8.5)
        if kind == "shown":
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no word for fields


def _plain(text: str) -> str:
    """Without what XML 1.0 cannot carry, each such character as its escape."""
    return "".join(
        c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
        else f"\\u{ord(c):04x}"
        for c in text
    )  # fmt: skip


def _fixed(data: bytes) -> bytes:
    """The same parts in the same order, without the time of the packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            fixed = zipfile.ZipInfo(info.filename, _ZIP_TIME)
            fixed.compress_type, fixed.create_system, fixed.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(fixed, old.read(info.filename))
    return out.getvalue()
