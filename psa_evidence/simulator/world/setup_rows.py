"""Settings as rows: boards, statuses, priorities, SLAs, calendars, members, permissions, the system itself."""

from __future__ import annotations

from collections.abc import Callable

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.instants import NEW_YORK, START, iso, wall
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import MSP_DOMAIN, STAFF, Person

_MADE = START - 400 * 86400
_INFO = refs.info(_MADE, "gthorne", updated=START - 30 * 86400, updated_by="mokafor")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def boards(now: int) -> list[Row]:  # noqa: ARG001  settings do not change with time
    return [
        {
            "id": board, "name": name, "location": refs.LOCATION, "department": refs.DEPARTMENT,
            "inactiveFlag": False, "projectFlag": board == s.PROJECTS, "billTime": "NoDefault",
            "serviceManagerMember": refs.member_of("mokafor"), "dispatchMember": refs.member_of("lpetrov"),
            "emailConnectorAllowReopenClosedFlag": board != s.PROJECTS, "autoAssignNewTicketsFlag": False,
            "markFirstNoteIssueFlag": True, "restrictBoardByDefaultFlag": False, "_info": _INFO,
        }
        for board, name in s.BOARDS.items()
    ]  # fmt: skip


def statuses(board: int) -> list[Row]:
    return [
        {
            "id": status.id, "name": status.name, "board": refs.board(board), "sortOrder": status.id % 100,
            "displayOnBoard": True, "inactive": status.inactive, "closedStatus": status.closed,
            "timeEntryNotAllowed": status.closed, "roundRobinCatchall": False, "defaultFlag": status.default,
            "escalationStatus": status.escalation, "customerPortalFlag": False, "saveTimeAsNote": False, "_info": _INFO,
        }
        for status in s.STATUSES.values()
        if status.board == board
    ]  # fmt: skip


def types(board: int) -> list[Row]:
    return [
        {"id": board * 100 + number, "name": name, "board": refs.board(board), "inactiveFlag": False,
         "defaultFlag": number == 1, "requestForChangeFlag": name == "Change", "_info": _INFO}
        for name, number in s.TYPE_NUMBERS.items()
    ]  # fmt: skip


def teams(board: int) -> list[Row]:
    leader = "mokafor" if board == s.SERVICE else "ebrandt"
    return [
        {"id": board, "name": s.TEAMS[board], "teamLeader": refs.member_of(leader), "boardId": board,
         "members": [person.id for person in STAFF if person.tier], "defaultFlag": True, "_info": _INFO}
    ]  # fmt: skip


def priorities(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": item.id, "name": item.name, "color": item.color, "sortOrder": item.sort,
         "defaultFlag": item.id == s.P3, "urgencySortOrder": f"{item.sort}", "level": item.level, "_info": _INFO}
        for item in s.PRIORITIES.values()
    ]  # fmt: skip


def _target(target: s.Target) -> Row:
    row: Row = {}
    for hours, percent, value, share in (
        ("respondHours", "respondPercent", target.respond, target.percents[0]),
        ("planWithin", "planWithinPercent", target.plan, target.percents[1]),
        ("resolutionHours", "resolutionPercent", target.resolve, target.percents[2]),
    ):
        row[hours], row[percent] = float(value), share
    return row


def slas(now: int) -> list[Row]:  # noqa: ARG001
    rows = []
    for policy in s.SLAS.values():
        row: Row = {"id": policy.id, "name": policy.name, "basedOn": policy.based_on,
                    "defaultFlag": policy.id == s.NO_SLA, "applicationOrder": policy.id,
                    "hiImpactHiUrgency": refs.priority(s.P1), "medImpactMedUrgency": refs.priority(s.P3),
                    "lowImpactLowUrgency": refs.priority(s.P4)}  # fmt: skip
        if policy.calendar is not None:
            row["customCalendar"] = refs.calendar(policy.calendar)
        rows.append(row | _target(policy.own) | {"_info": _INFO})
    return rows


def sla_priorities(sla: int) -> list[Row]:
    return [
        {"id": sla * 10 + number, "priority": refs.priority(priority), **_target(target), "sla": refs.sla(sla),
         "_info": _INFO}
        for number, (priority, target) in enumerate(s.SLAS[sla].rows.items(), start=1)
    ]  # fmt: skip


def calendars(now: int) -> list[Row]:  # noqa: ARG001
    rows = []
    for calendar in s.CALENDARS.values():
        row: Row = {"id": calendar.id, "name": calendar.name}
        if calendar.holidays is not None:
            row["holidayList"] = _holiday_list(calendar.holidays)
        for day, hours in zip(_DAYS, calendar.week, strict=True):
            if hours is not None:
                row[f"{day}StartTime"], row[f"{day}EndTime"] = hours[0].isoformat(), hours[1].isoformat()
        rows.append(row | {"_info": _INFO})
    return rows


def _holiday_list(number: int) -> Row:
    return refs.ref("schedule/holidayLists", number, s.HOLIDAY_LISTS[number][0])


def holiday_lists(now: int) -> list[Row]:  # noqa: ARG001
    return [{"id": number, "name": name, "_info": _INFO} for number, (name, _) in s.HOLIDAY_LISTS.items()]


def holidays(number: int) -> list[Row]:
    rows = []
    for index, day in enumerate(s.HOLIDAY_LISTS[number][1], start=1):
        row: Row = {"id": number * 1000 + index, "name": day.name, "allDayFlag": day.closed is None,
                    "date": f"{day.day.isoformat()}T00:00:00Z"}  # fmt: skip
        if day.closed is not None:
            row["timeStart"], row["timeEnd"] = day.closed[0].isoformat(), day.closed[1].isoformat()
        rows.append(row | {"holidayList": _holiday_list(number), "_info": _INFO})
    return rows


