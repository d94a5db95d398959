"""What was said on a ticket, as the two lists of notes that the API has."""

from __future__ import annotations

from psa_evidence.simulator.world import numbering, refs
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.plan import Plan, Say
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import BY_ID, PORTAL, WORKFLOW
from psa_evidence.simulator.world.texts import Writer
from psa_evidence.simulator.world.time_rows import TimeRows


class NoteRows:
    def __init__(self, plan: Plan, client: Client, now: int, writer: Writer, summary: str, time: TimeRows) -> None:
        self._plan = plan
        self._now = now
        self._writer = writer
        self._summary = summary
        self._time = time
        self._contacts = {contact.id: contact for contact in client.contacts}

    def author(self, say: Say) -> str:
        if say.entered_by:
            return say.entered_by
        if say.party == "member":
            return BY_ID[say.who].identifier
        return PORTAL if say.party == "contact" else WORKFLOW

    def notes(self) -> list[Row]:
        """`/notes`: without the texts of time entries."""
        return [self._note(number, say, text) for number, say, text in self._said()]

    def _said(self) -> list[tuple[int, Say, str]]:
        texts = self._writer.says()
        found = []
        for number, (say, text) in enumerate(zip(self._plan.says, texts, strict=True)):
            if say.at <= self._now:
                edited = say.edited_at is not None and say.edited_at <= self._now
                found.append((number, say, say.edited_text if edited else text))
        return found

    def _note(self, number: int, say: Say, text: str) -> Row:
        author = self.author(say)
        row: Row = {
            "id": numbering.child(self._plan.id, numbering.NOTE, number),
            "ticketId": self._plan.id,
            "text": text,
            "detailDescriptionFlag": not say.internal and not say.resolution,
            "internalAnalysisFlag": say.internal,
            "resolutionFlag": say.resolution,
            "issueFlag": number == 0,
        }
        row |= self._who(say)
        edited = say.edited_at if say.edited_at is not None and say.edited_at <= self._now else None
        row |= {
            "customerUpdatedFlag": say.party == "contact" and number > 0,
            "processNotifications": say.mailed,
            "dateCreated": iso(say.at),
            "createdBy": author,
            "internalFlag": say.internal,
            "externalFlag": not say.internal,
            "_info": refs.info(say.at, author, updated=edited),
        }
        return row

    def _who(self, say: Say) -> Row:
        if say.party == "member":
            return {"member": refs.member(say.who)}
        if say.party == "contact":
            return {"contact": refs.contact(self._contacts[say.who])}
        return {}

    def all_notes(self) -> list[Row]:
        """`/allNotes`: notes and the texts of time entries, by time."""
        rows: list[tuple[int, Row]] = []
        reference = refs.ticket(self._plan.id, self._summary)
        for number, say, text in self._said():
            author = self.author(say)
            row: Row = {
                "id": numbering.child(self._plan.id, numbering.NOTE, number),
                "noteType": "TicketNote",
                "ticket": reference,
                "text": text,
                "isMarkdownFlag": False,
                "detailDescriptionFlag": not say.internal and not say.resolution,
                "internalAnalysisFlag": say.internal,
                "resolutionFlag": say.resolution,
                "bundledFlag": False,
                "mergedFlag": say.merged,
                "issueFlag": number == 0,
                "originalAuthor": author,
                "createdByParentFlag": False,
            }
            edited = say.edited_at if say.edited_at is not None and say.edited_at <= self._now else None
            row |= self._who(say) | {"_info": refs.info(say.at, author, updated=edited)}
            rows.append((say.at, row))
        for number, work in enumerate(self._plan.works):
            notes, _ = self._writer.work(number)
            if work.entered > self._now or not notes:
                continue
            identifier = BY_ID[work.member].identifier
            row = {
                "id": numbering.child(self._plan.id, numbering.TIME, number),
                "noteType": "TimeEntryNote",
                "ticket": reference,
                "text": notes,
                "isMarkdownFlag": False,
                "detailDescriptionFlag": True,
                "internalAnalysisFlag": False,
                "resolutionFlag": work.purpose == "resolve",
                "timeStart": iso(work.start),
                "timeEnd": iso(self._time.end(number)),
                "bundledFlag": False,
                "mergedFlag": False,
                "issueFlag": False,
                "originalAuthor": identifier,
                "createdByParentFlag": False,
                "member": refs.member(work.member),
                "_info": refs.info(work.entered, identifier, updated=self._time.touched(number)[0]),
            }
            rows.append((work.start, row))
        return [row for _, row in sorted(rows, key=lambda pair: (pair[0], pair[1]["id"]))]
