"""The remote control: one JSON object of changes, applied in this order.

knobs           {name: value}, see `Knobs`; others stay
advance_days    number of days the world moves on
edit            [{"resource", "id", "set": {merge patch}}], with "child" and "child_id" for what hangs on a row
delete          [{"resource", "id"}], with "child" and "child_id" likewise
reset_stats     true
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from psa_evidence.simulator.simulation import Simulation


class ControlError(ValueError):
    """The changes are not understood."""


_KNOWN = frozenset({"knobs", "advance_days", "edit", "delete", "reset_stats"})


def apply(simulation: Simulation, changes: Any) -> dict[str, Any]:
    """Apply and say what the state is now. `ValueError` when a change is not understood; those before it stay."""
    if not isinstance(changes, dict) or changes.keys() - _KNOWN:
        raise ControlError(f"an object with some of {sorted(_KNOWN)} is expected")
    if "knobs" in changes:
        if not isinstance(changes["knobs"], dict):
            raise ControlError("knobs is an object")
        simulation.knobs = simulation.knobs.with_changes(changes["knobs"])
    days = changes.get("advance_days", 0)
    if not isinstance(days, (int, float)) or isinstance(days, bool) or not 0 <= days <= 36_600:
        raise ControlError("advance_days is a number of days that is not negative")
    if days:
        simulation.advance(days)
    edited = sum(_edit(simulation, item) for item in _items(changes, "edit"))
    deleted = sum(_delete(simulation, item) for item in _items(changes, "delete"))
    if changes.get("reset_stats") is True:
        simulation.stats.reset()
    return {
        "now": simulation.store.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "edited": edited,
        "deleted": deleted,
        "codebase": simulation.codebase,
        "knobs": asdict(simulation.knobs),
    }


def _items(changes: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = changes.get(name, [])
    if not isinstance(items, list):
        raise ControlError(f"{name} is a list")
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("resource"), str) or type(item.get("id")) is not int:
            raise ControlError(f"an item of {name} names a resource and an id")
    return items


def _edit(simulation: Simulation, item: dict[str, Any]) -> bool:
    patch = item.get("set")
    if not isinstance(patch, dict):
        raise ControlError("an edit has an object `set`")
    if "child" in item:
        child, child_id = _child(item)
        return simulation.store.edit_child(item["resource"], item["id"], child, child_id, patch)
    return simulation.store.edit(item["resource"], item["id"], patch)


def _delete(simulation: Simulation, item: dict[str, Any]) -> bool:
    if "child" in item:
        child, child_id = _child(item)
        return simulation.store.delete_child(item["resource"], item["id"], child, child_id)
    return simulation.store.delete(item["resource"], item["id"])


def _child(item: dict[str, Any]) -> tuple[str, int]:
    child, child_id = item["child"], item.get("child_id")
    if not isinstance(child, str) or type(child_id) is not int:
        raise ControlError("a child is named by `child` and `child_id`")
    return child, child_id
