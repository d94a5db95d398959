"""File names from strangers: which are refused, and how one is shown to people."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MAX_PATH: Final = 1024
"""Characters. Our longest paths have about 150."""

MAX_SEGMENT: Final = 255
"""What the usual file systems allow."""

MAX_DEPTH: Final = 32
"""Folders within folders. Ours have four."""

_SHOWN: Final = 200
_NOT_RESERVED: Final = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|\Z))"
_PLAIN: Final = re.compile(
    rf"{_NOT_RESERVED}[a-z0-9_-]+(?:/{_NOT_RESERVED}[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?){{1,8}}",
    re.ASCII | re.IGNORECASE,
)
"""Paths as ours are, in a folder: nothing that the rules below ask about can be wrong with one that is short."""
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)", re.IGNORECASE)
_UNPORTABLE: Final = re.compile(r'[<>:"|?*\\]')
_FORMAT_CATEGORIES: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
BESIDE: Final = "__MACOSX"
"""The folder that macOS puts beside the one that it makes a ZIP file of."""
SYSTEM_FILES: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", BESIDE})
"""What operating systems leave in folders that somebody looked at."""


def escape(path: str) -> str | None:
    """Why `path` may lead out of the bag or cannot be a path in it; None when it stays inside."""
    if _is_plain(path):
        return None
    if not path:
        return "an empty path"
    if len(path) > MAX_PATH:
        return f"a path of {len(path):,} characters, over the limit of {MAX_PATH:,}"
    if path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path):
        return "an absolute path"
    if "\x00" in path:
        return "a path with a null character"
    segments = path.split("/")
    if len(segments) > MAX_DEPTH:
        return f"a path {len(segments)} folders deep, over the limit of {MAX_DEPTH}"
    if any(segment in {"", ".", ".."} for segment in segments) or ".." in re.split(r"[\\/]", path):
        return "a path with an empty, . or .. part"
    return None


def unportable(path: str) -> str | None:
    """Why a pack may not use `path`: it would be another name, or none, on some computer. None when it may."""
    if _is_plain(path):
        return None
    if reason := escape(path):
        return reason
    if not path.isascii() and unicodedata.normalize("NFC", path) != path:
        return "a path that is not in Unicode normal form C"
    if any(unicodedata.category(character) in _FORMAT_CATEGORIES for character in path if not " " <= character <= "~"):
        return "a path with invisible or unassigned characters"
    for segment in path.split("/"):
        if len(segment.encode()) > MAX_SEGMENT:
            return f"a name over {MAX_SEGMENT} bytes"
        if _UNPORTABLE.search(segment) or segment.endswith((".", " ")) or segment.startswith(" "):
            return "a name that Windows cannot hold"
        if _RESERVED.match(segment):
            return "a name reserved by Windows"
    return None


@lru_cache(maxsize=1 << 15)
def _is_plain(path: str) -> bool:
    return len(path) <= MAX_SEGMENT and _PLAIN.fullmatch(path) is not None


def twin(path: str) -> str:
    """Paths with the same twin are one file on some computer, or look the same to a reader."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def shown(text: str) -> str:
    """`text` made harmless for terminals and JSON: no control, direction or half characters, bounded."""
    safe = "".join(
        character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in text[: _SHOWN + 1]
    )
    return safe if len(safe) <= _SHOWN else f"{safe[:_SHOWN]}…"
