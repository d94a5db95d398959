"""What each copy of a matter leaves out, and how it looks: rules that a person wrote down, none of them guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from psa_evidence.records import Kind, Side

Copy = Literal["counsel", "production", "public"]
Person = Literal["contact names", "contact e-mails", "contact phones"]
Identifier = Literal["taxpayer numbers", "payment cards", "bank accounts", "birth dates"]
"""What Federal Rule of Civil Procedure 5.2 keeps out of public filings and has a form to be found by."""
Masked = Person | Identifier

TITLE: Final[Mapping[Copy, str]] = {
    "counsel": "Counsel copy",
    "production": "Production copy",
    "public": "Public filing copy",
}
ACCENT: Final[Mapping[Copy, str]] = {"counsel": "#1f3a5f", "production": "#5a2d0c", "public": "#1d4a2f"}
"""Dark enough to read in grey print: see `contrast`."""
PREFIX_ENDING: Final[Mapping[Copy, str]] = {"counsel": "", "production": "P-", "public": "F-"}
"""Behind the matter's own prefix, so that no two copies number pages alike."""
MIN_CONTRAST: Final = 7.0
"""Against white paper (WCAG 2.2, 1.4.6), which grey print keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something withheld, with the reason that is printed. Exactly one way of choosing is used: `records` by key
    (`note/1042`), `kinds`, `fields` (`time_entry.internalNotes` for all of a kind, `ticket/1042.summary` for one
    record), or messages by `authors`, `sides` and `internal`, all of which must hold. `privilege` and `description` go
    into the log."""

    reason: str
    privilege: str = ""
    description: str = ""
    records: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    fields: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    internal: bool | None = None

    @property
    def of_messages(self) -> bool:
        return bool(self.authors or self.sides) or self.internal is not None

    @property
    def ways(self) -> int:
        return sum((bool(self.records), bool(self.kinds), bool(self.fields), self.of_messages))


@dataclass(frozen=True, slots=True, kw_only=True)
class Masks:
    """Terms that are replaced wherever they stand in a record: all of a sort, and `terms` letter by letter."""

    sorts: tuple[Masked, ...] = ()
    terms: tuple[str, ...] = ()
    reason: str = "personal data"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRules:
    """One copy. What is empty is the matter's own, or the default of the kind of copy."""

    title: str = ""
    accent: str = ""
    bates_prefix: str = ""
    legend: str | None = None
    paper: Literal["us-letter", "a4"] | None = None
    withhold: tuple[Rule, ...] = ()
    masks: Masks | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.withhold and self.masks is None


def contrast(colour: str) -> float:
    """Of `#rrggbb` against white, 1 to 21 (WCAG 2.2, relative luminance)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
