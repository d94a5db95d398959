"""Companies and their contacts as rows."""

from __future__ import annotations

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.clients import Client, Contact
from psa_evidence.simulator.world.instants import DAY, START, iso, wall
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import MSP_COMPANY_ID, MSP_DOMAIN, MSP_IDENTIFIER, MSP_NAME

_MADE = START - 300 * DAY


def companies(clients: tuple[Client, ...], now: int) -> list[Row]:
    return [_msp()] + [_company(client, now) for client in clients]


def _msp() -> Row:
    return {
        "id": MSP_COMPANY_ID, "identifier": MSP_IDENTIFIER, "name": MSP_NAME,
        "status": {"id": 1, "name": "Active"}, "addressLine1": "48 Pier Street", "city": "New York", "state": "NY",
        "zip": "10004", "country": refs.COUNTRY_US, "phoneNumber": "2125550140", "website": MSP_DOMAIN,
        "timeZoneSetup": refs.zone("Eastern Standard Time"), "leadFlag": False, "unsubscribeFlag": False,
        "deletedFlag": False, "isVendorFlag": False, "types": [{"id": 9, "name": "Owner"}], "currency": refs.DOLLAR,
        "_info": refs.info(_MADE - 900 * DAY, "gthorne"),
    }  # fmt: skip


def _company(client: Client, now: int) -> Row:
    ended = client.index == 0 and now >= wall("2026-10-01")
    return {
        "id": client.id, "identifier": client.identifier, "name": client.name,
        "status": {"id": 2, "name": "Former client"} if ended else {"id": 1, "name": "Active"},
        "addressLine1": f"{12 + client.index * 7} Market Street", "city": client.city, "state": client.state,
        "zip": f"{10100 + client.index * 13}",
        "country": refs.COUNTRY_UK if client.zone.startswith("GMT") else refs.COUNTRY_US,
        "phoneNumber": client.contacts[3].phone, "website": client.domain, "market": {"id": 3, "name": client.trade},
        "defaultContact": refs.contact(client.manager), "dateAcquired": iso(_MADE), "leadFlag": False,
        "unsubscribeFlag": False, "timeZoneSetup": refs.zone(client.zone), "calendar": refs.calendar(client.calendar),
        "billToCompany": refs.company(client), "billingContact": refs.contact(client.contacts[2]),
        "invoiceToEmailAddress": client.contacts[2].email, "deletedFlag": False, "currency": refs.DOLLAR,
        "territoryManager": refs.member_of("hwells"), "isVendorFlag": False, "types": [{"id": 1, "name": "Client"}],
        "_info": refs.info(_MADE + client.index * DAY, "hwells", updated=wall("2026-10-01") if ended else None),
    }  # fmt: skip


def contacts(clients: tuple[Client, ...], now: int) -> list[Row]:
    return [
        _contact(client, number, person, now)
        for client in clients
        for number, person in enumerate(client.contacts)
    ]  # fmt: skip


def _contact(client: Client, number: int, person: Contact, now: int) -> Row:
    gone = person.left is not None and wall(person.left) <= now
    role = {0: "Approver", 1: "Authorised caller", 2: "Billing"}.get(number, "End user")
    return {
        "id": person.id, "firstName": person.first, "lastName": person.last, "company": refs.company(client),
        "inactiveFlag": gone, "title": person.title, "defaultPhoneType": "Direct", "defaultPhoneNbr": person.phone,
        "defaultBillingFlag": number == 2, "defaultFlag": number == 1, "unsubscribeFlag": False,
        "disablePortalLoginFlag": number > 3,
        "communicationItems": [
            {"id": person.id * 10 + 1, "type": {"id": 1, "name": "Email"}, "value": person.email, "defaultFlag": True,
             "domain": f"@{client.domain}", "communicationType": "Email"},
            {"id": person.id * 10 + 2, "type": {"id": 2, "name": "Direct"}, "value": person.phone, "defaultFlag": True,
             "communicationType": "Phone"},
        ],
        "types": [{"id": min(number, 3) + 1, "name": role}],
        "_info": refs.info(_MADE + client.index * DAY, "hwells",
                           updated=wall(person.left) if gone and person.left else None),
    }  # fmt: skip
