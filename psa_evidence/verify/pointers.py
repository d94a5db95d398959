"""Cells that are plain copies of a member of a record: what must stand in the cell, by pointer and rule.

The rules stand in docs/format/pack.md. Each makes a text of one JSON value; nothing else about the record is known.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from typing import Any, Final

from psa_evidence.format.json_pointer import Nothing, resolve
from psa_evidence.verify.documents import Document

RULES: Final = ("text", "instant", "day", "decimal", "yes or no")
MAX_POINTER: Final = 300
LABEL: Final = "withheld]"
"""With which each label ends that stands in the place of something masked."""
_FIRST_YEAR: Final = 1900
"""An instant before it means that there was none."""
_DECIMAL: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
"""As JSON and spreadsheets read a number; float() knows more spellings."""
_YES_OR_NO: Final = {"true": True, "false": False}
"""As some systems write them."""
_POINTER: Final = re.compile(r"(/([^~/]|~[01])*)+")


class NotJudged(Exception):  # noqa: N818 - nothing is wrong
    """The cell cannot be told from what the native shows."""


class Untold(NotJudged):
    """The native shows the member, and its value is none that the rule reads: it says nothing of the cell."""


def is_pointer(text: str) -> bool:
    """A JSON pointer (RFC 6901) to a member, within bounds."""
    return len(text) <= MAX_POINTER and _POINTER.fullmatch(text) is not None


def agrees(cell: str, document: Document, pointers: tuple[str, ...], rule: str) -> bool:
    """Whether the cell is what the first of the pointers that gives something gives; empty when none does.

    Raises NotJudged: the member may be among withheld ones; Untold: it has a value that the rule does not read. A field
    of the record itself that may be withheld leaves its cell empty, or a text with a label where something is masked;
    of a member within one, other members may be shown.
    """
    hidden: list[str] = []
    for pointer in pointers:
        value = resolve(document.value, pointer)
        if _may_be_withheld(document, pointer, value):
            hidden.append(pointer)
            continue
        if value is Nothing or value is None or value == "":
            continue
        if rule == "text" and value == cell and not hidden:  # most are; a text that no cell can bear equals none
            return True
        said = _is_number(cell, value) if rule == "decimal" else _says(cell, text_by(rule, value))
        if said is not None and (said or not hidden):
            return said
        if said is not None:
            break
    if not hidden:
        return cell == ""
    if cell == "" or any(pointer.count("/") > 1 for pointer in hidden) or (rule == "text" and LABEL in cell):
        raise NotJudged
    return False


def given_by(document: Document, pointers: tuple[str, ...]) -> Any:
    """What the first of the pointers gives that gives something; None when none does. Raises NotJudged: a member in
    front of it may be withheld."""
    for pointer in pointers:
        value = resolve(document.value, pointer)
        if _may_be_withheld(document, pointer, value):
            raise NotJudged
        if value is not Nothing and value is not None and value != "":
            return value
    return None


def _may_be_withheld(document: Document, pointer: str, value: Any) -> bool:
    outer = "/" + pointer.split("/")[1]
    return value is Nothing and not document.whole and resolve(document.value, outer) is Nothing


def _says(cell: str, text: str) -> bool | None:
    """None when the record gives no text."""
    return cell in {text, "'" + text} if text else None


def text_by(rule: str, value: Any) -> str:
    """Raises Untold for a JSON value of another type than the rule's."""
    if rule == "text":
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return _printable(_text(value))
    if rule == "yes or no":
        said = value if isinstance(value, bool) else _YES_OR_NO.get(_text(value).lower())
        if said is None:
            raise Untold
        return "yes" if said else "no"
    return _instant(_text(value)) if rule == "instant" else _day(_text(value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Untold
    return value


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _instant(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
        if at.year < _FIRST_YEAR:
            return ""
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Untold from None
    return f"{at.replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise Untold from None
    return day.isoformat() if day.year > 1 else ""


def _is_number(cell: str, value: Any) -> bool:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Untold
    try:
        held = float(value)
    except OverflowError:
        return False
    if not math.isfinite(held):
        raise Untold
    return _DECIMAL.fullmatch(cell) is not None and float(cell) == held
