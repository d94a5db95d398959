"""What is read of each resource, held against the field lists of a specification of the API, when one is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from psa_evidence_connectwise import payloads, payloads_business, payloads_details
from psa_evidence_connectwise.payloads import Payload, Ref

SPECIFICATION = Path(__file__).resolve().parents[4] / "shared" / "specs" / "connectwise-openapi.json"
MODELS = {
    payloads.TicketRow: "Ticket", payloads.NoteRow: ("ServiceTicketNote", "ServiceNote"),
    payloads.TimeRow: "TimeEntry", payloads.BoardRow: "Board", payloads.StatusRow: "BoardStatus",
    payloads.PriorityRow: "Priority", payloads.SlaRow: "SLA", payloads.SlaPriorityRow: "SLAPriority",
    payloads.CalendarRow: "Calendar", payloads.HolidayRow: "Holiday", payloads.ScheduleRow: "ScheduleEntry",
    payloads.SurveyResultRow: "SurveyResult", payloads.SystemRow: "Info", payloads.MyCompanyRow: "Other",
    payloads.TimeZoneRow: "TimeZoneSetup", payloads.PermissionRow: "MySecurity",
    payloads_business.CompanyRow: "Company", payloads_business.CommunicationItem: "ContactCommunicationItem",
    payloads_business.ContactRow: "Contact", payloads_business.MemberRow: "Member",
    payloads_business.ApiMemberRow: "ApiMember",
    payloads_business.AgreementRow: "Agreement", payloads_business.AdditionRow: "Addition",
    payloads_business.InvoiceRow: "Invoice", payloads_business.PaymentRow: "InvoicePayment",
    payloads_business.OpportunityRow: "Opportunity", payloads_business.OpportunityNoteRow: "OpportunityNote",
    payloads_business.ActivityRow: "Activity", payloads_business.ConfigurationRow: "Company.Configuration",
    payloads_business.DocumentRow: "DocumentInfo",
    payloads_details.TaskRow: "TicketTask", payloads_details.AttachedRow: "ConfigurationReference",
    payloads_details.TimeAuditRow: "TimeEntryAudit", payloads_details.AdjustmentRow: "Agreement.Adjustment",
    payloads_details.AgreementWorkTypeRow: "AgreementWorkType",
    payloads_details.AgreementWorkRoleRow: "AgreementWorkRole",
    payloads_details.WorkTypeExclusionRow: "AgreementWorkTypeExclusion",
    payloads_details.WorkRoleExclusionRow: "AgreementWorkRoleExclusion", payloads_details.SiteRow: "CompanySite",
    payloads_details.ProjectRow: "Project", payloads_details.PhaseRow: "ProjectPhase",
    payloads_details.ProjectTicketRow: "ProjectTicket", payloads_details.AuditRow: "AuditTrailEntry",
}  # fmt: skip
TOLERATED = {("TicketRow", "dateEntered"), ("TicketRow", "enteredBy"), ("AttachedRow", "name")}
"""Fields of other versions, or seen on live instances: read when they come, not relied upon."""


@pytest.fixture(scope="module")
def schemas():
    if not SPECIFICATION.exists():
        pytest.skip("no specification at hand")
    return json.loads(SPECIFICATION.read_text(encoding="utf-8"))["components"]["schemas"]


def rows(module):
    return {
        one for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Payload) and one.__module__ == module.__name__
        and one.__name__.endswith("Row") and one.__name__ not in {"Row", "TargetRow"}
    }  # fmt: skip


def test_every_payload_is_held_against_a_schema():
    assert {one for module in (payloads, payloads_business, payloads_details) for one in rows(module)} <= set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_that_is_read_is_one_of_the_api_and_of_the_same_shape(schemas, model):
    names = MODELS[model] if isinstance(MODELS[model], tuple) else (MODELS[model],)
    fields: dict[str, dict] = {}
    for name in names:
        fields.update(schemas[name]["properties"])
    for name, info in model.model_fields.items():
        alias = info.alias or name
        if alias == "id" or (model.__name__, alias) in TOLERATED:
            continue
        assert alias in fields, f"{model.__name__}.{name} reads {alias}, which {names} does not have"
        spec = fields[alias]
        parts = getattr(info.annotation, "__args__", (info.annotation,))
        refers = any(isinstance(part, type) and issubclass(part, Ref) for part in parts)
        if refers:
            assert spec.get("type") not in {"string", "integer", "number", "boolean", "array"}, alias
        for wanted, said in ((bool, "boolean"), (int, {"integer"}), (float, {"number", "integer"})):
            if wanted in parts and spec.get("type"):
                assert spec["type"] in ({said} if isinstance(said, str) else said), alias


def test_what_is_tolerated_is_still_read_and_not_in_the_specification(schemas):
    by_name = {model.__name__: name for model, name in MODELS.items()}
    assert not [(name, alias) for name, alias in TOLERATED if alias in schemas[by_name[name]]["properties"]]
    known = {model.__name__: {info.alias or name for name, info in model.model_fields.items()} for model in MODELS}
    assert all(alias in known[name] for name, alias in TOLERATED)
