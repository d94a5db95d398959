"""What FRCP 5.2 keeps out of public filings, found by its form; and what only looks like it, is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.matter import CopyRules, Masks
from psa_evidence.pack.identifiers import SORTS, found_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("her SSN is 219-09-9999.", [("taxpayer numbers", "219-09-9999")]),
        ("SSN: 219099999 for payroll", [("taxpayer numbers", "SSN: 219099999")]),
        ("Tax ID 12-3456789", [("taxpayer numbers", "Tax ID 12-3456789")]),
        ("card 4111 1111 1111 1111 exp 09/27", [("payment cards", "4111 1111 1111 1111")]),
        ("378282246310005", [("payment cards", "378282246310005")]),
        ("pay to DE89 3704 0044 0532 0130 00 please", [("bank accounts", "DE89 3704 0044 0532 0130 00")]),
        ("Account number: 0012345678", [("bank accounts", "Account number: 0012345678")]),
        ("routing # 021000021", [("bank accounts", "routing # 021000021")]),
        ("DOB 03/12/1987", [("birth dates", "DOB 03/12/1987")]),
        ("date of birth: March 12, 1987", [("birth dates", "date of birth: March 12, 1987")]),
        ("geboren? born on 1987-03-12", [("birth dates", "born on 1987-03-12")]),
    ],
)
def test_it_is_found(text, found):
    assert list(found_in(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "call 914-555-0100",
        "ticket 41311, agreement 5002",
        "4111 1111 1111 1112 has no check digit that holds",
        "2026-01-05T10:00:00Z",
        "serial 4532015112830366123456789",
        "account manager 12",
        "IP 192.168.100.200 and 10.0.0.1",
        "DE00 3704 0044 0532 0130 00",
        "version 000-12-3456",
    ],
)
def test_it_is_not(text):
    assert list(found_in(text)) == []


def test_a_public_copy_says_what_it_seems_to_hold_and_masks_it_when_told(make, new_psa, empty_vault, matter):
    psa, vault = new_psa().story(), empty_vault
    for kind, id_, row, *_ in psa.rows:
        if kind == "ticket" and id_ == "1001":
            row["summary"] = "Her SSN is 219-09-9999, DOB 03/12/1987."
    psa.fill(vault)
    plain = make(vault, matter=replace(matter, copy="public"))
    said = [w for w in plain.warnings if "FRCP 5.2" in w]
    assert [w.split(" public copy seems to hold ")[1].split(" (")[0] for w in said] == [
        "taxpayer numbers",
        "birth dates",
    ]
    assert not any("219" in w for w in said)
    assert not [w for w in make(vault, out="counsel").warnings if "FRCP" in w]
    rules = CopyRules(masks=Masks(sorts=SORTS))
    masked = make(vault, matter=replace(matter, copy="public", copies=(("public", rules),)), out="masked")
    assert not [w for w in masked.warnings if "FRCP" in w]
    for path in masked.folder.rglob("*"):
        if path.is_file():
            assert b"219-09-9999" not in path.read_bytes(), path
            assert b"03/12/1987" not in path.read_bytes(), path
