"""Periods as people say them: "last 18 months", "March 2026", "since contract start". Days, both ends included."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from psa_evidence.errors import ConfigurationError

EXAMPLES: Final = (
    "2026-03-14, 14 March 2026, 2025, March 2026, Q1 2026, last 18 months, last month, this year, since 2025-04-01, "
    "January 2025 to March 2026, since contract start"
)
MOST_UNITS: Final = 1200
"""A hundred years in months; more is a slip of the finger."""

_MONTHS: Final = {
    name.casefold(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_YEAR: Final = re.compile(r"\d{4}")
_SPOKEN_MONTH: Final = re.compile(r"([a-z]+)\.?,? (\d{4})")
_SPOKEN_DAY: Final = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]+)\.?,?"
    r"|(?P<us_month>[a-z]+)\.? (?P<us_day>\d{1,2})(?:st|nd|rd|th)?,?) (?P<year>\d{4})"
)
_QUARTER: Final = re.compile(r"(?:q([1-4]) (\d{4})|(\d{4})[ -]?q([1-4]))")
_LAST: Final = re.compile(r"(?:the )?(?:last|past) (\d{1,5}) (day|week|month|year)s?")
_UNIT: Final = re.compile(r"(?:the )?(last|previous|this) (week|month|quarter|year)")
_SLASHES: Final = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_UP_TO: Final = re.compile(r"(?:from )?(.+?) (?:to|until|till|through|-|–) (.+)")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days. `first` None reaches back without end, `last` None has no end."""

    first: date | None
    last: date | None


def read_period(text: str, *, today: date | None, contract_start: Callable[[], date | None] | None = None) -> Period:
    """The period that `text` means. Raises ConfigurationError with what is understood.

    `today` (in the reader's zone) is what "last" and "this" count from, and the end of "since"; None refuses words that
    mean something else tomorrow. "last 18 months" ends today and begins 18 months ago; "last month" is the whole
    calendar month before this one. `contract_start` is asked only for "since contract start".
    """
    words = " ".join(text.split()).casefold().strip(" .")
    if _SLASHES.fullmatch(words):
        raise ConfigurationError(
            f"{text!r} is not taken: such a date can be read in two ways, day or month first",
            next_step="write it as YYYY-MM-DD",
        )
    found = _named(words, today) or _open(words, today, contract_start) or _from_to(words, today)
    if found is None:
        raise ConfigurationError(
            f"{text!r} is not a period that is understood", next_step=f"write, for instance: {EXAMPLES}"
        )
    if found.first is not None and found.last is not None and found.last < found.first:
        raise ConfigurationError(f"{text!r} ends before it begins", next_step="exchange the two days")
    return found


def _named(words: str, today: date | None) -> Period | None:
    """A day, month, quarter or year, by its date or by its distance from today."""
    try:
        return _dated(words) or (_spoken(words, today) if _relative(words) else None)
    except (ValueError, OverflowError):
        return None


def _dated(words: str) -> Period | None:
    if match := _DAY.fullmatch(words):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return Period(day, day)
    if match := _MONTH.fullmatch(words):
        return _month(int(match[1]), int(match[2]), 1)
    if _YEAR.fullmatch(words):
        return _month(int(words), 1, 12)
    if match := _QUARTER.fullmatch(words):
        year, quarter = int(match[2] or match[3]), int(match[1] or match[4])
        return _month(year, quarter * 3 - 2, 3)
    match = _SPOKEN_MONTH.fullmatch(words)
    if match and match[1] in _MONTHS:
        return _month(int(match[2]), _MONTHS[match[1]], 1)
    match = _SPOKEN_DAY.fullmatch(words)
    if match and (month := match["month"] or match["us_month"]) in _MONTHS:
        day = date(int(match["year"]), _MONTHS[month], int(match["day"] or match["us_day"]))
        return Period(day, day)
    return None


def _month(year: int, month: int, length: int) -> Period:
    first = date(year, month, 1)
    return Period(first, first + relativedelta(months=length) - timedelta(days=1))


def _relative(words: str) -> bool:
    return words in {"today", "yesterday"} or bool(_LAST.fullmatch(words) or _UNIT.fullmatch(words))


def _spoken(words: str, today: date | None) -> Period | None:
    today = _needed(words, today)
    if words == "today":
        return Period(today, today)
    if words == "yesterday":
        return Period(today - timedelta(days=1), today - timedelta(days=1))
    if match := _LAST.fullmatch(words):
        number = int(match[1])
        if not 1 <= number <= MOST_UNITS:
            return None
        back = {"day": relativedelta(days=number), "week": relativedelta(weeks=number),
                "month": relativedelta(months=number), "year": relativedelta(years=number)}[match[2]]  # fmt: skip
        return Period(today - back, today)
    match = _UNIT.fullmatch(words)
    if match is None:
        return None
    first, length = {
        "week": (today - timedelta(days=today.weekday()), relativedelta(weeks=1)),
        "month": (today.replace(day=1), relativedelta(months=1)),
        "quarter": (today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1), relativedelta(months=3)),
        "year": (today.replace(day=1, month=1), relativedelta(years=1)),
    }[match[2]]
    if match[1] == "this":
        return Period(first, today)
    return Period(first - length, first - timedelta(days=1))


def _open(words: str, today: date | None, contract_start: Callable[[], date | None] | None) -> Period | None:
    """`since …` and `until …`."""
    begin, _, rest = words.partition(" ")
    if begin == "since" and rest.removeprefix("the ") in {
        "contract start",
        "start of contract",
        "the contract",
        "contract",
    }:
        first = contract_start() if contract_start is not None else None
        if first is None:
            raise ConfigurationError(
                "the start of the contract is not known",
                why="it is read from the client's agreements in the vault: one client must be named, and captured",
                next_step="capture the client's agreements first, or write the first day: since YYYY-MM-DD",
            )
        return Period(first, today)
    inner = _named(rest, today) if begin in {"since", "from", "until", "before"} else None
    if inner is None:
        return None
    if begin in {"since", "from"}:
        return Period(inner.first, today)
    if begin == "until":
        return Period(None, inner.last)
    return Period(None, inner.first - timedelta(days=1) if inner.first else None)


def _from_to(words: str, today: date | None) -> Period | None:
    match = _UP_TO.fullmatch(words)
    if match is None:
        return None
    begin, end = _named(match[1], today), _named(match[2], today)
    return Period(begin.first, end.last) if begin and end else None


def _needed(words: str, today: date | None) -> date:
    if today is None:
        raise ConfigurationError(
            f"{words!r} means another period each day; a file needs days that stay",
            next_step="write the days, or let `psa-evidence init --matter … --period …` write them",
        )
    return today
