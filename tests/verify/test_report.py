"""The list of checks and the verdict."""

from __future__ import annotations

import pytest

from psa_evidence.verify.render import render
from psa_evidence.verify.report import MAX_LISTED, Checklist


def checklist(*statuses):
    checks = Checklist()
    for number, status in enumerate(statuses, 1):
        if status == "fail":
            checks.fail(f"{number}.1", "does not hold")
        checks.settle(f"{number}.1", "in words", "pass" if status == "fail" else status)
    return checks.report()


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((), "fail"),
        (("pass",), "pass"),
        (("pass", "not witnessed"), "pass"),
        (("pass", "inconclusive"), "inconclusive"),
        (("inconclusive", "fail", "pass"), "fail"),
        (("not witnessed", "fail"), "fail"),
    ],
)
def test_verdict(statuses, verdict):
    report = checklist(*statuses)
    assert report.verdict == verdict
    assert report.headline.startswith(verdict.upper())
    assert ("WHEN" in report.headline) == ("not witnessed" in statuses)


def test_a_failed_check_is_never_settled_as_passed():
    assert [(c.id, c.status) for c in checklist("fail").checks] == [("1.1", "fail")]


def test_a_million_failures_are_counted_and_fifty_listed():
    checks = Checklist()
    for number in range(1_000_000):
        checks.fail("3.2", "differs", f"data/{number}")
    checks.settle("3.2", "agree")
    report = checks.report()
    assert len(report.checks) == MAX_LISTED + 1
    assert "999,950 more" in report.checks[-1].detail


def test_checks_stand_in_the_order_of_their_numbers():
    checks = Checklist()
    for number in ("10.1", "2.2", "9.1", "2.1"):
        checks.settle(number, "")
    assert [c.id for c in checks.report().checks] == ["2.1", "2.2", "9.1", "10.1"]


def test_a_subject_cannot_write_to_the_terminal():
    checks = Checklist()
    checks.fail("1.1", "odd", "\x1b[2Jdata/\u202egpj.exe\ud800" + "x" * 500)
    subject = checks.report().checks[0].subject
    assert subject.startswith("\\u{1b}[2Jdata/\\u{202e}gpj.exe\\u{d800}xxx")
    assert len(subject) <= 201


@pytest.mark.parametrize(("more", "said"), [(0, None), (1, "and 1 more"), (2, "and 2 more")])
def test_failures_beyond_those_that_are_listed_are_counted(more, said):
    checks = Checklist()
    for number in range(MAX_LISTED + more):
        checks.fail("3.2", "differs", f"data/{number}")
    checks.settle("3.2", "agree")
    found = checks.report().checks
    assert len(found) == MAX_LISTED + (said is not None)
    assert found[-1].detail == (f"{said} of the same kind, not listed" if said else "differs")


def test_the_table_word_for_word():
    checks = Checklist()
    checks.settle("1.1", "2 files")
    checks.fail("1.2", "leads out of the folder and so is not looked at, whatever it may be that stands there", "../x")
    checks.skip(("2.1",), "no manifest")
    checks.settle("10.1", "", "not witnessed")
    table, _, headline = render(checks.report()).partition("\n\n")
    assert table.splitlines() == [
        " 1  Container",
        "    1.1   pass  2 files",
        "    1.2   FAIL  ../x: leads out of the folder and so is not looked at, whatever",
        "                it may be that stands there",
        " 2  Tag manifest",
        "    2.1   open  not checked: no manifest",
        "10  Time",
        "    10.1  none  ",
    ]
    assert headline.startswith("FAIL")
