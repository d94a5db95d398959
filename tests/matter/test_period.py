"""Periods in words."""

from __future__ import annotations

from datetime import date

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import parse, read_period

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-03-14", "2026-03-14", "2026-03-14"),
        ("14 March 2026", "2026-03-14", "2026-03-14"),
        ("March 14th, 2026", "2026-03-14", "2026-03-14"),
        ("1st of Feb. 2024 to Feb 29 2024", "2024-02-01", "2024-02-29"),
        ("since 1 March 2026", "2026-03-01", "2026-11-22"),
        ("until 2 Sept 2026", None, "2026-09-02"),
        ("March 2026", "2026-03-01", "2026-03-31"),
        ("  mar.  2026 ", "2026-03-01", "2026-03-31"),
        ("Sept 2025", "2025-09-01", "2025-09-30"),
        ("December 2025", "2025-12-01", "2025-12-31"),
        ("Q1 2026", "2026-01-01", "2026-03-31"),
        ("2026 Q4", "2026-10-01", "2026-12-31"),
        ("last 18 months", "2025-05-22", "2026-11-22"),
        ("the past 1 year", "2025-11-22", "2026-11-22"),
        ("last 2 weeks", "2026-11-08", "2026-11-22"),
        ("last 30 days", "2026-10-23", "2026-11-22"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("previous quarter", "2026-07-01", "2026-09-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("this year", "2026-01-01", "2026-11-22"),
        ("this quarter", "2026-10-01", "2026-11-22"),
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("since 2025-04-01", "2025-04-01", "2026-11-22"),
        ("since last month", "2026-10-01", "2026-11-22"),
        ("until March 2026", None, "2026-03-31"),
        ("before 2026", None, "2025-12-31"),
        ("January 2025 to March 2026", "2025-01-01", "2026-03-31"),
        ("from 2025-01-15 until 2025-02-03", "2025-01-15", "2025-02-03"),
        ("2024 to today", "2024-01-01", "2026-11-22"),
        ("since contract start", "2023-07-01", "2026-11-22"),
        ("Since the start of contract", "2023-07-01", "2026-11-22"),
    ],
)
def test_words_mean_days(words, first, last):
    found = read_period(words, today=TODAY, contract_start=lambda: date(2023, 7, 1))
    assert (found.first and found.first.isoformat(), found.last and found.last.isoformat()) == (first, last)


def test_months_back_from_a_long_month_end_on_the_last_day():
    assert read_period("last 1 month", today=date(2026, 3, 31)).first == date(2026, 2, 28)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "13th of May", "2025-13", "2025-02-30", "Q5 2026", "last 0 months", "last 99999 years",
     "Marchember 2026", "last", "since", "to", "0000", "2026-03-14 to", "last months",
     "31 June 2026", "June 31, 2026", "14 Marchember 2026"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_examples(words):
    with pytest.raises(ConfigurationError, match="not a period") as caught:
        read_period(words, today=TODAY)
    assert "last 18 months" in caught.value.next_step


@pytest.mark.parametrize("words", ["3/4/2026", "03.04.2026"])
def test_a_date_that_two_countries_read_differently_is_refused(words):
    with pytest.raises(ConfigurationError, match="two ways"):
        read_period(words, today=TODAY)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ConfigurationError, match="before it begins"):
        read_period("2026 to 2025", today=TODAY)


@pytest.mark.parametrize("start", [None, lambda: None])
def test_a_contract_whose_start_is_not_known_is_not_guessed(start):
    with pytest.raises(ConfigurationError, match="start of the contract"):
        read_period("since contract start", today=TODAY, contract_start=start)


MATTER = """
[matter]
name = "A"
client = "B"
connection = "main"
period = {period}
time_zone = "America/New_York"
"""


@pytest.mark.parametrize("period", ['"2025"', '"January 2025 to December 2025"'])
def test_a_matter_file_takes_words_that_stay(period):
    found = parse(MATTER.format(period=period).encode(), "m.toml")
    assert (found.first_day, found.last_day) == (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize("period", ['"last 18 months"', '"since 2025"', '"until 2025"', '"soon"'])
def test_a_matter_file_refuses_words_that_mean_something_else_tomorrow(period):
    with pytest.raises(ConfigurationError, match="period"):
        parse(MATTER.format(period=period).encode(), "m.toml")
