"""The incident log's CSV, held in columns of small integers.

The log has one line per event: all fields of an incident as they stood after it. Times are day-first, without a zone,
and taken as UTC. `?` means unknown and becomes None. 141,712 events take about 20 MB.
"""

from __future__ import annotations

import csv
import gzip
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO

KEPT = (
    "incident_state",
    "made_sla",
    "reopen_count",
    "caller_id",
    "opened_by",
    "contact_type",
    "location",
    "category",
    "subcategory",
    "u_symptom",
    "cmdb_ci",
    "impact",
    "urgency",
    "priority",
    "assignment_group",
    "assigned_to",
    "knowledge",
    "u_priority_confirmation",
    "problem_id",
    "rfc",
    "vendor",
    "closed_code",
    "resolved_by",
    "sys_updated_by",
)
"""Columns kept as words."""
TIMES = ("sys_updated_at", "opened_at", "resolved_at", "closed_at")
"""Columns kept as minutes since 1970; -1 is unknown."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IncidentLogError(ValueError):
    """The file is not an incident log."""


class IncidentLog:
    """Incidents in ascending number, each with its events in the order of time (the file's order within a minute)."""

    def __init__(self, path: Path) -> None:
        """`OSError` when the file cannot be read, `IncidentLogError` when it is not an incident log."""
        self.numbers: array[int] = array("q")
        """Ticket ids: INC0000045 is 45."""
        self._starts: array[int] = array("l")
        self._words: dict[str, list[str | None]] = {name: [None] for name in KEPT}
        self._columns: dict[str, array[int]] = {name: array("i") for name in (*KEPT, *TIMES)}
        with _opened(path) as stream:
            self._read(csv.reader(stream))
        self._starts.append(len(self._columns["sys_updated_at"]))
        self._place = {number: at for at, number in enumerate(self.numbers)}

    @property
    def events(self) -> int:
        return self._starts[-1]

    def place(self, number: int) -> int | None:
        """Where an incident stands in `numbers`."""
        return self._place.get(number)

    def span(self, place: int) -> range:
        """The events of an incident; never empty."""
        return range(self._starts[place], self._starts[place + 1])

    def word(self, column: str, event: int) -> str | None:
        return self._words[column][self._columns[column][event]]

    def changed(self, columns: Sequence[str], event: int) -> list[str]:
        """Those of the columns in which the event before had another word."""
        held = self._columns
        return [name for name in columns if held[name][event] != held[name][event - 1]]

    def minute(self, column: str, event: int) -> int:
        return self._columns[column][event]

    def words(self, column: str) -> list[str]:
        """All known words of a column, in the order of their first appearance."""
        return [word for word in self._words[column] if word is not None]

    def last_minute(self) -> int:
        return max(self._columns["sys_updated_at"])

    def _read(self, lines: Iterator[list[str]]) -> None:
        try:
            header = next(lines, [])
            missing = {"number", *KEPT, *TIMES} - set(header)
            if missing:
                raise IncidentLogError(f"the incident log has no column {min(missing)}")
            owners = self._fill(header, lines)
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise IncidentLogError(f"the incident log cannot be read: {type(error).__name__}") from error
        if not owners or min(self._columns["sys_updated_at"]) < 0:
            raise IncidentLogError("the incident log has no events, or an event without a time")
        self._group(owners)

    def _fill(self, header: list[str], lines: Iterator[list[str]]) -> array[int]:
        """Read the events in the file's order; returns the incident each belongs to."""
        owners = array("q")
        minutes: dict[str, int] = {}
        codes: dict[str, dict[str, int]] = {name: {"?": 0, "": 0} for name in KEPT}
        word_columns = [(header.index(n), codes[n], self._words[n], self._columns[n]) for n in KEPT]
        time_columns = [(header.index(n), self._columns[n]) for n in TIMES]
        number_at = header.index("number")
        for line in lines:
            if len(line) != len(header):
                raise IncidentLogError("a line of the incident log has the wrong number of columns")
            owners.append(_ticket_id(line[number_at]))
            for at, known, words, column in word_columns:
                code = known.get(line[at])
                if code is None:
                    code = _code(line[at], known, words)
                column.append(code)
            for at, column in time_columns:
                column.append(_minute(line[at], minutes))
        return owners

    def _group(self, owners: array[int]) -> None:
        """Bring the events into the order of incident, time and file."""
        times = self._columns["sys_updated_at"]
        order = sorted(range(len(owners)), key=lambda event: (owners[event], times[event]))
        for name, column in self._columns.items():
            self._columns[name] = array("i", map(column.__getitem__, order))
        for at, event in enumerate(order):
            if not self.numbers or self.numbers[-1] != owners[event]:
                self.numbers.append(owners[event])
                self._starts.append(at)


def _code(text: str, known: dict[str, int], words: list[str | None]) -> int:
    """Number a text not met before. Spaces do not make another word (`Opened by  8`)."""
    word = " ".join(text.split())
    if word not in known:
        known[word] = len(words)
        words.append(word)
    known[text] = known[word]
    return known[text]


@lru_cache(maxsize=4096)
def stamp(minute: int) -> str:
    """Minutes since 1970 as the API writes times."""
    return (_EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(minute: int) -> datetime:
    return _EPOCH + timedelta(minutes=minute)


def _ticket_id(number: str) -> int:
    digits = number.removeprefix("INC")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) < 2**31:
        raise IncidentLogError("an incident's number is not INC and digits")
    return int(digits)


def _minute(text: str, known: dict[str, int]) -> int:
    found = known.get(text)
    if found is None:
        found = known[text] = -1 if text in {"?", ""} else _parsed(text)
    return found


def _parsed(text: str) -> int:
    try:
        at = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)
    except ValueError:
        raise IncidentLogError("a time in the incident log is not day/month/year hour:minute") from None
    return (at - _EPOCH) // timedelta(minutes=1)


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
