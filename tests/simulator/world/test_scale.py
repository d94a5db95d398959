import tracemalloc
from itertools import islice

from psa_evidence.simulator.world import make_world

MIB = 1024 * 1024


def test_a_hundred_thousand_tickets_are_made_only_when_asked_for():
    tracemalloc.start()
    try:
        world = make_world(seed=7, tickets=100_000)
        assert world.count("service/tickets") == 99_999
        for row in islice(world.rows("service/tickets", after=100_000), 150):
            world.children("service/tickets", row["id"], "allNotes")
            world.audit("Ticket", row["id"])
        first = tracemalloc.get_traced_memory()[1]
        for _ in islice(world.rows("time/entries", after=9_000_000), 2500):
            pass
        assert tracemalloc.get_traced_memory()[1] < 80 * MIB
        assert first < 60 * MIB
    finally:
        tracemalloc.stop()


def test_the_last_ticket_is_reached_without_the_others():
    world = make_world(seed=7, tickets=100_000)
    last = next(iter(world.rows("service/tickets", after=143_770)))
    assert world.row("service/tickets", last["id"])["id"] == last["id"]
    assert last["_info"]["dateEntered"] > "2026-10-01"


def test_only_some_pages_of_tickets_are_remembered():
    world = make_world(seed=7, tickets=100_000)
    for index in range(30_000, 39_000):
        world.tickets.plan(index)
    assert len(world.tickets._recent) <= 8192
