"""One sentence of an audit line to the changes it tells of."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_by_names import by_names
from psa_evidence_connectwise.audit_names import Masked, Names
from psa_evidence_connectwise.audit_segments import ABOUT, segments
from psa_evidence_connectwise.audit_statement import change
from psa_evidence_connectwise.audit_told import Told, Unclear
from psa_evidence_connectwise.audit_values import mentions


@dataclass(frozen=True, slots=True)
class Kind:
    """`hinted`: the field of the line's subtype, when the text names none. `created`: the line tells of the creation.

    `other`: the line's type says that it is about an e-mail, a note and the like.
    """

    hinted: ChangeField | None
    created: bool
    other: bool


def read_sentence(sentence: str, masked: Masked, known: Names, kind: Kind) -> list[Told | Unclear]:
    """The changes of one sentence."""
    found: list[Told | Unclear] = []
    if kind.hinted is not None:
        found += _hinted(kind.hinted, sentence, masked, known)
    statements = list(segments(sentence, known))
    for segment in statements:
        if kind.other and not ABOUT.match(segment.text):
            continue
        one = change(segment.field, segment.text, masked, known, bare=kind.created)
        if segment.qualified:
            one = _qualified(one, known)
        if one is not None and not (kind.other and isinstance(one, Unclear)):
            found.append(one)
    if not found and not kind.other:
        found += by_names(sentence, masked, known, fields=frozenset(one.field for one in statements))
    return found


def _qualified(one: Told | Unclear | None, known: Names) -> Unclear | None:
    """`Approval status`, `SLA status`: not the ticket's, unless the values are names of the ticket's."""
    if not isinstance(one, Told):
        return None
    if any(value is not None and known.name(one.field, value) for value in (one.old, one.new)):
        return Unclear(one.field, f"it is not certain that the line means the ticket's {one.field}")
    return None


def _hinted(of: ChangeField, sentence: str, masked: Masked, known: Names) -> list[Told | Unclear]:
    """The subtype names the field and the text no field at all: read when each value is a known name of that field."""
    one = change(of, sentence, masked, known)
    if one is None and (len(set(mentions(of, sentence, masked, known))) == 1):
        return [Unclear(of, f"names a {of} and does not say whether it was or became that")]
    if isinstance(one, Told) and any(
        value is not None and known.name(of, value) is None for value in (one.old, one.new)
    ):
        return [Unclear(of, f"it is not certain that the line is about the {of}")]
    return [] if one is None else [one]
