"""Threads take short turns during a capture, and as before afterwards."""

from __future__ import annotations

import sys

import pytest

from psa_evidence.capture.turns import short_turns


@pytest.fixture
def interval():
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_turns_are_as_before_afterwards_also_after_an_error(interval):
    sys.setswitchinterval(0.005)
    within = []

    @short_turns()
    def stops():
        within.append(sys.getswitchinterval())
        raise ValueError("stops")

    with pytest.raises(ValueError, match="stops"):
        stops()
    assert within == [pytest.approx(0.0005, abs=2e-6)]
    assert sys.getswitchinterval() == pytest.approx(0.005, abs=2e-6)


def test_shorter_turns_stay(interval):
    sys.setswitchinterval(0.0001)
    with short_turns():
        assert sys.getswitchinterval() == pytest.approx(0.0001, abs=2e-6)
