import asyncio
import errno
from datetime import timedelta

import pytest

from psa_evidence.capture import capture, run_capture
from psa_evidence.errors import AuthenticationError, SourceError, StorageError
from psa_evidence.vault import Disk, Vault


def keys(vault):
    return [r.key for r in vault.select(connection="main", client="10")]


def test_a_run_in_which_everything_came_is_complete(vault, kit):
    source = kit.FakeSource()
    info = capture(**kit.arguments(vault, source))
    assert (info.state, info.records, info.failure) == ("complete", 5, "")
    assert info.counts == {"tickets": {"asked": 5, "received": 5}}
    assert info.facts == {"version": "v2026.1"}
    assert source.entered == 0
    assert keys(vault) == [f"ticket/{n}" for n in range(5)]
    assert [e["who"] for e in vault.custody.read()] == ["tester", "tester"]


def test_a_source_that_is_open_already_is_not_opened_again(vault, kit):
    async def run():
        async with kit.FakeSource() as source:
            return await run_capture(**kit.arguments(vault, source))

    assert asyncio.run(run()).state == "complete"


def test_a_count_that_differs_makes_it_partial(vault, kit):
    info = capture(**kit.arguments(vault, kit.FakeSource(counted=7)))
    assert info.state == "partial"
    assert [(m["resource"], m["reason"], m["count"]) for m in info.missing] == [("tickets", "count differs", 2)]


def test_what_is_raised_is_recorded_with_what_arrived_and_raised_again(vault, kit):
    error = AuthenticationError("The keys were not accepted.")
    with pytest.raises(AuthenticationError) as caught:
        capture(**kit.arguments(vault, kit.FakeSource(fail_after=3, error=error)))
    assert caught.value is error
    [info] = vault.captures()
    assert (info.state, info.records) == ("failed", 3)
    assert info.failure == "AuthenticationError: The keys were not accepted."
    assert [s.state for s in vault.seals()] == ["failed"]
    assert keys(vault) == ["ticket/0", "ticket/1", "ticket/2"]


def test_the_next_run_fetches_only_the_rest(vault, kit):
    with pytest.raises(SourceError):
        capture(**kit.arguments(vault, kit.FakeSource(fail_after=3, error=SourceError("cut"))))
    source = kit.FakeSource()
    info = capture(**kit.arguments(vault, source))
    assert source.fetched == [3, 4]
    assert source.since is None
    assert info.state == "complete"
    assert keys(vault) == [f"ticket/{n}" for n in range(5)]


def test_after_a_complete_run_changes_are_asked_for_since_its_start(vault, kit):
    first = capture(**kit.arguments(vault, kit.FakeSource()))
    source = kit.FakeSource()
    capture(**kit.arguments(vault, source))
    assert source.since == first.started_at - timedelta(minutes=10)
    assert source.fetched == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, asyncio.CancelledError])
def test_an_interruption_is_recorded_and_goes_on_its_way(vault, kit, stop):
    with pytest.raises(stop):
        capture(**kit.arguments(vault, kit.FakeSource(fail_after=2, error=stop())))
    [info] = vault.captures()
    assert (info.state, info.failure, info.records) == ("failed", "interrupted", 2)
    capture(**kit.arguments(vault, kit.FakeSource()))
    assert len(keys(vault)) == 5


def test_a_task_that_is_cancelled_while_it_waits_is_recorded(vault, kit):
    class Slow(kit.FakeSource):
        async def fetch(self, scope, recorder):
            await super().fetch(scope, recorder)
            await asyncio.sleep(60)

    async def run():
        async with Slow(tickets=2) as source:
            task = asyncio.create_task(run_capture(**kit.arguments(vault, source)))
            await asyncio.sleep(0.05)
            task.cancel()
            await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())
    assert [(c.state, c.records) for c in vault.captures()] == [("failed", 2)]


def test_the_text_of_a_foreign_error_is_not_stored(vault, kit):
    with pytest.raises(ValueError):
        capture(**kit.arguments(vault, kit.FakeSource(fail_after=1, error=ValueError("Acme's password is hunter2"))))
    assert vault.captures()[0].failure == "ValueError"
    stored = b"".join(p.read_bytes() for p in vault.path.rglob("*") if p.is_file())
    assert b"hunter2" not in stored


def test_a_full_disk_ends_the_run_with_a_storage_error_and_the_next_run_resumes(vault, kit):
    seen = {"writes": 0}

    def before(step, path):
        seen["writes"] += step == "write" and path.name.startswith("exchanges")
        if step == "write" and seen["writes"] > 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    notes = []

    class Listening:
        def __getattr__(self, name):
            return notes.append if name == "note" else lambda *a, **k: None

    with pytest.raises(StorageError, match="full"):
        capture(**kit.arguments(Vault.open(vault.path, disk=Disk(before)), kit.FakeSource(3000), progress=Listening()))
    again = Vault.open(vault.path, clock=kit.Ticking())
    assert [c.state for c in again.captures()] == ["failed"]
    info = capture(**kit.arguments(again, kit.FakeSource(3000)))
    assert info.state == "complete"
    assert len(keys(again)) == 3000


def test_many_exchanges_are_all_kept_in_order(vault, kit):
    info = capture(**kit.arguments(vault, kit.FakeSource(2000)))
    assert (info.exchanges, info.records) == (2000, 2000)
    assert keys(vault) == [f"ticket/{n}" for n in range(2000)]
