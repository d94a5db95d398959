"""References as they are nested in rows: id, name and an `_info` that points at the record."""

from __future__ import annotations

from typing import Any

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client, Contact
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.staff import BY_ID, BY_IDENTIFIER, MSP_COMPANY_ID, MSP_IDENTIFIER, MSP_NAME

Row = dict[str, Any]

BASE = "https://api-harbourlight.example/v4_6_release/apis/3.0/"


def info(at: int, by: str, *, updated: int | None = None, updated_by: str | None = None) -> dict[str, str]:
    """The `_info` of a row."""
    return {
        "lastUpdated": iso(at if updated is None else max(at, updated)),
        "updatedBy": updated_by or by,
        "dateEntered": iso(at),
        "enteredBy": by,
    }


def ref(path: str, row_id: int, name: str, **more: Any) -> Row:
    return {"id": row_id, "name": name, **more, "_info": {f"{path.rsplit('/', 1)[-1]}_href": f"{BASE}{path}/{row_id}"}}


def company(client: Client) -> Row:
    return {
        "id": client.id,
        "identifier": client.identifier,
        "name": client.name,
        "_info": {"company_href": f"{BASE}company/companies/{client.id}"},
    }


def msp() -> Row:
    return {
        "id": MSP_COMPANY_ID,
        "identifier": MSP_IDENTIFIER,
        "name": MSP_NAME,
        "_info": {"company_href": f"{BASE}company/companies/{MSP_COMPANY_ID}"},
    }


def contact(person: Contact) -> Row:
    return {
        "id": person.id,
        "name": person.name,
        "_info": {"contact_href": f"{BASE}company/contacts/{person.id}"},
    }


def member(member_id: int) -> Row:
    person = BY_ID[member_id]
    return {
        "id": person.id,
        "identifier": person.identifier,
        "name": person.name,
        "_info": {"member_href": f"{BASE}system/members/{person.id}"},
    }


def member_of(identifier: str) -> Row:
    return member(BY_IDENTIFIER[identifier].id)


def board(board_id: int) -> Row:
    return ref("service/boards", board_id, s.BOARDS[board_id])


def status(status_id: int) -> Row:
    found = s.STATUSES[status_id]
    return ref(f"service/boards/{found.board}/statuses", status_id, found.name, sort=found.id % 100)


def priority(priority_id: int) -> Row:
    found = s.PRIORITIES[priority_id]
    return ref("service/priorities", priority_id, found.name, sort=found.sort, level=found.level)


def sla(sla_id: int) -> Row:
    return ref("service/SLAs", sla_id, s.SLAS[sla_id].name)


def calendar(calendar_id: int) -> Row:
    return ref("schedule/calendars", calendar_id, s.CALENDARS[calendar_id].name)


def ticket(ticket_id: int, summary: str) -> Row:
    return {
        "id": ticket_id,
        "summary": summary,
        "_info": {"ticket_href": f"{BASE}service/tickets/{ticket_id}"},
    }


LOCATION = {"id": 11, "name": "New York Office", "_info": {"location_href": f"{BASE}system/locations/11"}}
DEPARTMENT = {"id": 10, "identifier": "Services", "name": "Services",
              "_info": {"department_href": f"{BASE}system/departments/10"}}  # fmt: skip
COUNTRY_US = {"id": 1, "name": "United States", "_info": {"country_href": f"{BASE}company/countries/1"}}
COUNTRY_UK = {"id": 2, "name": "United Kingdom", "_info": {"country_href": f"{BASE}company/countries/2"}}
DOLLAR = {"id": 7, "symbol": "$", "currencyCode": "USD", "decimalSeparator": ".", "numberOfDecimals": 2,
          "thousandsSeparator": ",", "negativeParenthesesFlag": False, "displaySymbolFlag": True,
          "currencyIdentifier": "Base", "displayIdFlag": False, "rightAlign": False, "name": "US Dollar",
          "_info": {"currency_href": f"{BASE}finance/currencies/7"}}  # fmt: skip
ZONES = {
    "Eastern Standard Time": (1, "US/Eastern", -5.0),
    "Pacific Standard Time": (2, "US/Pacific", -8.0),
    "GMT Standard Time": (3, "Europe/London", 0.0),
}
"""Name -> id, library name, hours from UTC in winter."""


def zone(name: str) -> Row:
    return ref("system/timeZoneSetups", ZONES[name][0], name)
