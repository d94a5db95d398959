"""One statement about one field: what it was and what it became, when exactly one reading is possible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_names import Masked, Names
from psa_evidence_connectwise.audit_told import Told, Unclear
from psa_evidence_connectwise.audit_values import mentions, value
from psa_evidence_connectwise.audit_words import (
    ARROW,
    BACK_ARROW,
    FIELD,
    LABELS,
    NEW_LABEL,
    NOT_DONE,
    OLD_LABEL,
    OLD_NEW,
    TAKEN_BACK,
    VERB,
)

_AUX: Final = (
    r"(?:was|were|is|has|had|have|been|got|just|automatically|manually|wurde|a été|est|ha sido|fue|è stat[oa]|foi|werd"
    r"|ble|blev|har)"
)
_VERBS: Final = VERB.pattern.partition("|->")[0]
_HEAD_VERB: Final = re.compile(
    rf"(?:^|\s+)(?:{_AUX}\s+)*(?:{_VERBS})?\s*(?:to be|over)?\s*$"
    rf"|(?:^|\s+)(?:{_AUX}\s*)+$",
    re.IGNORECASE,
)
"""What stands between a value and the word `to` behind it: `Status New was changed to Closed`."""
_LEADING_VERB: Final = re.compile(rf"^\W*(?:{_AUX}\s+)*(?:{_VERBS})\W+(?=\S)", re.IGNORECASE)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bto\b\s*(?P<new>.+?)[\s,;(]+(?:it\s+)?(?:was|previously|formerly|before)\b\s*:?\s*(?P<old>.+)$",
        r"\bwas\b\s*:?\s*(?P<old>.+?)[\s,;.]+(?:and\s+)?(?:it\s+)?(?:is\s+)?now\b\s*:?\s*(?P<new>.+)$",
        r"\bnow\b\s*:?\s*(?P<new>.+?)[\s,;(]+(?:was|previously|formerly)\b\s*:?\s*(?P<old>.+)$",
        r"\b(?:replaced|replacing)\s+(?P<old>.+?)\s+(?:with|by)\s+(?P<new>.+)$",
        r"^\W*(?P<new>.+?)\s+(?:has\s+)?(?:replaced|replaces|superseded|supersedes)\s+(?!by\b|with\b)(?P<old>.+)$",
        r"^\W*(?P<old>.+?)\s+(?:was\s+|has\s+been\s+)?(?:replaced|superseded)\s+(?:by|with)\s+(?P<new>.+)$",
        r"(?:^|[がはをの\s])\s*(?P<old>[^\sがはをの]+?)\s*から\s*(?P<new>[^\s].*?)\s*(?:に|へ)",
        r"从\s*(?P<old>.+?)\s*(?:更改|变更|改|修改)?(?:为|成|到)\s*(?P<new>.+?)\s*[。.]?$",
        r"\bto\b\s*(?P<new>.+?)[\s,;(]+(?P<old>\S+)\s+(?:before|previously|earlier)\W*$",
    )
)
_LOOSE: Final = 4
"""The first patterns may hold a name that is not known (any more)."""
_PARTICIPLE: Final = re.compile(rf"\s*(?:{NOT_DONE}|{TAKEN_BACK})(?!\w)", re.IGNORECASE)
"""What may follow `was` and is no value: `to Closed was undone`."""
_NEW_ONLY: Final = re.compile(
    r"(?:\b(?:in)?to\b|\bnow\b|\bbecame\b|\bis\b|\bas\b|\bset\b|\bof\b|[:=]|\b(?:auf|zu|nach|à|en|a|para|in|naar|til|till)\b)"
    r"\s*:?\s*(?P<new>[^\s].*)$",
    re.IGNORECASE,
)
_SUBJECT_OWNER: Final = re.compile(
    r"^\s*(?P<new>.+?)\s+(?:(?:was|has\s+been|is)\s+)?(?:now\s+)?(?:assigned|set|made)\s+(?:as|to\s+be)?\s*(?:the\s+)?"
    r"(?:ticket\s+)?owner\b",
    re.IGNORECASE,
)
_REMOVED: Final = re.compile(
    r"(?:^|\b(?:owner|agreement|sla)\b)\s*[:]?\s*(?P<old>.*?)\s*(?:(?:was|has\s+been|is)\s+)?(?:removed|cleared)\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"{FIELD.pattern}\s+(?P<new>[^\s].*)$", re.IGNORECASE)
_ARROW_SIGN: Final = re.compile(r"->|=>|[→⇒➔➜»⟶➡⮕↦▸←⟵⇐]|<-|>>|\s[<>]\s")
MAX_STATEMENT: Final = 600
"""The work of looking at every reading grows with the square of the length."""
MOST_READINGS: Final = 400
"""Pairs of direction words looked at; a text with more is no audit sentence."""

Pair = tuple[str | None, str | None]


def change(of: ChangeField, segment: str, masked: Masked, known: Names, *, bare: bool = False) -> Told | Unclear | None:
    """The change of `of` that `segment` tells; None when it tells of none.

    `bare` allows `status New` without a verb, as lines of creation say it.
    """
    text = segment.strip()
    if len(text) > MAX_STATEMENT:
        named = any(mentions(of, _without_field(text), masked, known))
        return Unclear(of, f"a sentence about {of} that is too long to be read") if named else None
    changed = VERB.search(text) is not None
    sure: set[Pair] = set()
    possible: set[Pair] = set()
    for old_text, new_text in sorted(set(_pairs(of, text, masked, known))):
        old, new = value(of, old_text, masked, known), value(of, new_text, masked, known)
        if old.sure and new.sure:
            sure.add((old.name, new.name))
        elif (old.sure or old.whole) and (new.sure or new.whole):
            possible.add((old.name, new.name))
    sure |= _unmasked(of, text, masked, known)
    if len(sure) > 1:
        sure = {pair for pair in sure if pair[0] != pair[1]}
    if len(sure) > 1:
        return Unclear(of, f"more than one way to read the change of {of}")
    if sure:
        (pair,) = sure
        if any(
            VERB.fullmatch(name) is None for name in set(mentions(of, _without_field(text), masked, known)) - set(pair)
        ):
            return Unclear(of, f"more than one way to read the change of {of}")
        return Told(of, *pair)
    if of == "owner" and (match := _SUBJECT_OWNER.match(text)):
        new = value(of, match["new"], masked, known)
        return Told(of, None, new.name) if new.sure else Unclear(of, "the owner's name is not known")
    if of in {"owner", "agreement", "sla"} and (match := _REMOVED.search(text)):
        return Told(of, value(of, match["old"], masked, known).name, None)
    if len(possible) == 1 and changed:
        return Told(of, *next(iter(possible)))
    if possible and changed:
        return Unclear(of, f"more than one way to read the change of {of}")
    return _new_only(of, text, masked, known, bare=bare, changed=changed)


def _new_only(
    of: ChangeField, text: str, masked: Masked, known: Names, *, bare: bool, changed: bool
) -> Told | Unclear | None:
    values: set[str | None] = set()
    unsure = False
    tails = [match["new"] for start in range(len(text)) if (match := _NEW_ONLY.match(text, start))]
    if bare and (match := _BARE.search(text)):
        tails.append(match["new"])
    for tail in tails:
        found = value(of, tail, masked, known)
        if found.sure:
            values.add(found.name)
        elif found.name is not None:
            unsure = True
    named = set(mentions(of, _without_field(text), masked, known))
    if len(values) == 1 and named <= values:
        return Told(of, None, next(iter(values)))
    if values or (len(named) > 1 and not unsure):
        return Unclear(of, f"more than one way to read the change of {of}")
    if changed or len(named) > 1:
        return Unclear(
            of,
            f"the new value of {of} is not a known name" if unsure else f"tells of a change of {of} and names no value",
        )
    return None


def _without_field(text: str) -> str:
    """Without the field's own word and the labels `new`, `old`, which may be names of statuses too."""
    return FIELD.sub(" ", LABELS.sub(" ", text))


