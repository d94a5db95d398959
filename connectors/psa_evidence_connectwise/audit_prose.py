"""One audit line to the changes it tells of.

The vendor documents no sentence, and sentences differ by version and language settings. So nothing here knows whole
sentences: it looks for a field's word, for known or quoted names, and for the words that give a direction. A line
about a field that allows two readings, or none, is not guessed at: it is `Unclear`, and listed for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_names import Masked, Names, mask

MAX_TEXT = 4000
"""Longer lines are free text, not audit sentences."""


@dataclass(frozen=True, slots=True)
class Told:
    """`field` went from `old` (None when not told) to `new`."""

    field: ChangeField
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """The line is about `field`, and how is not certain."""

    field: ChangeField
    reason: str


FIELD_WORDS: dict[str, ChangeField] = {
    "status": "status", "priority": "priority", "board": "board", "owner": "owner", "agreement": "agreement",
    "sla": "sla",
}  # fmt: skip
_FIELD = re.compile(r"\b(status|priority|(?:service )?board|(?:ticket )?owner|agreement|sla)\b(?!\w)", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:changed?|updated?|set|moved|modified|switched|re-?assigned|assigned|transferred|edited|replaced|reset"
    r"|removed|cleared|escalated|raised|lowered|became|now|applied|adjusted|corrected|went|goes)\b|->|=>|→",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.;!|])\s+|[\r\n]+|\s\|\s")
_FREE_TEXT = re.compile(
    r"\s*(?:an?\s+|the\s+|new\s+|internal\s+|notification\s+)*(?:note|e-?mail|document|attachment|discussion|comment"
    r"|time entry|time|summary|description|resolution|internal analysis|custom field|message|reply|survey|activity"
    r"|schedule|configuration|workflow|notification|expense|product|task|sms)\b",
    re.IGNORECASE,
)
_OTHER_TYPES = frozenset({
    "email", "e-mail", "note", "notes", "document", "documents", "time", "timeentry", "schedule", "products", "expense",
    "configuration", "task", "tasks", "survey", "surveys", "customfield", "combinedemail",
})  # fmt: skip
_ABOUT = re.compile(
    r"\s*(?:the\s+)?(?:service\s+|ticket'?s?\s+)?(?:status|priority|board|owner|agreement|sla)\b", re.IGNORECASE
)
_FOLLOWS = re.compile(
    r"\W*$|\s*[:=,;.()\ue000-\uf8ff]|\s*(?:-+>|=+>|→)|\s+(?:of|for|on|was|were|has|have|had|is|are|now|to|into|from"
    r"|as|value|field|name|old|new|previous|by|went|goes|became|and|with|\w+ed|set|reset|update|change)\b",
    re.IGNORECASE,
)
"""What may follow a field's word; a noun after it makes another field of it (`Priority confirmation`)."""
_BEFORE = frozenset({
    "", "the", "ticket", "tickets", "ticket's", "service", "request", "record", "this", "its", "of", "and", "with",
    "in", "new", "old", "current", "initial", "previous", "from", "to", "into", "board", "as", "s", "on", "by", "value",
})  # fmt: skip
"""What may stand before it; another noun there makes another field of it (`Approval status`)."""
_CREATED = re.compile(
    r"^\s*(?:(?:new|this|the)\s+)*(?:(?:service\s+|project\s+)?(?:ticket|record|request))?\s*(?:#?\s*(?P<id>\d+))?\s*"
    r"(?:was\s+|has\s+been\s+|is\s+)?(?:created|opened|entered)\b",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"^\s*(?:(?:this|the)\s+)?(?:(?:service\s+)?(?:ticket|record))\s*(?:#?\s*(?P<id>\d+))?\s*"
    r"(?:was\s+|has\s+been\s+)?deleted\b",
    re.IGNORECASE,
)
_MERGED = re.compile(
    r"\b(?:merged|combined)\s+(?:into|with|to)\s+(?:(?P<this>this)|(?:parent\s+)?(?:service\s+)?(?:ticket\s*)?#?\s*(?P<to>\d+))",
    re.IGNORECASE,
)
_MERGE = re.compile(r"^\s*(?:(?:this|the)\s+)?(?:service\s+)?tickets?\b.*\bmerged\b", re.IGNORECASE)
_NUMBER = re.compile(r"#\s*(\d+)|\bticket\s+(\d+)", re.IGNORECASE)
_STOP = re.compile(r"\s+(?:by|via|because|due|using|through|in|on|at|for|and|as)\s.*$|\s*[,;(].*$", re.IGNORECASE)
_NOTHING = frozenset({"", "none", "(none)", "n/a", "blank", "(blank)", "empty", "null", "unassigned", "-", "nothing"})
_KEYWORD_BEFORE = re.compile(
    r"^(?:the\s+)?(?:service\s+|ticket\s+)?(?:status|priority|board|owner|agreement|sla|value)\s*[:=]?\s*(?=\S)",
    re.IGNORECASE,
)


