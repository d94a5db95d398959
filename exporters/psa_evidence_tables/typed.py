"""A text of a table as a typed value: number, instant, day, yes or no. What does not read as its type stays text."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from psa_evidence.spi import ColumnType

Value = str | int | float | bool | datetime | date

_INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_DIGITS = 15
"""A spreadsheet keeps numbers as IEEE 754 doubles: fifteen decimal digits are safe, a sixteenth may change."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_YEAR = 1901
"""Spreadsheets count days from 1900, a year that they take for a leap year: before 1 March 1900 they are wrong."""


def value(text: str, kind: ColumnType) -> Value:
    """Instants are naive and in UTC, because spreadsheets know no zones. Never raises."""
    match kind:
        case "integer" | "seconds" if _INTEGER.fullmatch(text) and _digits(text) <= _DIGITS:
            return int(text)
        case "decimal" if _DECIMAL.fullmatch(text) and _digits(text) <= _DIGITS:
            number = float(text)
            return number if math.isfinite(number) else text
        case "datetime" if _INSTANT.fullmatch(text):
            return _instant(text)
        case "date" if _DAY.fullmatch(text):
            return _day(text)
        case "boolean" if text in {"yes", "no"}:
            return text == "yes"
        case _:
            return text


def _instant(text: str) -> datetime | str:
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return found if found.year >= _FIRST_YEAR else text


def _day(text: str) -> date | str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return found if found.year >= _FIRST_YEAR else text


def _digits(text: str) -> int:
    """Significant digits."""
    return len(re.sub(r"[eE].*|\D", "", text).strip("0")) or 1