def members(now: int) -> list[Row]:
    return [_member(person, now) for person in STAFF]


def _member(person: Person, now: int) -> Row:
    gone = person.left is not None and wall(person.left) <= now
    row: Row = {
        "id": person.id, "identifier": person.identifier, "licenseClass": person.licence, "inactiveFlag": gone,
        "firstName": person.first, "lastName": person.last, "title": person.title, "officeEmail": person.email,
        "defaultEmail": "Office", "primaryEmail": person.email, "officePhone": "2125550140", "defaultPhone": "Office",
        "hireDate": iso(_MADE), "adminFlag": person.identifier in {"gthorne", "mokafor"},
        "securityRole": refs.ref("system/securityroles", 63 if person.licence == "F" else 70,
                                 "Service" if person.licence == "F" else "Inquire only"),
        "disableOnlineFlag": gone,
    }  # fmt: skip
    if gone and person.left is not None:
        row["inactiveDate"] = iso(wall(person.left))
    else:
        row["timeZone"] = refs.zone("Eastern Standard Time" if person.office == "New York" else "Pacific Standard Time")
        row["calendar"] = refs.calendar(s.STANDARD)
    return row | {"_info": refs.info(_MADE, "gthorne")}


def time_zones(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": number, "name": name, "timeZone": {"id": number, "name": iana}, "offset": offset,
         "defaultFlag": number == 1, "daylightSavingsFlag": True, "_info": _INFO}
        for name, (number, iana, offset) in refs.ZONES.items()
    ]  # fmt: skip


def work_types(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": number, "name": name, "billTime": "Billable", "rateType": "Multiplier",
         "rate": 1.5 if name == "After Hours" else 1.0, "inactiveFlag": False, "overallDefaultFlag": number == 1,
         "_info": _INFO}
        for number, name in s.WORK_TYPES.items()
    ]  # fmt: skip


def work_roles(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": number, "name": name, "hourlyRate": rate, "inactiveFlag": False, "_info": _INFO}
        for number, (name, rate) in s.WORK_ROLES.items()
    ]  # fmt: skip


def sources(now: int) -> list[Row]:  # noqa: ARG001
    return [
        {"id": number, "name": name, "defaultFlag": number == 1, "_info": _INFO} for number, name in s.SOURCES.items()
    ]


_FUNCTIONS = (
    ("Service Desk", "SVC", ("Service Tickets", "Service Board Setup", "SLA Setup", "Surveys")),
    ("Companies", "CMP", ("Company Maintenance", "Contacts", "Configurations")),
    ("Finance", "FIN", ("Agreements", "Invoicing", "Payments")),
    ("Sales", "SLS", ("Opportunities", "Activities")),
    ("Marketing", "MKT", ("Campaigns",)),
    ("Time & Expense", "TME", ("Time Entry", "Schedule")),
    ("System", "SYS", ("Audit Trail", "Members", "Table Setup", "Documents")),
)


def my_security(now: int) -> list[Row]:  # noqa: ARG001
    rows: list[Row] = []
    for module, code, functions in _FUNCTIONS:
        for number, function in enumerate(functions, start=1):
            rows.append({
                "id": len(rows) + 1, "addLevel": "None", "editLevel": "None", "deleteLevel": "None",
                "inquireLevel": "All", "moduleFunctionName": function, "moduleFunctionDescription": function,
                "myAllFlag": True, "moduleFunctionIdentifier": f"{code}{number:02d}", "reportFlag": False,
                "restrictFlag": False, "customFlag": False, "moduleDescription": module, "moduleIdentifier": code,
                "moduleName": module, "sortOrder": number, "member": refs.member_of("evidence"),
            })  # fmt: skip
    return rows


MAKERS: dict[str, Callable[[int], list[Row]]] = {
    "service/boards": boards,
    "service/priorities": priorities,
    "service/SLAs": slas,
    "service/sources": sources,
    "schedule/calendars": calendars,
    "schedule/holidayLists": holiday_lists,
    "time/workTypes": work_types,
    "time/workRoles": work_roles,
    "system/members": members,
    "system/timeZoneSetups": time_zones,
    "system/mySecurity": my_security,
}
_CHILDREN: dict[tuple[str, str], Callable[[int], list[Row]]] = {
    ("service/boards", "statuses"): statuses,
    ("service/boards", "types"): types,
    ("service/boards", "teams"): teams,
    ("service/SLAs", "priorities"): sla_priorities,
    ("schedule/holidayLists", "holidays"): holidays,
}


def children(resource: str, parent: int, child: str) -> list[Row]:
    """Empty for a child that such a row does not have."""
    maker = _CHILDREN.get((resource, child))
    return maker(parent) if maker else []


def single(resource: str) -> Row | None:
    if resource == "system/info":
        return {"version": "v2026.4.117", "isCloud": True, "serverTimeZone": NEW_YORK.key, "cloudRegion": "NA",
                "licenseBits": [{"name": "Service", "activeFlag": True}], "maxWorkFlowRecordsAllowed": 500}  # fmt: skip
    if resource == "system/myCompany/other":
        return {"id": 1, "defaultFromAddress": f"support@{MSP_DOMAIN}", "portalUrlOverride": f"portal.{MSP_DOMAIN}",
                "siteUrl": f"psa.{MSP_DOMAIN}", "serverTimeZone": refs.zone("Eastern Standard Time"),
                "defaultCalendar": refs.calendar(s.STANDARD), "useSslFlag": True,
                "locale": {"id": 1, "name": "en-US"}, "_info": _INFO}  # fmt: skip
    return None