def read_line(text: str, audit_type: str, sub_type: str, ticket: str, known: Names) -> list[Told | Unclear]:
    """The changes of one line, in the order of its words; empty when it is about something else."""
    hinted = FIELD_WORDS.get(sub_type.strip().lower())
    lowered = text.lower()
    mentioned = any(word in lowered for word in FIELD_WORDS)
    eventful = any(word in lowered for word in ("creat", "open", "enter", "merge", "combine", "delete"))
    if not (hinted or mentioned or eventful) or len(text) > MAX_TEXT:
        return []
    masked = mask(text, known)
    other = audit_type.strip().lower() in _OTHER_TYPES and hinted is None
    if _FREE_TEXT.match(masked.text) and hinted is None:
        return _inside_free_text(masked, known)
    named = _FIELD.search(masked.text) is not None
    found: list[Told | Unclear] = []
    created = False
    for sentence in _SENTENCE.split(masked.text):
        if not sentence.strip():
            continue
        events = [] if other else list(_events(sentence, ticket))
        created = created or any(isinstance(one, Told) and one.field == "created" for one in events)
        found.extend(events)
        if not named and hinted is not None:
            found.extend(_hinted(hinted, sentence, masked, known))
        for segment in _segments(sentence, known):
            if other and not _ABOUT.match(segment.text):
                continue
            one = _change(segment.field, segment.text, masked, known, bare=created)
            if segment.qualified:
                one = _qualified(one, known)
            if one is not None and not (other and isinstance(one, Unclear)):
                found.append(one)
    return _without_doubles(found)


def _inside_free_text(masked: Masked, known: Names) -> list[Told | Unclear]:
    """A note or an e-mail that quotes a change is no change; whether it quotes one cannot be told from the words."""
    for sentence in _SENTENCE.split(masked.text)[1:]:
        if _ABOUT.match(sentence) and _VERB.search(sentence):
            for one in _segments(sentence, known):
                if isinstance(_change(one.field, one.text, masked, known, bare=False), Told):
                    return [Unclear(one.field, f"a sentence about {one.field} stands inside a free text")]
    return []


def _qualified(one: Told | Unclear | None, known: Names) -> Unclear | None:
    """`Approval status`, `SLA status`: not the ticket's, unless the values are names of the ticket's."""
    if not isinstance(one, Told):
        return None
    if any(value is not None and known.name(one.field, value) for value in (one.old, one.new)):
        return Unclear(one.field, f"it is not certain that the line means the ticket's {one.field}")
    return None


