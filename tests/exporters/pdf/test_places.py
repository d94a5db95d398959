"""Where everything stands is read from the laid-out file, and a file written otherwise is refused."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import Paragraph, Part
from psa_evidence_pdf import places
from psa_evidence_pdf.documents import document_data
from psa_evidence_pdf.plan import Plan
from psa_evidence_pdf.stand_ins import stand_ins
from psa_evidence_pdf.typesetting import Job
from psa_evidence_pdf.volumes import Limits


@pytest.fixture(scope="module")
def laid_out(make_pack, make_ticket):
    """Eleven short parts, some on one page, then three exhibits: `p10` stands behind `p9`, by name before it."""
    parts = tuple(
        Part(id=f"part-{n}", number=n + 1, title=f"Part {n}", page_kind="B", blocks=(Paragraph(text="Said."),))
        for n in range(11)
    )
    plan = Plan.of(make_pack(*(make_ticket(n) for n in (1, 2, 3)), parts=parts), Limits())
    (document,) = plan.documents
    return document, Job(document_data(plan, document).data, 0).typeset(stand_ins(plan, document))


def test_every_part_and_exhibit_stands_where_another_reader_finds_it_in_order(laid_out):
    document, pdf = laid_out
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    found = places.positions(pdf)
    assert found.pages == len(reader.pages)
    assert tuple(found.places) == document.ids
    assert len(set(found.places.values())) < len(found.places)
    assert found.places == {
        name: reader.get_destination_page_number(there) + 1 for name, there in reader.named_destinations.items()
    }


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [(b"/Dests<</Names", b"/Dests<</Kids "), (b"(p10)", b"(p%0)"), (b"/XYZ", b"/Fit")],
)
def test_a_file_that_names_its_places_otherwise_is_refused(laid_out, written, otherwise):
    _, pdf = laid_out
    assert written in pdf
    with pytest.raises(EvidenceError, match="could not be"):
        places.positions(pdf.replace(written, otherwise))