def _pairs(of: ChangeField, text: str, masked: Masked, known: Names) -> Iterator[tuple[str, str]]:
    """Every way to read an old and a new value: pieces of the text, neither of them empty."""
    for old, new in islice(_all_pairs(of, text, masked, known), MOST_READINGS):
        if old.strip() and new.strip():
            yield old, new


def _all_pairs(of: ChangeField, text: str, masked: Masked, known: Names) -> Iterator[tuple[str, str]]:
    for old_label in OLD_LABEL.finditer(text):
        for new_label in NEW_LABEL.finditer(text):
            if old_label.end() <= new_label.start():
                yield text[old_label.end() : new_label.start()], text[new_label.end() :]
            elif new_label.end() <= old_label.start():
                yield text[old_label.end() :], text[new_label.end() : old_label.start()]
    for language, (old_words, new_words) in enumerate(OLD_NEW):
        for origin in old_words.finditer(text):
            for aim in new_words.finditer(text):
                if origin.end() <= aim.start():
                    old, new = text[origin.end() : aim.start()], text[aim.end() :]
                elif aim.end() <= origin.start():
                    old, new = text[origin.end() :], text[aim.end() : origin.start()]
                else:
                    continue
                words = origin[0].strip(" :").lower(), aim[0].strip(" :").lower()
                plainly = language == 0 and words in {("from", "to"), ("from", "into")}
                if plainly or _both_certain(of, (old, new), masked, known):
                    yield old, new
    for number, pattern in enumerate(_PATTERNS):
        match = pattern.search(text)
        if match is None:
            continue
        loose = number < _LOOSE and not _PARTICIPLE.match(match["old"])
        if loose or _both_certain(of, (match["old"], match["new"]), masked, known):
            yield match["old"], match["new"]
    for arrow in ARROW.finditer(text):
        after = _after_field(text[: arrow.start()])
        yield (after if value(of, after, masked, known).sure else _without_verb(after)), text[arrow.end() :]
    for arrow in BACK_ARROW.finditer(text):
        yield text[arrow.end() :], _after_field(text[: arrow.start()])
    if _ARROW_SIGN.search(text) is None:
        for aim in re.finditer(r"(?<!\w)(?:in)?to(?!\w)", text, re.IGNORECASE):
            old = _without_verb(_after_field(text[: aim.start()]))
            if value(of, old, masked, known).sure:
                yield old, text[aim.end() :]


