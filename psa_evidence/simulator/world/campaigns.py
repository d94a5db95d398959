"""Mailings of the MSP to its clients' contacts: what was sent, and which contacts opened it."""

from __future__ import annotations

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import dice
from psa_evidence.simulator.world.instants import DAY, START, iso
from psa_evidence.simulator.world.refs import Row

FIRST_CAMPAIGN = 401
_MAILINGS = (
    ("Multi-factor sign-in for everybody", 60 * DAY),
    ("Servers that reach the end of support", 190 * DAY),
    ("Phishing: what our desk sees", 430 * DAY),
)
"""Subject, and when it went out after the world's first day."""


def rows(clients: tuple[Client, ...], now: int) -> list[Row]:
    people = sum(len(client.contacts) for client in clients)
    return [
        {"id": FIRST_CAMPAIGN + number, "name": name, "type": {"id": 1, "name": "E-mail"},
         "subType": {"id": 1, "name": "Newsletter"}, "status": {"id": 2, "name": "Sent"},
         "startDate": iso(START + after), "inactive": False, "emailsSent": people,
         "_info": refs.info(START + after, "hwells")}
        for number, (name, after) in enumerate(_MAILINGS) if START + after <= now
    ]  # fmt: skip


def below(seed: int, clients: tuple[Client, ...], campaign: int, child: str, now: int) -> list[Row]:
    """One of the lists below a campaign; empty for another name."""
    sent = START + _MAILINGS[campaign - FIRST_CAMPAIGN][1]
    rng = dice(seed, "campaign", campaign)
    opened = [
        (contact.id, sent + rng.randrange(3600, 5 * DAY), rng.random() < 0.3)
        for client in clients for contact in client.contacts if rng.random() < 0.5
    ]  # fmt: skip
    found = [one for one in opened if one[1] <= now]
    if child == "linksClicked":
        found = [one for one in found if one[2]]
    elif child != "emailsOpened":
        return []
    word = "dateOpened" if child == "emailsOpened" else "dateClicked"
    return [
        {"id": campaign * 1000 + number, "campaignId": campaign, "contactId": contact, word: iso(at)}
        for number, (contact, at, _) in enumerate(found, 1)
    ]  # fmt: skip
