"""Names in the matter file's contract that nothing captured shows: a slip of the pen there applies to no ticket, and
nothing else would say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from psa_evidence.matter import Contract
from psa_evidence.records import RecordSet
from psa_evidence.sla.display import quoted


@dataclass(frozen=True, slots=True)
class UnknownName:
    """`what` the contract takes the name for; `like` is the known name that comes nearest, empty when none does."""

    what: str
    name: str
    like: str = ""

    @property
    def words(self) -> str:
        return f"{self.what} {quoted(self.name)}" + (f" (the records show {quoted(self.like)})" if self.like else "")


def unknown_words(names: Sequence[UnknownName]) -> str:
    """A sentence for the report and for whoever builds the pack."""
    listed = "; ".join(unknown.words for unknown in names)
    return (
        "The contract of the matter file names what no captured setting or record shows, so that it applies to no "
        f"ticket: {listed}."
    )


def unknown_names(
    contract: Contract | None, captured: Sequence[RecordSet], shown: RecordSet
) -> tuple[UnknownName, ...]:
    """In the order of the contract. `captured` are the records and all captures of the settings: a name that any of
    them shows, in a setting or in a ticket, its history or its author, is known. Names are compared as the engine does.
    Near names are taken from what the copy shows alone."""
    if contract is None:
        return ()
    pausing = dict.fromkeys(name for _, names in contract.pauses or () for name in names)
    return (
        *_unknown("priority", [name for name, _ in contract.goals if name != "*"], _priorities, captured, shown),
        *_unknown("status", pausing, _statuses, captured, shown),
        *_unknown("identity", contract.automatic, _people, captured, shown),
    )


def unknown_agreement(name: str, records: RecordSet) -> UnknownName | None:
    """The matter's agreement, when no agreement and no ticket of the records is called so."""
    found = _unknown("agreement", [name], _agreements, [records], records)
    return found[0] if found else None


def _agreements(records: RecordSet) -> Iterable[str | None]:
    yield from (agreement.name for agreement in records.agreements)
    yield from (ticket.agreement_name for ticket in records.tickets)


def _unknown(
    what: str, names: Iterable[str], names_in: Callable[[RecordSet], Iterable[str | None]],
    captured: Sequence[RecordSet], shown: RecordSet,
) -> list[UnknownName]:  # fmt: skip
    known = {_folded(name) for records in captured for name in names_in(records) if name}
    missing = [name for name in names if _folded(name) not in known]
    there = {_folded(name): name for name in sorted({name for name in names_in(shown) if name})} if missing else {}
    found = []
    for name in missing:
        near = get_close_matches(_folded(name), list(there), n=1, cutoff=0.75)
        found.append(UnknownName(what, name, there[near[0]] if near else ""))
    return found


def _folded(name: str) -> str:
    return name.strip().casefold()


def _priorities(records: RecordSet) -> Iterable[str | None]:
    yield from (priority.name for priority in records.priorities)
    yield from (ticket.priority_name for ticket in records.tickets)
    yield from _changed(records, "priority")


def _statuses(records: RecordSet) -> Iterable[str | None]:
    yield from (status.name for status in records.statuses)
    yield from (ticket.status_name for ticket in records.tickets)
    yield from _changed(records, "status")


def _changed(records: RecordSet, field: str) -> Iterable[str | None]:
    for change in records.changes:
        if change.field == field:
            yield from (change.old, change.new)


def _people(records: RecordSet) -> Iterable[str | None]:
    for member in records.members:
        yield from (member.name, member.id, member.identifier)
    yield from (change.by for change in records.changes)
    yield from (message.author for message in records.messages)
    yield from (entry.member for entry in records.time_entries)
