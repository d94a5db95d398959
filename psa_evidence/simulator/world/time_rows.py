"""Time entries of a ticket as rows, and what was done to them afterwards."""

from __future__ import annotations

from collections.abc import Callable

from psa_evidence.simulator.world import numbering, refs
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import DAY, iso
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import BY_ID, BY_IDENTIFIER
from psa_evidence.simulator.world.texts import Writer

AgreementRef = Callable[[int], Row]


class TimeRows:
    def __init__(
        self, plan: Plan, client: Client, now: int, writer: Writer, summary: str, agreement: AgreementRef
    ) -> None:
        self._plan = plan
        self._client = client
        self._now = now
        self._writer = writer
        self._summary = summary
        self._agreement = agreement

    def end(self, number: int) -> int:
        work = self._plan.works[number]
        if work.was_end is not None and (work.changed_at is None or work.changed_at > self._now):
            return work.was_end
        return work.end

    def touched(self, number: int) -> tuple[int | None, str | None]:
        work = self._plan.works[number]
        if work.changed_at is not None and work.changed_at <= self._now:
            return work.changed_at, work.changed_by
        return None, None

    def entries(self) -> list[Row]:
        return [self._row(number) for number, work in enumerate(self._plan.works) if work.entered <= self._now]

    def _row(self, number: int) -> Row:
        plan, work = self._plan, self._plan.works[number]
        notes, internal = self._writer.work(number)
        person = BY_ID[work.member]
        end = self.end(number)
        hours = round((end - work.start) / 3600 - work.deduct, 2)
        role, rate = s.WORK_ROLES[max(person.tier, 1)]
        row: Row = {
            "id": numbering.child(plan.id, numbering.TIME, number),
            "company": refs.company(self._client),
            "companyType": "Client",
            "chargeToId": plan.id,
            "chargeToType": "ServiceTicket",
            "member": refs.member(work.member),
            "locationId": 11,
            "businessUnitId": 10,
            "workType": refs.ref("time/workTypes", work.work_type, s.WORK_TYPES[work.work_type]),
            "workRole": refs.ref("time/workRoles", max(person.tier, 1), role),
            "timeStart": iso(work.start),
            "timeEnd": iso(end),
            "hoursDeduct": work.deduct,
            "actualHours": hours,
            "billableOption": work.billable,
            "notes": notes,
            "addToDetailDescriptionFlag": True,
            "addToInternalAnalysisFlag": False,
            "addToResolutionFlag": work.purpose == "resolve",
            "emailResourceFlag": False,
            "emailContactFlag": False,
            "emailCcFlag": False,
            "hoursBilled": hours if work.billable == "Billable" else 0.0,
            "enteredBy": person.identifier,
            "dateEntered": iso(work.entered),
            "hourlyRate": rate,
            "status": "Open" if self._now - work.entered < 7 * DAY else "BilledAgreement",
            "ticket": refs.ticket(plan.id, self._summary),
            "ticketBoard": s.BOARDS[plan.board],
            "ticketStatus": plan.step_at(self._now).meaning.name,
            "ticketType": plan.type_name,
            "invoiceFlag": False,
        }
        if internal:
            row["internalNotes"] = internal
        if plan.agreement is not None:
            row["agreement"] = self._agreement(plan.agreement)
            row["agreementType"] = row["agreement"]["type"]
            row["agreementHours"] = hours
        touched, by = self.touched(number)
        row["_info"] = refs.info(work.entered, person.identifier, updated=touched, updated_by=by)
        return row

    def audits(self, number: int) -> list[Row]:
        """What was done to one time entry, with old and new values."""
        plan, work = self._plan, self._plan.works[number]
        entry = numbering.child(plan.id, numbering.TIME, number)
        identifier = BY_ID[work.member].identifier
        rows: list[Row] = [{
            "id": entry * 10, "member": refs.member(work.member), "source": "Member", "type": "TimeEntry",
            "message": "Time entry created", "_info": refs.info(work.entered, identifier),
        }]  # fmt: skip
        if work.changed_at is not None and work.changed_at <= self._now and work.was_end is not None:
            rows.append({
                "id": entry * 10 + 1, "member": refs.member(BY_IDENTIFIER[work.changed_by].id), "source": "Member",
                "type": "DateTime", "message": "End time changed", "oldValue": iso(work.was_end),
                "newValue": iso(work.end), "_info": refs.info(work.changed_at, work.changed_by),
            })  # fmt: skip
        return rows
