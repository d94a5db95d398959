"""What a capture asked for, in the words it sent: its requests grouped by address and parameters, with how many there
were of each.

An address that a connector made for one record stands here as a pattern. Numbers that are no date become `{id}`, page
numbers `{n}`; a text in quotes becomes `{text}` unless it is one plain word, and the name or identifier of another
client becomes `{client}` wherever it stands. Sizes of pages and dates are printed as sent. Credentials were removed
before the vault stored the address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

COUNT: Final = "/count"
"""Ending of an address that asks how many records a list has."""

_SHARED: Final = 0.9
"""A folder that so many of the addresses lie in is said once, as what is common to them."""

_PLAIN_IDS: Final = re.compile(r"(?<=[/=])(?<!ize=)(?<!mit=)\d+(?=[/&?]|$)")
"""Whole numbers as a step of the path or as a value: a cheap first grouping, since most addresses differ in them
alone."""
_STEP: Final = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{24,}")
_SIZE: Final = re.compile(r"size|limit", re.IGNORECASE)
_PAGE: Final = re.compile(r"page|offset|cursor", re.IGNORECASE)
_SECRET: Final = re.compile(r"key|token|secret|passw|pwd|auth|sign|session", re.IGNORECASE)
"""Names of parameters whose values are never printed, though no connector may put a key into an address."""
_QUOTED: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_WORD: Final = re.compile(r"[A-Za-z]+")
_KEPT: Final = re.compile(r"(\[[^\]]*\]|\{[a-z]+\}|\d{4}-\d\d-\d\d[T0-9:.Z+-]*)|\d+(?:\s*,\s*\d+)*")
"""Dates, in brackets or not, and what was replaced already; else a number, or several with commas."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests of one pattern: `path` below what is common, `query` with its parameters as they were sent, decoded;
    `counted`: how many requests asked for the number of the same records."""

    path: str
    query: str
    times: int
    counted: int = 0


@dataclass(frozen=True, slots=True)
class QueryTexts:
    """Of one capture. `base` is the path that its addresses have in common."""

    capture: str = ""
    base: str = ""
    asked: tuple[Asked, ...] = ()


def query_texts(capture: str, addresses: Iterable[str], others: Collection[str] = ()) -> QueryTexts:
    """`addresses` are the full URLs of the requests of a capture; `others` names and identifiers of other clients."""
    rough = Counter(_PLAIN_IDS.sub("0", address) for address in addresses)
    hidden = _hiding(others)
    found: Counter[tuple[tuple[str, ...], str]] = Counter()
    for address, times in rough.items():
        url = urlsplit(address)
        steps = tuple("{id}" if _STEP.fullmatch(step) else step for step in url.path.split("/") if step)
        found[steps, _query(url.query, hidden)] += times
    base = _common([steps for steps, _ in found])
    rows: dict[tuple[str, str], int] = {}
    for (steps, query), times in sorted(found.items()):
        inside = steps[: len(base)] == base
        rows["/".join(steps[len(base) :]) if inside else f"/{'/'.join(steps)}", query] = times
    return QueryTexts(capture, "/".join(base), _folded(rows))


def _folded(rows: dict[tuple[str, str], int]) -> tuple[Asked, ...]:
    """Requests for a number stand with those for the records, where the conditions are the same."""
    lists = {(path, _unpaged(query)): (path, query) for path, query in reversed(rows)}
    counted: dict[tuple[str, str], int] = {}
    for (path, query), times in rows.items():
        of = lists.get((path.removesuffix(COUNT), _unpaged(query))) if path.endswith(COUNT) else None
        if of is not None:
            counted[of] = counted.get(of, 0) + times
            counted[path, query] = 0
    return tuple(
        Asked(path, query, times, counted.get((path, query), 0))
        for (path, query), times in rows.items()
        if not (path.endswith(COUNT) and (path, query) in counted)
    )


def _unpaged(query: str) -> str:
    parts = (part for part in query.split("&") if part)
    return "&".join(
        part for part in parts if not _PAGE.search(part.partition("=")[0]) and not part.startswith("orderBy=")
    )


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that nearly all different addresses lie in; the last step of an address is no folder."""
    base: tuple[str, ...] = ()
    while paths:
        nexts = Counter(
            path[: len(base) + 1] for path in paths if path[: len(base)] == base and len(path) > len(base) + 1
        )
        if not nexts:
            break
        longer, number = max(nexts.items(), key=lambda item: (item[1], item[0]))
        if number < _SHARED * len(paths):
            break
        base = longer
    return base


def _query(query: str, hidden: re.Pattern[str] | None) -> str:
    return "&".join(f"{name}={_value(name, value, hidden)}" for name, value in parse_qsl(query, keep_blank_values=True))


def _value(name: str, value: str, hidden: re.Pattern[str] | None) -> str:
    if _SECRET.search(name):
        return "{removed}"
    if _SIZE.search(name):
        return value
    if _PAGE.search(name):
        return "{n}"
    if hidden is not None:
        value = hidden.sub("{client}", value)
    value = _QUOTED.sub(_quoted, value)
    return _KEPT.sub(lambda found: found[1] or ("{ids}" if "," in found[0] else "{id}"), value)


def _quoted(found: re.Match[str]) -> str:
    text = found[1] if found[1] is not None else found[2]
    return found[0] if _WORD.fullmatch(text) or text == "{client}" else '"{text}"'


def _hiding(others: Collection[str]) -> re.Pattern[str] | None:
    names = sorted((re.escape(name) for name in set(others) if name.strip()), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE) if names else None
