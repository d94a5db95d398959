"""Where a seal stands in a PDF and which bytes it says it covers, without the library that reads PDFs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pypdf.generic import ByteStringObject

from psa_evidence.verify import pdf_judging, pdf_seal
from psa_evidence.verify.pdf_seal import Found, SealError, seal_of
from psa_evidence.verify.report import Checklist

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


def judged_with(monkeypatch, info, found, *, open_=()):
    """Check 8.4 on PDFs of which it is known what they bear; whether a seal holds is judged elsewhere."""
    monkeypatch.setattr(
        pdf_judging, "judged", lambda checks, path, seal, reached, anchors: (f"by {path}", path in open_)
    )
    checks = Checklist()
    pdf_seal.check_seals_on_pdfs(SimpleNamespace(read=lambda *_: info), checks, found, [])
    return [(check.id, check.status, check.detail, check.subject) for check in checks.report().checks]


STAMP, SIGNED = Found(pdf_seal.TIME_STAMP, b"", b""), Found(pdf_seal.SIGNATURE, b"", b"")
STATED = b"PDF-Seal: asked: document time-stamp; reached: document time-stamp\n"


def test_pdfs_that_bear_what_is_stated_are_said_to(monkeypatch):
    assert judged_with(monkeypatch, STATED, {"b.pdf": STAMP, "a.pdf": STAMP}) == [
        ("8.4", "pass", "2 PDFs, each covered whole: by a.pdf and by b.pdf", "")
    ]
    [(_, status, _, _)] = judged_with(monkeypatch, STATED, {"b.pdf": STAMP, "a.pdf": STAMP}, open_={"b.pdf"})
    assert status == "inconclusive"


@pytest.mark.parametrize(
    ("stated", "bears", "words"),
    [
        ("document time-stamp", None, "bag-info.txt states document time-stamp, the PDF bears none"),
        ("document time-stamp", SIGNED, "bag-info.txt states document time-stamp, the PDF bears a signature"),
        ("signature B-T", STAMP, "bag-info.txt states signature B-T, the PDF bears a document time-stamp"),
        ("none", STAMP, "bag-info.txt states none, the PDF bears a document time-stamp"),
        ("none", Found("/odd", b"", b""), "bag-info.txt states none, the PDF bears another kind"),
    ],
)
def test_a_pdf_that_bears_another_seal_than_is_stated_fails(monkeypatch, stated, bears, words):
    info = f"PDF-Seal: asked: signature B-T; reached: {stated}\n".encode()
    assert judged_with(monkeypatch, info, {"a.pdf": bears}) == [("8.4", "fail", words, "a.pdf")]


@pytest.mark.parametrize(
    ("asked", "more"), [("none", ""), ("signature B-T", ", although one was asked for (signature B-T)")]
)
def test_pdfs_without_a_seal_are_not_witnessed(monkeypatch, asked, more):
    info = f"PDF-Seal: asked: {asked}; reached: none\n".encode()
    [(check, status, detail, _)] = judged_with(monkeypatch, info, {"a.pdf": None})
    assert (check, status) == ("8.4", "not witnessed")
    assert detail.startswith(f"the PDFs bear no seal{more}: ")


@pytest.mark.parametrize("info", [b"", STATED * 2, b"PDF-Seal: all is well\n", b"\xff"])
def test_a_pack_that_does_not_state_its_seal_once_fails(monkeypatch, info):
    [(check, status, detail, subject)] = judged_with(monkeypatch, info, {"a.pdf": STAMP})
    assert (check, status, subject) == ("8.4", "fail", "bag-info.txt")
    assert "does not state, once" in detail
