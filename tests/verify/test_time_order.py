"""Times against each other, without tokens: to the second where one step decides, and the words that tell of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.verify.report import Checklist
from psa_evidence.verify.time_order import TOLERANCE, _numbers, _sentences, check_coverage, check_order

AT = datetime(2026, 3, 1, 2, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sealed(*times):
    return {number: (SimpleNamespace(sealed_at=at.isoformat()), b"") for number, at in enumerate(times, 1)}


def judged(seal, at=AT, *, path=None, proved=True, token=True, refused=False):
    found = SimpleNamespace(accuracy=timedelta(seconds=1), serial=9, policy="1.2") if token else None
    return SimpleNamespace(
        claim=SimpleNamespace(seal=seal, path=path or f"t{seal}"), at=at, renewal=None,
        verdict=SimpleNamespace(token=found, authority="A", proved=proved, refused=refused),
    )  # fmt: skip


def order(seals, tokens=()):
    checks = Checklist()
    check_order(checks, seals, tokens)
    return [(c.status, c.detail, c.subject) for c in checks.report().checks]


def test_a_clock_may_be_ten_minutes_off_and_no_second_more():
    assert timedelta(minutes=10) == TOLERANCE
    passed = [("pass", "no seal is stamped before it was made (within 10 minutes)", "")]
    assert order(sealed(AT, AT - TOLERANCE)) == passed
    assert order(sealed(AT, AT - TOLERANCE - SECOND)) == [("fail", "says it was made before seal 1", "seal 2")]
    assert order(sealed(AT), [judged(1, AT - TOLERANCE)]) == passed
    words = "says it was made at 2026-03-01 02:10:00 UTC, but was stamped at 2026-03-01 01:59:59 UTC already"
    assert order(sealed(AT), [judged(1, AT - TOLERANCE - SECOND)]) == [("fail", words, "seal 1")]


def test_five_times_are_told_and_the_others_counted():
    one = "seal 1 existed before 2026-03-01 02:10:00 UTC (accuracy 1 s), says A (serial 9, policy 1.2)"
    assert _sentences({1: judged(1)}) == [one]
    assert _sentences({1: judged(1, proved=False)}) == [f"stated, not proved: {one}"]
    assert _sentences({1: judged(3), 2: judged(3)}) == [one.replace("seal 1", "seals 1 to 2")]
    assert len(_sentences({n: judged(n) for n in range(5)})) == 5
    assert _sentences({n: judged(n) for n in range(6)})[5:] == ["and 1 further time for other seals"]


@pytest.mark.parametrize("lacking", [{"token": False}, {"at": None}])
def test_a_token_that_states_no_time_says_nothing(lacking):
    assert _sentences({1: judged(1, **lacking)}) == []


def test_seals_are_told_as_a_range_where_they_are_one():
    numbers = {(3,): "seal 3", (3, 4): "seals 3 to 4", (1, 2, 3): "seals 1 to 3", (1, 3): "seals 1, 3"}
    assert {given: _numbers(given) for given in numbers} == numbers


def covered(owed, tokens, stamped=()):
    manifest = SimpleNamespace(
        witness=SimpleNamespace(owed=owed, tokens=[SimpleNamespace(seal=n) for n in stamped]),
        seals=[SimpleNamespace(number=n) for n in (1, 2, 3)],
    )
    checks = Checklist()
    check_coverage(checks, manifest, dict.fromkeys((1, 2, 3)), tokens)
    return [(c.status, c.detail, c.subject) for c in checks.report().checks]


def test_each_seal_is_witnessed_or_said_to_wait():
    one = "seal 1 existed before 2026-03-01 02:10:00 UTC (accuracy 1 s), says A (serial 9, policy 1.2)"
    assert covered([2, 3], [judged(1)]) == [("not witnessed", f"{one}; time not yet witnessed: seals 2 to 3", "")]
    assert covered([1, 2, 3], []) == [("not witnessed", "time not yet witnessed: seals 1 to 3", "")]
    assert covered([2], [judged(1)]) == [("fail", "neither witnessed nor said to wait for a witness", "seal 3")]
    assert covered([], [judged(3, proved=False)])[0][0] == "inconclusive"
    assert covered([], [judged(3, refused=True)])[0][0] == "fail"
    assert covered([], [judged(3)])[0][0] == "pass"


@pytest.mark.parametrize(("owed", "stamped"), [((3, 2), ()), ((2, 2, 3), ()), ((2, 3, 4), ()), ((2, 3), (3,))])
def test_what_is_owed_is_of_the_pack_in_order_and_not_there(owed, stamped):
    words = "a token is said to be owed on a seal that has one, or is not in the pack"
    assert covered(owed, [judged(1)], stamped)[0] == ("fail", words, "")
