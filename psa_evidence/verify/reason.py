"""The words in which `sla_results.csv` says why a computed stage was met, was missed, or is still open. People read
these, so they must state the figures of their row.

    2 h 05 min of open time, 1 h 55 min left          met; without the second half the target was shared
    missed by 12 min 09 s; due 2026-03-02T14:00:00Z   missed; without `by ...` likewise
    missed by 1 h; due ...; still open at ...         not met by the date of the records
    still open at ...; due ...                        not determined, nor due yet
    still open at ...; the clock is paused, 1 h left  the same
    ... = 68 min, target 8 h                          of the PSA's own figures

All forms stand in docs/format/verification.md, under 9.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

_LENGTH: Final = r"[0-9][0-9, a-z:]{0,40}?"
_AT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_NEVER: Final = "never: the calendar does not open"
_DUE: Final = f"(?P<due>{_AT}|{_NEVER})"
_FORMS: Final[tuple[tuple[Literal["met", "missed", "open"], re.Pattern[str]], ...]] = (
    ("met", re.compile(rf"(?P<elapsed>{_LENGTH}) of open time(?:, (?P<apart>{_LENGTH}) left)?", re.ASCII)),
    ("missed", re.compile(
        rf"missed(?: by (?P<apart>{_LENGTH}))?; due {_DUE}(?:; still open at (?P<open>{_AT}))?", re.ASCII
    )),
    ("open", re.compile(
        rf"still open at (?P<open>{_AT}); (?:due {_DUE}|the clock is paused(?:, (?P<apart>{_LENGTH}) left)?"
        "|the priority it has now brings no target)", re.ASCII,
    )),
)  # fmt: skip
_QUOTED: Final = re.compile(rf".* = (?P<minutes>\d{{1,12}}) min, target (?P<target>{_LENGTH})", re.ASCII)
_INSTANT: Final = re.compile(_AT, re.ASCII)
_WORDS: Final = re.compile(r"(?:([\d,]{1,15}) h)?(?: ?(\d\d?) min)?(?: ?(\d\d?) s)?", re.ASCII)
_COLONS: Final = re.compile(r"(\d{1,12}):(\d\d):(\d\d)", re.ASCII)
"""As packs of the first weeks wrote it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`elapsed` and `apart` (what is left of the target, or by how much it was missed) in seconds; instants as tables
    have them, `due` empty for never. None: not stated."""

    verdict: Literal["met", "missed", "open"]
    elapsed: int | None
    apart: int | None
    due: str | None
    open_at: str | None


@lru_cache(maxsize=256)
def reason_of(text: str) -> Reason | None:
    """None when it is written in none of these ways."""
    for verdict, form in _FORMS:
        if (found := form.fullmatch(text)) is not None:
            said = found.groupdict()
            lengths = {name: _seconds(said[name]) for name in ("elapsed", "apart") if said.get(name)}
            if None in lengths.values():
                return None
            due = said.get("due")
            return Reason(
                verdict, lengths.get("elapsed"), lengths.get("apart"), "" if due == _NEVER else due, said.get("open")
            )
    return None


def is_quoted(text: str, elapsed: int | None, target: int, instants: set[str]) -> bool:
    """Whether the reason of a verdict by the PSA's own figures states the figures of its row: minutes and target where
    there are seconds, and no instant but those of the row."""
    if elapsed is None:
        return set(_INSTANT.findall(text)) <= instants
    said = _QUOTED.fullmatch(text)
    return said is not None and int(said["minutes"]) == elapsed // 60 and _seconds(said["target"]) == target


def _seconds(length: str) -> int | None:
    """`2 h 05 min 09 s`, whole seconds; None when it is no length of time."""
    found = _WORDS.fullmatch(length) or _COLONS.fullmatch(length)
    if found is None:
        return None
    hours, minutes, seconds = (int((each or "0").replace(",", "") or "0") for each in found.groups())
    return hours * 3600 + minutes * 60 + seconds
