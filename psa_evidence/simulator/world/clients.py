"""Whom the MSP serves: eight clients of different trade and contract, and as many invented ones more as asked."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Literal

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.dice import between, dice, pick

Terms = Literal["all-inclusive", "block hours", "time and materials"]


@dataclass(frozen=True, slots=True)
class Contact:
    id: int
    first: str
    last: str
    title: str
    email: str
    phone: str
    left: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class Client:
    """`weight` is the share of tickets relative to the others; `index` 0 is the party to the main dispute."""

    index: int
    id: int
    identifier: str
    name: str
    trade: str
    city: str
    state: str
    zone: str
    terms: Terms
    sla: int
    calendar: int
    fee: float
    weight: float
    domain: str
    contacts: tuple[Contact, ...]

    @property
    def boss(self) -> Contact:
        """Who signs and decides."""
        return self.contacts[0]

    @property
    def manager(self) -> Contact:
        """Who deals with the MSP from day to day."""
        return self.contacts[1]


FIRST_CLIENT_ID = 101
DISPUTE_CLIENT = "Castellan Dental Group"
"""The first client: the other party in the main dispute."""
_EAST, _WEST, _UK = "Eastern Standard Time", "Pacific Standard Time", "GMT Standard Time"

_KNOWN: tuple[tuple[str, str, str, str, str, str, Terms, int, int, float], ...] = (
    ("CastellanDental", "Castellan Dental Group", "Healthcare", "White Plains", "NY", _EAST,
     "all-inclusive", s.GOLD, s.STANDARD, 6850.0),
    ("Brightwater", "Brightwater Logistics", "Transport", "Newark", "NJ", _EAST,
     "all-inclusive", s.ROUND_CLOCK, s.STANDARD, 11200.0),
    ("OrchardPell", "Orchard & Pell LLP", "Legal", "Stamford", "CT", _EAST,
     "all-inclusive", s.SILVER, s.CLIENT_OFFICE, 4300.0),
    ("MarlowPrecision", "Marlow Precision Machining", "Manufacturing", "Allentown", "PA", _EAST,
     "block hours", s.BLOCK, s.STANDARD, 2900.0),
    ("StBrannock", "St. Brannock Community Clinic", "Healthcare", "Yonkers", "NY", _EAST,
     "all-inclusive", s.GOLD, s.STANDARD, 5150.0),
    ("Fennimore", "Fennimore Wealth Partners", "Finance", "Pasadena", "CA", _WEST,
     "all-inclusive", s.SILVER, s.EXTENDED, 3875.0),
    ("TidewaterSchool", "Tidewater Charter School", "Education", "Norwalk", "CT", _EAST,
     "time and materials", s.NO_SLA, s.STANDARD, 0.0),
    ("Quillon", "Quillon Architects Ltd", "Architecture", "Bristol", "", _UK,
     "block hours", s.SILVER, s.UK_OFFICE, 1950.0),
)  # fmt: skip

_FIRST = (
    "Adaeze", "Alan", "Beatriz", "Brian", "Carmen", "Colin", "Dana", "Devon", "Elena", "Farah", "Frank", "Grace",
    "Hector", "Imani", "Joanna", "Kareem", "Lucille", "Maeve", "Mateo", "Nadia", "Noah", "Olga", "Omar", "Petra",
    "Quentin", "Rosa", "Samir", "Sean", "Tamsin", "Uma", "Victor", "Wendy", "Yusuf", "Zoe", "Łukasz", "Inés",
)  # fmt: skip
_LAST = (
    "Abara", "Ashworth", "Bianchi", "Calloway", "Castellan", "Dempsey", "Eklund", "Farrow", "Gallo", "Hartigan",
    "Ibarra", "Jansen", "Kowalczyk", "Lindqvist", "Moreau", "Nakamura", "Okonkwo", "Pemberton", "Quigley", "Rossi",
    "Santangelo", "Tremblay", "Underhill", "Vasquez", "Whitlock", "Yates", "Zielinski", "O'Shea", "Núñez", "Feld",
)  # fmt: skip
_TITLES = ("Owner", "Office Manager", "Finance Manager", "Receptionist", "Operations Lead", "Assistant", "Analyst",
           "Coordinator", "Team Lead", "Administrator", "Buyer", "Scheduler")  # fmt: skip
_HEADS = ("Alder", "Beacon", "Cobalt", "Dunmore", "Ember", "Foxglove", "Granite", "Hollis", "Ivory", "Juniper",
          "Keystone", "Larkspur", "Meridian", "Northgate", "Oakline", "Pinecrest", "Redfern", "Sable", "Thornbury",
          "Umber", "Vantage", "Westmere", "Yarrow", "Zephyr")  # fmt: skip
_TAILS = (("Freight", "Transport"), ("Dental Care", "Healthcare"), ("Realty", "Property"), ("Foods", "Food"),
          ("Engineering", "Engineering"), ("Legal", "Legal"), ("Insurance Brokers", "Insurance"),
          ("Veterinary", "Healthcare"), ("Packaging", "Manufacturing"), ("Media", "Media"))  # fmt: skip
_PLACES = (("Albany", "NY"), ("Hoboken", "NJ"), ("Hartford", "CT"), ("Scranton", "PA"), ("Providence", "RI"))


def clients(seed: int, how_many: int) -> tuple[Client, ...]:
    """The same for the same arguments; the first eight keep their names whatever is asked."""
    found = []
    for index in range(how_many):
        rng = dice(seed, "client", index)
        known = _KNOWN[index] if index < len(_KNOWN) else _invented(rng, index)
        identifier, name, trade, city, state, zone, terms, sla, calendar, fee = known
        domain = re.sub("[^a-z]", "", name.lower().replace(" ltd", "").replace(" llp", "")) + ".example"
        people = _people(rng, index, domain, between(rng, 6, 16) if index else 14)
        found.append(
            Client(
                index,
                FIRST_CLIENT_ID + index,
                identifier,
                name,
                trade,
                city,
                state,
                zone,
                terms,
                sla,
                calendar,
                fee,
                1.2 if index == 0 else 0.7 + 0.55 * rng.random(),
                domain,
                people,
            )
        )
    return tuple(found)


def _invented(rng: random.Random, index: int) -> tuple[str, str, str, str, str, str, Terms, int, int, float]:
    head = _HEADS[index % len(_HEADS)]
    tail, trade = pick(rng, _TAILS)
    again = index // len(_HEADS)
    name = f"{head} {tail}" + (f" {again + 1}" if again else "")
    city, state = pick(rng, _PLACES)
    sla = pick(rng, (s.GOLD, s.SILVER, s.SILVER, s.NO_SLA, s.BLOCK))
    terms: Terms = {s.NO_SLA: "time and materials", s.BLOCK: "block hours"}.get(sla, "all-inclusive")  # type: ignore[assignment]
    fee = 0.0 if sla == s.NO_SLA else 1500.0 + 250.0 * between(rng, 0, 24)
    calendar = pick(rng, (s.STANDARD, s.CLIENT_OFFICE, s.EXTENDED))
    return (f"{head}{index}", name, trade, city, state, _EAST, terms, sla, calendar, fee)


_CASTELLAN = (("Raymond", "Castellan", "Owner"), ("Denise", "Farrow", "Practice Manager"),
              ("Paula", "Whitlock", "Bookkeeper"), ("Mateo", "Ibarra", "Front Desk Lead"))  # fmt: skip


def _people(rng: random.Random, index: int, domain: str, how_many: int) -> tuple[Contact, ...]:
    names: dict[str, tuple[str, str, str]] = {}
    if index == 0:
        names = {f"{first} {last}": (first, last, title) for first, last, title in _CASTELLAN}
    while len(names) < how_many:
        first, last = pick(rng, _FIRST), pick(rng, _LAST)
        title = _TITLES[len(names)] if len(names) < len(_TITLES) else pick(rng, _TITLES[3:])
        names.setdefault(f"{first} {last}", (first, last, title))
    return tuple(
        Contact(
            id=2000 + index * 40 + number,
            first=first,
            last=last,
            title=title,
            email=f"{_ascii(first)}.{_ascii(last)}@{domain}",
            phone=f"914555{100 + (index * 40 + number) % 100:04d}",
            left="2026-02-27" if number == how_many - 1 else None,
        )
        for number, (first, last, title) in enumerate(names.values())
    )


_PLAIN = str.maketrans("łéíóúñÁÉÍÓÚÑ", "leioun" + "AEIOUN")


def _ascii(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower().translate(_PLAIN))
