"""Who plays in the stories, and the script that a told ticket is written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.books import Books
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import wall
from psa_evidence.simulator.world.plan import Line, Paper, Plan, Say, Step, Turn, Work
from psa_evidence.simulator.world.staff import BY_IDENTIFIER, CONNECTOR, PORTAL

_OPENED_BY = {1: "lpetrov", 2: CONNECTOR, 3: PORTAL, 4: "rmmapi"}


class Script:
    """Writes one ticket. Times are New York wall time: `2025-03-11 09:02:10`, or `10:41` on the day last named."""

    def __init__(
        self, client: Client, story: str, entered: str, summary: str, opening: str, *, priority: int = s.P3,
        contact: int = 1, board: int = s.SERVICE, source: int = 2, status: str | None = None,
        type_name: str = "Network", fold: int = 0,
    ) -> None:  # fmt: skip
        self._day = entered[:10]
        at = wall(entered, fold=fold)
        self._client = client
        first = status or ("New (email)" if source == 2 and board == s.SERVICE else "New")
        by = _OPENED_BY[source]
        self.plan = Plan(
            id=0, index=-1, client=client.index, contact=client.contacts[contact].id, kind="told", summary=summary,
            source=source, board=board, entered=at, entered_by=by, agreement=None, sla=client.sla,
            type_name=type_name, steps=[Step(at, s.STATUS_ID[board, first], by)], priorities=[Turn(at, priority, by)],
            story=story,
        )  # fmt: skip
        if source == 4:
            self.plan.says.append(Say(at, "member", 190, "opening", opening, entered_by="rmmapi"))
        else:
            self.plan.says.append(Say(at, "contact", self.plan.contact, "opening", opening, entered_by=by))
        self._board = board
        self.into: Script | None = None

    @property
    def id(self) -> int:
        """Known once the ticket has its place in the queue."""
        return self.plan.id

    def at(self, when: str, fold: int = 0) -> int:
        if len(when) > 8:
            self._day = when[:10]
            return wall(when, fold=fold)
        return wall(f"{self._day} {when}", fold=fold)

    def receipt(self, when: str, *, fold: int = 0) -> Script:
        self.plan.says.append(Say(self.at(when, fold), "system", 0, "receipt", mailed=True))
        return self

    def status(self, when: str, name: str, by: str, *, fold: int = 0) -> Script:
        self.plan.steps.append(Step(self.at(when, fold), s.STATUS_ID[self._board, name], by))
        return self

    def take(self, when: str, by: str, name: str = "In Progress", *, fold: int = 0) -> Script:
        """A technician takes the ticket: owner and status in one second."""
        self.plan.owners.append(Turn(self.at(when, fold), BY_IDENTIFIER[by].id, by))
        return self.status(when, name, by, fold=fold)

    def tells(self, when: str, by: str, text: str, *, resolution: bool = False, fold: int = 0) -> Script:
        """A note of the MSP that the client gets by e-mail."""
        person = BY_IDENTIFIER[by]
        first = next(c.first for c in self._client.contacts if c.id == self.plan.contact)
        mail = f"Hi {first},\n\n{text}\n\n{person.signature}"
        self.plan.says.append(
            Say(self.at(when, fold), "member", person.id, "told", mail, resolution=resolution, mailed=True)
        )
        return self

    def notes(self, when: str, by: str, text: str, *, fold: int = 0) -> Script:
        """An internal note."""
        who = BY_IDENTIFIER[by].id
        self.plan.says.append(Say(self.at(when, fold), "member", who, "told", text, internal=True))
        return self

    def answers(
        self, when: str, text: str, *, contact: int | None = None, updated: str | None = "Client Updated"
    ) -> Script:
        """An e-mail of the client; the e-mail connector sets the status `updated` a second later, unless None."""
        who = self.plan.contact if contact is None else self._client.contacts[contact].id
        at = self.at(when)
        self.plan.says.append(Say(at, "contact", who, "told", text, entered_by=CONNECTOR))
        if updated is not None:
            self.plan.steps.append(Step(at + 1, s.STATUS_ID[self._board, updated], CONNECTOR))
        return self

    def work(
        self, start: str, end: str, by: str, notes: str, *, entered: str | None = None, internal: str = "",
        billable: str = "DoNotBill", work_type: int = 1, fold: int = 0,
    ) -> Script:  # fmt: skip
        begun = self.at(start, fold)
        ended = self.at(end, fold)
        day = self._day
        typed = ended + 180 if entered is None else self.at(entered)
        self._day = day
        self.plan.works.append(
            Work(begun, ended, BY_IDENTIFIER[by].id, typed, "told", notes, internal, billable=billable,
                 work_type=work_type)
        )  # fmt: skip
        return self

    def raise_to(self, when: str, priority: int, by: str) -> Script:
        self.plan.priorities.append(Turn(self.at(when), priority, by))
        return self

    def line(self, when: str, by: str, text: str, kind: str = "Ticket", sub: str = "") -> Script:
        self.plan.lines.append(Line(self.at(when), by, text, kind, sub))
        return self

    def paper(self, when: str, title: str, file_name: str, by: str, make: str, *words: str) -> Script:
        self.plan.papers.append(Paper(self.at(when), title, file_name, by, make, words))  # type: ignore[arg-type]
        return self

    def done(self, when: str, by: str, text: str, *, closed: str | None = None) -> Script:
        """Solved; closed by the workflow three days later unless said otherwise."""
        self.tells(when, by, text, resolution=True)
        self.status(when, "Resolved", by)
        at = self.plan.steps[-1].at
        end, who = (self.at(closed), by) if closed else (at + 3 * 86400, "Workflow")
        self.plan.steps.append(Step(end, s.STATUS_ID[self._board, "Closed"], who))
        return self


Truth = Callable[[], dict[str, Any]]


@dataclass(slots=True)
class Cast:
    """The clients, the books that stories write into, and what has been told."""

    clients: tuple[Client, ...]
    books: Books
    scripts: list[Script] = field(default_factory=list)
    truths: dict[str, Truth] = field(default_factory=dict)
    deleted: list[Script] = field(default_factory=list)
    """Deleted before the world begins: only the gap is left."""
    to_delete: Script | None = None
    to_edit: tuple[Script, int, str] | None = None
    """Script, number of the note, the text that replaces it when the story is applied."""

    @property
    def castellan(self) -> Client:
        """The party to the main dispute."""
        return self.clients[0]

    def open(self, client: Client, story: str, entered: str, summary: str, opening: str, **more: Any) -> Script:
        script = Script(client, story, entered, summary, opening, **more)
        self.scripts.append(script)
        return script
