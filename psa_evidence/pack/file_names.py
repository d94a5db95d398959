"""File names made from what others wrote. No text from a record becomes a path; the same input gives the same name."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_NAME: Final = 60
"""Windows allows 260 characters for a whole path unless it is told otherwise, and packs lie deep."""
MAX_ID: Final = 200
"""Characters of an id in a file name: the usual file systems hold 255 bytes with ending and counter."""

_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)


def plain_id(text: str) -> str | None:
    """An id as the stem of a native's name: each character but ASCII letters, digits, `.`, `_`, `-` is written `_`.

    None when no system could hold it under that name (reserved by Windows, empty, too long).
    """
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", text)
    if not plain or len(plain) > MAX_ID or _RESERVED.match(plain):
        return None
    return plain


def native_path(kind: str, record_id: str, ending: str, taken: set[str], first: int = 1) -> str | None:
    """`data/natives/<kind>/<id>.<ending>`; `.2`, `.3`, ... is added while the name is taken, in any case of letters,
    and from the beginning when `first` is more than 1.

    Adds the name to `taken`. None when the id cannot be a file name.
    """
    plain = plain_id(record_id)
    if plain is None:
        return None
    for number in range(first, 1_000_000):
        path = f"data/natives/{kind}/{plain}{f'.{number}' if number > 1 else ''}.{ending}"
        if path.casefold() not in taken:
            taken.add(path.casefold())
            return path
    return None


def ending_of(name: str | None, default: str = "bin") -> str:
    """The ending of a file's name, lower case, at most ten letters or digits; `default` when it has none like that."""
    match = re.search(r"\.([A-Za-z0-9]{1,10})\Z", (name or "").strip())
    return match[1].lower() if match else default


def safe_name(text: str | None) -> str:
    """A file name for people, of ASCII letters, digits, `.`, `_`, `-`. It need not be unique: give it a folder."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFKD", text or ""))[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", last).strip("._-")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    suffix = suffix[:12]
    stem = stem[: MAX_NAME - len(suffix) - 1].rstrip("._-") or "file"
    if _RESERVED.match(stem):
        stem = f"file_{stem}"
    return f"{stem}.{suffix}" if suffix else stem