def _both_certain(of: ChangeField, pair: tuple[str, str], masked: Masked, known: Names) -> bool:
    return all(value(of, text, masked, known).sure for text in pair)


def _after_field(text: str) -> str:
    """What stands before an arrow or `to`, without the field's word and a colon."""
    text = text.rpartition(":")[2] if ":" in text else text
    words = list(FIELD.finditer(text))
    return text[words[-1].end() :] if words else text


def _without_verb(text: str) -> str:
    return _LEADING_VERB.sub("", _HEAD_VERB.sub("", text, count=1))


def _unmasked(of: ChangeField, text: str, masked: Masked, known: Names) -> set[Pair]:
    """Sure readings of the same words when names hidden as one piece are taken apart again: `A to B to C`."""
    if not any(
        len(piece.split()) > 1 for piece, quoted in zip(masked.pieces, masked.quoted, strict=True) if not quoted
    ):
        return set()
    bare = Masked(masked.text, masked.pieces, masked.quoted)
    opened = "".join(c if not bare.is_piece(c) or bare.is_quoted(c) else bare.open(c) for c in text)
    if opened == text:
        return set()
    found: set[Pair] = set()
    for old_text, new_text in set(_pairs(of, opened, bare, known)):
        old, new = (value(of, one, bare, known, tails=False) for one in (old_text, new_text))
        if old.sure and new.sure:
            found.add((old.name, new.name))
    return found
