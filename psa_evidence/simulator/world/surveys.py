"""The satisfaction survey and its answers."""

from __future__ import annotations

from psa_evidence.simulator.world import refs
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import START
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.refs import Row

SURVEY_ID = 1
_INFO = refs.info(START - 200 * 86400, "mokafor")


def surveys(now: int) -> list[Row]:  # noqa: ARG001  the survey itself does not change
    return [
        {"id": SURVEY_ID, "name": "Ticket satisfaction", "inactiveFlag": False, "headerIncludeLogoFlag": True,
         "headerText": "How did we do?", "headerTextVisibleFlag": True, "thankYouText": "Thank you.", "_info": _INFO}
    ]  # fmt: skip


def questions() -> list[Row]:
    return [
        {"id": 1, "sequenceNumber": 1, "type": "Selection", "question": "How satisfied are you? (1 to 5)",
         "options": [{"caption": str(n), "points": n, "includeFlag": True} for n in range(1, 6)],
         "includeFlag": True, "requiredFlag": True, "noAnswerPoints": 0, "surveyId": SURVEY_ID, "_info": _INFO},
        {"id": 2, "sequenceNumber": 2, "type": "OpenEnded", "question": "What could be better?", "includeFlag": True,
         "requiredFlag": False, "noAnswerPoints": 0, "surveyId": SURVEY_ID, "_info": _INFO},
    ]  # fmt: skip


def result(plan: Plan, client: Client, now: int) -> Row | None:
    """The answer to the survey of one ticket; None when there is none (yet)."""
    if plan.survey is None or plan.survey[0] > now:
        return None
    at, points, comment = plan.survey
    person = next(contact for contact in client.contacts if contact.id == plan.contact)
    answers: list[Row] = [{"questionId": 1, "answer": points - 1}]
    if comment:
        answers.append({"questionId": 2, "answer": comment})
    row: Row = {"id": plan.id * 10 + 1, "ticketId": plan.id, "emailAddress": person.email}
    if comment:
        row["footerResponse"] = comment
    return row | {
        "contactMeFlag": points < 3, "contact": refs.contact(person), "results": answers, "totalPoints": points,
        "company": refs.company(client), "surveyId": SURVEY_ID, "_info": refs.info(at, "Portal"),
    }  # fmt: skip
