"""An audit text as a reader of the PSA's page saw it: entities resolved, mark-up and odd spaces gone."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

_BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h\d)\b[^<>]*>", re.IGNORECASE)
_CELL: Final = re.compile(r"<\s*/t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<\s*/?\s*(?:b|i|u|s|p|em|strong|span|font|div|a|ul|ol|li|table|tbody|tr|td|th|h\d|code|small|sub|sup)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""Only names of HTML elements: a status may be called `<On hold>`."""
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES: Final = re.compile(r"[^\S\r\n]+")
_SCRIPTS: Final = re.compile(
    r"(?<=[A-Za-z0-9])(?=[\u1100-\u11ff\u3040-\u30ff\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3])"
    r"|(?<=[\u1100-\u11ff\u3040-\u30ff\u3131-\u318e\u4e00-\u9fff\uac00-\ud7a3])(?=[A-Za-z0-9])"
)
"""Where letters of a script that puts no space between words touch others."""
_ROUNDS: Final = 2
"""Some pages escape what was already escaped; more rounds would resolve what people typed."""


def plain(text: str) -> str:
    """The words alone, in Unicode's composed form; line breaks stay, every other run of space is one space."""
    if "&" in text:
        for _ in range(_ROUNDS):
            text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _CELL.sub(" | ", _BREAK.sub("\n", text)))
    if "\\" in text:
        text = text.replace('\\"', '"').replace("\\'", "'")
    if text.isascii():
        return _SPACES.sub(" ", text)
    return _SPACES.sub(" ", _SCRIPTS.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))))
