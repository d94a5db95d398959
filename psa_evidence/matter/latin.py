"""Names in plain letters, for folders and page numbers."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i", "ħ": "h", "Ħ": "H",
})  # fmt: skip
"""Letters of Latin alphabets that no rule of Unicode takes apart."""


def latin(text: str) -> str:
    """`text` in ASCII: accents taken off, letters such as ø and ß as people write them without; the rest left out."""
    return unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
