"""Invoices and payments: a month's fee on its first day, thirty days to pay, and how each client keeps to it."""

from __future__ import annotations

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.books import Bill, Books
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import between, dice
from psa_evidence.simulator.world.instants import DAY, day, wall
from psa_evidence.simulator.world.promises import Promise, reference
from psa_evidence.simulator.world.refs import Row

_TERM = 30 * DAY


def monthly(seed: int, agreements: list[Promise], books: Books) -> None:
    """Adds the invoices of all fixed fees, for the history and two years to come."""
    for item in agreements:
        if not item.fee:
            continue
        rng = dice(seed, "money", item.id)
        slow = 25 if item.client.index % 4 == 3 else 0
        for month in range(48):
            year, index = divmod(10 + month, 12)
            at = wall(f"{2024 + year}-{index + 1:02d}-01 07:00")
            lag = (between(rng, 9, 33) + slow) * DAY
            if item.in_force(at):
                paid = [] if _withheld(item.client, at) else [(at + lag, item.fee)]
                label = f"Fixed fee {2024 + year}-{index + 1:02d}: {item.name}"
                books.bills.append(Bill(item.client.index, at, at + _TERM, item.fee, "Agreement", item.id, label, paid))


def _withheld(client: Client, at: int) -> bool:
    """The main dispute's client stopped paying in June 2026."""
    return client.index == 0 and at >= wall("2026-06-01")


def balance(bill: Bill, now: int) -> float:
    return round(bill.total - sum(amount for at, amount in bill.paid if at <= now), 2)


def rows(bills: list[Bill], clients: tuple[Client, ...], agreements: dict[int, Promise], now: int) -> list[Row]:
    found = []
    for bill in bills:
        if bill.at > now:
            continue
        client, paid = clients[bill.client], [(at, amount) for at, amount in bill.paid if at <= now]
        left = balance(bill, now)
        row: Row = {
            "id": bill.id, "invoiceNumber": bill.number, "type": bill.kind,
            "status": {"id": 3 if left else 5, "name": "Sent" if left else "Paid", "isClosed": not left},
            "company": refs.company(client), "billToCompany": refs.company(client), "attention": client.boss.name,
            "date": day(bill.at), "dueDate": day(bill.due), "reference": bill.text[:50], "topComment": bill.text,
            "subtotal": bill.total, "total": bill.total, "salesTax": 0.0,
            "serviceTotal": 0.0 if bill.kind == "Agreement" else bill.total,
            "agreementAmount": bill.total if bill.kind == "Agreement" else 0.0,
            "payments": round(sum(amount for _, amount in paid), 2), "credits": 0.0, "balance": left,
            "currency": refs.DOLLAR, "billingTerms": {"id": 2, "name": "Net 30"}, "locationId": 11,
        }  # fmt: skip
        if bill.agreement is not None:
            row["agreement"] = reference(agreements[bill.agreement])
        if bill.ticket is not None:
            row |= {"applyToType": "Ticket", "applyToId": bill.ticket}
        updated = max((at for at, _ in paid), default=None)
        found.append(row | {"_info": refs.info(bill.at, "cfisher", updated=updated)})
    return found


def payments(bill: Bill, now: int) -> list[Row]:
    left, found = bill.total, []
    for number, (at, amount) in enumerate(sorted(bill.paid), start=1):
        left = round(left - amount, 2)
        if at <= now:
            found.append({
                "id": bill.id * 10 + number, "type": "Payment", "source": "Check" if bill.client % 2 else "ACH",
                "invoice": {"id": bill.id, "identifier": bill.number}, "amount": amount, "balance": 0.0,
                "invoiceBalance": left, "invoiceTotal": bill.total, "paymentDate": day(at), "appliedBy": "cfisher",
                "_info": refs.info(at, "cfisher"),
            })  # fmt: skip
    return found
