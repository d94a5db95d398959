"""The calendar of a matter file as the engine counts on it."""

from datetime import UTC, date, datetime

from psa_evidence.matter import Contract, Matter
from psa_evidence.matter.matter import Yearly
from psa_evidence.pack.terms import contract_terms
from psa_evidence.records import Span

HOUR = 3600
OFFICE = ((Span(start=9 * HOUR, end=17 * HOUR),),) * 5 + ((), ())
LONG = ((Span(start=8 * HOUR, end=18 * HOUR),),) * 5 + ((), ())


def hours_on(hours, month, day):
    return hours.elapsed(datetime(2026, month, day, tzinfo=UTC), datetime(2026, month, day + 1, tzinfo=UTC)) // HOUR


def test_each_day_counts_by_the_hours_the_contract_gives_it():
    contract = Contract(
        week=OFFICE, later=((date(2026, 3, 16), LONG),), special=((date(2026, 3, 20), (Span(start=0, end=HOUR),)),),
        holidays=(date(2026, 3, 3),), yearly=(Yearly(3, 4), Yearly(3, 20)),
    )  # fmt: skip
    matter = Matter(
        name="m", client="c", connection="x", first_day=date(2026, 1, 1), last_day=date(2026, 12, 31), time_zone="UTC",
        contract=contract,
    )  # fmt: skip
    hours = contract_terms(matter).calendar
    counted = {day: hours_on(hours, 3, day) for day in (2, 3, 4, 13, 16, 20, 21)}
    assert counted == {2: 8, 3: 0, 4: 0, 13: 8, 16: 10, 20: 1, 21: 0}
