"""Everything of the world that is no ticket: settings, parties, promises, money, advice. Small enough to be listed."""

from __future__ import annotations

from collections.abc import Callable

from psa_evidence.simulator.store import Blob
from psa_evidence.simulator.world import (
    advice,
    assets,
    campaigns,
    money,
    papers,
    parties,
    promises,
    setup_rows,
    surveys,
    terms,
)
from psa_evidence.simulator.world.books import Advice, Asset, Books, Letter
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import DAY, iso
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.promises import Promise
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.settings import SLAS
from psa_evidence.simulator.world.staff import MSP_NAME

Maker = Callable[[int], list[Row]]


class Office:
    """Rows by resource, made for a moment and kept until the moment changes. `books` holds what the stories tell."""

    def __init__(self, seed: int, clients: tuple[Client, ...], agreements: list[Promise], books: Books) -> None:
        self._seed = seed
        self._clients = clients
        self.books = books
        self._promises = agreements
        self._agreements = {item.id: item for item in agreements}
        assets.fleet(seed, clients, books)
        advice.ordinary(seed, clients, books)
        money.monthly(seed, agreements, books)
        for item in agreements:
            books.letters.append(_signed(item))
        books.number_all()
        self._cache: dict[str, list[Row]] = {}
        self._moment = -1
        self._makers: dict[str, Maker] = setup_rows.MAKERS | {
            "service/surveys": surveys.surveys,
            "company/companies": lambda now: parties.companies(clients, now),
            "company/companies/statuses": terms.statuses,
            "company/companies/types": terms.types,
            "system/apiMembers": terms.api_members,
            "marketing/campaigns": lambda now: campaigns.rows(clients, now),
            "company/contacts": lambda now: parties.contacts(clients, now),
            "company/configurations": lambda now: assets.rows(books.assets, clients, now),
            "finance/agreements": lambda now: promises.rows(agreements, now),
            "finance/invoices": lambda now: money.rows(books.bills, clients, self._agreements, now),
            "sales/opportunities": lambda now: advice.opportunity_rows(books.advice, clients, now),
            "sales/activities": lambda now: advice.activity_rows(books.touches, clients, self._agreements, now),
            "schedule/entries": lambda now: advice.meeting_rows(books.meetings, now),
        }
        self._assets_of: dict[int, list[Asset]] = {}
        for asset in books.assets:
            self._assets_of.setdefault(asset.client, []).append(asset)
        self._letters = {letter.id: letter for letter in books.letters}
        self._bills = {bill.id: bill for bill in books.bills}
        self._advice: dict[int, Advice] = {item.id: item for item in books.advice}

    def agreement_on(self, client: Client, at: int) -> int | None:
        return next((item.id for item in self._promises if item.client is client and item.in_force(at)), None)

    def agreement_ref(self, agreement: int) -> Row:
        return promises.reference(self._agreements[agreement])

    def assets_named(self, plan: Plan, name: str, now: int) -> list[Asset]:
        """The machine that a ticket speaks of, when it is on record."""
        return [item for item in self._assets_of.get(plan.client, []) if item.name == name and item.at <= now]

    def resources(self) -> frozenset[str]:
        return frozenset(self._makers)

    def rows(self, resource: str, now: int) -> list[Row]:
        if now != self._moment:
            self._cache.clear()
            self._moment = now
        if resource not in self._cache:
            maker = self._makers.get(resource)
            self._cache[resource] = maker(now) if maker else []
        return self._cache[resource]

    def has(self, resource: str, row_id: int, now: int) -> bool:
        return any(row["id"] == row_id for row in self.rows(resource, now))

    def children(self, resource: str, parent: int, child: str, now: int) -> list[Row] | None:
        if not self.has(resource, parent, now):
            return None
        if (resource, child) == ("finance/invoices", "payments"):
            return money.payments(self._bills[parent], now)
        if (resource, child) == ("finance/agreements", "additions"):
            return promises.additions(self._seed, self._agreements[parent])
        if resource == "finance/agreements":
            return terms.below(self._seed, self._agreements[parent], child, now)
        if resource == "marketing/campaigns":
            return campaigns.below(self._seed, self._clients, parent, child, now)
        if (resource, child) == ("company/companies", "sites"):
            return [row for client in self._clients if client.id == parent for row in terms.sites(client)]
        if (resource, child) == ("sales/opportunities", "notes"):
            return advice.opportunity_notes(self._advice[parent], now)
        if (resource, child) == ("service/surveys", "questions"):
            return surveys.questions()
        return setup_rows.children(resource, parent, child)

    def single(self, resource: str) -> Row | None:
        return setup_rows.single(resource)

    def documents(self, record_type: str, record_id: int, now: int) -> list[Row]:
        """Documents of a record that is no ticket."""
        return [
            papers.letter_row(letter)
            for letter in self.books.letters
            if letter.record_type == record_type and letter.record_id == record_id and letter.at <= now
        ]

    def document(self, document_id: int, now: int) -> Row | None:
        letter = self._letters.get(document_id)
        return papers.letter_row(letter) if letter is not None and letter.at <= now else None

    def blob(self, document_id: int, now: int) -> Blob | None:
        letter = self._letters.get(document_id)
        return papers.letter_blob(letter) if letter is not None and letter.at <= now else None


def _signed(item: Promise) -> Letter:
    client = item.client
    words = (
        f"between {MSP_NAME} and {client.name}",
        f"Effective {iso(item.start)[:10]}. Agreement no. {item.id}.",
        "",
        f"1. Services. {item.name}.",
        f"2. Fee. USD {item.fee:,.2f} each month, payable within 30 days.",
        "   Invoices not disputed in writing within 15 days count as accepted.",
        f"3. Service levels. Exhibit B ({SLAS[client.sla].name}) applies to tickets entered in the service desk.",
        "4. Client's duties. Access, a person to decide, approval before changes, prompt answers to questions.",
        "5. Backup. Only where an addition for backup is in force.",
        "6. Termination. 60 days' notice in writing. On termination credentials are handed over to a named person.",
        "",
        f"Signed: {client.boss.name}, {client.boss.title}, for {client.name}",
        f"Signed: Gillian Thorne, Managing Director, for {MSP_NAME}",
    )
    return Letter("Agreement", item.id, item.start - 14 * DAY, f"Master services agreement {item.id} (signed)",
                  f"MSA-{client.identifier}-{item.id}-signed.pdf", "hwells", words)  # fmt: skip
