"""Which edition of the IANA time zone database the zones of this computer are read from, as `zoneinfo` finds them."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

LABEL: Final = "Time-Zone-Data"
"""In bag-info.txt."""
UNNAMED: Final = "edition not named"
"""What stands there for an empty edition."""
_EDITION: Final = re.compile(r"(?:# version )?(\d{4}[a-z]{1,2})\s")
_NAMED_IN: Final = ("tzdata.zi", "+VERSION")
"""Files beside the compiled zones that begin with the edition: tz's own, and the one of macOS and the BSDs."""
_MOST: Final = 40


def edition(zone: str, folders: Sequence[str] | None = None) -> str:
    """Such as `2026a`; empty where the data names none. `zone` is an IANA name, `folders` those of `zoneinfo.TZPATH`.

    A zone comes from the first folder that has it, else from the package tzdata.
    """
    for folder in map(Path, zoneinfo.TZPATH if folders is None else folders):
        if (folder / zone).is_file():
            return next(filter(None, (_named(folder / name) for name in _NAMED_IN)), "")
    with as_file(files("tzdata.zoneinfo") / _NAMED_IN[0]) as path:
        return _named(path)


def stated(bag_info: str) -> str | None:
    """What a pack's bag-info.txt states; None when it states nothing, as packs of older versions do not."""
    found = re.search(rf"^{LABEL}: *(.*?) *$", bag_info, re.MULTILINE)
    return found[1] if found else None


def words(edition: str) -> str:
    """For people: `IANA time zone database, edition 2026a`."""
    return f"IANA time zone database, {f'edition {edition}' if edition else 'which does not name its edition here'}"


def _named(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(_MOST)
    except OSError:
        return ""
    found = _EDITION.match(start.decode("ascii", "replace") + "\n")
    return found[1] if found else ""
