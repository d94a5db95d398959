"""A ticket that is left out bears the reason for which it is: a wrong one looks like a choice that was hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts.scope import ticket_counts
from psa_evidence.spi import Silent


@pytest.fixture
def counts(vault, matter, connector, psa):
    """Two tickets of the story lie outside the period; one within a day of it, one far from it."""
    psa.ticket(1010, "2025-03-07T15:00:00+00:00", agreement={"id": 60, "name": "Projects"})
    psa.ticket(1011, "2025-03-08T15:00:00+00:00", agreement=None)
    psa.fill(vault)

    def run(agreement):
        chosen = replace(matter, agreement=agreement)
        return dict(
            ticket_counts(gather(chosen, vault, connector, software="test", progress=Silent()).dossier)
        )  # fmt: skip

    return run


def test_tickets_under_another_agreement_are_not_said_to_lie_outside_the_period(counts):
    assert counts("Managed") == {
        "in the population": 3,
        "out of scope: under another agreement, or none": 2,
        "out of scope: entered outside the period": 2,
        "captured of this client, the sum of the lines above": 7,
    }


def test_tickets_outside_the_period_have_one_reason_however_far_they_lie(counts):
    assert counts(None) == {
        "in the population": 5,
        "out of scope: entered outside the period": 2,
        "captured of this client, the sum of the lines above": 7,
    }
