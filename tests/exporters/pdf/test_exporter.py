"""The finished PDF, read by others: structure, numbers, links, texts, bytes."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pypdf import PdfReader

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.spi import (
    Bar,
    Bates,
    Chart,
    Cite,
    Column,
    Exporter,
    Facts,
    Heading,
    Paginator,
    Paragraph,
    Part,
    Silent,
    Strip,
    StripSegment,
    Table,
    Verbatim,
)
from psa_evidence_pdf import PdfExporter, exporter
from psa_evidence_pdf.printable import one_line, printable
from psa_evidence_pdf.volumes import Limits

REPORT = "Evidence Pack.pdf"
SMALL = Limits(exhibits=5)
START = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_entry_point_is_an_exporter_and_a_paginator():
    assert isinstance(exporter, Exporter)
    assert isinstance(exporter, Paginator)


def test_the_pdf_is_tagged_titled_in_a_language_and_says_it_is_pdf_a_3a_and_ua_1(content, export, qpdf_clean):
    path = export(content)[REPORT]
    qpdf_clean(path)
    reader = PdfReader(path, strict=True)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata is not None
    assert reader.metadata.title == "Acme IT v. Northwind Traders, Counsel copy"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/OutputIntents"]
    assert len(reader.trailer["/ID"]) == 2
    assert reader.metadata.creation_date == content.as_of


def test_tables_have_heads_and_drawings_have_words(content, export):
    roles, words = [], []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for kid in node:
                walk(kid)
        elif isinstance(node, dict) and "/S" in node:
            roles.append(node["/S"])
            if node["/S"] == "/Figure":
                words.append(node.get("/Alt", ""))
            if "/K" in node:
                walk(node.raw_get("/K"))

    walk(PdfReader(export(content)[REPORT]).trailer["/Root"]["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= set(roles)
    assert len(words) == 12
    assert all("paused (waiting for the client)" in alt and "mark due" in alt for alt in words)


def test_every_page_shows_the_number_that_is_its_label(content, export, text_of):
    path = export(content)[REPORT]
    reader = PdfReader(path)
    labels = reader.page_labels
    assert len(set(labels)) == len(reader.pages)
    report = [label for label in labels if label.startswith("MSPR-")]
    exhibits = labels[len(report) :]
    assert report == [f"MSPR-{n:06d}" for n in range(1, len(report) + 1)]
    assert exhibits == [f"MSP{n:06d}" for n in range(1, len(exhibits) + 1)]
    for number, label in enumerate(labels, 1):
        shown = text_of(path, number)
        assert label in shown
        assert f"Page{number}of{len(labels)}" in shown
        assert "Times:America/New_York" in shown
        assert ("A–sourcerecord,verbatim" in shown) == (number > len(report))


def test_labels_keep_their_zeros_where_numbers_grow_a_digit(content, export):
    bates = Bates(prefix="ACME-", digits=3, first_exhibit_page=8, first_report_page=998)
    path = export(replace(content, bates=bates))[REPORT]
    labels = PdfReader(path).page_labels
    assert labels[:3] == ["ACME-R-998", "ACME-R-999", "ACME-R-1000"]
    exhibits = [label for label in labels if "-R-" not in label]
    assert exhibits[:3] == ["ACME-008", "ACME-009", "ACME-010"]


def test_bookmarks_lead_to_every_part_and_exhibit(content, export):
    reader = PdfReader(export(content)[REPORT])
    flat = [e for e in reader.outline if not isinstance(e, list)]
    titles = [e.title for e in flat]
    parts = [f"{part.number}  {part.title}" for part in content.parts]
    assert titles == ["Contents", *parts, *(exhibit.title for exhibit in content.exhibits)]
    where = PdfExporter().paginate(content, Silent())
    labels = reader.page_labels
    pages = {e.title: labels[reader.get_destination_page_number(e)] for e in flat}
    for exhibit in content.exhibits:
        assert pages[exhibit.title] == where.exhibits[exhibit.id][0]


def test_every_link_leads_to_a_page_and_cites_lead_to_the_exhibit_they_print(content, export):
    reader = PdfReader(export(content)[REPORT])
    names = reader.named_destinations
    assert list(names) == sorted(names)
    first = reader.pages[2]
    targets = set()
    for page in reader.pages:
        for annotation in page.get("/Annots", ()):
            link = annotation.get_object()
            assert link["/Contents"]
            target = link.get("/Dest") or link["/A"].get("/D")
            if not isinstance(target, list):
                assert target in names
            if page == first:
                targets.add(str(target))
    assert targets == {"x0"}
    assert reader.get_destination_page_number(names["x0"]) == reader.page_labels.index("MSP000001")


def test_the_manifest_is_attached_and_only_to_the_report(content, export):
    files = export(content, limits=SMALL, manifest=b'{"a": 1}')
    for name, path in files.items():
        reader = PdfReader(path)
        found = reader.attachments.get("manifest.json", [])
        assert [bytes(a) for a in found] == ([b'{"a": 1}'] if name == REPORT else [])
    root = PdfReader(files[REPORT]).trailer["/Root"]
    assert root["/AF"][0].get_object()["/AFRelationship"] == "/Data"


def test_the_manifest_is_compressed(content, export):
    """That of thousands of tickets has 40 megabytes: the PDF that is opened first would be refused by every e-court."""
    manifest = b'{"sha256": "00"}' * 500
    assert manifest not in export(content, manifest=manifest, limits=SMALL)[REPORT].read_bytes()


def test_without_a_manifest_nothing_is_attached(content, export):
    assert not PdfReader(export(content, manifest=None)[REPORT]).attachments


def test_hostile_texts_come_out_as_texts(make_pack, make_ticket, export, text_of, qpdf_clean, hostile_texts):
    blocks = []
    for text in hostile_texts:
        blocks += [
            Verbatim(label=text[:200] or "-", text=text, side=text[:30]),
            Paragraph(text=text, cites=(Cite("ticket/1", text[:100]), Cite("ticket/unknown", text[:50]))),
            Table(columns=tuple(Column(title=text[:60], width=n) for n in range(3)),
                  rows=((text, text, Cite("ticket/1", text[:99])),), caption=text, empty=text),
        ]  # fmt: skip
        if text.strip():
            blocks.append(Heading(text=text[:100], level=3))
    tickets = [replace(make_ticket(n), title=text) for n, text in enumerate(hostile_texts, 1)]
    content = make_pack(
        *tickets, parts=(Part(id="p", number=1, title=hostile_texts[0], page_kind="B", blocks=tuple(blocks)),)
    )
    first = hostile_texts[1]
    content = replace(
        content, footer=first, copy=first, time_zone=first,
        cover=replace(content.cover, matter=hostile_texts[4], subtitle=first, legend=first, facts=((first, first),)),
    )  # fmt: skip
    path = export(content)[REPORT]
    qpdf_clean(path)
    shown = text_of(path)
    for text in hostile_texts[:9]:
        assert squeezed(printable(text)) in shown
        assert squeezed(one_line(text))[:100] in shown
    assert "x" * 3000 in shown
    for code in ("D800", "E000", "202E", "200B", "00AD", "FEFF", "0000", "1B", "5FFFE"):
        assert f"{code}›" in shown


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_naughty_strings_do_not_break_the_compile(make_pack, make_ticket, export, text_of, naughty_strings):
    blocks = tuple(Verbatim(label="naughty", text=text) for text in naughty_strings)
    content = make_pack(make_ticket(1, *blocks), parts=())
    path = export(content)[REPORT]
    shown = text_of(path)
    for text in naughty_strings:
        if text.isascii() and text.isprintable():
            assert squeezed(text) in shown, "a naughty string was not printed"


def test_a_line_of_100_kilobytes_stays_on_the_paper_and_none_of_it_is_lost(make_pack, make_ticket, export, text_of):
    content = make_pack(make_ticket(1, Verbatim(label="long", text="0123456789" * 10_000)), parts=())
    shown = text_of(export(content)[REPORT])
    digits = sum(shown.count(d) for d in "0123456789")
    assert digits >= 100_000


def test_a_long_note_runs_over_pages(make_pack, make_ticket, export, text_of):
    text = "\n".join(f"line {n} of the note" for n in range(600))
    path = export(make_pack(make_ticket(1, Verbatim(label="long", text=text)), parts=()))[REPORT]
    assert len(PdfReader(path).pages) > 10
    assert "line599ofthenote" in text_of(path)


@pytest.fixture
def pages_of(make_pack, make_ticket, export):
    """Texts of the pages of thirty exhibits with some blocks; above them stands one line more in each, until they begin
    on the next page."""

    def pages(*blocks):
        exhibits = [
            make_ticket(number, Verbatim(label="above", text="\n".join(["line"] * (12 + number))), *blocks)
            for number in range(30)
        ]
        path = export(make_pack(*exhibits, parts=()))[REPORT]
        return [page.extract_text() for page in PdfReader(path).pages]

    return pages


def _table(rows, caption=""):
    columns = (Column(title="a"), Column(title="b"))
    return Table(columns=columns, rows=tuple((f"row {n}", "x") for n in range(rows)), caption=caption)


def test_the_caption_of_a_short_table_stands_on_its_page(pages_of):
    captioned = [text for text in pages_of(_table(3, "all that there is " * 12)) if "all that there is" in text]
    assert len(captioned) == 30
    assert all("row 2" in text for text in captioned)


@pytest.mark.parametrize("rows", [5, 13])
def test_the_last_rows_of_a_table_stand_together_with_its_caption(pages_of, rows):
    long = rows > 12
    pages = pages_of(_table(rows, "all that there is" if long else ""))
    ends = [text for text in pages if f"row {rows - 1}" in text]
    assert len(ends) == 30
    assert all(f"row {rows - 2}" in text for text in ends)
    assert not long or all("all that there is" in text for text in ends)


@pytest.fixture
def report_of(make_pack, export):
    """Pages of parts that all have the blocks, each below some more lines than the one before."""

    def pages(*blocks, lines):
        parts = tuple(
            Part(id=f"p{number}", number=number, title=f"Part {number}", page_kind="B", alone=True,
                 blocks=(Paragraph(text="\n".join(["line"] * number)), *blocks))
            for number in lines
        )  # fmt: skip
        return [page.extract_text() for page in PdfReader(export(make_pack(parts=parts))[REPORT]).pages]

    return pages


@pytest.mark.parametrize(("rows", "lines", "words"), [(12, 5, 90), (3, 25, 30)])
def test_a_caption_stands_with_the_last_row_of_a_table_that_a_page_does_not_hold(report_of, rows, lines, words):
    """A short one may be longer than a page, and its last row higher than two rows that are kept together."""
    cell = "\n".join(["x"] * lines)
    columns = (Column(title="a"), Column(title="b"))
    made = tuple((f"row {n}", cell) for n in range(rows))
    table = Table(columns=columns, rows=made, caption="all that there is " * words)
    pages = report_of(table, lines=range(1, 30, 4))
    captioned = [text for text in pages if "all that there is" in text]
    assert len(captioned) == 8
    assert all(f"row {rows - 1}" in text for text in captioned)
    assert all(any(f"row {n}" in text for text in pages) for n in range(rows))


def test_in_the_report_the_second_of_two_rows_does_not_stand_alone(report_of):
    pages = [text for text in report_of(_table(2), lines=range(30, 50)) if "row 1" in text]
    assert len(pages) == 20
    assert all("row 0" in text for text in pages)


def test_the_title_of_a_part_stands_on_the_page_of_what_is_below_it(make_pack, export):
    """Also where what is below is a table that is not divided, and higher than the rest of the page."""

    def pair(number):
        filler = Paragraph(text="\n".join(["line"] * number))
        rows = tuple((f"row {n} of {number}", "x\nx\nx\nx") for n in range(8))
        table = Table(columns=(Column(title="a"), Column(title="b")), rows=rows, caption="All.")
        titles = ("Filler", f"Titled {number}")
        return (
            Part(id=f"{title}-{number}", number=number, title=title, page_kind="B", blocks=blocks)
            for title, blocks in zip(titles, ((filler,), (Paragraph(text="What it shows."), table)), strict=True)
        )

    parts = tuple(part for number in range(1, 40, 2) for part in pair(number))
    pages = [page.extract_text() for page in PdfReader(export(make_pack(parts=parts))[REPORT]).pages]
    for number in range(1, 40, 2):
        titled = [text for text in pages[2:] if f"Titled {number}\n" in text and "Contents" not in text]
        assert [f"row 0 of {number}" in text for text in titled] == [True], number


def test_a_question_stands_on_the_page_of_its_answer(pages_of):
    pages = pages_of(Paragraph(text="What was asked?", style="lead"), Paragraph(text="What was found."))
    asked = [text for text in pages if "What was asked?" in text]
    assert len(asked) == 30
    assert all("What was found." in text for text in asked)


@pytest.mark.parametrize("style", ["body", "small"])
def test_what_leads_to_a_table_stands_on_its_page(pages_of, style):
    pages = pages_of(Paragraph(text="What the table shows.", style=style), _table(20))
    leading = [text for text in pages if "What the table shows." in text]
    assert len(leading) == 30
    assert all("row 0" in text for text in leading)


def test_a_part_begins_below_another_where_it_fits_and_one_that_stands_alone_never(make_pack, export):
    def one(number, lines, **more):
        return Part(
            id=f"p{number}", number=number, title=f"Part {number}", page_kind="B",
            blocks=(Paragraph(text="\n".join([f"line of {number}"] * lines)),), **more,
        )  # fmt: skip

    parts = (one(1, 20), one(2, 15), one(3, 12), one(4, 100), one(5, 2, alone=True), one(6, 2), one(7, 2))
    pages = [page.extract_text() for page in PdfReader(export(make_pack(parts=parts))[REPORT]).pages][2:]
    begins = [next(n for n, text in enumerate(pages) if f"Part {number}" in text) for number in range(1, 8)]
    assert begins[:3] == [0, 0, 1]  # the third is whole on the next page
    assert begins[3] == 1  # the fourth is longer than a page, and begins where there is room for a good piece of it
    assert begins[4] == begins[5] - 1
    assert begins[4] > max(n for n, text in enumerate(pages) if "line of 4" in text)
    assert begins[6] == begins[5]


def test_empty_tables_and_empty_packs_say_so(make_pack, make_ticket, export, text_of, qpdf_clean):
    path = export(make_pack(make_ticket(1)))[REPORT]
    assert "Nostatuschangesrecorded." in text_of(path)
    path = export(make_pack(), name="none")[REPORT]
    qpdf_clean(path)
    shown = text_of(path)
    assert "Thispackhasnoexhibits." in shown
    assert "exhibitticket/noneisnotinthispack" in shown


def test_both_papers(content, export):
    for number, (paper, size) in enumerate({"a4": (595, 842), "us-letter": (612, 792)}.items()):
        page = PdfReader(export(replace(content, paper=paper), name=str(number))[REPORT]).pages[0]
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_volumes_are_whole_documents_and_their_numbers_go_on(content, export, text_of, qpdf_clean):
    files = export(content, limits=SMALL)
    assert list(files) == [REPORT] + [f"Evidence Pack - Exhibits 00{n}.pdf" for n in (1, 2, 3)]
    where = PdfExporter(SMALL).paginate(content, Silent())
    labels, titles = [], set()
    for name, path in files.items():
        qpdf_clean(path)
        reader = PdfReader(path, strict=True)
        titles.add(reader.metadata.title)
        assert reader.trailer["/Root"]["/StructTreeRoot"]
        if name != REPORT:
            labels += reader.page_labels
            assert reader.outline
            assert "Exhibits,volume" in text_of(path, 1)
            for number, label in enumerate(reader.page_labels, 1):
                assert label in text_of(path, number)
    assert len(titles) == len(files)
    assert labels == [f"MSP{n:06d}" for n in range(1, len(labels) + 1)]
    assert where.exhibit_pages == len(labels)
    index = text_of(files[REPORT])
    for first, last in where.exhibits.values():
        assert first in index
        assert last in index


def test_volumes_and_one_document_show_the_same_exhibits(content, export, text_of):
    one = text_of(export(content)[REPORT])
    many = export(content, limits=SMALL, name="many")
    together = "".join(text_of(path) for path in many.values())
    for exhibit in content.exhibits:
        note = f"Noteof{exhibit.id.split('/')[1]}.Secondline."
        assert note in one
        assert note in together


def test_cites_between_volumes_print_the_number_in_the_other_volume(content, export, text_of):
    last = content.exhibits[-1].id
    first = replace(content.exhibits[0], blocks=(Paragraph(text="Merged.", cites=(Cite(last, "into"),)),))
    content = replace(content, exhibits=(first, *content.exhibits[1:]))
    files = export(content, limits=SMALL)
    number = PdfExporter(SMALL).paginate(content, Silent()).exhibits[last][0]
    assert f"Merged.(into{number}vol.3)" in text_of(files["Evidence Pack - Exhibits 001.pdf"], 1)


def test_a_cite_of_a_whole_exhibit_prints_its_first_and_last_number(make_pack, make_ticket, export, text_of):
    long = make_ticket(1, Verbatim(label="long", text="line\n" * 150))
    part = Part(
        id="index", number=1, title="Index", page_kind="B",
        blocks=(Table(columns=(Column(title="Bates"),), rows=((Cite("ticket/1", whole=True),),)),),
    )  # fmt: skip
    content = make_pack(long, make_ticket(2), parts=(part,))
    for name, limits in (("one", None), ("volumes", Limits(whole=0))):
        first, last = PdfExporter(limits).paginate(content, Silent()).exhibits["ticket/1"]
        assert first != last
        assert f"{first}–{last}" in text_of(export(content, limits=limits, name=name)[REPORT])


def test_pagination_is_what_the_export_does(content, tmp_path):
    maker = PdfExporter()
    where = maker.paginate(content, Silent())
    files = maker.export(content, tmp_path, pagination=where, manifest=b"{}", progress=Silent())
    labels = PdfReader(tmp_path / REPORT).page_labels
    assert files[0].pages == len(labels) == where.report_pages + where.exhibit_pages
    assert where.exhibits["ticket/12"][1] == labels[-1]
    assert where.parts["answer"][0] == labels[2]
    assert where.parts["chart"][1] == labels[where.report_pages - 1]


def test_pages_numbered_for_another_content_are_refused(content, make_pack, make_ticket, tmp_path):
    where = PdfExporter().paginate(make_pack(make_ticket(1)), Silent())
    with pytest.raises(EvidenceError, match="another content"):
        PdfExporter().export(content, tmp_path, pagination=where, manifest=None, progress=Silent())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("prefix", ["A B", "MSP‐", "A" * 25, "Ü", "\n"])
def test_a_prefix_that_cannot_be_looked_up_is_refused(content, tmp_path, prefix):
    with pytest.raises(ConfigurationError):
        PdfExporter().paginate(replace(content, bates=Bates(prefix=prefix)), Silent())


@pytest.mark.parametrize("limits", [Limits(), SMALL], ids=["one", "volumes"])
def test_the_same_content_gives_the_same_bytes_in_another_process_too(content, export, tmp_path, limits):
    once = {name: path.read_bytes() for name, path in export(content, limits=limits).items()}
    again = {name: path.read_bytes() for name, path in export(content, limits=limits, name="again").items()}
    assert once == again
    (tmp_path / "content.pickle").write_bytes(pickle.dumps((content, limits)))
    other = tmp_path / "other"
    other.mkdir()
    code = (
        "import pickle,sys,pathlib\n"
        "from psa_evidence.spi import Silent\nfrom psa_evidence_pdf import PdfExporter\n"
        "if __name__ == '__main__':\n"
        " content, limits = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        " PdfExporter(limits).export(content, pathlib.Path(sys.argv[2]), pagination=None,"
        " manifest=b'{\"files\": []}', progress=Silent())\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, str(script), str(tmp_path / "content.pickle"), str(other)], check=True, env=environment
    )
    assert {path.name: path.read_bytes() for path in other.iterdir()} == once


def test_only_bundled_fonts_are_embedded(content, export):
    names = set()
    for page in PdfReader(export(content)[REPORT]).pages:
        names |= {f.get_object()["/BaseFont"].split("+")[1] for f in page["/Resources"]["/Font"].values()}
    assert names <= {"CharisSIL", "CharisSIL-Bold", "CharisSIL-Italic", "DejaVuSans"}


def _boxes(path):
    """Each word on each page as poppler sees it: page, left, top, right, bottom."""
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler) is not installed")
    told = subprocess.run([tool, "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"'
    return [
        (number, *map(float, found))
        for number, page in enumerate(told.split("<page ")[1:])
        for found in re.findall(word, page)
    ]


def test_code_points_stay_in_their_cells_and_on_the_paper_wherever_they_stand(make_pack, make_ticket, export):
    family = "👨‍👩‍👧‍👦" * 12
    narrow = Table(
        columns=tuple(Column(title=f"{n}") for n in range(7)), rows=((*("x",) * 3, family, *("y",) * 3),) * 2,
        caption=family,
    )  # fmt: skip
    chart = Chart(
        title=family, series=(family, family), unit=family, caption=family,
        bars=(Bar(label=family, values=(1, 2), note=family),), mark=(2, family),
    )  # fmt: skip
    strip = Strip(segments=(StripSegment(start=START, end=START + timedelta(hours=1), state="counted"),),
                  marks=((START, family),), caption=family)  # fmt: skip
    exhibit = replace(
        make_ticket(
            1, narrow, chart, strip, Heading(text=family), Paragraph(text=family), Facts(rows=((family, family),)),
            Verbatim(label=family, text=family, side=family), Table(columns=narrow.columns, rows=(), empty=family),
        ),
        title=family,
    )  # fmt: skip
    boxes = _boxes(export(make_pack(exhibit, parts=(), copy_title=family))[REPORT])
    assert max(right for _, _, _, right, _ in boxes) <= 612 - 62.36 + 0.5
    lines = sorted((page, round(top), left, right) for page, left, top, right, _ in boxes)
    for (*line, _, right), (*other, left, _) in pairwise(lines):
        assert line != other or right <= left + 0.5


def test_no_title_runs_off_the_paper(make_pack, make_ticket, export):
    """Titles, headings and the header are broken within a word when no line holds it."""
    word = "W" * 400
    part = Part(
        id="wide", number=1, title=word, page_kind="B",
        blocks=(Heading(text=word), Heading(text=word, level=3), Paragraph(text=word)),
    )  # fmt: skip
    pack = make_pack(replace(make_ticket(1), title=word))
    pack = replace(pack, parts=(*pack.parts, part), cover=replace(pack.cover, matter=word), footer=word,
                   copy_title=word)  # fmt: skip
    for limits in (None, Limits(whole=0)):
        for path in export(pack, limits=limits, name=f"out-{limits is None}").values():
            assert max(right for _, _, _, right, _ in _boxes(path)) <= 612 - 62.36 + 3


def test_pages_whose_folder_went_between_two_builds_are_laid_out_again(make_pack, make_ticket, tmp_path):
    """Each build has a place of its own for temporary files, and the exporter may outlive it."""
    maker, content = PdfExporter(), make_pack(make_ticket(1))
    where = maker.paginate(content, Silent())
    shutil.rmtree(maker._press._folder)
    again = maker.paginate(content, Silent())
    assert again == where
    [file, *_] = maker.export(content, tmp_path, pagination=again, manifest=b"{}", progress=Silent())
    assert (tmp_path / file.path).is_file()