def _events(sentence: str, ticket: str) -> Iterator[Told | Unclear]:
    if (match := _CREATED.match(sentence)) and match["id"] in {None, ticket}:
        yield Told("created", None, None)
    if (match := _DELETED.match(sentence)) and match["id"] in {None, ticket}:
        yield Told("deleted", None, None)
    if match := _MERGED.search(sentence):
        other = next((a or b for a, b in _NUMBER.findall(sentence[: match.start()]) if (a or b) != ticket), None)
        if match["to"] and match["to"] != ticket:
            yield Told("merged", None, match["to"])
        elif other is not None:
            yield Told("merged", other, ticket)
        else:
            yield Unclear("merged", "a merge that does not name both tickets")
    elif _MERGE.search(sentence):
        yield Unclear("merged", "a merge that does not name both tickets")


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words about one field. `qualified`: a word before it may make another field of it."""

    field: ChangeField
    text: str
    qualified: bool = False


def _hinted(of: ChangeField, sentence: str, masked: Masked, known: Names) -> list[Told | Unclear]:
    """The subtype names the field and the text no field at all: read when each value is a known name of that field."""
    one = _change(of, sentence, masked, known, bare=False)
    if isinstance(one, Told) and any(
        value is not None and known.name(of, value) is None for value in (one.old, one.new)
    ):
        return [Unclear(of, f"it is not certain that the line is about the {of}")]
    return [] if one is None else [one]


def _segments(sentence: str, known: Names) -> Iterator[_Segment]:
    """The sentence cut where the next field's word begins a statement of its own."""
    marks: list[tuple[int, ChangeField, bool]] = []
    for match in _FIELD.finditer(sentence):
        of = FIELD_WORDS[match[1].lower().split()[-1]]
        if not _FOLLOWS.match(sentence, match.end()) and not _begins_name(of, sentence[match.end() :], known):
            continue
        before = sentence[: match.start()].rstrip().lower()
        if marks and (marks[-1][1] == of or not before.endswith((",", " and", "with", ";", "(", "."))):
            continue
        words = re.findall(r"[\w']+", before)
        last = words[-1] if words and before[-1:] not in ",;:(." else ""
        marks.append((match.start(), of, not (last in _BEFORE or _VERB.fullmatch(last) is not None)))
    for index, (start, of, qualified) in enumerate(marks):
        begin = 0 if index == 0 else start
        end = marks[index + 1][0] if index + 1 < len(marks) else len(sentence)
        text = re.sub(r"(?:\s*[,;(]|\s+and|\s+with)+\s*$", "", sentence[begin:end], flags=re.IGNORECASE)
        yield _Segment(of, text, qualified)


def _begins_name(of: ChangeField, rest: str, known: Names) -> bool:
    word = re.match(r"\s+(\S+)", rest)
    return word is not None and known.name(of, word[1].strip(".,;:()")) is not None


_OLD = r"\b(?:old|previous|before)\b(?:\s+(?:value|status|priority|board|owner))?"
_NEW = r"\b(?:new|after)\b(?:\s+(?:value|status|priority|board|owner))?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bto\b\s*(?P<new>.+?)[\s,;(]+(?:it\s+)?(?:was|previously|formerly|before)\b\s*:?\s*(?P<old>.+)$",
        r"\bwas\b\s*:?\s*(?P<old>.+?)[\s,;.]+(?:and\s+)?(?:it\s+)?(?:is\s+)?now\b\s*:?\s*(?P<new>.+)$",
        r"\bnow\b\s*:?\s*(?P<new>.+?)[\s,;(]+(?:was|previously|formerly)\b\s*:?\s*(?P<old>.+)$",
        rf"{_OLD}\s*[:=]\s*(?P<old>.+?)[\s,;]+{_NEW}\s*[:=]\s*(?P<new>.+)$",
        rf"{_NEW}\s*[:=]\s*(?P<new>.+?)[\s,;(]+{_OLD}\s*[:=]\s*(?P<old>.+)$",
        r"\b(?:replaced|replacing)\s+(?P<old>.+?)\s+(?:with|by)\s+(?P<new>.+)$",
    )
)
_ARROW = re.compile(r"^(?P<old>.*?)\s*(?:-+>|=+>|→)\s*(?P<new>.+)$")
_NEW_ONLY = re.compile(
    r"(?:\b(?:in)?to\b|\bnow\b|\bbecame\b|\bis\b|\bas\b|\bset\b|[:=])\s*(?P<new>[^\s].*)$", re.IGNORECASE
)
_SUBJECT_OWNER = re.compile(
    r"^\s*(?P<new>.+?)\s+(?:(?:was|has\s+been|is)\s+)?(?:now\s+)?(?:assigned|set|made)\s+(?:as|to\s+be)?\s*(?:the\s+)?(?:ticket\s+)?owner\b",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"(?:^|\b(?:owner|agreement|sla)\b)\s*[:]?\s*(?P<old>.*?)\s*(?:(?:was|has\s+been|is)\s+)?(?:removed|cleared)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:status|priority|board|owner|agreement|sla)\s+(?P<new>[^\s].*)$", re.IGNORECASE)


