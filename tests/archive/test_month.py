"""Months in a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from psa_evidence.archive.month import MOST_DUE, Month, months_due
from psa_evidence.errors import ConfigurationError


def test_the_last_closed_month_is_counted_in_the_zone():
    just_after_utc = datetime(2026, 11, 1, 2, tzinfo=UTC)
    assert Month.last_closed(just_after_utc, "UTC") == Month(2026, 10)
    assert Month.last_closed(just_after_utc, "America/New_York") == Month(2026, 9)


def test_days_of_december_and_february():
    assert Month(2025, 12).last_day == date(2025, 12, 31)
    assert Month(2024, 2).last_day == date(2024, 2, 29)


def test_a_month_is_open_until_its_last_day_is_over_in_the_zone():
    assert not Month(2026, 10).closed(datetime(2026, 11, 1, 2, tzinfo=UTC), "America/New_York")
    assert Month(2026, 10).closed(datetime(2026, 11, 1, 5, tzinfo=UTC), "America/New_York")


@pytest.mark.parametrize("text", ["2026-13", "2026", "26-01", "2026-1", "2026-01-01", "x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ConfigurationError):
        Month.parse(text)


def test_months_that_passed_while_the_computer_was_off_are_due(tmp_path):
    last = Month(2026, 2)
    assert months_due(tmp_path / "none yet", last) == [last]
    (tmp_path / "2025-10").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "2026-01").write_text("a file is no month")
    assert months_due(tmp_path, last) == [Month(2025, 11), Month(2025, 12), Month(2026, 1), last]
    (tmp_path / "2026-02").mkdir()
    assert months_due(tmp_path, last) == [last]
    assert months_due(tmp_path, Month(2026, 1)) == [Month(2026, 1)]


def test_after_years_the_newest_months_are_due(tmp_path):
    (tmp_path / "2010-01").mkdir()
    due = months_due(tmp_path, Month(2026, 2))
    assert (len(due), due[-1]) == (MOST_DUE, Month(2026, 2))
