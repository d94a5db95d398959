"""The garbage collector is slowed down for a capture or a build and for nothing else."""

from __future__ import annotations

import gc

import pytest

from psa_evidence.capture.collecting import seldom_collected


@pytest.fixture
def threshold():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_it_is_as_before_afterwards_also_after_an_error(threshold):
    gc.set_threshold(700, 10, 10)
    within = []

    @seldom_collected()
    def stops():
        within.append(gc.get_threshold())
        raise ValueError("stops")

    with pytest.raises(ValueError, match="stops"):
        stops()
    assert within == [(100_000, 10, 10)]
    assert gc.get_threshold() == (700, 10, 10)


def test_a_search_that_was_put_off_stays_off(threshold):
    gc.set_threshold(0, 10, 10)
    with seldom_collected():
        assert gc.get_threshold() == (0, 10, 10)
