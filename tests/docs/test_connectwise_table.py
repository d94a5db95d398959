"""The table of what is read says what the connector reads, and the matrix of the role what doctor asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from psa_evidence_connectwise.copied import COPIED
from psa_evidence_connectwise.resources import BUSINESS, PROJECT_TICKETS, SCHEDULE, SETUP, SINGLES, TICKETS, TIME
from psa_evidence_connectwise.rights import RIGHTS
from psa_evidence_connectwise.settings import SETTINGS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "connectwise.md").read_text(encoding="utf-8")
LISTS = (*SETUP, *BUSINESS, TICKETS, PROJECT_TICKETS, TIME, SCHEDULE)
HANGING = {
    "note", "history", "task", "ticket_configuration", "document", "attachment", "time_audit", "record_history",
    "project_note", "invoice_pdf", "permission", "campaign_count",
}  # fmt: skip
"""Kinds that are fetched below records, and the key's own rights."""


def table(heading: str) -> list[list[str]]:
    """Rows of the first table below a heading."""
    below = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


READ = table("What is read")


def test_every_kind_that_is_fetched_stands_in_the_table_and_no_other():
    told = {kind for row in READ for kind in re.findall(r"`(\w+)`", row[2])}
    fetched = {one.kind for one in LISTS} | {child.kind for one in LISTS for child in one.children}
    assert told == fetched | HANGING | {kind for _, kind in SINGLES}


@pytest.mark.parametrize("one", LISTS, ids=[one.path for one in LISTS])
def test_every_list_and_what_hangs_on_it_stands_in_the_table(one):
    endpoints = {endpoint for row in READ for endpoint in re.findall(r"`([^`]+)`", row[1])}
    assert one.path in endpoints
    for child in one.children:
        assert any(endpoint.endswith("}/" + child.path) for endpoint in endpoints)
    for name in one.counted:
        assert any(endpoint.endswith(f"}}/{name}/count") for endpoint in endpoints)
    if one.audit:
        assert any(f"type={one.audit}&" in endpoint for endpoint in endpoints)
    optional = {path for row in READ if "optional" in row[0] for path in re.findall(r"`([^`]+)`", row[1])}
    assert (one.path in optional) == one.optional


def test_every_row_names_the_permission_and_the_loss():
    functions = {row[1] for row in table("The role matrix")}
    for row in READ:
        assert row[4] in functions | {"any role", "as the record"}, row[0]
        assert row[5], row[0]


def test_the_role_only_inquires_and_holds_what_doctor_asks_for():
    rows = table("The role matrix")
    assert {tuple(row[2:6]) for row in rows} == {("None", "None", "None", "All")}
    given = {f"{row[0]} > {row[1]}" for row in rows}
    assert {right.role for right in RIGHTS} <= given


def test_every_setting_that_has_a_default_is_explained():
    told = {name for row in table("Set-up") for name in re.findall(r"`(\w+)`", row[0])}
    assert {one.name for one in SETTINGS if not one.secret and one.default is not None} <= told
    defaults = {name: row[1].strip("`") for row in table("Set-up") for name in re.findall(r"`(\w+)`", row[0])}
    for one in SETTINGS:
        if one.default is not None and one.name != "ticket_parts":
            assert defaults[one.name] == one.default


def test_every_plain_copy_stands_in_its_table_and_no_other():
    told = [(f"{kind}.{field}", tuple(re.findall(r"`([^`]+)`", members))) for kind, field, members in (
        (row[0].strip("`"), row[1].strip("`"), row[2]) for row in table("What the tables copy")
    )]  # fmt: skip
    assert told == list(COPIED)
