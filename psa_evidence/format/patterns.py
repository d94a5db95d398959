"""Long lists of our own documents, read by a pattern: what our writer writes, nearly always, and nothing else.

A list in which each item is spelt as the pattern says is in canonical form, whole, and says what the general reader
would find. Anything else is no error here: the general reader then says what it is.
"""

from __future__ import annotations

import re
from typing import Final

TEXT: Final = r'"([ !#-\[\]-~]*+)"'
"""A text in ASCII without a character that JSON escapes."""
NUMBER: Final = r"(0|[1-9][0-9]{0,14}+)"
"""Below 2^53, as every whole number of 15 digits is."""
DIGEST: Final = r'"([0-9a-f]{64})"'


def item(*parts: str) -> re.Pattern[str]:
    """One item of a list, and what follows it: a comma and another item, or the end."""
    return re.compile("".join(parts) + r"(?:,(?=\{)|(?=\]))")


def or_null(part: str) -> str:
    """The group is None for `null`."""
    return f"(?:{part}|null)"


def items_of(pattern: re.Pattern[str], text: str, at: int) -> tuple[list[tuple[str, ...]], int]:
    """The groups of each item from `at` on, as far as they are spelt so, and where the next one or the end stands."""
    found: list[tuple[str, ...]] = []
    while (match := pattern.match(text, at)) is not None:
        found.append(match.groups())
        at = match.end()
    return found, at
