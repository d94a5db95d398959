"""Lines of the record list are put together by hand, and are the JSON that they were when an encoder made them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from psa_evidence.vault.lines import ExchangeLine, ListLine, RecordLine, line_of

AT = datetime(2026, 1, 2, 3, 4, 5, 60_007, tzinfo=UTC)
ELSEWHERE = datetime(2026, 1, 2, 5, 4, 5, tzinfo=timezone(timedelta(hours=2)))
HOSTILE = 'a"b\\c\n\u2028\x00\x7f\u00e9\U0001f600</script>'


def record_line(text, time):
    line = RecordLine(
        text, text or "", "ab" * 32, text, text, time, time, "exchanges-000.warc.gz", 7, 1, 9, False, "cd" * 32
    )
    stamped = None if time is None else "2026-01-02T03:04:05.060007Z" if time is AT else "2026-01-02T03:04:05Z"
    return line, {
        "kind": text, "id": text, "sha256": "ab" * 32, "client": text, "parent": text, "at": stamped,
        "updated_at": stamped, "file": "exchanges-000.warc.gz", "offset": 7, "start": 1, "end": 9, "version": "seen",
        "leaf": "cd" * 32,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "41001-é", HOSTILE])
@pytest.mark.parametrize("time", [None, AT, ELSEWHERE])
def test_a_record_line(text, time):
    line, expected = record_line(text, time)
    assert line.text() == line_of(expected)
    assert line._replace(new=True, client=None, parent=None).text() == line_of(
        expected | {"version": "new", "client": None, "parent": None}
    )


@pytest.mark.parametrize("text", ["", HOSTILE])
def test_an_exchange_line(text):
    line = ExchangeLine("exchanges-000.warc.gz", 7, 9, text, 200, AT, ELSEWHERE, text, text)
    expected = {
        "file": "exchanges-000.warc.gz", "offset": 7, "length": 9, "url": text, "status": 200,
        "started_at": "2026-01-02T03:04:05.060007Z", "finished_at": "2026-01-02T03:04:05Z", "unit": text, "basis": text,
    }  # fmt: skip
    assert line.text() == line_of({"exchange": expected})
    assert line._replace(unit=None).text() == line_of({"exchange": expected | {"unit": None}})


def test_every_line_is_one_line():
    lines = [record_line(HOSTILE, AT)[0], ListLine("note", (HOSTILE,), HOSTILE, (HOSTILE,), complete=True, problem="")]
    for line in lines:
        assert line.text().count("\n") == 1
        json.loads(line.text())
