"""Who is no person: names and sources under which workflows and integrations act."""

from __future__ import annotations

_MACHINES = frozenset({
    "workflow", "workflow rule", "workflow rules", "integration", "system", "system account", "systemapi",
    "system api", "api", "emailconnector", "email connector", "conversion", "application", "network", "automate",
    "callback", "schedulerservice",
})  # fmt: skip
_MACHINE_SOURCES = frozenset({"api", "workflow", "network", "emailconnector", "systemapi", "conversion", "application"})


def is_machine(by: str | None, source: str | None) -> bool:
    """Whether a workflow or an integration acted, by the name it bears or the source the audit trail gives."""
    if source and source.replace(" ", "").lower() in _MACHINE_SOURCES:
        return True
    return bool(by) and str(by).strip().lower() in _MACHINES
