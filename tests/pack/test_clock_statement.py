from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.pack.clock_statement import clock_statement
from psa_evidence.records import Digest, SourceRef
from psa_evidence.sla.results import Interval, StageResult, TicketSla
from psa_evidence.spi import Table

ENTERED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LONG = "status 'Waiting', in doubt (the history has a gap: a line of 2026-03-02 names 'New' as the one before): counted"
CLOSED = "; outside opening hours"


def printed(*reasons, sources=None):
    """What the rows of the table of intervals say, the sum aside."""
    intervals = tuple(
        Interval(
            ENTERED + timedelta(hours=n), ENTERED + timedelta(hours=n + 1), "closed" if CLOSED in why else "counted",
            0 if CLOSED in why else 3600, why, sources[n] if sources else None,
        )
        for n, why in enumerate(reasons)
    )  # fmt: skip
    results = tuple(
        StageResult(
            "7", stage, reading, "met", "met", elapsed_seconds=0, intervals=intervals if reading != "psa" else ()
        )
        for stage in ("response", "plan", "resolution")
        for reading in ("psa", "contract", "strict")
    )
    dossier = SimpleNamespace(zone=UTC, sla={"7": TicketSla("7", results)})
    blocks = clock_statement(dossier, SimpleNamespace(id="7"))
    [table] = [b for b in blocks if isinstance(b, Table) and b.columns[0].title == "From"]
    assert all((row[3] == "as above") == (row[4] == "as above") for row in table.rows)
    return [row[3] for row in table.rows[:-1]]


def test_a_long_reason_is_not_printed_at_every_night_again():
    assert printed(LONG, LONG + CLOSED, LONG, "status 'Closed'", LONG + CLOSED, LONG) == [
        LONG, "as above", "as above", "status 'Closed'", LONG + CLOSED, "as above",
    ]  # fmt: skip


@pytest.mark.parametrize("why", ["status 'New'", "open time; no pause honoured"])
def test_a_short_reason_stands_in_every_row(why):
    assert printed(why, why + CLOSED, why) == [why, why + CLOSED, why]


def test_a_reason_that_another_record_bears_is_printed():
    first, second = (SourceRef("history", str(n), Digest("a" * 64)) for n in (1, 2))
    assert printed(LONG, LONG, sources=(first, second)) == [LONG, LONG]
    assert printed(LONG, LONG, sources=(first, first)) == [LONG, "as above"]
