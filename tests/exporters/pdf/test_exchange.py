"""Numbers are put into pages laid out before they were known; what only looks like a stand-in is never touched."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import Cite, Column, Paragraph, Silent, Table
from psa_evidence_pdf import PdfExporter
from psa_evidence_pdf.exchange import _literal, alike, exchanged, places_of
from psa_evidence_pdf.objects import Streams
from psa_evidence_pdf.press import Press
from psa_evidence_pdf.stand_ins import exchange, stand_ins
from psa_evidence_pdf.typesetting import Job
from psa_evidence_pdf.volumes import Limits

SMALL = Limits(exhibits=2, whole=0)


@pytest.fixture
def citing(content):
    """Every exhibit cites the last one, in a sentence and in a table, and has every digit in its own texts."""
    last = content.exhibits[-1].id
    table = Table(columns=(Column(title="Exhibit"),), rows=((Cite(last),), (Cite(last, "again"),)))
    cites = (Paragraph(text="0123456789"), Paragraph(text="Merged.", cites=(Cite(last, "into"),)), table)
    return replace(content, exhibits=tuple(replace(e, blocks=(*cites, *e.blocks)) for e in content.exhibits))


class Counted(Silent):
    def __init__(self):
        self.steps = 0

    def advance(self, task, steps=1, *, total=None):
        self.steps += steps


def laid_out(content, limits=SMALL):
    counted = Counted()
    where = PdfExporter(limits).paginate(content, counted)
    return counted.steps, where


def test_volumes_that_cite_each_other_are_laid_out_once(citing):
    steps, where = laid_out(citing)
    assert steps == len(where.files) > 4


def test_the_numbers_put_in_are_read_and_the_stand_ins_are_gone(citing, export, text_of, qpdf_clean):
    _, where = laid_out(citing)
    number = where.exhibits[citing.exhibits[-1].id][0]
    for name, path in export(citing, limits=SMALL).items():
        qpdf_clean(path)
        text = text_of(path)
        if "Exhibits" in name:
            assert text.count(f"Merged.(into{number}") == text.count(f"again{number}") == text.count("Merged.")
            assert "MSP" not in text.replace(number, "").replace("MSPR-", "").partition("Merged")[0][-60:]
    index = text_of(max(export(citing, limits=SMALL, name="again").values(), key=lambda p: "Report" in p.name))
    for first, last in where.exhibits.values():
        assert first in index
        assert last in index


def test_a_text_of_a_record_that_looks_like_a_stand_in_stays_and_the_cites_are_right(citing, export, text_of):
    """Somebody who knows how stand-ins are made writes one into a ticket."""
    looks = stand_in_of(citing)
    table = Table(columns=(Column(title="Text"),), rows=((looks,), ("MSP000777",)))
    first = citing.exhibits[0]
    attacked = replace(citing, exhibits=(replace(first, blocks=(*first.blocks, table)), *citing.exhibits[1:]))
    steps, where = laid_out(attacked)
    assert steps == len(where.files) + 1
    number = where.exhibits[attacked.exhibits[-1].id][0]
    text = text_of(export(attacked, limits=SMALL)["Evidence Pack - Exhibits 001.pdf"])
    assert f"Text{looks}MSP000777" in text
    assert text.count(f"Merged.(into{number}") == 2


def stand_in_of(content):
    plan = Press(content, SMALL).plan
    volume = next(d for d in plan.documents if not d.report)
    last = f"x{len(content.exhibits) - 1}"
    looks = stand_ins(plan, volume)["first"][last]
    assert looks != PdfExporter(SMALL).paginate(content, Silent()).exhibits[content.exhibits[-1].id][0]
    return str(looks)


def test_numbers_of_another_width_are_laid_out_again(citing):
    grown = replace(citing, bates=replace(citing.bates, digits=2, first_exhibit_page=95))
    steps, where = laid_out(grown)
    assert steps > len(where.files)
    assert where.exhibits["ticket/12"][1].startswith("MSP1")


def small(texts):
    numbers = {"first": {f"x{n}": text for n, text in enumerate(texts)}, "last": {}, "facts": []}
    cite = [{"x": f"x{n}", "to": "there", "f": "", "t": "", "w": False} for n in range(len(texts))]
    digits = {"k": "p", "s": "body", "y": False, "t": ["0123456789"], "c": cite}
    return DOCUMENT, digits, numbers


DOCUMENT = {
    "title": "T", "description": "", "lang": "en", "region": None, "paper": "a4", "heading": "T", "matter": "M",
    "copy": "C", "accent": "#000000", "zone": "UTC", "footer": "", "cover": None, "contents": [], "whole": False,
    "front_kind": "B", "reading": [], "runs": [], "indexes": [], "volume": "1", "plain": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def page():
    import json

    document, block, numbers = small(["AVT(1)-0001", "AVT(1)-0002"])
    item = {"id": "x9", "number": "", "title": "Exhibit", "cited": [], "blocks": [block]}
    told = {**document, "exhibits": [{"kind": "A", "items": [item]}]}
    return Job(json.dumps(told).encode(), 0).typeset(numbers)


def test_digits_change_and_nothing_else_does(page):
    stand_ins = {"AVT(1)-0001": 1, "AVT(1)-0002": 1}
    made = exchanged(page, places_of(page, stand_ins), {"AVT(1)-0001": "AVT(1)-9857", "AVT(1)-0002": "AVT(1)-0001"})
    before, after = (PdfReader(io.BytesIO(pdf), strict=True).pages[0].extract_text() for pdf in (page, made))
    assert after == before.replace("-0001", "-9857").replace("-0002", "-0001")
    again = places_of(made, {"AVT(1)-9857": 1})
    assert exchanged(made, again, {"AVT(1)-9857": "AVT(1)-9857"}).count(b"xref") == page.count(b"xref")


@pytest.mark.parametrize("times", [{"AVT(1)-0001": 2}, {"AVT(1)-0001": 1, "AVT(1)-0003": 1}, {"MSP000001": 1}])
def test_what_is_not_there_as_often_as_printed_is_not_exchanged(page, times):
    assert places_of(page, times) is None


def test_places_of_another_file_are_refused(page):
    places = places_of(page, {"AVT(1)-0001": 1, "AVT(1)-0002": 1})
    moved = {number: tuple(replace(at, begin=at.begin + 1) for at in found) for number, found in places.items()}
    with pytest.raises(EvidenceError, match="could not be put"):
        exchanged(page, moved, {"AVT(1)-0001": "AVT(1)-0002", "AVT(1)-0002": "AVT(1)-0001"})


@pytest.mark.parametrize("cut", [b"startxref", b"xref\n0", b"/Filter/FlateDecode>>\nstream"])
def test_a_file_written_otherwise_is_refused(page, cut):
    with pytest.raises(EvidenceError, match="could not be put"):
        places_of(page.replace(cut, b"x" * len(cut)), {"AVT(1)-0001": 1})


def test_a_stream_of_another_make_is_not_replaced(page):
    streams = Streams(page)
    catalog = next(n for n in range(1, 99) if b"/Type/Metadata" in page[page.find(b"\n%d 0 obj" % n) :][:200])
    with pytest.raises(EvidenceError):
        streams.replaced({catalog: b""})


def test_one_stand_in_for_two_numbers_is_no_exchange():
    old = {"first": {"x0": "A1", "x1": "A1"}, "last": {}, "facts": []}
    assert exchange(old, {"first": {"x0": "A2", "x1": "A3"}, "last": {}, "facts": []}) is None
    assert exchange(old, {"first": {"x0": "A2", "x1": "A2"}, "last": {}, "facts": []}) == {"A1": "A2"}
    assert exchange(old, {"first": {"x0": "A22", "x1": "A22"}, "last": {}, "facts": []}) is None


def test_texts_are_alike_when_only_digits_differ():
    assert alike("MSP000001 – MSP000009", "MSP123456 – MSP000000")
    assert not alike("MSP1", "MSQ1")
    assert not alike("MSP1", "MSP12")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (rb"a\\b\(c\)(d)", b"a\\b(c)(d)"), (rb"\n\r\t\b\f\q", b"\n\r\t\b\fq"), (rb"\0\7\8", b"\x00\x078"),
        (rb"\00\53a\539", b"\x00+a+9"), (rb"\053\0539\377\777", b"++9\xff\xff"), (b"plain", b"plain"),
    ],
)  # fmt: skip
def test_a_literal_string_is_read_as_the_standard_says(written, meant):
    """ISO 32000-1, 7.3.4.2."""
    assert _literal(written) == meant
