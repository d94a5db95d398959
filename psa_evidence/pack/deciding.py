"""Which records and fields a copy leaves out, by the rules of the matter file and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import CopyRules, Masks, Rule
from psa_evidence.pack import identifiers
from psa_evidence.pack.masking import Masker, terms_of
from psa_evidence.pack.natives import BYTES_KINDS
from psa_evidence.pack.withholding import members_of
from psa_evidence.records import Message, RecordSet
from psa_evidence.spi import RawRecord

UNSEARCHED = "its bytes cannot be searched for what is masked"
HANGS = "hangs on a record that is withheld"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why something is withheld. `rule` says where the reason stands (`[copies.production] withhold 2`)."""

    rule: str
    reason: str
    privilege: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """`records` by key: withheld in full. `fields` by key, then by name. `unused` are rules that chose nothing. Of
    earlier versions: `versions` by key and digest are withheld in full, `earlier_fields` as `fields`."""

    records: Mapping[str, Decision] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)
    masker: Masker = field(default_factory=lambda: Masker({}))
    mask: Decision | None = None
    unused: tuple[str, ...] = ()
    versions: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    earlier_fields: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)

    def reasons(self) -> dict[str, dict[str, str]]:
        """Of fields: key -> name -> reason."""
        return _reasons(self.fields)

    def earlier_reasons(self) -> dict[str, dict[str, str]]:
        return _reasons(self.earlier_fields)

    def with_lost(self, keys: Iterable[str]) -> Decisions:
        """The same, with records that are in scope only through one that is withheld."""
        lost = {key: Decision("hangs on a withheld record", HANGS) for key in keys}
        return replace(self, records={**self.records, **lost}) if lost else self


def decide(
    rules: CopyRules, raw: Sequence[RawRecord], records: RecordSet, *, copy: str, earlier: Sequence[RawRecord] = (),
    read: Sequence[RecordSet] = (),
) -> Decisions:  # fmt: skip
    """`raw` and `records` are in scope and whole; `earlier` are earlier versions of these records, and `read` is what
    they say. The first rule that chooses a record or a field counts; whatever hangs on a withheld record goes with it.
    Raises ConfigurationError for a record that is not in scope."""
    known = {record.key: record for record in raw}
    ids = {(record.key, record.sha256) for record in earlier}
    full: dict[str, Decision] = {}
    part: dict[str, dict[str, Decision]] = {}
    versions: dict[tuple[str, str], Decision] = {}
    before: dict[str, dict[str, Decision]] = {}
    unused = []
    for number, rule in enumerate(rules.withhold, 1):
        decision = Decision(f"[copies.{copy}] withhold {number}", rule.reason, rule.privilege, rule.description)
        used = False
        for key in _records(rule, known, records.messages, decision.rule):
            full.setdefault(key, decision)
            used = True
        for key, name in _fields(rule, raw, known, decision.rule):
            part.setdefault(key, {}).setdefault(name, decision)
            used = True
        for source in (m.source for one in read for m in _messages(rule, one.messages)):
            if (source.key, source.sha256) in ids:
                versions.setdefault((source.key, source.sha256), decision)
                used = True
        for key, name in _fields(rule, earlier, known, decision.rule):
            before.setdefault(key, {}).setdefault(name, decision)
            used = True
        if not used:
            unused.append(decision.rule)
    masker, mask = _masks(rules.masks, [*raw, *earlier], (records, *read), copy)
    if mask is not None:
        bytes_only = replace(mask, reason=f"{mask.reason}; {UNSEARCHED}")
        full.update({r.key: bytes_only for r in raw if r.kind in BYTES_KINDS and r.key not in full})
    if mask is not None and rules.masks is not None and set(rules.masks.sorts) - set(identifiers.SORTS):
        # first and last name stand in fields of their own, where neither is the whole name that is looked for
        full.update({r.key: mask for r in raw if r.kind == "contact" and r.key not in full})
    _family(full, raw)
    return Decisions(
        full, {k: v for k, v in part.items() if k not in full}, masker, mask, tuple(unused), versions, before
    )


def _records(rule: Rule, known: Mapping[str, RawRecord], messages: Sequence[Message], where: str) -> list[str]:
    for key in rule.records:
        if key not in known:
            raise _absent(key, where)
    chosen = [*rule.records, *(key for key, record in known.items() if record.kind in rule.kinds)]
    chosen += [message.source.key for message in _messages(rule, messages)]
    return [key for key in dict.fromkeys(chosen) if key in known]


def _messages(rule: Rule, messages: Sequence[Message]) -> list[Message]:
    if not rule.of_messages:
        return []
    authors = {name.strip().casefold() for name in rule.authors}
    return [
        m for m in messages
        if (not authors or (m.author or "").strip().casefold() in authors)
        and (not rule.sides or m.side in rule.sides)
        and (rule.internal is None or m.internal is rule.internal)
    ]  # fmt: skip


def _fields(
    rule: Rule, raw: Sequence[RawRecord], known: Mapping[str, RawRecord], where: str
) -> Iterable[tuple[str, str]]:
    for chosen in rule.fields:
        of, _, name = chosen.rpartition(".")
        if "/" in of and of not in known:
            raise _absent(of, where)
        for record in (r for r in raw if (r.key if "/" in of else r.kind) == of):
            if name in members_of(record.body):
                yield record.key, name


def _reasons(fields: Mapping[str, Mapping[str, Decision]]) -> dict[str, dict[str, str]]:
    return {key: {name: d.reason for name, d in names.items()} for key, names in fields.items()}


def _masks(
    masks: Masks | None, raw: Sequence[RawRecord], read: Sequence[RecordSet], copy: str
) -> tuple[Masker, Decision | None]:
    if masks is None:
        return Masker({}), None
    passages = identifiers.terms(raw, [s for s in identifiers.SORTS if s in masks.sorts])
    terms = {term: label for one in reversed(read) for term, label in terms_of(masks, one, passages).items()}
    return Masker(terms), Decision(f"[copies.{copy}.mask]", masks.reason)


def _family(full: dict[str, Decision], raw: Sequence[RawRecord]) -> None:
    """Adds what hangs on withheld records, and on those, to the last."""
    children: dict[str, list[str]] = {}
    for record in raw:
        if record.parent is not None:
            children.setdefault(record.parent, []).append(record.key)
    waiting = list(full)
    while waiting:
        parent = waiting.pop()
        for child in children.get(parent, ()):
            if child not in full:
                full[child] = full[parent]
                waiting.append(child)


def _absent(key: str, where: str) -> ConfigurationError:
    return ConfigurationError(
        f"{where} names {key}, which is not among the records of this pack.",
        next_step="Correct the key; it is the kind and the id, as in ticket/1042.",
    )
