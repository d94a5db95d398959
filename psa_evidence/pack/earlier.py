"""Earlier versions of the records of a pack: withheld by the rules of their copy, each by what it says itself.

A rule that names a record, a kind or a field holds for all versions. A rule that chooses messages by author, side or
being internal is asked of each version; masked terms are those of all versions. A record that is withheld in full takes
its versions with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from psa_evidence.matter import CopyRules
from psa_evidence.pack.deciding import Decisions
from psa_evidence.pack.withholding import Disclosed, Withheld, withhold
from psa_evidence.records import REFERENCE_KINDS, Kind, RecordSet
from psa_evidence.spi import Connector, RawRecord
from psa_evidence.vault import Vault


@dataclass(frozen=True, slots=True)
class Earlier:
    """`disclosed` are the versions shown, as they are shown; `withheld` counts the others by kind and reason, of which
    `gone` are those of records that are shown themselves: key and digest of the version -> reason."""

    disclosed: Disclosed
    withheld: tuple[tuple[Kind, str, int], ...] = ()
    gone: Mapping[tuple[str, str], str] = field(default_factory=dict)
    gone_raw: tuple[RawRecord, ...] = ()


def read_earlier(
    rules: CopyRules, connector: Connector, held: Sequence[RawRecord], earlier: Sequence[RawRecord]
) -> tuple[RecordSet, ...]:
    """What the earlier versions say, read among the records as they are now: the last of each in the first set, the one
    before in the second, and so on. None for rules that do not ask what a record says. Settings say nothing of theirs.
    """
    if rules.masks is None and not any(rule.of_messages for rule in rules.withhold):
        return ()
    turns: list[dict[str, RawRecord]] = []
    seen: Counter[str] = Counter()
    for record in earlier:
        if record.kind not in REFERENCE_KINDS:
            turn = seen[record.key]
            seen[record.key] += 1
            turns.extend({} for _ in range(turn + 1 - len(turns)))
            turns[turn][record.key] = record
    return tuple(connector.interpret([turn.get(record.key, record) for record in held]) for turn in turns)


def earlier_of(
    vault: Vault, earlier: Sequence[RawRecord], shown: Collection[str], decisions: Decisions, fields: Withheld,
    reason: str,
) -> Earlier:  # fmt: skip
    """`earlier` of the records that are in scope; `shown` are the keys of those that are shown; `fields` are withheld
    from them, `reason` is why masked ones are."""
    kept: list[RawRecord] = []
    out: Counter[tuple[Kind, str]] = Counter()
    gone: dict[tuple[str, str], str] = {}
    gone_raw: list[RawRecord] = []
    for record in earlier:
        whole = decisions.records.get(record.key)
        version = decisions.versions.get((record.key, record.sha256))
        if whole is not None:
            out[record.kind, whole.reason] += 1
        elif record.key in shown and version is not None:
            out[record.kind, version.reason] += 1
            gone[record.key, record.sha256] = version.reason
            gone_raw.append(record)
        elif record.key in shown:
            kept.append(record)
    disclosed = withhold(vault, kept, fields, decisions.masker, reason, earlier=True)
    withheld = tuple((kind, why, n) for (kind, why), n in sorted(out.items()))
    return Earlier(disclosed, withheld, gone, tuple(gone_raw))
