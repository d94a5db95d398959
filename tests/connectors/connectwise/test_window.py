"""How many requests are under way at once."""

from __future__ import annotations

import asyncio

import pytest

from psa_evidence_connectwise.gate import Gate
from psa_evidence_connectwise.window import FIRST, LEAST, Window, shared_window


def fill(window: Window) -> int:
    taken = 0
    while window.enter():
        taken += 1
    return taken


def answer(window: Window, seconds: float, times: int) -> None:
    """A full window answers `times` requests, one after the other."""
    for _ in range(times):
        fill(window)
        window.answered("notes", seconds)
        window.leave()


def test_it_begins_small_and_grows_to_the_limit_while_answers_stay_quick():
    window = Window(16)
    assert fill(window) == FIRST
    answer(window, 0.03, 40)
    assert fill(window) <= 1
    assert window.size == window.peak == 16


def test_it_shrinks_when_answers_become_slow_and_grows_again_afterwards():
    window = Window(32)
    answer(window, 0.03, 100)
    answer(window, 0.5, 400)
    shrunk = window.size
    assert shrunk == LEAST
    answer(window, 0.03, 2000)
    assert window.size > 4 * shrunk


def test_it_shrinks_once_a_round_when_the_psa_refuses():
    window = Window(16)
    answer(window, 0.03, 40)
    for _ in range(16):
        window.refused()
    assert window.size == 8


def test_it_never_becomes_nothing_and_does_not_grow_when_it_is_not_filled():
    window = Window(1)
    for _ in range(50):
        window.refused()
    assert window.enter()
    assert not window.enter()
    idle = Window(16)
    for _ in range(50):
        assert idle.enter()
        idle.answered("notes", 0.01)
        idle.leave()
    assert idle.size == FIRST


def test_one_kind_of_request_that_is_always_slow_does_not_make_it_shrink():
    window = Window(16)
    for _ in range(60):
        fill(window)
        window.answered("notes", 0.03)
        window.leave()
        fill(window)
        window.answered("pages", 0.9)
        window.leave()
    assert window.size == 16


def test_sources_of_one_host_share_one_window():
    assert shared_window("a.example", 8) is shared_window("a.example", 8)
    assert shared_window("a.example", 8) is not shared_window("b.example", 8)


@pytest.mark.parametrize("most", [1, 3, 8])
def test_the_gate_lets_no_more_in_than_the_window_says_and_everybody_in_the_end(most):
    window = Window(most)
    inside = peak = done = 0

    async def visit(gate):
        nonlocal inside, peak, done
        async with gate.place():
            inside += 1
            peak = max(peak, inside)
            await asyncio.sleep(0)
            inside -= 1
            done += 1

    async def go():
        gate = Gate(window)
        await asyncio.gather(*(visit(gate) for _ in range(200)))

    asyncio.run(go())
    assert done == 200
    assert peak == min(FIRST, most)
    assert window.enter()


def test_a_visitor_who_gives_up_waiting_leaves_no_place_taken():
    window = Window(1)

    async def go():
        gate = Gate(window)
        async with gate.place():
            waiting = [asyncio.ensure_future(gate.place().__aenter__()) for _ in range(3)]
            await asyncio.sleep(0)
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        async with asyncio.timeout(5), gate.place():
            pass

    asyncio.run(go())
    assert window.enter()


def test_a_place_that_another_loop_gives_back_is_seen():
    window = Window(1)
    assert window.enter()

    async def go():
        gate = Gate(window)
        asyncio.get_running_loop().call_later(0.05, window.leave)
        async with asyncio.timeout(5), gate.place():
            pass

    asyncio.run(go())


def test_a_list_goes_ahead_of_what_waits_and_the_rest_keeps_its_order():
    window = Window(1)
    order = []

    async def go():
        gate = Gate(window)

        async def visit(name, *, ahead=False):
            async with gate.place(ahead=ahead):
                order.append(name)
                await asyncio.sleep(0)

        async with gate.place():
            waiting = [asyncio.ensure_future(visit(n)) for n in range(5)]
            await asyncio.sleep(0)
            waiting.append(asyncio.ensure_future(visit("list", ahead=True)))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    asyncio.run(go())
    assert order == ["list", 0, 1, 2, 3, 4]


def test_it_grows_over_requests_of_many_kinds_as_over_those_of_one():
    window = Window(16)
    for number in range(40):
        fill(window)
        window.answered(f"list {number}", 0.03)
        window.leave()
    assert window.size == 16


def test_it_does_not_grow_over_kinds_that_are_slower_than_others():
    window = Window(16)
    fill(window)
    window.answered("system", 0.03)
    for number in range(40):
        fill(window)
        window.answered(f"list {number}", 0.5)
        window.leave()
    assert window.size <= FIRST + 1


def test_who_is_called_keeps_the_place_from_those_who_come_at_once():
    """A hand that has done one thing asks for the next before anybody else runs."""
    window = Window(1)
    order = []

    async def go():
        gate = Gate(window)

        async def hand():
            for n in range(5):
                async with gate.place():
                    order.append(n)
                    await asyncio.sleep(0)

        async def read_list():
            async with gate.place(ahead=True):
                order.append("list")

        await asyncio.gather(hand(), read_list())

    asyncio.run(go())
    assert order == [0, "list", 1, 2, 3, 4]


def test_one_who_gives_up_with_the_place_in_hand_hands_it_on():
    window = Window(1)

    async def go():
        gate = Gate(window)
        async with gate.place():
            places = [gate.place() for _ in range(2)]
            first, second = (asyncio.ensure_future(place.__aenter__()) for place in places)
            await asyncio.sleep(0)
        first.cancel()  # it has been called and has not run yet
        await asyncio.gather(first, return_exceptions=True)
        async with asyncio.timeout(5):
            await second
        assert not window.enter()
        await places[1].__aexit__(None, None, None)

    asyncio.run(go())
    assert window.enter()
