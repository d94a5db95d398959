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


def send(limiter: Limiter, now: float, until: float, allowed: int, window: float) -> tuple[list[float], int]:
    """Requests as fast as the limiter lets them, to a server that refuses all over `allowed` in each window."""
    sent: list[float] = []
    refusals = 0
    counts: dict[int, int] = {}
    while now < until:
        now += limiter.reserve(now) + 0.001
        place = int(now / window)
        counts[place] = counts.get(place, 0) + 1
        if counts[place] > allowed:
            refusals += 1
            pause = (place + 1) * window - now
            limiter.refused(now, pause)
        else:
            sent.append(now)
    return sent, refusals


def test_the_pace_is_learnt_from_refusals_and_kept_under_the_limit():
    limiter = Limiter(0)
    sent, refusals = send(limiter, 0.0, 1200.0, allowed=1000, window=60.0)
    assert refusals < 20
    assert len(sent) > 0.8 * 20 * 1000
    assert limiter.per_minute is not None
    assert limiter.per_minute < 1500


def test_a_learnt_pace_is_raised_again_and_never_over_the_configured_one():
    limiter = Limiter(600)
    for n in range(40):
        limiter.reserve(n * 0.1)
    limiter.refused(4.0, 56.0)
    learnt = limiter.per_minute
    assert learnt is not None
    assert learnt < 60
    now = 60.0
    while now < 2000:
        now += limiter.reserve(now) + 1
    assert limiter.per_minute == 600


def test_several_refusals_of_one_burst_count_once():
    limiter = Limiter(0)
    for n in range(100):
        limiter.reserve(n * 0.01)
    limiter.refused(1.0, 9.0)
    once = limiter.per_minute
    for _ in range(8):
        limiter.refused(1.05, 9.0)
    assert limiter.per_minute == once
    assert limiter.reserve(1.1) >= 8.9


def test_a_refusal_after_few_requests_teaches_nothing():
    limiter = Limiter(0)
    limiter.reserve(0.0)
    limiter.refused(0.1, 30.0)
    assert limiter.per_minute is None
    assert limiter.reserve(0.2) > 29
