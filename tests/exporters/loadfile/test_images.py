"""Copies of pages: without links, with every word, sharing their fonts."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

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


def archival(path, *texts, conformance="A", intents=True, language="en"):
    """As `pdf`, and what a PDF/A says in its catalogue."""
    name = pdf(path, *texts)
    writer = PdfWriter(clone_from=path)
    root = writer.root_object
    metadata, profile = DecodedStreamObject(), DecodedStreamObject()
    metadata.set_data(b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>%b</pdfaid:conformance>" % conformance.encode())
    profile.set_data(b"a profile")
    profile[NameObject("/N")] = NumberObject(3)
    intent = DictionaryObject({NameObject("/DestOutputProfile"): writer._add_object(profile)})
    root[NameObject("/Metadata")] = writer._add_object(metadata)
    root[NameObject("/Lang")] = TextStringObject(language)
    if intents:
        root[NameObject("/OutputIntents")] = ArrayObject([intent])
    writer.write(path)
    return name


def test_copies_of_a_pdf_a_have_the_catalogue_of_one(tmp_path):
    """ISO 19005-2: 6.1.2 (header), 6.1.3 (identifiers), 6.2.3 (output intent), 6.6.2 and 6.6.4 (metadata)."""
    name = archival(tmp_path / "one.pdf", b"first", b"second", b"third", language="pt-BR")
    made = Pages(tmp_path, [name]).document(["MSP000001", "MSP000002"])
    assert said(made) == ["first", "second"]
    reader = PdfReader(io.BytesIO(made))
    root = reader.root_object
    assert made.startswith(b"%PDF-1.7\r\n%")
    assert min(made[11:15]) >= 128
    assert len(reader.trailer["/ID"]) == 2
    assert (root["/Lang"], root["/ViewerPreferences"]) == ("pt-BR", {"/DisplayDocTitle": True})
    [intent] = (intent.get_object() for intent in root["/OutputIntents"])
    assert (intent["/Type"], intent["/S"]) == ("/OutputIntent", "/GTS_PDFA1")
    assert intent["/OutputConditionIdentifier"]
    assert (intent["/DestOutputProfile"]["/N"], intent["/DestOutputProfile"].get_data()) == (3, b"a profile")
    metadata = root["/Metadata"]
    assert (metadata["/Type"], metadata["/Subtype"], "/Filter" in metadata) == ("/Metadata", "/XML", False)
    stated = reader.xmp_metadata
    assert stated.dc_title == {"x-default": "MSP000001 – MSP000002"}
    identified = {
        node.nodeName: node.firstChild.data
        for node in stated.get_nodes_in_namespace("", "http://www.aiim.org/pdfa/ns/id/")
    }
    assert identified == {"pdfaid:part": "2", "pdfaid:conformance": "U"}
    assert reader.metadata is None
    assert made.count(b"/Type/Page>>") == 2, "the page of the empty PDF is gone"
    assert made == Pages(tmp_path, [name]).document(["MSP000001", "MSP000002"])


@pytest.mark.parametrize("how", [{"conformance": "B"}, {"intents": False}, {"language": ""}])
def test_copies_of_what_is_no_pdf_a_with_known_characters_claim_nothing(tmp_path, how):
    name = archival(tmp_path / "one.pdf", b"first", **how)
    made = Pages(tmp_path, [name]).document(["MSP000001"])
    assert said(made) == ["first"]
    assert b"pdfaid" not in made
    assert b"/OutputIntents" not in made


def test_a_copy_of_several_files_claims_what_holds_for_all(tmp_path):
    first = archival(tmp_path / "one.pdf", b"first", b"second")
    other = archival(tmp_path / "two.pdf", b"no", b"no", b"third")
    plain = pdf(tmp_path / "three.pdf", b"no", b"no", b"no", b"fourth")
    pages = Pages(tmp_path, [plain, other, first])
    assert said(made := pages.document(["MSP000002", "MSP000003"])) == ["second", "third"]
    assert b"pdfaid" in made
    assert said(made := pages.document(["MSP000003", "MSP000004"])) == ["third", "fourth"]
    assert b"pdfaid" not in made
