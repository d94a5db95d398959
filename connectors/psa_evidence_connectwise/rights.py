"""What the key's role lets it see, and what that says of lists that came empty or short."""

from __future__ import annotations

from dataclasses import dataclass, field

from psa_evidence_connectwise.sightings import Row


@dataclass(frozen=True, slots=True)
class Right:
    """A list with the place where the security role grants it, and what a pack loses without it."""

    path: str
    role: str
    loses: str

    @property
    def function(self) -> str:
        """The name of the function, as the role's page and `mySecurity` call it."""
        return self.role.partition(" > ")[2]


RIGHTS = (
    Right("company/companies", "Companies > Company Maintenance", "clients: nothing can be selected"),
    Right("company/contacts", "Companies > Contacts", "names and addresses of the client's people"),
    Right("company/configurations", "Companies > Configurations", "the client's devices and their age"),
    Right("finance/agreements", "Finance > Agreements", "what was promised: agreements, additions, SLA attached"),
    Right("finance/invoices", "Finance > Invoicing", "what was billed and paid"),
    Right("marketing/campaigns", "Marketing > Campaigns", "how many people a mailing went to, and how many opened it"),
    Right("project/tickets", "Project > Project Tickets", "work within projects, and whose some numbers are"),
    Right("sales/opportunities", "Sales > Opportunities", "advice given and what the client said"),
    Right("sales/activities", "Sales > Sales Activities", "calls, visits and reminders"),
    Right("schedule/entries", "Time & Expense > Schedule", "who was sent when"),
    Right("schedule/calendars", "System > Table Setup", "business hours: no SLA can be recomputed"),
    Right("schedule/holidayLists", "System > Table Setup", "holidays: SLA figures count them as working days"),
    Right("service/boards", "System > Table Setup", "statuses and their meaning to the SLA clock"),
    Right("service/priorities", "System > Table Setup", "priorities and with them the SLA targets"),
    Right("service/SLAs", "System > Table Setup", "SLA targets"),
    Right("service/surveys", "System > Table Setup", "the client's own ratings"),
    Right("service/tickets", "Service Desk > Service Tickets", "tickets, notes, status history: the pack is empty"),
    Right("system/members", "System > Member Maintenance", "who acted: names behind the identifiers"),
    Right("time/entries", "Time & Expense > Time Entry", "work done, with its times"),
)
_FUNCTIONS = {right.path: right.function.lower() for right in RIGHTS}


@dataclass(slots=True)
class Levels:
    """Inquire levels by the name of the function in lower case, from `mySecurity`; and whose key it is."""

    inquire: dict[str, str] = field(default_factory=dict)
    member: str | None = None
    excluded: list[int] | None = None
    """Service boards that the member may not see; None when nothing says so."""

    def note(self, row: Row) -> None:
        name, level = row.get("moduleFunctionName"), row.get("inquireLevel")
        if isinstance(name, str) and isinstance(level, str):
            self.inquire[name.strip().lower()] = level
        member = row.get("member")
        identifier = member.get("identifier") if isinstance(member, dict) else None
        if isinstance(identifier, str):
            self.member = identifier

    def note_member(self, row: Row) -> None:
        """A row of the members or API members; only the key's own counts."""
        if self.member is not None and row.get("identifier") == self.member:
            boards = row.get("excludedServiceBoardIds")
            if isinstance(boards, list):
                self.excluded = sorted({*(self.excluded or ()), *(b for b in boards if isinstance(b, int))})

    def level(self, path: str) -> str | None:
        """The level for a list; None when the role does not say."""
        return self.inquire.get(_FUNCTIONS.get(path, ""))
