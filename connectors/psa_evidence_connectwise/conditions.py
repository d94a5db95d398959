"""The API's `conditions` language: written here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from psa_evidence.errors import ConfigurationError
from psa_evidence.spi import Scope

IDS_A_REQUEST = 100
"""Ids in one `in (...)`: keeps the address below the 1,745 characters the vendor calls safe."""


def stamp(when: datetime, *, up: bool = False) -> str:
    """`[2025-01-31T22:00:00Z]`: UTC, whole seconds (the API refuses fractions); `up` rounds up."""
    utc = when.astimezone(UTC)
    if up and utc.microsecond:
        utc += timedelta(seconds=1)
    return f"[{utc:%Y-%m-%dT%H:%M:%SZ}]"


def both(*parts: str) -> str:
    """All of `parts` that are not empty."""
    given = [part for part in parts if part]
    return " and ".join(given)


def within(field: str, scope: Scope) -> str:
    """`field` lies in the scope's period."""
    return both(
        f"{field} >= {stamp(scope.since)}" if scope.since else "",
        f"{field} < {stamp(scope.until, up=True)}" if scope.until else "",
    )


def outside(field: str, scope: Scope) -> str:
    """`field` lies before or after the scope's period; empty when the scope has none."""
    parts = [
        f"{field} < {stamp(scope.since)}" if scope.since else "",
        f"{field} >= {stamp(scope.until, up=True)}" if scope.until else "",
    ]
    given = [part for part in parts if part]
    return f"({' or '.join(given)})" if given else ""


def batches(field: str, ids: Iterable[str], size: int = IDS_A_REQUEST) -> Iterator[str]:
    """`field in (1,2,3)`, as many as it takes; nothing for no ids."""
    batch: list[str] = []
    for one in ids:
        batch.append(one)
        if len(batch) == size:
            yield _among(field, batch)
            batch = []
    if batch:
        yield _among(field, batch)


def clients(field: str, scope: Scope) -> Sequence[str]:
    """Conditions that together cover the scope's clients; one empty condition when it names none."""
    return tuple(batches(field, scope.clients)) or ("",)


def tickets(scope: Scope, changed_since: datetime | None) -> str:
    """Entered before the period ends, and entered, closed, updated or still open after it began."""
    period = ""
    if scope.since:
        since = stamp(scope.since)
        period = f"(dateEntered >= {since} or closedDate >= {since} or lastUpdated >= {since} or closedFlag = False)"
    return both(f"dateEntered < {stamp(scope.until, up=True)}" if scope.until else "", period, changed(changed_since))


def projects(scope: Scope, changed_since: datetime | None) -> str:
    """The same for project tickets, which have no `dateEntered` of their own in every version."""
    since = f"(closedFlag = False or lastUpdated >= {stamp(scope.since)})" if scope.since else ""
    return both(since, changed(changed_since))


def changed(since: datetime | None) -> str:
    return f"lastUpdated > {stamp(since)}" if since else ""


def not_before(when: datetime) -> str:
    return f"lastUpdated >= {stamp(when)}"


def enclosed(condition: str) -> str:
    """In parentheses when something may follow that binds more tightly."""
    return f"({condition})" if " or " in condition.lower() else condition


def check_clients(scope: Scope) -> None:
    """Client ids go into conditions: they must be numbers. Raises ConfigurationError."""
    if not all(one.isascii() and one.isdecimal() for one in scope.clients):
        raise ConfigurationError(
            "A client id given for ConnectWise is not a number.",
            next_step="List the clients with their ids: psa-evidence clients.",
        )


def query(**parameters: str | int) -> str:
    """`?a=1&b=2`, encoded; empty values are left out."""
    pairs = [f"{name}={quote(str(value), safe='')}" for name, value in parameters.items() if value != ""]
    return "?" + "&".join(pairs) if pairs else ""


def _among(field: str, ids: Sequence[str]) -> str:
    return f"{field} = {ids[0]}" if len(ids) == 1 else f"{field} in ({','.join(ids)})"
