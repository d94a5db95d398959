"""Who works at the MSP, and what acts there without being anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MSP_NAME = "Harbourlight IT Services"
MSP_IDENTIFIER = "Harbourlight"
MSP_DOMAIN = "harbourlight.example"
MSP_COMPANY_ID = 2

Office = Literal["New York", "Los Angeles"]


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    identifier: str
    first: str
    last: str
    title: str
    office: Office
    tier: int
    """0 does not work tickets; 1 to 3 by skill."""
    licence: Literal["F", "A"] = "F"
    left: str | None = None
    """The day of leaving."""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"{self.first[0]}{self.last}@{MSP_DOMAIN}".lower()

    @property
    def signature(self) -> str:
        return f"{self.name}\n{self.title}\n{MSP_NAME}\n212-555-0140 | support@{MSP_DOMAIN}"


_NY: Office = "New York"
_LA: Office = "Los Angeles"

STAFF: tuple[Person, ...] = (
    Person(150, "gthorne", "Gillian", "Thorne", "Managing Director", _NY, 0),
    Person(151, "mokafor", "Marcus", "Okafor", "Service Delivery Manager", _NY, 0),
    Person(152, "lpetrov", "Lena", "Petrova", "Service Coordinator", _NY, 0),
    Person(153, "jrivera", "Jorge", "Rivera", "Service Desk Technician", _NY, 1),
    Person(154, "akaur", "Amrit", "Kaur", "Service Desk Technician", _NY, 1),
    Person(155, "tbell", "Tessa", "Bell", "Service Desk Technician", _LA, 1),
    Person(156, "dnguyen", "Danny", "Nguyen", "Service Desk Technician", _LA, 1, left="2026-04-17"),
    Person(157, "sholm", "Sofia", "Holm", "Systems Engineer", _NY, 2),
    Person(158, "rcole", "Rashid", "Cole", "Systems Engineer", _LA, 2),
    Person(159, "pdoyle", "Patrick", "Doyle", "Systems Engineer", _NY, 2),
    Person(160, "ebrandt", "Elke", "Brandt", "Senior Infrastructure Engineer", _NY, 3),
    Person(161, "ymori", "Yuki", "Mori", "Cloud and Security Engineer", _LA, 3),
    Person(162, "hwells", "Hannah", "Wells", "Account Manager", _NY, 0),
    Person(163, "cfisher", "Carl", "Fisher", "Finance Administrator", _NY, 0),
    Person(190, "rmmapi", "RMM", "Integration", "API member: monitoring", _NY, 0, "A"),
    Person(191, "evidence", "Evidence", "Reader", "API member: records, inquire only", _NY, 0, "A"),
)

BY_ID = {person.id: person for person in STAFF}
BY_IDENTIFIER = {person.identifier: person for person in STAFF}
TECHNICIANS = {tier: tuple(p for p in STAFF if p.tier == tier) for tier in (1, 2, 3)}

WORKFLOW = "Workflow"
CONNECTOR = "EmailConnector"
PORTAL = "Portal"
AUTOMATA = frozenset({WORKFLOW, CONNECTOR, PORTAL, "rmmapi", "evidence"})
"""Names under which the system itself, or a key, enters things: none of them is a person's act."""
