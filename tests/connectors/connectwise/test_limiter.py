"""The pace of the process."""

from __future__ import annotations

from psa_evidence_connectwise.limiter import BURST_SECONDS, Limiter, shared_limiter


def test_a_minute_never_holds_more_than_the_limit_and_the_burst():
    limiter, now, sent = Limiter(600), 0.0, []
    while now < 120:
        wait = limiter.reserve(now)
        now += wait
        sent.append(now)
    for start in range(60):
        inside = sum(1 for at in sent if start <= at < start + 60)
        assert inside <= 600 + BURST_SECONDS * 10 + 1
    assert len(sent) >= 1190


def test_no_limit_never_waits():
    limiter = Limiter(0)
    assert [limiter.reserve(0.0) for _ in range(1000)] == [0.0] * 1000


def test_a_pause_holds_everybody_until_its_end():
    for per_minute in (0, 60_000):
        limiter = Limiter(per_minute)
        limiter.pause(10.0)
        assert limiter.reserve(4.0) == 6.0
        assert limiter.reserve(10.5) == 0.0


def test_sources_of_one_host_share_one_limiter():
    assert shared_limiter("a.example", 900) is shared_limiter("a.example", 900)
    assert shared_limiter("a.example", 900) is not shared_limiter("b.example", 900)
