"""Figures and instants as words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.pack import wording

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 01 s"), (3600, "1 h"), (3661, "1 h 01 min 01 s"),
        (3605, "1 h 00 min 05 s"), (7200 * 50, "100 h"), (-90, "-1 min 30 s"), (None, "not known"),
    ],
)  # fmt: skip
def test_durations_are_exact(seconds, words):
    assert wording.duration(seconds) == words


def test_local_time_bears_its_offset_and_is_told_apart_in_the_hour_that_happens_twice():
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    second = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert wording.local(first, NEW_YORK) == "2025-11-02 01:30:00 -04:00"
    assert wording.local(second, NEW_YORK) == "2025-11-02 01:30:00 -05:00"
    assert wording.utc(first) == "2025-11-02T05:30:00Z"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_never_rounded_to_all_or_none(part, whole):
    if part > whole:
        part, whole = whole, part
    text = wording.share(part, whole)
    assert (text == "100.0 %") == (part == whole)
    assert (text == "0.0 %") == (part == 0)


def test_no_share_of_nothing():
    assert wording.share(0, 0) == "-"


def test_an_amount_of_three_hundred_digits_is_written_shortly():
    assert (wording.hours(1e300), wording.money(-1e300, "USD")) == ("1e+300", "-1e+300 USD")
    assert (wording.hours(12.5), wording.money(999_999_999_999_999.0)) == ("12.50", "999,999,999,999,999.00")


def test_names_of_kinds_and_fields_are_words():
    assert wording.named("sla_target") == "SLA target"
    assert [wording.named(name) for name in ("invoice_pdf", "api_member", "time_entry", "id")] == [
        "invoice PDF", "API member", "time entry", "id",
    ]  # fmt: skip


def test_hours_have_separators_like_every_other_number():
    assert wording.hours(10_000.0) == "10,000.00"
