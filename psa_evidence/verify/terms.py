"""What the verifier reads of `data/terms.json` (docs/format/terms.md): of which zone months are, and whether a target
may have been shared among priorities. No seal covers it; the report prints it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from psa_evidence.format import FormatError, parse
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable

TERMS: Final = "data/terms.json"
MAX_TERMS: Final = 16 << 20
"""Bytes. Opening hours, holidays and the keys of settings that changed."""
SHARED: Final = "each its share"
"""The rule by which the target of each priority that a ticket had counts for its own share."""
_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,3}", re.ASCII)
"""Names of zones are looked up as files."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`zone` None: the pack states none that this computer knows. `shared`: a target may have been shared. As they
    stand here where a pack has no terms (packs before `terms/1`)."""

    zone: ZoneInfo | None = None
    shared: bool = True


def terms_of(bag: Bag) -> Terms:
    """Raises Unreadable: they cannot be read, or state no zone."""
    if TERMS not in bag.container.files:
        return Terms()
    try:
        terms = parse(bag.read(TERMS, MAX_TERMS))
    except FormatError as error:
        raise Unreadable(str(error)) from error
    name = terms.get("time_zone") if isinstance(terms, dict) else None
    if not isinstance(name, str):
        raise Unreadable("states no time zone")
    return Terms(_zone(name), _is_shared(terms.get("contract")))


def _is_shared(contract: Any) -> bool:
    return isinstance(contract, dict) and contract.get("priority_rule") == SHARED


def _zone(name: str) -> ZoneInfo | None:
    if _NAME.fullmatch(name) is None:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # also the name of a folder, or of a file that is no zone
        return None
