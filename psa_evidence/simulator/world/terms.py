"""What hangs on agreements beside additions, and what companies are: sites, statuses, types."""

from __future__ import annotations

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import dice
from psa_evidence.simulator.world.instants import DAY, START, day
from psa_evidence.simulator.world.promises import Promise
from psa_evidence.simulator.world.refs import Row

_MADE = START - 400 * DAY
_INFO = refs.info(_MADE, "gthorne")
AFTER_HOURS = 3
STATUSES = {1: "Active", 2: "Former client", 3: "Prospect"}
TYPES = {1: "Client", 2: "Vendor", 9: "Owner"}


def statuses(now: int) -> list[Row]:  # noqa: ARG001  settings do not change with time
    return [
        {"id": number, "name": name, "defaultFlag": number == 1, "inactiveFlag": False, "notifyFlag": number == 2,
         "disallowSavingFlag": False, "customNoteFlag": False, "cancelOpenTracksFlag": False, "_info": _INFO}
        for number, name in STATUSES.items()
    ]  # fmt: skip


def types(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": number, "name": name, "defaultFlag": number == 1, "vendorFlag": name == "Vendor",
         "serviceAlertFlag": False, "_info": _INFO}
        for number, name in TYPES.items()
    ]  # fmt: skip


def api_members(now: int) -> list[Row]:  # noqa: ARG001
    """The key's own member: nothing is hidden from it."""
    return [
        {"id": 901, "identifier": "evidence", "name": "Evidence (read only)", "inactiveFlag": False,
         "emailAddress": "evidence@harbourlight.example",
         "securityRole": refs.ref("system/securityroles", 70, "Inquire only"), "excludedServiceBoardIds": [],
         "blockPriceFlag": False, "blockCostFlag": False, "_info": _INFO}
    ]  # fmt: skip


def sites(client: Client) -> list[Row]:
    return [
        {"id": client.id * 10 + 1, "name": "Main", "addressLine1": f"{12 + client.index * 7} Market Street",
         "city": client.city, "zip": f"{10100 + client.index * 13}", "primaryAddressFlag": True,
         "defaultShippingFlag": True, "defaultBillingFlag": True, "defaultMailingFlag": True, "inactiveFlag": False,
         "calendar": refs.calendar(client.calendar), "timeZone": refs.zone(client.zone),
         "company": refs.company(client), "_info": refs.info(_MADE + client.index * DAY, "hwells")}
    ]  # fmt: skip


def below(seed: int, item: Promise, child: str, now: int) -> list[Row]:
    """One of the lists below an agreement; empty for another name."""
    rng = dice(seed, "terms", item.id)
    info = refs.info(item.start, "hwells")
    common = {"agreementId": item.id, "_info": info}
    if child == "workTypes":
        rate = 1.5 if item.client.terms == "all-inclusive" else 1.75
        return [
            {"id": item.id * 100 + number, "workType": refs.ref("time/workTypes", number, s.WORK_TYPES[number]),
             "rateType": "Multiplier", "billTime": "Billable" if number == AFTER_HOURS else "NoDefault",
             "rate": rate if number == AFTER_HOURS else 1.0, "effectiveDate": day(item.start), **common}
            for number in sorted(s.WORK_TYPES)[:AFTER_HOURS]
        ]  # fmt: skip
    if child == "workRoles":
        return [
            {"id": item.id * 100 + number, "workRole": refs.ref("time/workRoles", number, name), "rateType": "Custom",
             "rate": float(rate), "effectiveDate": day(item.start), **common}
            for number, (name, rate) in s.WORK_ROLES.items()
        ]  # fmt: skip
    if child == "workTypeExclusions" and item.client.terms != "all-inclusive":
        last = max(s.WORK_TYPES)
        return [{"id": item.id * 100 + 1, "workType": refs.ref("time/workTypes", last, s.WORK_TYPES[last]), **common}]
    if child == "workRoleExclusions" and item.client.terms == "block hours":
        last = max(s.WORK_ROLES)
        name = s.WORK_ROLES[last][0]
        return [{"id": item.id * 100 + 1, "workRole": refs.ref("time/workRoles", last, name), **common}]
    if child == "boardDefaults":
        return [{"id": item.id * 100 + 1, "board": refs.board(s.SERVICE), "defaultFlag": True, **common}]
    if child == "adjustments" and item.client.terms == "block hours":
        rows = []
        for number in range(1, 4):
            at = item.start + number * 91 * DAY
            if at <= now:
                rows.append({
                    "id": item.id * 100 + number, "amount": rng.choice([-2.0, 1.5, 4.0]), "effectiveDate": day(at),
                    "description": "Hours credited after review" if number % 2 else "Unused hours carried over",
                    "agreementId": item.id, "_info": refs.info(at, "hwells"),
                })  # fmt: skip
        return rows
    return []
