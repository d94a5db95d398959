"""The computer's clock is set back while a capture runs."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence.vault import Vault
from psa_evidence.vault.set_back import FACT, refuse_clock_set_back


@pytest.fixture
def clock(kit):
    return kit.Ticking()


@pytest.fixture
def ended(vault, kit, clock):
    """Two captures: the first is sealed; while the second runs, the clock goes back by the time given."""

    def run(back, end="finish"):
        kit.begin(vault, clock=clock).finish()
        clock.now += timedelta(hours=2)
        writer = kit.begin(vault, clock=clock)
        writer.keep(*kit.rows_exchange("ticket", [{"id": 1, "entered": "2026-02-01T00:00:00Z"}], at="entered"))
        clock.now -= back
        return writer.finish() if end == "finish" else writer.abort("somebody stopped it")

    return run


@pytest.mark.parametrize("end", ["finish", "abort"])
def test_no_seal_is_made_that_is_older_than_the_one_before(vault, ended, clock, end):
    with pytest.raises(ConfigurationError, match="before the last seal"):
        ended(timedelta(days=1), end)
    assert [seal.number for seal in vault.seals()] == [1]
    early = Vault.open(vault.path, clock=clock)  # to read is no reason to seal
    assert [seal.number for seal in early.seals()] == [1]
    assert list(early.select(connection="main", client="10")) == []
    with pytest.raises(ConfigurationError, match="before the last seal"):
        early.begin(connection="main", connector=None, scope=None, clock=clock)


def test_once_the_clock_is_right_the_capture_is_sealed_whole(vault, ended, clock):
    with pytest.raises(ConfigurationError):
        ended(timedelta(days=1))
    clock.now += timedelta(days=1)
    vault = Vault.open(vault.path, clock=clock)
    [first, second] = vault.seals()
    assert first.sealed_at < second.sealed_at
    assert (second.state, second.leaves) == ("complete", 1)
    info = vault.captures()[-1]
    assert info.finished_at < info.started_at
    assert info.facts[FACT] == (info.started_at - info.finished_at).total_seconds() > 0


def test_a_clock_that_went_back_behind_the_start_only_is_stated(ended, vault):
    info = ended(timedelta(minutes=30))
    assert info.finished_at < info.started_at
    assert 29 * 60 < info.facts[FACT] < 31 * 60
    assert len(vault.seals()) == 2


def test_a_clock_that_is_right_is_not_mentioned(ended):
    assert FACT not in ended(timedelta(0)).facts


@pytest.mark.parametrize(("minutes", "refused"), [(-11, True), (-9, False), (1, False)])
def test_the_clock_may_stand_ten_minutes_before_the_last_seal(minutes, refused):
    seals = [SimpleNamespace(sealed_at=at) for at in ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    with pytest.raises(ConfigurationError) if refused else nullcontext():
        refuse_clock_set_back(seals, datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes))