def _change(of: ChangeField, segment: str, masked: Masked, known: Names, *, bare: bool) -> Told | Unclear | None:
    """One statement about one field. `bare` allows `status New` without a verb, as lines of creation say it."""
    text = segment.strip()
    pairs = {pair for pair in _pairs(text) if pair[0].strip() and pair[1].strip()}
    sure: set[tuple[str | None, str | None]] = set()
    possible: set[tuple[str | None, str | None]] = set()
    for old_text, new_text in sorted(pairs):
        old, old_sure = _value(of, old_text, masked, known)
        new, new_sure = _value(of, new_text, masked, known)
        (sure if old_sure and new_sure else possible).add((old, new))
    changed = _VERB.search(text) is not None
    for readings in (sure, possible):
        if len(readings) == 1:
            old, new = next(iter(readings))
            if readings is possible and not changed:
                return None
            return Told(of, old, new)
        if readings:
            return Unclear(of, f"more than one way to read the change of {of}")
    if of == "owner" and (match := _SUBJECT_OWNER.match(text)):
        new, certain = _value(of, match["new"], masked, known)
        return Told(of, None, new) if certain else Unclear(of, "the owner's name is not known")
    if of in {"owner", "agreement", "sla"} and (match := _REMOVED.search(text)):
        old, _ = _value(of, match["old"], masked, known)
        return Told(of, old, None)
    new_only = _new_only(of, text, masked, known, bare=bare, changed=changed)
    if new_only is not None:
        return new_only
    return Unclear(of, f"tells of a change of {of} and names no value") if changed else None


def _new_only(
    of: ChangeField, text: str, masked: Masked, known: Names, *, bare: bool, changed: bool
) -> Told | Unclear | None:
    values: set[str | None] = set()
    unsure: set[str | None] = set()
    tails = [match["new"] for start in range(len(text)) if (match := _NEW_ONLY.match(text, start))]
    if bare and (match := _BARE.search(text)):
        tails.append(match["new"])
    for tail in tails:
        value, certain = _value(of, tail, masked, known)
        (values if certain else unsure).add(value)
    if len(values) == 1:
        return Told(of, None, next(iter(values)))
    if values:
        return Unclear(of, f"more than one way to read the change of {of}")
    return Unclear(of, f"the new value of {of} is not a known name") if unsure and changed else None


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Every way to read an old and a new value."""
    for origin in re.finditer(r"\bfrom\b\s*:?", text, re.IGNORECASE):
        rest, head = text[origin.end() :], text[: origin.start()]
        for middle in re.finditer(r"\s(?:in)?to\b\s*:?", rest, re.IGNORECASE):
            yield rest[: middle.start()], rest[middle.end() :]
        for middle in re.finditer(r"\b(?:in)?to\b\s*:?", head, re.IGNORECASE):
            yield rest, head[middle.end() :]
    for pattern in _PATTERNS:
        if match := pattern.search(text):
            yield match["old"], match["new"]
    if match := _ARROW.match(text):
        old = match["old"]
        yield old.rpartition(":")[2] if ":" in old else old, match["new"]
    if match := re.search(
        r"^\W*(?:ticket\s+)?\w+\s+(?P<old>\S.*?)\s+(?:was\s+|has\s+been\s+)?changed\s+to\s+(?P<new>.+)$",
        text,
        re.IGNORECASE,
    ):
        old = match["old"]
        if not re.search(r"\b(?:was|has|is|of|from)\b", old, re.IGNORECASE):
            yield old, match["new"]


def _value(of: ChangeField, text: str, masked: Masked, known: Names) -> tuple[str | None, bool]:
    """The name that a piece of text stands for, and whether that is certain: known, or quoted and nothing else."""
    bare = text.strip().strip(" \t.,;:()[]")
    for _ in range(2):
        stripped = _KEYWORD_BEFORE.sub("", bare).strip()
        tried = (bare, stripped, _STOP.sub("", stripped).strip(" .,;:()[]"))
        for one in tried:
            opened = masked.open(one).strip()
            name = known.name(of, opened)
            if name is not None:
                return name, True
            if masked.is_piece(one) and masked.quoted[ord(one) - 0xE000]:
                return (None if opened.casefold() in _NOTHING else opened), True
            if opened.casefold() in _NOTHING and one:
                return None, True
        bare = stripped
    opened = masked.open(tried[2]).strip()
    return opened or None, False


def _without_doubles(found: list[Told | Unclear]) -> list[Told | Unclear]:
    unique: list[Told | Unclear] = []
    for one in found:
        if one not in unique:
            unique.append(one)
    return unique
