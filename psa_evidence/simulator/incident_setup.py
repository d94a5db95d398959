"""The plausible half of an incident log's PSA: clients, agreements, boards, calendars. Fixed tables."""

from __future__ import annotations

from psa_evidence.simulator.incident_sla import PRIORITIES, SLAS, priority_row, sla_reference, sla_row
from psa_evidence.simulator.store import Row

CLIENTS = (
    "Alder Dental Group",
    "Birch & Lowe Solicitors",
    "Cobalt Freight",
    "Dunmore Housing",
    "Eastgate Pharmacy",
    "Fenwick Foods",
    "Garnet Insurance Brokers",
    "Harbour Lights Hotels",
    "Ivybridge Surveyors",
    "Juniper Veterinary",
    "Kestrel Engineering",
    "Larkfield School Trust",
    "Meridian Accountants",
    "Northwind Traders",
    "Oakhurst Estates",
    "Pennine Plastics",
    "Quayside Marine",
    "Redwell Recruitment",
    "Summerhill Care Homes",
    "Thornbury Timber",
    "Underhill Architects",
    "Valley Road Surgery",
    "Westbrook Textiles",
    "Yarrow Printing",
    "Zephyr Cycles",
    "Ashdown Farms",
    "Brightwater Charity",
    "Calder Packaging",
    "Dovetail Joinery",
    "Elmstead Funeral Care",
    "Foxglove Nurseries",
    "Greystone Quarries",
    "Hollins Opticians",
    "Inglenook Inns",
    "Jackdaw Media",
    "Kingsway Motors",
    "Longacre Logistics",
    "Millpond Brewery",
    "Newlyn Fisheries",
    "Orchard Credit Union",
)
"""Forty clients; company ids count from 1."""

BOARDS = ("Service Desk", "Portal and E-mail")
PORTAL_SOURCES = frozenset({"Self service", "Email"})

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def company_of(location: str | None) -> int:
    """The client at a location of the log; the last client has the incidents without one."""
    if location is None:
        return len(CLIENTS)
    return 1 + int("".join(c for c in location if c in "0123456789") or "0") % (len(CLIENTS) - 1)


def company_reference(company: int) -> Row:
    return {"id": company, "identifier": f"CLIENT{company:02d}", "name": CLIENTS[company - 1]}


def agreement_reference(company: int) -> Row:
    return {"id": company, "name": f"{CLIENTS[company - 1]} managed services", "type": "Managed Services"}


def setup_rows(server_zone: Row) -> dict[str, list[Row]]:
    """Lists that do not depend on the log."""
    return {
        "company/companies": [_company(n, server_zone) for n in range(1, len(CLIENTS) + 1)],
        "finance/agreements": [_agreement(n) for n in range(1, len(CLIENTS) + 1)],
        "service/SLAs": [sla_row(n) for n in range(1, len(SLAS) + 1)],
        "service/boards": [{"id": n, "name": name, "inactiveFlag": False} for n, name in enumerate(BOARDS, 1)],
        "service/priorities": [priority_row(n) for n in range(1, len(PRIORITIES) + 1)],
        "schedule/calendars": [_calendar()],
        "schedule/holidayLists": [{"id": 1, "name": "Public holidays"}],
        "system/timeZoneSetups": [server_zone],
        "system/mySecurity": [_permission(n, name) for n, name in enumerate(_FUNCTIONS, 1)],
    }


def additions(agreement: int) -> list[Row]:
    return [
        {
            "id": agreement * 10 + 1,
            "agreementId": agreement,
            "product": {"id": 1, "identifier": "SUPPORT-USER"},
            "description": "Support per user",
            "quantity": 20.0 + agreement,
            "unitPrice": 42.0,
            "billCustomer": "Billable",
            "effectiveDate": "2016-01-01T00:00:00Z",
            "agreementStatus": "Active",
        }
    ]


def holidays() -> list[Row]:
    days = ("2016-03-25", "2016-12-26", "2016-12-27", "2017-01-02")
    names = ("Good Friday", "Boxing Day", "Christmas Day (substitute)", "New Year's Day (substitute)")
    return [
        {
            "id": n,
            "name": name,
            "date": day,
            "allDayFlag": True,
            "holidayList": {"id": 1, "name": "Public holidays"},
        }
        for n, (day, name) in enumerate(zip(days, names, strict=True), 1)
    ]


def singles(server_zone: Row) -> dict[str, Row]:
    zone = server_zone["name"]
    return {
        "system/info": {"version": "v2025.1", "isCloud": True, "serverTimeZone": zone, "cloudRegion": "NA"},
        "system/myCompany/other": {
            "id": 1,
            "defaultCalendar": {"id": 1, "name": "Monday to Friday"},
            "serverTimeZone": {"id": server_zone["id"], "name": zone},
        },
    }


def _company(n: int, zone: Row) -> Row:
    return {
        **company_reference(n),
        "status": {"id": 1, "name": "Active"},
        "timeZoneSetup": {"id": zone["id"], "name": zone["name"]},
        "calendar": {"id": 1, "name": "Monday to Friday"},
        "deletedFlag": False,
        "_info": _INFO,
    }


def _agreement(n: int) -> Row:
    return {
        **agreement_reference(n),
        "type": {"id": 1, "name": "Managed Services"},
        "company": company_reference(n),
        "sla": sla_reference(n),
        "startDate": "2016-01-01T00:00:00Z",
        "noEndingDateFlag": True,
        "cancelledFlag": False,
        "agreementStatus": "Active",
        "applicationUnits": "Hours",
        "applicationUnlimitedFlag": True,
        "coverAgreementTime": True,
        "_info": _INFO,
    }


def _calendar() -> Row:
    row: Row = {"id": 1, "name": "Monday to Friday", "holidayList": {"id": 1, "name": "Public holidays"}}
    for day in _DAYS:
        row[f"{day}StartTime"], row[f"{day}EndTime"] = "08:00:00", "17:00:00"
    return row


def _permission(n: int, name: str) -> Row:
    return {
        "id": n,
        "moduleFunctionName": name,
        "moduleFunctionIdentifier": name.replace(" ", ""),
        "moduleName": _FUNCTIONS[name],
        "addLevel": "None",
        "editLevel": "None",
        "deleteLevel": "None",
        "inquireLevel": "All",
    }


_FUNCTIONS = {
    "Service Tickets": "Service Desk",
    "Company Maintenance": "Companies",
    "Contacts": "Companies",
    "Configurations": "Companies",
    "Agreements": "Finance",
    "Invoicing": "Finance",
    "Time Entry": "Time & Expense",
    "Schedule": "Project",
    "Opportunity": "Sales",
    "Sales Activity": "Sales",
    "Table Setup": "System",
    "Member Maintenance": "System",
    "Report Writer": "System",
}
_INFO: Row = {"lastUpdated": "2016-01-01T00:00:00Z", "updatedBy": "setup"}
