"""Every case of the corpus: it must be judged as its name says, by exactly the checks that it names."""

import tomllib
from pathlib import Path

import pytest

from psa_evidence.verify import verify_pack
from psa_evidence.verify.verifier import CHECKS

CASES = sorted(path.parent for path in (Path(__file__).parent / "verify").glob("*/case.toml"))
ENDINGS = {"fail": "fail", "pass": "pass", "inconclusive": "inconclusive"}


def read(case):
    return tomllib.loads((case / "case.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_judged_as_its_name_says(case, attacker, authority, forger, tmp_path):
    said = read(case)
    attack = attacker(said["base"])
    attack.run(said)
    anchors = {"authority": [authority.root_pem], "forger": [forger.root_pem], "none": []}[
        said.get("trust", "authority")
    ]
    path = attack.write_zip(tmp_path / "pack.zip") if said.get("zip") else attack.write(tmp_path / "pack")
    report = verify_pack(path, anchors)
    assert {c.id for c in report.checks if c.status == "fail"} == set(said["fails"]), [
        (c.id, c.detail, c.subject) for c in report.checks if c.status == "fail"
    ]
    assert report.verdict == ENDINGS[case.name.rpartition("_")[2]]
    assert {c.id for c in report.checks} == set(CHECKS)
    if wanted := said.get("not_witnessed"):
        assert [c.status for c in report.checks if c.id == wanted] == ["not witnessed"]


def test_every_check_of_the_procedure_is_failed_by_a_case():
    assert {check for case in CASES for check in read(case)["fails"]} >= set(CHECKS) - NOT_HERE


NOT_HERE = {"1.4"}
"""Attacked in tests/verify: labels that do not read."""


def test_there_are_cases_and_each_says_what_the_attacker_did():
    assert len(CASES) >= 60
    for case in CASES:
        words = (case / "README.md").read_text("utf-8")
        for heading in ("**He did**", "**He can**", "**Repaired afterwards**", "**Named by**"):
            assert heading in words, case.name
        assert all(f"**{check}**" in words for check in read(case)["fails"]), case.name
        assert case.name.rpartition("_")[2] in ENDINGS
