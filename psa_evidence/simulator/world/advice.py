"""Recommendations to clients and the contacts about them: taken, turned down, or never answered."""

from __future__ import annotations

import random

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.books import Advice, Books, Meeting, Outcome, Touch, Way
from psa_evidence.simulator.world.clients import Client, Contact
from psa_evidence.simulator.world.dice import between, dice, pick
from psa_evidence.simulator.world.instants import DAY, HOUR, START, iso
from psa_evidence.simulator.world.promises import Promise, reference
from psa_evidence.simulator.world.refs import Row

_TOPICS = (
    (
        "Multi-factor sign-in for all accounts",
        "Security",
        (
            "Passwords alone are not enough any more: one phished password opens the mailbox. "
            "We recommend a second factor for everybody, starting with the administrators."
        ),
    ),
    (
        "Replace server, out of warranty",
        "Hardware",
        (
            "The server's warranty has ended. A failed part means days, not hours. "
            "We recommend to replace it within the year."
        ),
    ),
    (
        "Awareness training, 12 months",
        "Security",
        ("Two clicks on test mails in the last quarter. We recommend short monthly lessons with test mails."),
    ),
    (
        "Windows 10 end of support: replace workstations",
        "Hardware",
        "After October 2025 these machines get no security updates. The list is attached.",
    ),
    (
        "Second internet line with automatic fail-over",
        "Network",
        "Every outage of the line stopped the whole office.",
    ),
    ("Endpoint detection for servers", "Security", "The servers run the basic antivirus only."),
    ("Wireless survey and two more access points", "Network", "Coverage gaps are known since the move."),
    (
        "Restore test each quarter",
        "Backup",
        "A backup that was never restored is a hope. We recommend a test each quarter.",
    ),
)
_NO = ("Not in this year's budget.", "We have never had a problem with that.", "Too expensive for us at the moment.",
       "We decided against it.")  # fmt: skip
_YES = ("Please go ahead.", "Approved, send the order form.", "Agreed at the review.")
_STATUS = {"won": (2, "Won"), "lost": (3, "Lost"), "open": (1, "Open")}


def ordinary(seed: int, clients: tuple[Client, ...], books: Books) -> None:
    """Advice and quarterly reviews of all clients, for the history and a year and a half to come."""
    for client in clients:
        rng = dice(seed, "advice", client.index)
        for number in range(14):
            at = START + int((number + 0.2 + 0.6 * rng.random()) * 91 * DAY)
            at = at - at % DAY + 15 * HOUR + between(rng, 0, 9) * 900
            _review(client, at - 21 * DAY, books)
            if number % 2 == 0 or rng.random() < 0.4:
                _advise(rng, client, at, books)


def _advise(rng: random.Random, client: Client, at: int, books: Books) -> None:
    name, kind, text = pick(rng, _TOPICS)
    outcome: Outcome = pick(rng, ("won", "won", "lost", "open"))
    closed = None if outcome == "open" else at + between(rng, 8, 55) * DAY
    advice = Advice(client.index, name, at, "hwells", client.boss.id, kind, text, outcome, closed, [], at + 45 * DAY)
    books.advice.append(advice)
    for number in range(1 if outcome == "won" else 3):
        when = at + number * 14 * DAY + 2 * HOUR
        if closed is not None and when > closed:
            break
        said = f'Sent the proposal "{name}".' if not number else f'Follow-up {number} on "{name}": no answer.'
        way: Way = "Call" if number % 2 else "Email"
        title = f"Proposal: {name}"[:100]
        books.touches.append(
            Touch(client.index, title, way, when, 15, "hwells", client.boss.id, said, when + HOUR, advice)
        )
    if closed is not None:
        answer = pick(rng, _YES if outcome == "won" else _NO)
        advice.remarks.append((closed, "hwells", f'{client.boss.name}: "{answer}"'))


def _review(client: Client, at: int, books: Books) -> None:
    touch = Touch(client.index, f"Quarterly review with {client.name}"[:100], "Meeting", at, 60, "hwells",
                  client.manager.id, "Went through tickets, open proposals and the state of backups and patches.",
                  at + 2 * HOUR)  # fmt: skip
    books.touches.append(touch)
    books.meetings.append(Meeting(touch, "hwells"))


