"""The rules that a connector is held to, and how a breach of one is told to its author.

docs/writing-a-connector.md explains each rule; the numbers are the same there.
"""

from __future__ import annotations

from typing import Final

RULES: Final[dict[int, str]] = {
    1: "It only reads: GET, and POST to the search addresses that its author names.",
    2: "It talks to the configured host only: no redirect and no link leads it elsewhere.",
    3: "It hands over bytes as they were received, content coding and all.",
    4: "A secret stands nowhere: not in exchanges, records, errors, facts, logs or on the screen.",
    5: "Every record is marked: kind, id and the exact bytes.",
    6: "Nothing is lost in silence: asked = received + missing, and what is refused is missing, not zero.",
    7: "It waits when it is told to, and asks again when the server stumbles.",
    8: "Every loop ends, whatever the server says.",
    9: "What was acknowledged is not fetched again by the next run.",
    10: "It raises the errors of psa_evidence only, and lets those of the recorder through.",
    11: "Interpretation is pure: same records, same result, with no network, clock, file or chance.",
    12: "Interpretation never raises on what bytes hold: what cannot be read is in `unread`.",
    13: "A field that it does not know is named in `SourceRef.unknown`.",
    14: "Text comes out as it went in: every script, control character and length.",
    15: "It prints nothing: stdout belongs to the data of the commands.",
    16: "What it names as a plain copy of a record's member is one.",
}
WHERE: Final = "docs/writing-a-connector.md"


class Nonconformance(AssertionError):  # noqa: N818 - a word, as in the standards
    """A rule was broken. `rule` is its number in RULES; the message says what was seen and what to change."""

    def __init__(self, rule: int, seen: str, change: str = "") -> None:
        self.rule = rule
        lines = [seen, f"Rule {rule}: {RULES[rule]}"]
        lines += [f"Change: {change}"] if change else []
        super().__init__("\n".join([*lines, f"See {WHERE}, rule {rule}."]))


class SuiteMisused(AssertionError):  # noqa: N818
    """The suite cannot judge: what its user gave it does not let the behaviour appear."""


def require(holds: object, rule: int, seen: str, change: str = "") -> None:
    """Raises Nonconformance unless `holds`."""
    if not holds:
        raise Nonconformance(rule, seen, change)


def needs(holds: object, what: str) -> None:
    """Raises SuiteMisused unless `holds`."""
    if not holds:
        raise SuiteMisused(f"The suite cannot judge this: {what} See {WHERE}, section 'The kit'.")
