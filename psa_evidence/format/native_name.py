"""Names of the files below `data/natives`: docs/format/manifest.md, "Place of a native"."""

from __future__ import annotations

import re
from typing import Final

NATIVES: Final = "data/natives/"
DISCLOSED: Final = ".disclosed.json"
"""How the names end of records of which fields are withheld."""

_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]")
_ENDING: Final = re.compile(r"(?:\.([1-9][0-9]{0,5}))?(\.(?:[A-Za-z0-9]{1,10}|disclosed\.json))")


def plain(record_id: str) -> str:
    """The id as it stands in names of files."""
    return _NOT_PLAIN.sub("_", record_id)


def ending_of(path: str, kind: str, record_id: str) -> tuple[int, str] | None:
    """The counter (1 where none stands) and the ending behind the id, with its point; None when `path` is not the place
    of this record."""
    stem = f"{NATIVES}{kind}/{plain(record_id)}"
    match = _ENDING.fullmatch(path, len(stem)) if path.startswith(stem) else None
    return None if match is None else (int(match[1] or 1), match[2])


def is_in_part(path: str, kind: str, record_id: str) -> bool:
    """Whether the file's name says that fields of the record are withheld. What belongs to the id is no ending: ids
    may themselves end in `.disclosed`. A file that is not in its record's place is taken by how its name ends."""
    if not path.endswith(DISCLOSED):
        return False
    found = ending_of(path, kind, record_id)
    return found is None or found[1] == DISCLOSED
