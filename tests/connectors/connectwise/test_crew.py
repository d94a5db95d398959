"""Work done by a crew while more is found."""

from __future__ import annotations

import asyncio

import pytest

from psa_evidence.spi import Silent
from psa_evidence_connectwise import crew as module
from psa_evidence_connectwise.crew import Crew


class BrokenError(Exception):
    pass


def test_all_work_is_done_before_the_crew_leaves_and_little_of_it_waits(monkeypatch):
    monkeypatch.setattr(module, "WAITING", 5)
    done, waiting, most = [], 0, 0

    async def work(n):
        nonlocal waiting
        await asyncio.sleep(0)
        waiting -= 1
        done.append(n)

    async def go():
        nonlocal waiting, most
        async with Crew(3, Silent(), "t") as crew:
            for n in range(100):
                waiting += 1
                most = max(most, waiting)
                await crew.add(lambda n=n: work(n))

    asyncio.run(go())
    assert sorted(done) == list(range(100))
    assert most <= 5 + 3 + 1


@pytest.mark.parametrize("full", [False, True])
def test_the_first_fault_stops_everybody_and_is_raised_as_itself(monkeypatch, full):
    monkeypatch.setattr(module, "WAITING", 2)

    async def work():
        await asyncio.sleep(0)
        raise BrokenError

    async def go():
        async with asyncio.timeout(5), Crew(2, Silent(), "t") as crew:
            for _ in range(100 if full else 1):
                await crew.add(work)

    with pytest.raises(BrokenError):
        asyncio.run(go())


def test_a_fault_outside_ends_the_crew():
    async def forever():
        await asyncio.sleep(3600)

    async def go():
        async with asyncio.timeout(5), Crew(2, Silent(), "t") as crew:
            await crew.add(forever)
            raise BrokenError

    with pytest.raises(BrokenError):
        asyncio.run(go())
