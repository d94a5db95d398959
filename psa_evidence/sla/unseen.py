"""Records of a ticket that exist, or may, and that nobody has seen: hidden from the key, or not to be had."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from psa_evidence.records import Kind, Lacking, Permission

_ACTS: Final[dict[Kind | None, str]] = {"note": "message", "time_entry": "time entry"}
"""Kinds of record that may hold the first response."""
_LISTS: Final[dict[Kind, str]] = {"note": "notes", "time_entry": "time entries", "history": "history"}


class Unseen:
    """Each answer is the reason why it is open, empty when all was seen."""

    def __init__(self, permissions: Iterable[Permission], lacking: Iterable[Lacking]) -> None:
        hidden = [one.hides for one in permissions if one.hides in _ACTS]
        self._hidden = f"the role of the key did not show every {_ACTS[hidden[0]]}" if hidden else ""
        self._whole: dict[Kind, str] = {}
        self._single: dict[tuple[str, Kind], str] = {}
        self._targets: dict[str | None, str] = {}
        for one in lacking:
            why = f"did not come: {one.reason} (capture {one.capture})"
            if one.kind == "sla_target":
                self._targets[one.parent] = why
            if one.kind not in _LISTS:
                continue
            if one.parent is None:
                self._whole[one.kind] = f"some {_LISTS[one.kind]} {why}"
            elif one.parent.startswith("ticket/"):
                ticket_id = one.parent.removeprefix("ticket/")
                self._single[ticket_id, one.kind] = f"the {_LISTS[one.kind]} of this ticket {why}"

    def acts(self, ticket_id: str) -> str:
        """Whether a human act may stand in what was not seen."""
        return self._hidden or self._of(ticket_id, "note") or self._of(ticket_id, "time_entry")

    def history(self, ticket_id: str) -> str:
        """Whether changes of status or priority may."""
        return self._of(ticket_id, "history")

    def targets(self, sla_id: str) -> str:
        """Whether targets of an SLA for single priorities may."""
        why = self._targets.get(f"sla/{sla_id}") or self._targets.get(None)
        return f"its SLA's targets by priority {why}" if why else ""

    def _of(self, ticket_id: str, kind: Kind) -> str:
        return self._single.get((ticket_id, kind), "") or self._whole.get(kind, "")
