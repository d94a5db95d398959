import re

import pytest

SCHEMA = {
    "service/tickets": "Ticket", "service/boards": "Board", "service/priorities": "Priority", "service/SLAs": "SLA",
    "service/sources": "Source", "service/surveys": "ServiceSurvey", "schedule/calendars": "Calendar",
    "schedule/holidayLists": "HolidayList", "schedule/entries": "ScheduleEntry", "time/entries": "TimeEntry",
    "time/workTypes": "WorkType", "time/workRoles": "WorkRole", "company/companies": "Company",
    "company/contacts": "Contact", "company/configurations": "Company.Configuration",
    "finance/agreements": "Agreement", "finance/invoices": "Invoice", "sales/opportunities": "Opportunity",
    "sales/activities": "Activity", "system/members": "Member", "system/timeZoneSetups": "TimeZoneSetup",
    "system/mySecurity": "MySecurity", "system/apiMembers": "ApiMember", "project/projects": "Project",
    "company/companies/statuses": "CompanyStatus", "company/companies/types": "CompanyType",
    "project/tickets": "ProjectTicket", "service/tickets/calculateSla": "Ticket",
}  # fmt: skip
CHILDREN = {
    ("service/boards", "statuses"): "BoardStatus", ("service/boards", "types"): "BoardType",
    ("service/boards", "teams"): "BoardTeam", ("service/SLAs", "priorities"): "SLAPriority",
    ("schedule/holidayLists", "holidays"): "Holiday", ("finance/agreements", "additions"): "Addition",
    ("finance/invoices", "payments"): "InvoicePayment", ("sales/opportunities", "notes"): "OpportunityNote",
    ("service/surveys", "questions"): "ServiceSurveyQuestion", ("service/surveys", "results"): "SurveyResult",
    ("time/entries", "audits"): "TimeEntryAudit", ("service/tickets", "notes"): "ServiceNote",
    ("service/tickets", "allNotes"): "ServiceTicketNote", ("service/tickets", "tasks"): "TicketTask",
    ("service/tickets", "configurations"): "ConfigurationReference", ("company/companies", "sites"): "CompanySite",
    ("finance/agreements", "adjustments"): "Agreement.Adjustment",
    ("finance/agreements", "workTypes"): "AgreementWorkType", ("finance/agreements", "workRoles"): "AgreementWorkRole",
    ("finance/agreements", "workTypeExclusions"): "AgreementWorkTypeExclusion",
    ("finance/agreements", "workRoleExclusions"): "AgreementWorkRoleExclusion",
    ("finance/agreements", "boardDefaults"): "BoardDefault", ("project/projects", "phases"): "ProjectPhase",
    ("project/tickets", "allNotes"): "ServiceTicketNote", ("project/tickets", "tasks"): "TicketTask",
}  # fmt: skip
SINGLES = {"system/info": "Info", "system/myCompany/other": "Other"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def check(row, schema, schemas, where=""):
    fields = schemas[schema]["properties"]
    for name, value in row.items():
        assert name in fields, f"{schema}.{where}{name} is not a field of the API"
        assert value is not None, f"{schema}.{where}{name}: nulls are omitted"
        spec = fields[name]
        if spec.get("enum"):
            assert value in spec["enum"], f"{schema}.{name}: {value!r}"
        kind = {"boolean": bool, "string": str, "number": (float, int), "integer": int}.get(spec.get("type"))
        if kind and not (isinstance(value, bool) and kind is not bool):
            assert isinstance(value, kind), f"{schema}.{name}: {value!r}"
        if spec.get("format") == "date-time":
            assert STAMP.fullmatch(value), f"{schema}.{name}: {value!r}"
        below = spec.get("$ref") or spec.get("items", {}).get("$ref")
        if below:
            for item in value if isinstance(value, list) else [value]:
                check(item, below.rsplit("/", 1)[1], schemas, f"{where}{name}/")


@pytest.mark.parametrize("resource", sorted(SCHEMA))
def test_rows_use_the_names_of_the_api_and_come_in_order_of_id(world, schemas, resource):
    rows = list(world.rows(resource))
    assert rows
    ids = [row["id"] for row in rows]
    assert ids == sorted(set(ids))
    assert world.count(resource) == len(rows)
    for row in rows:
        check(row, SCHEMA[resource], schemas)
    middle = ids[len(ids) // 2]
    assert [row["id"] for row in world.rows(resource, after=middle)] == [one for one in ids if one > middle]


def test_every_resource_is_checked(world):
    assert world.resources() == {*SCHEMA, "marketing/campaigns"}


def test_campaigns_use_the_names_of_the_api(world):
    """The specification at hand leaves the marketing module out; these names stand in clients generated from it (the
    Ruby package `connect_wise`)."""
    rows = list(world.rows("marketing/campaigns"))
    assert rows
    for row in rows:
        assert set(row) <= {"id", "name", "type", "subType", "status", "startDate", "inactive", "emailsSent", "_info"}
        opened = world.children("marketing/campaigns", row["id"], "emailsOpened")
        clicked = world.children("marketing/campaigns", row["id"], "linksClicked")
        assert 0 < len(clicked) < len(opened) < row["emailsSent"]
        assert set(opened[0]) == {"id", "campaignId", "contactId", "dateOpened"}
        assert world.children("marketing/campaigns", row["id"], "formsSubmitted") == []


@pytest.mark.parametrize(("resource", "child"), sorted(CHILDREN))
def test_children_use_the_names_of_the_api(world, schemas, resource, child):
    seen = 0
    for parent in list(world.rows(resource)):
        for row in world.children(resource, parent["id"], child):
            check(row, CHILDREN[resource, child], schemas)
            seen += 1
    assert seen
    assert world.children(resource, 10**9, child) is None


@pytest.mark.parametrize("resource", sorted(SINGLES))
def test_single_objects_use_the_names_of_the_api(world, schemas, resource):
    check(world.single(resource), SINGLES[resource], schemas)
    assert world.single("system/nothing") is None


def test_audit_lines_and_documents_use_the_names_of_the_api(world, schemas, key):
    for ticket in key["tickets"]:
        for row in world.audit("Ticket", int(ticket)):
            check(row, "AuditTrailEntry", schemas)
        for row in world.documents("Ticket", int(ticket)):
            check(row, "DocumentInfo", schemas)
    for kind, row_id in (("Agreement", 5001), ("Company", 101), ("Invoice", 20001), ("Opportunity", 3001)):
        for row in world.audit(kind, row_id):
            check(row, "AuditTrailEntry", schemas)
    assert world.audit("Ticket", 1) is None
    assert world.audit("Nonsense", 101) is None


@pytest.mark.parametrize("resource", sorted(set(SCHEMA) - {"service/tickets"}))
def test_a_row_by_id_is_the_row_of_the_list(world, resource):
    rows = list(world.rows(resource))
    for row in rows[:: max(1, len(rows) // 25)]:
        assert world.row(resource, row["id"]) == row
    assert world.row(resource, 10**9) is None


def test_list_values_of_open_tickets_may_be_stale_and_those_of_solved_ones_are_not(world):
    stale = 0
    for row in world.rows("service/tickets"):
        live = world.row("service/tickets", row["id"])
        if row["slaStatus"] == "Resolved":
            assert live == row
        else:
            stale += live != row
            assert live.keys() >= {"respondMinutes", "slaStatus"}
    assert stale


def test_all_notes_hold_the_notes_and_the_texts_of_time_entries(world):
    entries = list(world.rows("time/entries"))
    for ticket in world.rows("service/tickets"):
        notes = {row["id"] for row in world.children("service/tickets", ticket["id"], "notes")}
        work = {row["id"] for row in entries if row["chargeToId"] == ticket["id"] and row["notes"]}
        every = [row["id"] for row in world.children("service/tickets", ticket["id"], "allNotes")]
        assert sorted(every) == sorted(notes | work)


def test_the_hint_of_a_company_only_leaves_out_others(world):
    for resource in ("service/tickets", "time/entries"):
        wanted = [row for row in world.rows(resource) if row["company"]["id"] == 103]
        assert [row for row in world.rows(resource, company=103) if row["company"]["id"] == 103] == wanted


def test_the_trail_tells_how_each_ticket_came_to_its_status(world, key):
    for ticket, truth in key["tickets"].items():
        lines = [row for row in world.audit("Ticket", int(ticket)) if row.get("auditSubType") == "Status"]
        times = [row["enteredDate"] for row in lines]
        assert times == sorted(times)
        if truth["story"] in {"late-history", "one-second"}:
            continue
        starts = [start for start, *_ in truth["statuses"]][1:]
        assert set(starts) <= set(times)


def test_project_tickets_and_service_tickets_share_no_id(world):
    projects = {row["id"] for row in world.rows("project/tickets")}
    service = {row["id"] for row in world.rows("service/tickets")}
    assert projects
    assert not projects & service
    assert min(service) < min(projects) < max(service)
    assert all(world.row("service/tickets", one) is None for one in projects)
