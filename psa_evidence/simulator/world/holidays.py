"""Public holidays: one row for each day and list, as the PSA keeps them (it knows no rule, only dates)."""

from __future__ import annotations

from datetime import date, time, timedelta

from psa_evidence.simulator.world.clock import DayOff

_YEARS = range(2024, 2031)
_HALF = (time(12, 0), time(18, 0))


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; nth = -1 is the last."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _easter(year: int) -> date:
    """Gregorian Easter, the anonymous algorithm."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def united_states() -> list[DayOff]:
    days: list[DayOff] = []
    for year in _YEARS:
        thanksgiving = _nth(year, 11, 3, 4)
        days += [
            DayOff(_observed(date(year, 1, 1)), "New Year's Day"),
            DayOff(_nth(year, 1, 0, 3), "Martin Luther King Jr. Day"),
            DayOff(_nth(year, 5, 0, -1), "Memorial Day"),
            DayOff(_observed(date(year, 7, 4)), "Independence Day"),
            DayOff(_nth(year, 9, 0, 1), "Labor Day"),
            DayOff(thanksgiving, "Thanksgiving"),
            DayOff(thanksgiving + timedelta(days=1), "Day after Thanksgiving (closes at noon)", _HALF),
            DayOff(date(year, 12, 24), "Christmas Eve (closes at noon)", _HALF),
            DayOff(_observed(date(year, 12, 25)), "Christmas Day"),
        ]
    days.append(DayOff(date(2025, 6, 13), "Office move, desk closed 12:00 to 15:00", (time(12, 0), time(15, 0))))
    days.append(DayOff(date(2026, 5, 8), "Company day"))
    return sorted({day.day: day for day in days}.values(), key=lambda day: day.day)


def england_and_wales() -> list[DayOff]:
    days: list[DayOff] = []
    for year in _YEARS:
        christmas = date(year, 12, 25)
        easter = _easter(year)
        days += [
            DayOff(date(year, 1, 1), "New Year's Day"),
            DayOff(easter - timedelta(days=2), "Good Friday"),
            DayOff(easter + timedelta(days=1), "Easter Monday"),
            DayOff(_nth(year, 5, 0, 1), "Early May bank holiday"),
            DayOff(_nth(year, 5, 0, -1), "Spring bank holiday"),
            DayOff(_nth(year, 8, 0, -1), "Summer bank holiday"),
            DayOff(christmas, "Christmas Day"),
            DayOff(christmas + timedelta(days=1), "Boxing Day"),
        ]
    return sorted({day.day: day for day in days}.values(), key=lambda day: day.day)
