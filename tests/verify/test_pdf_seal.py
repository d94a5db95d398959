"""Where a seal stands in a PDF and which bytes it says it covers, without the library that reads PDFs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pypdf.generic import ByteStringObject

from psa_evidence.verify import pdf_seal
from psa_evidence.verify.pdf_seal import SealError, seal_of

DATA = b"%PDF-before<0aFF>behind"
END, BEGIN = DATA.index(b"<"), DATA.index(b">") + 1


RANGES = (0, END, BEGIN, len(DATA) - BEGIN)


def seal(ranges=RANGES, contents=b"\x0a\xff"):
    return {
        "/ByteRange": list(ranges), "/SubFilter": "/ETSI.RFC3161", "/Contents": ByteStringObject(contents)
    }  # fmt: skip


def reader(*fields, form=True):
    return SimpleNamespace(root_object={"/AcroForm": {"/Fields": list(fields)}} if form else {})


def signature(**more):
    return {"/FT": "/Sig", "/V": seal(), **more}


def test_the_seal_is_what_is_left_out_and_all_else_is_covered():
    for fields in ([signature()], [{"/FT": "/Tx"}, signature()], [{"/FT": "/Sig", "/Kids": [{"/V": seal()}]}]):
        found = seal_of(reader(*fields), DATA)
        assert (found.kind, found.covered, found.contents) == ("/ETSI.RFC3161", b"%PDF-beforebehind", b"\x0a\xff")


@pytest.mark.parametrize(
    "of", [reader(form=False), reader(), reader({"/FT": "/Tx", "/V": "text"}), reader({"/FT": "/Sig"})]
)
def test_a_pdf_without_a_signature_has_no_seal(of):
    assert seal_of(of, DATA) is None


def test_two_seals_are_not_one():
    for fields in ([signature(), signature()], [{"/Kids": [signature()]}, signature()]):
        with pytest.raises(SealError, match="bears 2 signatures"):
            seal_of(reader(*fields), DATA)


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ((0, END, BEGIN), "does not say which bytes"),
        ((0, END, BEGIN, 1, 1), "does not say which bytes"),
        ((1, END, BEGIN, len(DATA) - BEGIN), "does not say which bytes"),
        ((0, -1, BEGIN, len(DATA) - BEGIN), "does not say which bytes"),
        ((0, END, BEGIN, len(DATA) - BEGIN - 1), "bytes were added"),
        ((0, END, BEGIN, len(DATA) - BEGIN + 1), "bytes were added"),
        ((0, END - 1, BEGIN, len(DATA) - BEGIN), "leaves out more than itself"),
        ((0, END + 1, BEGIN, len(DATA) - BEGIN), "leaves out more than itself"),
        ((0, END, BEGIN + 1, len(DATA) - BEGIN - 1), "leaves out more than itself"),
        ((0, END, BEGIN - 1, len(DATA) - BEGIN + 1), "leaves out more than itself"),
        ((0, 0, len(DATA), 0), "leaves out more than itself"),
    ],
)
def test_a_seal_that_does_not_cover_the_whole_file_is_refused(ranges, words):
    with pytest.raises(SealError, match=words):
        seal_of(reader(signature() | {"/V": seal(ranges)}), DATA)


@pytest.mark.parametrize("lacking", ["/ByteRange", "/SubFilter", "/Contents", "ranges of text", "no ranges"])
def test_a_seal_that_lacks_what_a_signature_must_have_is_refused(lacking):
    """Universal signature forgery: some readers say nothing of a signature that they cannot read."""
    value = seal(["x"] * 4) if lacking == "ranges of text" else seal()
    if lacking == "no ranges":
        value["/ByteRange"] = None
    value.pop(lacking, None)
    with pytest.raises(SealError, match="lacks what a signature must have"):
        seal_of(reader(signature() | {"/V": value}), DATA)


def test_a_seal_that_leaves_out_another_signature_than_its_own_is_refused():
    """Other readers judge what stands in its dictionary."""
    with pytest.raises(SealError, match="other bytes than its own"):
        seal_of(reader(signature() | {"/V": seal(contents=b"\x0a\xfe")}), DATA)
    odd = DATA.replace(b"<0aFF>", b"<0aFFf>")
    with pytest.raises(SealError, match="other bytes than its own"):
        seal_of(reader(signature() | {"/V": seal((0, END, BEGIN + 1, len(DATA) - BEGIN))}), odd)


def test_so_many_fields_at_most(monkeypatch):
    monkeypatch.setattr(pdf_seal, "MAX_FIELDS", 3)
    assert seal_of(reader({"/FT": "/Tx"}, {"/FT": "/Tx"}, signature()), DATA) is not None
    for fields in ([{"/FT": "/Tx"}] * 4, [{"/Kids": [{"/Kids": [{"/Kids": [signature()]}]}]}]):
        with pytest.raises(SealError, match="more than 3 form fields"):
            seal_of(reader(*fields), DATA)
    endless = {"/FT": "/Tx"}
    endless["/Kids"] = [endless]
    with pytest.raises(SealError, match="more than 3 form fields"):
        seal_of(reader(endless), DATA)
