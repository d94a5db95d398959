import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
    create_string_object,
)

from psa_evidence.selftest import extract
from psa_evidence.selftest.pdf_bytes import NotTold, texts_and_streams

TEXTS = (
    "plain",
    "in (brackets (of) two) levels",
    "(",
    ")",
    "back\\slash",
    "line\nbreak\rand\ttab",
    "Übergröße",
    "日本",
    "",
)


def pdf(*objects) -> bytes:
    """A PDF that holds these objects, each on its own."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for found in objects:
        writer._add_object(found)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def texts(data: bytes) -> set[str]:
    return {item for item in texts_and_streams(data) if isinstance(item, str)}


def streams(data: bytes) -> list[bytes]:
    return [item for item in texts_and_streams(data) if isinstance(item, bytes)]


@pytest.mark.parametrize("text", TEXTS)
def test_every_spelling_of_a_string_is_read_as_pypdf_reads_it(text):
    data = pdf(ArrayObject([TextStringObject(text)]), DictionaryObject({NameObject("/Alt"): TextStringObject(text)}))
    assert text in texts(data)


@pytest.mark.parametrize(
    ("spelt", "said"),
    [
        (rb"(a\050b\51c)", "a(b)c"), (rb"(two\)", None), (b"(cut \\\nhere)", "cut here"),
        (b"(line\r\nend)", "line\nend"), (rb"(\q\n)", "q\n"), (b"<48 65 6C6c 6>", "Hell`"), (b"<FEFF00DC>", "Ü"),
        (b"(" * 20 + b"deep" + b")" * 20, None), (rb"(\(\(open)", "((open"),
    ],
)  # fmt: skip
def test_strings_as_the_standard_spells_them(spelt, said):
    data = b"%PDF-1.7\n1 0 obj\n[" + spelt + b"]\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
    if said is None:
        with pytest.raises(NotTold):
            texts(data)
    else:
        assert texts(data) == {said} == {str(create_string_object(said))}


def test_a_name_that_hides_letters_is_read():
    assert texts(b"%PDF-1.7\n1 0 obj\n<</Sec#72et /Other>>\nendobj\n") == {"/Secret"}


def test_streams_are_unpacked_and_bytes_that_look_like_a_string_are_none():
    plain = DecodedStreamObject()
    plain.set_data(b"(not a string in an object) endstream or not")
    packed = DecodedStreamObject()
    packed.set_data(b"BT (hidden) Tj ET" * 9)
    found = pdf(plain, packed.flate_encode())
    assert b"(not a string in an object) endstream or not" in streams(found)
    assert b"BT (hidden) Tj ET" * 9 in streams(found)
    assert not {"hidden", "not a string in an object"} & texts(found)


def test_pictures_and_the_outlines_of_letters_hold_no_text():
    picture = DecodedStreamObject()
    picture.set_data(b"(picture)")
    picture[NameObject("/Subtype")] = NameObject("/Image")
    assert not [s for s in streams(pdf(picture)) if b"picture" in s]


def _stream(head: bytes, body: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<" + head + b">>\nstream\n" + body + b"\nendstream\nendobj\n%%EOF\n"


@pytest.mark.parametrize("text", ["1 0 obj", "/Subtype/Image", "/Filter/FlateDecode", "/Length1"])
def test_a_string_of_a_streams_dictionary_says_nothing_of_the_stream(text):
    head = b"/Filter/FlateDecode/Desc(%b)/Length %d" if text == "1 0 obj" else b"/Desc(%b)/Length %d"
    body = zlib.compress(b"hidden") if text == "1 0 obj" else b"hidden"
    assert streams(_stream(head % (text.encode(), len(body)), body)) == [b"hidden"]


@pytest.mark.parametrize(
    "data",
    [
        b"no PDF",
        pdf().replace(b"%%EOF", b"% /ObjStm \n%%EOF"),
        _stream(b"/Length 5", b"longer than five"),
        _stream(b"/Length 2 0 R", b"ab"),
        _stream(b"/Filter/LZWDecode/Length 2", b"ab"),
        _stream(b"/Filter[/ASCIIHexDecode/FlateDecode]/Length 2", b"ab"),
        _stream(b"/Filter[/FlateDecode/ASCIIHexDecode]/Length 2", b"ab"),
        _stream(b"/Filter/FlateDecode/Length 9", b"no zlib!!"),
        _stream(b"/Filter/FlateDecode/Length %d" % (len(zlib.compress(b"x")) + 4), zlib.compress(b"x") + b"more"),
        _stream(b"/Filter/FlateDecode/DecodeParms<</Predictor 12>>/Length 9", b"x" * 9),
        b"%PDF-1.7\n1 0 obj\n(open\nendobj\n",
    ],
)
def test_what_is_spelt_otherwise_is_left_to_another_way(data):
    with pytest.raises(NotTold):
        list(texts_and_streams(data))


def test_what_is_said_of_a_file_is_what_going_from_object_to_object_finds():
    stream = DecodedStreamObject()
    stream.set_data(b'{"note": "se\\u0063ret"}')
    data = pdf(
        DictionaryObject({NameObject(f"/K{n}"): TextStringObject(text) for n, text in enumerate(TEXTS)}),
        ArrayObject([ByteStringObject(b"\x00\xff\x81")]), stream.flate_encode(),
    )  # fmt: skip
    quick = {
        part for text in extract._contents(data, PdfReader(io.BytesIO(data)), {}) for part in (text, *text.split("\n"))
    }
    slow = {text for text in extract._objects(PdfReader(io.BytesIO(data))) if not text.startswith("/")}
    assert slow <= quick
    assert "secret" in quick
