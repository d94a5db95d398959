"""`doctor`'s questions to the PSA: keys, version, clock, and each permission in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import Check
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.conditions import query
from psa_evidence_connectwise.resources import AUDIT, SECURITY
from psa_evidence_connectwise.rights import RIGHTS, Right
from psa_evidence_connectwise.run import read_list, read_security, read_single
from psa_evidence_connectwise.settings import Connection
from psa_evidence_connectwise.sightings import row_id

CLOCK_WARNING_SECONDS = 30.0
SHOWN = 6
"""Functions named in one line; the rest are counted."""


async def check(client: Client, connection: Connection) -> Sequence[Check]:
    """One line a fact. Stops early when nothing answers or the keys are refused."""
    lines: list[Check] = []
    try:
        base = await client.discover()
        lines.append(Check(id="host", status="ok", detail=f"{connection.host} answers; codebase {base.codebase}."))
        info = await client.ask("system/info", read_single)
    except EvidenceError as error:
        lines.append(
            Check(id="keys" if lines else "host", status="failed", detail=error.what, next_step=error.next_step)
        )
        return lines
    if info.value is None and info.problem in {"gave up", "unreadable", "too large"}:
        lines.append(
            Check(
                id="service", status="failed",
                detail=f"system/info could not be read ({info.problem}: {info.detail}). The PSA is down or busy, or "
                "something stands before it.",
                next_step="Try again later; when it stays so, look at the PSA in a browser, and at proxy and firewall.",
            )
        )  # fmt: skip
        return lines
    if info.value is None:
        failed = info.problem != "no permission"
        lines.append(
            Check(
                id="keys", status="failed" if failed else "warning",
                detail=f"system/info could not be read ({info.problem}).",
                next_step="Check the company id and the keys." if failed else "Check the member's security role.",
            )
        )  # fmt: skip
        if failed:
            return lines
    else:
        lines.append(Check(id="keys", status="ok", detail="The keys are accepted."))
        version = info.value[0].get("version")
        lines.append(
            Check(
                id="version", status="ok",
                detail=f"ConnectWise {version if isinstance(version, str) else 'of unknown version'}, "
                f"data model {connection.api_version}.",
            )
        )  # fmt: skip
    lines.append(_clock(client.clock_offset))
    for right in RIGHTS:
        try:
            lines.append(await _probe(client, right))
        except EvidenceError as error:
            lines.append(Check(id=right.path, status="failed", detail=error.what, next_step=error.next_step))
            return lines
    try:
        lines.extend(await _parts(client))
        lines.extend(await _levels(client))
    except EvidenceError as error:
        lines.append(Check(id="role", status="failed", detail=error.what, next_step=error.next_step))
    return lines


async def _levels(client: Client) -> list[Check]:
    """What the key's role says of itself: levels that hide rows, and rights that nobody needs here."""
    outcome = await client.ask(SECURITY + query(pageSize=1000), read_security)
    if outcome.value is None:
        return [Check(id="role", status="warning", detail=f"The key's rights could not be read ({outcome.problem}).")]
    rows = [row for row, _, _ in outcome.value if isinstance(row, dict)]
    if not any(isinstance(row.get("inquireLevel"), str) for row in rows):
        return [
            Check(
                id="role", status="warning", detail="The PSA does not say what the key's role allows.",
                next_step="Compare the role with the matrix in docs/connectwise.md.",
            )
        ]  # fmt: skip
    own = _named(rows, lambda row: row.get("inquireLevel") == "My")
    writes = _named(
        rows, lambda row: any(row.get(f"{verb}Level") in {"My", "All"} for verb in ("add", "edit", "delete"))
    )
    lines: list[Check] = []
    if own:
        lines.append(
            Check(
                id="role/inquire",
                status="warning",
                detail=f"Level My instead of All: {own}. Lists come shorter, without any error.",
                next_step="Set Inquire to All on these functions of the API member's security role.",
            )
        )
    if writes:
        lines.append(
            Check(
                id="role/write",
                status="warning",
                detail=f"The key may also change data: {writes}. It never needs to.",
                next_step="Set Add, Edit and Delete to None.",
            )
        )
    return lines or [Check(id="role", status="ok", detail="The role inquires at level All and may change nothing.")]


def _named(rows: list[dict[str, Any]], wanted: Callable[[dict[str, Any]], bool]) -> str:
    """Names of the functions, the first few."""
    names = [str(row.get("moduleFunctionName") or row.get("moduleFunctionIdentifier")) for row in rows if wanted(row)]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


async def _probe(client: Client, right: Right) -> Check:
    outcome = await client.ask(right.path + query(pageSize=1, page=1), read_list)
    if outcome.value is None:
        words = "may not be read" if outcome.problem == "no permission" else f"could not be read ({outcome.problem})"
        needed = right.path in {"company/companies", "service/tickets"}
        if outcome.problem == "not found" and not needed:
            return Check(
                id=right.path, status="warning",
                detail=f"This PSA has no {right.path}. A pack does without {right.loses}.",
                next_step=f"Nothing, unless you know of some: then look at Inquire on {right.role}.",
            )  # fmt: skip
        return Check(
            id=right.path,
            status="failed" if needed else "warning",
            detail=f"{right.path} {words}. A pack loses {right.loses}.",
            next_step=f"Give the API member's security role Inquire, level All, on {right.role}.",
            refused=outcome.problem == "no permission",
        )
    if not outcome.value:
        return Check(
            id=right.path, status="warning", detail=f"{right.path} can be read and holds no rows that the key may see.",
            next_step=f"If you know of some, set Inquire to All on {right.role} and look at the member's restrictions.",
        )  # fmt: skip
    return Check(id=right.path, status="ok", detail=f"{right.path} can be read.")


async def _parts(client: Client) -> list[Check]:
    """Whether the newest ticket's notes and audit trail can be read: no list of their own shows it."""
    outcome = await client.ask("service/tickets" + query(orderBy="id desc", pageSize=1, page=1), read_list)
    number = next((row_id(row) for row, _, _ in outcome.value or () if isinstance(row, dict)), None)
    if number is None:
        return []
    lines = []
    for name, targets, loses in (
        ("notes", (f"service/tickets/{number}/allNotes", f"service/tickets/{number}/notes"), "what was said, by whom"),
        ("audit trail", (AUDIT + query(type="Ticket", id=number),), "status changes: no SLA can be recomputed"),
    ):
        for target in targets:
            outcome = await client.ask(target, read_list)
            if outcome.problem != "not found":
                break
        readable = outcome.value is not None
        lines.append(
            Check(
                id=f"tickets/{name}", status="ok" if readable else "warning",
                detail=f"The {name} of a ticket can be read." if readable
                else f"The {name} of a ticket could not be read ({outcome.problem}). A pack loses {loses}.",
                next_step="" if readable else "Give the API member's security role Inquire, level All, on "
                "Service Desk > Service Tickets; when it has that, ask the vendor's support about this list.",
            )
        )  # fmt: skip
    return lines


def _clock(offset: float | None) -> Check:
    if offset is None:
        return Check(id="clock", status="warning", detail="The server sends no time: clocks cannot be compared.")
    words = f"The server's clock is {abs(offset):.1f} s {'ahead of' if offset >= 0 else 'behind'} this machine's."
    if abs(offset) <= CLOCK_WARNING_SECONDS:
        return Check(id="clock", status="ok", detail=words)
    return Check(id="clock", status="warning", detail=words, next_step="Set this machine's clock by a time server.")