def opportunity_rows(items: list[Advice], clients: tuple[Client, ...], now: int) -> list[Row]:
    found = []
    for item in items:
        if item.at > now:
            continue
        client = clients[item.client]
        decided = item.closed is not None and item.closed <= now
        number, name = _STATUS[item.outcome if decided else "open"]
        row: Row = {
            "id": item.id, "name": item.name, "expectedCloseDate": iso(item.expected or item.at + 45 * DAY),
            "type": {"id": 1, "name": item.kind},
            "stage": {"id": 4 if decided else 2, "name": "Closed" if decided else "Proposal sent"},
            "status": {"id": number, "name": name}, "notes": item.text, "source": "Review",
            "primarySalesRep": refs.member_of(item.by), "locationId": 11, "businessUnitId": 10,
            "company": refs.company(client), "contact": refs.contact(_person(client, item.contact)),
            "dateBecameLead": iso(item.at), "currency": refs.DOLLAR,
        }  # fmt: skip
        updated = None
        if decided and item.closed is not None:
            row |= {"closedDate": iso(item.closed), "closedBy": refs.member_of(item.by)}
            updated = item.closed
        found.append(row | {"_info": refs.info(item.at, item.by, updated=updated)})
    return found


def opportunity_notes(item: Advice, now: int) -> list[Row]:
    return [
        {"id": item.id * 100 + number, "opportunityId": item.id, "type": {"id": 1, "name": "Comments"}, "text": text,
         "flagged": False, "enteredBy": by, "_info": refs.info(at, by)}
        for number, (at, by, text) in enumerate(sorted(item.remarks), start=1)
        if at <= now
    ]  # fmt: skip


_WAYS = {"Call": 1, "Email": 2, "Meeting": 3, "Letter": 4}


def activity_rows(
    items: list[Touch], clients: tuple[Client, ...], agreements: dict[int, Promise], now: int
) -> list[Row]:
    found = []
    for item in items:
        if item.at > now:
            continue
        client = clients[item.client]
        person = _person(client, item.contact)
        done = item.closed is not None and item.closed <= now
        end = item.at + item.minutes * 60
        row: Row = {
            "id": item.id, "name": item.name, "type": {"id": _WAYS[item.way], "name": item.way},
            "company": refs.company(client), "contact": refs.contact(person), "phoneNumber": person.phone,
            "email": person.email, "status": {"id": 2 if done else 1, "name": "Closed" if done else "Open"},
            "notes": item.text, "dateStart": iso(item.at), "dateEnd": iso(end), "dateEndUtc": iso(end),
            "assignedBy": refs.member_of(item.by), "assignTo": refs.member_of(item.by), "notifyFlag": False,
            "currency": refs.DOLLAR,
        }  # fmt: skip
        if item.advice is not None:
            row["opportunity"] = refs.ref("sales/opportunities", item.advice.id, item.advice.name)
        if item.ticket is not None:
            row["ticket"] = refs.ticket(item.ticket, "")
        if item.agreement is not None:
            row["agreement"] = reference(agreements[item.agreement])
        if done and item.closed is not None:
            row["dateClosedUtc"] = iso(item.closed)
        found.append(row | {"_info": refs.info(item.at, item.by, updated=item.closed if done else None)})
    return found


def meeting_rows(items: list[Meeting], now: int) -> list[Row]:
    """Schedule entries of meetings: shown from ten days before."""
    found = []
    for item in items:
        touch = item.touch
        if touch.at - 10 * DAY > now:
            continue
        done = touch.at + touch.minutes * 60 <= now
        row: Row = {
            "id": item.id, "objectId": touch.id, "name": touch.name, "member": refs.member_of(item.member),
            "dateStart": iso(touch.at), "dateEnd": iso(touch.at + touch.minutes * 60),
            "status": {"id": 2, "name": "Firm"}, "type": {"id": 3, "identifier": "C"},
            "doneFlag": done, "acknowledgedFlag": item.acknowledged, "ownerFlag": True, "meetingFlag": True,
            "hours": round(touch.minutes / 60, 2),
        }  # fmt: skip
        if item.acknowledged:
            row["acknowledgedDate"] = iso(touch.at - 9 * DAY)
        if done:
            row["closeDate"] = iso(touch.at + touch.minutes * 60)
        found.append(row | {"_info": refs.info(touch.at - 10 * DAY, touch.by)})
    return found


def _person(client: Client, contact_id: int) -> Contact:
    return next(contact for contact in client.contacts if contact.id == contact_id)
