"""Copies of pages: without links, with every word, sharing their fonts."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

from psa_evidence_loadfile import images
from psa_evidence_loadfile.images import Pages

TEXT = b"BT /F1 9 Tf 20 20 Td (%s) Tj ET"
HOSTILE = [
    b"1 0 obj <</Type/Page/Annots [7 0 R]>> stays",
    b"endstream endobj 9 0 obj <</Annots [1 0 R]>> stays",
    b"<</Length 99999>> stream",
]
FONT = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}


def pdf(path, *texts, apart=False):
    """A page for each text, in streams that are not packed, with a link each; `apart`: the lists of links are objects
    of their own."""
    writer = PdfWriter()
    font = writer._add_object(DictionaryObject({NameObject(k): NameObject(v) for k, v in FONT.items()}))
    for number, text in enumerate(texts):
        page = writer.add_blank_page(300, 300)
        stream = DecodedStreamObject()
        stream.set_data(TEXT % text)
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        writer.add_annotation(number, Link(rect=(0, 0, 9, 9), url="https://example.test/"))
        if apart:
            page[NameObject("/Annots")] = writer._add_object(ArrayObject(page["/Annots"]))
    writer.set_page_label(0, len(texts) - 1, prefix="MSP00000", start=1, style="/D")
    writer.write(path)
    return path.name


def said(data):
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_copy_has_no_links_and_every_word_of_its_pages(tmp_path, text, apart):
    name = pdf(tmp_path / "one.pdf", b"first", text, b"last", apart=apart)
    made = Pages(tmp_path, [name]).document(["MSP000002", "MSP000003"])
    assert said(made) == [text.decode(), "last"]
    assert [list(page.annotations or ()) for page in PdfReader(io.BytesIO(made)).pages] == [[], []]
    assert made == Pages(tmp_path, [name]).document(["MSP000002", "MSP000003"])


def test_links_are_taken_off_without_loading_pages(tmp_path, monkeypatch):
    name = pdf(tmp_path / "one.pdf", b"first", b"last")
    monkeypatch.setattr(images, "_strip", None)
    assert b"/Annots" not in Pages(tmp_path, [name]).document(["MSP000001"])


def test_pages_of_a_copy_share_what_they_share_in_the_pack(tmp_path):
    name = pdf(tmp_path / "one.pdf", b"first", b"second", b"third")
    made = Pages(tmp_path, [name]).document(["MSP000001", "MSP000002", "MSP000003"])
    assert made.count(b"/Helvetica") == 1


def test_pages_of_several_files_make_one_copy_however_few_are_open(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MOST_OPEN", 1)
    one, two = pdf(tmp_path / "one.pdf", b"first"), tmp_path / "two.pdf"
    pdf(two, b"no", b"second")
    made = Pages(tmp_path, [two.name, one]).document(["MSP000001", "MSP000002"])
    assert said(made) == ["first", "second"]
    assert said(Pages(tmp_path, [two.name, one]).document(["MSP000002", "MSP000001", "MSP000002"])) == [
        "second", "first", "second",
    ]  # fmt: skip
