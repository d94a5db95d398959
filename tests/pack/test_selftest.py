"""Saboteurs that write what is withheld into each kind of file: no pack is left, and the error quotes nothing."""

import base64
import gzip
import html
import io
import json
import quopri
import zipfile
from dataclasses import replace
from urllib.parse import quote

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from psa_evidence.errors import EvidenceError, SelfTestError
from psa_evidence.matter import CopyRules, Masks, Rule
from psa_evidence.pack.hidden import pieces
from psa_evidence.pack.masking import terms_of
from psa_evidence.pack.selftest import LeakError
from psa_evidence.records import Digest, RecordSet, SourceRef, Ticket
from psa_evidence.selftest import Looking, Secret, extract
from psa_evidence.selftest.extract import texts_of
from psa_evidence.selftest.plain import squeezed
from psa_evidence.spi import ExportedFile, ExporterInfo

SECRET = "Kestrel settlement number nineteen"


def pdf_with_text(text):
    """A page that shows the text in two lines, broken in a word, through a font of the standard fourteen."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    })  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    stream = DecodedStreamObject()
    half = len(text) // 2
    spaced = [" ".join(f"({c}) Tj" for c in piece) for piece in (text[:half] + "-", text[half:])]
    stream.set_data(f"BT /F 10 Tf 20 200 Td {spaced[0]} 0 -14 Td {spaced[1]} ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    return written(writer)


def pdf_with_title(text):
    writer = PdfWriter()
    writer.add_blank_page(width=9, height=9)
    writer.add_metadata({"/Title": text})
    return written(writer)


def pdf_with_xmp(text):
    writer = PdfWriter()
    writer.add_blank_page(width=9, height=9)
    stream = DecodedStreamObject()
    stream.set_data(f"<x:xmpmeta><d>{text}</d></x:xmpmeta>".encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream.flate_encode())
    return written(writer)


def pdf_with_attachment(text):
    writer = PdfWriter()
    writer.add_blank_page(width=9, height=9)
    writer.add_attachment(filename="a.zip", data=zipped({"inner.txt": text.encode()}))
    return written(writer)


def pdf_with_bookmark(text):
    writer = PdfWriter()
    writer.add_outline_item(title=text, page_number=writer.add_blank_page(width=9, height=9))
    return written(writer)


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    assert PdfReader(io.BytesIO(out.getvalue())).pages
    return out.getvalue()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in files.items():
            container.writestr(name, data)
    return out.getvalue()


def xlsx(text):
    return zipped({"xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>".encode()})


def docx(text):
    first, second = text[:9], text[9:]
    body = f"<w:p><w:r><w:t>{first}</w:t></w:r><w:r><w:t>{second}</w:t></w:r></w:p>"
    return zipped({"word/document.xml": body.encode()})


def dat(text):
    return b"\xef\xbb\xbf" + f"þBEGBATESþ\x14þTITLEþ\r\nþX-1þ\x14þ{text.upper()}þ\r\n".encode()


class Saboteur:
    def __init__(self, name, data):
        self.name, self.data = name, data

    @property
    def info(self):
        return ExporterInfo(name="saboteur", title="Saboteur", version="1")

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / self.name).write_bytes(self.data)
        return (ExportedFile(path=self.name, media_type="application/octet-stream"),)


@pytest.fixture
def sabotaged(make, psa, empty_vault, matter, pages, tmp_path):
    psa.rows = [
        (kind, id_, {**row, "text": SECRET} if (kind, id_) == ("note", "100200") else row, *rest)
        for kind, id_, row, *rest in psa.rows
    ]
    psa.fill(empty_vault)
    rules = CopyRules(withhold=(Rule(reason="privilege", fields=("note/100200.text",)),))
    chosen = replace(matter, copies=(("production", rules),)).as_copy("production")

    def run(name, data):
        return make(empty_vault, matter=chosen, exporters={"pages": pages, "saboteur": Saboteur(name, data)})

    return run


@pytest.mark.parametrize(
    ("name", "make_file"),
    [
        ("page.pdf", pdf_with_text), ("title.pdf", pdf_with_title), ("xmp.pdf", pdf_with_xmp),
        ("attached.pdf", pdf_with_attachment), ("bookmark.pdf", pdf_with_bookmark), ("cells.xlsx", xlsx),
        ("draft.docx", docx), ("load.dat", dat),
        ("rows.csv", lambda text: f'a,"{text}"\r\n'.encode()),
        ("escaped.json", lambda text: ('{"a": "' + "".join(f"\\u{ord(c):04x}" for c in text) + '"}').encode()),
        ("wide.txt", lambda text: text.encode("utf-16-le")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_an_exporter_leaks_is_found_and_no_pack_is_left(sabotaged, tmp_path, name, make_file):
    with pytest.raises(LeakError) as caught:
        sabotaged(name, make_file(SECRET))
    assert caught.value.exit_code == 5
    assert f"data/saboteur/{name}" in caught.value.what
    assert "[copies.production] withhold 1" in caught.value.what
    assert "withheld in text of note/100200." in caught.value.why
    told = f"{caught.value.what}{caught.value.why}{caught.value.next_step}"
    assert not any(word in told for word in SECRET.split() if word != "number")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_that_leaks_is_found_and_not_told(sabotaged, tmp_path):
    with pytest.raises(LeakError) as caught:
        sabotaged("Kestrel-settlement-number-nineteen.txt", b"nothing")
    assert "name of file" in caught.value.what
    assert "Kestrel" not in caught.value.what
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("make_file", [pdf_with_text, xlsx, dat], ids=["pdf", "xlsx", "dat"])
def test_another_text_of_the_kind_is_let_through(sabotaged, make_file):
    """The attacks above are refused for what they say, not for what they are."""
    assert sabotaged("file.bin", make_file("An innocent sentence of some length")).folder.is_dir()


def test_a_file_that_cannot_be_searched_stops_the_build(sabotaged):
    with pytest.raises(SelfTestError, match="cannot be"):
        sabotaged("broken.pdf", b"%PDF-1.7 nothing of the kind")


@pytest.mark.parametrize(
    ("secret", "text", "found"),
    [
        ("Ann Lee", "for Ann\nLee, today", True), ("Ann Lee", "ANN LEE", True), ("Ann Lee", "Joann Leeds", False),
        ("Ann", "Ann", True), ("Ann", "An n", False), ("Ann", "Anna", False), ("Zoë", "Zoe\u0308", True),
        ("confidential matter", "confi-\ndential matter", True), ("straße zwölf", "STRASSE ZWÖLF", True),
        ("confidential matter", "confidential mother", False),
    ],
)  # fmt: skip
def test_how_texts_are_compared(secret, text, found):
    hit = Looking.of([Secret(squeezed(secret), "rule")]).found_in(text)
    assert (hit is not None) is found


def test_the_same_is_found_among_many_secrets():
    many = [Secret(squeezed(f"a sentence of the record number {n}"), "rule") for n in range(500)]
    looking = Looking.of(many)
    assert looking.found_in("x A sentence of the re-\ncord number 499.") is not None
    assert looking.found_in("A sentence of the register") is None
    assert Looking.of([]).found_in("anything") is None


def test_a_mask_is_checked_in_the_finished_files_too(make, vault, matter, pages, tmp_path):
    rules = CopyRules(masks=Masks(terms=("Northwind Kestrel",)))
    chosen = replace(matter, copies=(("public", rules),)).as_copy("public")
    with pytest.raises(LeakError, match="mask") as caught:
        make(vault, matter=chosen, exporters={"pages": pages, "s": Saboteur("a.csv", b"northwind  KESTREL")})
    assert "withheld in every record, as [withheld]." in caught.value.why


TERM = "Smith & Wössner <Kiel> Holding"


def commented(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        info = zipfile.ZipInfo("a")
        info.comment = text.encode()
        container.writestr(info, b"a")
    return out.getvalue()


SPELLINGS = {
    "entities of a draft": lambda text: docx(html.escape(text)),
    "entities of a workbook": lambda text: xlsx(html.escape(text).replace(" ", "_x000D_\n")),
    "entities of a page": lambda text: f"<p>{html.escape(text)}</p>".encode(),
    "numbers of characters": lambda text: "".join(f"&#{ord(c)};" for c in text).encode(),
    "entities in a cell": lambda text: f'a,"{html.escape(text)}"\r\n'.encode(),
    "tabs in JSON": lambda text: json.dumps({"a": text.replace(" ", "\t")}, ensure_ascii=False).encode(),
    "JSON in JSON": lambda text: json.dumps({"a": json.dumps({"b": text})}).encode(),
    "a URL": lambda text: f"http://example.org/?q={quote(text)}".encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of a URL": lambda text: base64.urlsafe_b64encode(text.encode()),
    "base64 of a script": lambda text: base64.b64encode(text.encode("utf-16-le")),
    "a mail": lambda text: (
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes((text * 3).encode()) + b"\n--1\n"
    ),
    "a file in a mail": lambda text: base64.encodebytes(docx(html.escape(text))),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True),
    "a Western code page": lambda text: text.encode("cp1252"),
    "UTF-16 from an odd byte on": lambda text: b"x" + text.encode("utf-16-le"),
    "RTF": lambda text: b"{\\rtf1 " + text.encode("cp1252").replace(b"\xf6", b"\\'f6") + b"}",
    "gzip": lambda text: gzip.compress(text.encode()),
    "a second member of gzip": lambda text: gzip.compress(b"x") + gzip.compress(text.encode()),
    "a comment of a ZIP's member": commented,
    "a program that unpacks itself": lambda text: b"MZ\0" + zipped({"a.txt": text.encode()}),
}


@pytest.mark.parametrize("make_file", SPELLINGS.values(), ids=SPELLINGS)
def test_a_text_is_found_in_other_spellings(make_file):
    """Whoever gets the pack can undo them with everyday tools."""
    looking = Looking.of([Secret(squeezed(TERM), "rule")])
    assert any(looking.found_in(text) for text in texts_of(make_file(TERM)))
    assert not any(looking.found_in(text) for text in texts_of(make_file("Smith & Wössner <Kiel> Union")))


def test_gzip_that_is_damaged_or_too_large_is_refused(monkeypatch):
    with pytest.raises(EvidenceError, match="cannot be opened"):
        list(texts_of(b"\x1f\x8bno gzip at all"))
    monkeypatch.setattr(extract, "MAX_MEMBER", 100)
    assert any("x" * 100 in text for text in texts_of(gzip.compress(b"x" * 100)))
    with pytest.raises(EvidenceError, match="too large"):
        list(texts_of(gzip.compress(b"x" * 60) + gzip.compress(b"x" * 60)))


def test_what_only_looks_like_another_spelling_is_let_through():
    digests = "\n".join(("5f3a" * 16, "B0" * 32, "allowAllClientsPortalViewAndMore", "/" * 40, "100%2", "a=b&c;"))
    assert list(texts_of(digests.encode())) == [digests]


def test_a_note_of_short_lines_is_looked_for():
    """No line is long enough to be looked for by itself."""
    note = "Root pw:\nHunter2!\nDo not\ntell Bob\nthey lost\nthe backup\nof March"
    looking = Looking.of(Secret(piece, "rule") for piece in pieces(note))
    assert looking.found_in(f"Noted: {note}") is not None
    assert looking.found_in("Root pw:\nwas changed\nDo not\nworry") is None


def test_a_name_cut_within_an_emoji_is_masked():
    """In the record the half pair is one character, which is read as its escape."""
    source = SourceRef("ticket", "1", Digest("0" * 64))
    ticket = Ticket(source=source, id="1", client_id="10", summary="", contact_name="Ann Leeward \\ud83d")
    assert list(terms_of(Masks(sorts=("contact names",)), RecordSet(tickets=(ticket,)))) == ["Ann Leeward"]
