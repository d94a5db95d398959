"""The part on limitations repeats no limit that stands below its question, and loses none whose part is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import limitations
from psa_evidence.spi import Silent

LATE = "When the work was done is what the entry itself says."


@pytest.fixture
def dossier(vault, matter, connector):
    return gather(matter, vault, connector, software="test", progress=Silent()).dossier


def said(dossier, *left_out):
    made = replace(dossier, matter=replace(dossier.matter, left_out_parts=left_out))
    return [(b.text, b.see) for b in limitations.part(made, 28).blocks]


def test_limits_that_stand_below_their_question_are_pointed_to(dossier):
    texts = said(dossier)
    assert not any(LATE in text for text, _ in texts)
    assert ("questions",) in [see for _, see in texts]


def test_limits_of_a_part_that_is_left_out_stand_here(dossier):
    assert any(LATE in text for text, _ in said(dossier, "record-quality"))
    assert all("questions" not in see for _, see in said(dossier, "questions"))
