"""What a status means to the clock, by the settings and, for what pauses, by the contract before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from psa_evidence.records import Escalation, Stage, Status
from psa_evidence.sla.display import quoted
from psa_evidence.sla.terms import STAGES
from psa_evidence.sla.timeline import Value

Pauses = tuple[bool | None, bool | None, bool | None]
"""For response, plan and resolution whether the clock stands still; None is not known."""

_RANK: Final = {"Responded": 1, "ResolutionPlan": 2, "Resolved": 3}


@dataclass(frozen=True, slots=True)
class Meaning:
    """`escalation` None is unknown, because of `reason`."""

    escalation: Escalation | None
    closed: bool
    reason: str = ""
    rank: int = 0
    """How far the status says the work is: 1 responded, 2 planned, 3 resolved or closed."""
    pauses: Pauses = (None, None, None)

    def doubt(self, stage: int) -> str:
        """Why it is open whether the clock of a stage runs; empty when it is not."""
        return (self.reason or "the status is not known") if self.pauses[stage] is None else ""


class Meanings:
    """Answers are remembered. A status is known by id, else by name (on the ticket's board when several have it)."""

    def __init__(self, statuses: Iterable[Status], pausing: Mapping[Stage, frozenset[str]] | None) -> None:
        self._statuses = {status.id: status for status in statuses}
        self._by_name: dict[str, list[Status]] = {}
        for status in self._statuses.values():
            self._by_name.setdefault(_folded(status.name), []).append(status)
        self._pausing: dict[Stage, frozenset[str]] | None = None
        if pausing is not None:
            self._pausing = {stage: frozenset(map(_folded, names)) for stage, names in pausing.items()}
        self._known: dict[str | None, MeaningsOnBoard] = {}

    @property
    def same_pauses(self) -> bool:
        """Whether all stages pause alike."""
        return self._pausing is None or (len(self._pausing) == 3 and len(set(self._pausing.values())) == 1)

    def on(self, board_id: str | None) -> MeaningsOnBoard:
        """The meanings for tickets of a board."""
        found = self._known.get(board_id)
        if found is None:
            found = self._known[board_id] = MeaningsOnBoard(self, board_id)
        return found

    def make(self, value: Value, board_id: str | None) -> Meaning:
        escalation, closed, reason = self._look_up(value, board_id)
        rank = 3 if closed else _RANK.get(escalation or "", 0)
        first, second, third = (self._pauses(stage, value.name or value.id, escalation, closed) for stage in STAGES)
        return Meaning(escalation, closed, reason, rank, (first, second, third))

    def _look_up(self, value: Value, board_id: str | None) -> tuple[Escalation | None, bool, str]:
        if value.id is not None and value.id in self._statuses:
            found = [self._statuses[value.id]]
        else:
            found = self._by_name.get(_folded(value.name or ""), [])
        found = [status for status in found if status.board_id == board_id] or found
        if not found:
            return None, False, f"the settings do not show a status {quoted(value.name or value.id)}"
        kinds = {(status.escalation, bool(status.closed)) for status in found}
        if len(kinds) > 1:
            return None, False, f"boards differ in what status {quoted(value.name)} means"
        escalation, closed = kinds.pop()
        reason = "" if escalation else f"the settings do not say what status {quoted(found[0].name)} means to the clock"
        return escalation, closed, reason

    def _pauses(self, stage: Stage, name: str | None, escalation: Escalation | None, closed: bool) -> bool | None:
        if self._pausing is not None and stage in self._pausing:
            return None if name is None else _folded(name) in self._pausing[stage]
        if escalation is None:
            return False if closed else None
        return escalation == "NoEscalation"


class MeaningsOnBoard:
    __slots__ = ("_all", "_board_id", "_known", "clear")

    def __init__(self, meanings: Meanings, board_id: str | None) -> None:
        self._all, self._board_id = meanings, board_id
        self._known: dict[Value, Meaning] = {}
        self.clear = True
        """The settings say what every status means that was asked for."""

    def each(self, values: Iterable[Value]) -> list[Meaning]:
        try:
            return [*map(self._known.__getitem__, values)]
        except KeyError:
            return [*map(self, values)]

    def __call__(self, value: Value) -> Meaning:
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = self._all.make(value, self._board_id)
            self.clear = self.clear and not found.reason
        return found


def _folded(name: str) -> str:
    return name.strip().casefold()
