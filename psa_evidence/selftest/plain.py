"""Texts as they are compared when something is looked for: letters and digits only, one case, one Unicode form.

Line breaks, hyphens at the end of a line, spaces and punctuation do not count, because a page lays a text out anew.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONG: Final = 12
"""Letters and digits from which on a text is looked for anywhere; a shorter one only as whole words."""

_WORD: Final = re.compile(r"[^\W_]+")


def normal(text: str) -> str:
    """NFKC and case folded, twice, because folding may undo the form."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> list[str]:
    """Runs of letters and digits of the normal form.

    What stands for bytes that are no text (U+FFFD) is no letter and goes into no form with its neighbours. Another sign
    of that sort takes its place: what is left is then plain ASCII nearly always, and that has its normal form at once.
    """
    return _WORD.findall(normal(text.replace("\ufffd", "\0")))


def squeezed(text: str) -> str:
    """Letters and digits of the normal form, nothing between them."""
    return "".join(words(text))
