"""Seconds and instants in words."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from psa_evidence.sla.display import duration, in_column, instant, quoted


@pytest.mark.parametrize(
    ("seconds", "words", "column"),
    [
        (0, "0 s", "0:00:00"), (1, "1 s", "0:00:01"), (59, "59 s", "0:00:59"), (60, "1 min", "0:01:00"),
        (61, "1 min 01 s", "0:01:01"), (3599, "59 min 59 s", "0:59:59"), (3600, "1 h", "1:00:00"),
        (3601, "1 h 00 min 01 s", "1:00:01"), (3660, "1 h 01 min", "1:01:00"), (7509, "2 h 05 min 09 s", "2:05:09"),
        (3_600_000, "1,000 h", "1000:00:00"), (-61, "-1 min 01 s", "-0:01:01"), (-7200, "-2 h", "-2:00:00"),
    ],
)  # fmt: skip
def test_durations_are_exact(seconds, words, column):
    assert (duration(seconds), in_column(seconds)) == (words, column)


def test_instants_are_in_utc_and_names_as_received():
    at = datetime(2026, 3, 2, 9, 15, 0, 999_999, tzinfo=UTC)
    assert instant(at) == instant(at.astimezone(timezone(timedelta(hours=-6)))) == "2026-03-02T09:15:00Z"
    assert (quoted(None), quoted("it's"), quoted("")) == ("none", "'it's'", "''")
