"""What was promised: agreements with their additions."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import between, dice
from psa_evidence.simulator.world.instants import day, wall
from psa_evidence.simulator.world.refs import Row

_TYPES = {"all-inclusive": (1, "Managed Services"), "block hours": (2, "Block Hours"),
          "time and materials": (3, "Time and Materials")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Promise:
    """An agreement; `end` None is open ended."""

    id: int
    client: Client
    name: str
    start: int
    end: int | None
    fee: float
    cancelled: int | None = None
    reason: str = ""
    notes: str = ""

    def in_force(self, at: int) -> bool:
        last = min(x for x in (self.end, self.cancelled, 1 << 40) if x is not None)
        return self.start <= at < last


def promises(clients: tuple[Client, ...]) -> list[Promise]:
    found = []
    for client in clients:
        base = 5001 + client.index * 10
        label = {
            "all-inclusive": f"Managed Services All-Inclusive, {s.SLAS[client.sla].name}",
            "block hours": "Block Hours, monthly",
            "time and materials": "Time and Materials",
        }[client.terms]
        if client.index == 0:
            found += [
                Promise(base, client, f"{label} (2023-2025)", wall("2023-11-01"), wall("2025-11-01"), 6200.0,
                        notes="Term of 24 months. SLA exhibit B. Backup not included, see exhibit D (declined)."),
                Promise(base + 1, client, f"{label} (renewal 2025)", wall("2025-11-01"), None, client.fee,
                        wall("2026-10-01"), "Client's notice of 2026-07-30, effective 2026-09-30",
                        notes="Renewed by e-mail of 2025-10-20, signed copy attached."),
            ]  # fmt: skip
        else:
            start = wall(f"202{2 + client.index % 3}-0{1 + client.index % 9}-01")
            found.append(Promise(base, client, label, start, None, client.fee))
    return found


def rows(agreements: list[Promise], now: int) -> list[Row]:
    return [_row(item, now) for item in agreements if item.start - 20 * 86400 <= now]


def reference(item: Promise) -> Row:
    return refs.ref("finance/agreements", item.id, item.name, type=_TYPES[item.client.terms][1])


def _row(item: Promise, now: int) -> Row:
    client = item.client
    cancelled = item.cancelled is not None and item.cancelled - 62 * 86400 <= now
    over = item.end is not None and item.end <= now
    gone = item.cancelled is not None and item.cancelled <= now
    number, kind = _TYPES[client.terms]
    row: Row = {
        "id": item.id, "name": item.name, "type": refs.ref("finance/agreements/types", number, kind),
        "company": refs.company(client), "contact": refs.contact(client.boss), "location": refs.LOCATION,
        "department": refs.DEPARTMENT, "startDate": day(item.start), "noEndingDateFlag": item.end is None,
        "cancelledFlag": cancelled, "sla": refs.sla(client.sla), "applicationUnits": "Hours",
        "applicationUnlimitedFlag": client.terms == "all-inclusive", "applicationCycle": "CalendarMonth",
        "oneTimeFlag": False, "coverAgreementTime": client.terms != "time and materials",
        "coverAgreementProduct": False, "coverAgreementExpense": False, "carryOverUnused": False,
        "allowOverruns": True, "billAmount": item.fee, "billTime": "Billable", "billExpenses": "Billable",
        "billProducts": "Billable", "billToCompany": refs.company(client), "currency": refs.DOLLAR,
        "agreementStatus": "Cancelled" if gone else "Expired" if over else "Active",
    }  # fmt: skip
    if item.end is not None:
        row["endDate"] = day(item.end - 1)
    if cancelled and item.cancelled is not None:
        row |= {"dateCancelled": day(item.cancelled - 1), "reasonCancelled": item.reason}
    if client.terms == "block hours":
        row["applicationLimit"] = 20.0 if client.fee > 2500 else 12.0
    if item.notes:
        row["internalNotes"] = item.notes
    changed = item.cancelled - 62 * 86400 if cancelled and item.cancelled else None
    return row | {"_info": refs.info(item.start - 20 * 86400, "hwells", updated=changed)}


_PRODUCTS = (("Managed workstation", 38.0), ("Managed server", 145.0), ("Microsoft 365 Business Premium", 24.5),
             ("EDR per device", 9.0), ("E-mail filtering per mailbox", 4.0), ("Firewall management", 85.0))  # fmt: skip
BACKUP = ("Backup and disaster recovery per server", 189.0)


def additions(seed: int, item: Promise) -> list[Row]:
    """What hangs on an agreement. The main dispute's client never had backup; its e-mail filter was cancelled."""
    client = item.client
    rng = dice(seed, "additions", item.id)
    chosen = [product for product in _PRODUCTS if client.terms == "all-inclusive" or rng.random() < 0.4]
    if client.index and client.terms == "all-inclusive":
        chosen.append(BACKUP)
    rows: list[Row] = []
    for number, (name, price) in enumerate(chosen, start=1):
        quantity = between(rng, 1, 4) if "server" in name or "Firewall" in name else between(rng, 8, 55)
        row: Row = {
            "id": item.id * 100 + number,
            "product": {"id": 900 + number, "identifier": name[:30]},
            "quantity": float(quantity), "lessIncluded": 0.0, "unitPrice": price, "unitCost": round(price * 0.55, 2),
            "billCustomer": "DoNotBill" if client.terms == "all-inclusive" else "Billable",
            "effectiveDate": day(item.start), "taxableFlag": False, "invoiceDescription": name,
            "agreementId": item.id, "description": name, "billedQuantity": float(quantity),
            "extPrice": round(price * quantity, 2), "sequenceNumber": float(number),
        }  # fmt: skip
        ended = (
            wall("2026-03-01")
            if client.index == 0 and "filtering" in name and item.end is None
            else item.cancelled or item.end
        )
        if ended is not None:
            row["cancelledDate"] = day(ended - 1)
        rows.append(row | {"agreementStatus": "Active", "_info": refs.info(item.start, "hwells", updated=ended)})
    return rows
