"""Updates go behind the file and leave it as it was; a file of another make is refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from psa_evidence.errors import EvidenceError, SelfTestError
from psa_evidence_pdf import attachments
from psa_evidence_pdf.labels import Run, add_labels
from psa_evidence_pdf.readback import check
from psa_evidence_pdf.stamps import add_stamps
from psa_evidence_pdf.typesetting import small_print
from psa_evidence_pdf.update import Update

RUN = Run(0, "MSP", 6, 7)


@pytest.fixture(scope="module")
def page() -> bytes:
    return small_print("abc")


def finished(page: bytes, run: Run = RUN, shown: str = "MSP000007") -> bytes:
    update = Update(page)
    add_labels(update, [run])
    add_stamps(update, [shown])
    return update.bytes()


def test_every_byte_before_stays_and_the_identifier_changes(page):
    made = finished(page)
    assert made.startswith(page)
    before, after = (PdfReader(io.BytesIO(pdf)).trailer["/ID"] for pdf in (page, made))
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert made == finished(page)


def test_the_text_is_read_by_another_library(page):
    reader = PdfReader(io.BytesIO(finished(page)), strict=True)
    assert "MSP000007" in reader.pages[0].extract_text()
    assert "Page 1 of 1" in reader.pages[0].extract_text()
    assert reader.page_labels == ["MSP000007"]


@pytest.mark.parametrize("cut", [b"trailer", b"startxref", b"/Root", b"/ID"])
def test_a_file_that_ends_otherwise_is_refused(page, cut):
    with pytest.raises(EvidenceError):
        Update(page.replace(cut, b"x" * len(cut)))


@pytest.mark.parametrize("most", [10_000, 100])
def test_an_attachment_is_compressed_but_where_readers_would_not_unpack_it(page, monkeypatch, most):
    monkeypatch.setattr(attachments, "MOST_PACKED", most)
    data, update = b'{"sha256": "00"}' * 500, Update(page)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    attachments.add_attachment(update, data, name="a.json", media_type="application/json", description="a", at=at)
    made = update.bytes()
    assert (data in made) is (most < len(data))
    assert [bytes(a) for a in PdfReader(io.BytesIO(made), strict=True).attachments["a.json"]] == [data]


def test_labels_are_not_put_on_twice(page):
    update = Update(page)
    with pytest.raises(EvidenceError):
        add_labels(Update(_with_labels(page)), [RUN])
    add_labels(update, [RUN])


def _with_labels(page: bytes) -> bytes:
    return page.replace(b"/Type/Catalog", b"/PageLabels 0")


def test_as_many_numbers_as_pages(page):
    with pytest.raises(EvidenceError, match="numbered"):
        add_stamps(Update(page), ["MSP000001", "MSP000002"])


@pytest.mark.parametrize(
    "wrong", [{"bates": ["MSP000008"]}, {"bookmarks": ["MSP000007"]}, {"manifest": b"{}"}, {"bates": ["MSP000007"] * 2}]
)
def test_a_file_that_is_not_as_meant_is_refused(page, wrong):
    meant = {"bates": ["MSP000007"], "bookmarks": [], "manifest": None, "file": "x.pdf"}
    check(finished(page), **meant)
    with pytest.raises(SelfTestError, match=r"x\.pdf was read back"):
        check(finished(page), **{**meant, **wrong})


def test_a_page_that_shows_another_number_than_its_label_is_refused(page):
    with pytest.raises(SelfTestError, match=r"x\.pdf was read back"):
        check(finished(page, shown="MSP000008"), file="x.pdf", bates=["MSP000007"], bookmarks=[], manifest=None)
