import json
import os
import subprocess
import sys
from datetime import timedelta
from itertools import islice

import pytest

from psa_evidence.simulator.world import make_world


def everything(world):
    rows = {name: list(world.rows(name)) for name in sorted(world.resources())}
    tickets = [row["id"] for row in islice(world.rows("service/tickets"), 120)]
    rows["notes"] = [world.children("service/tickets", one, "allNotes") for one in tickets]
    rows["trail"] = [world.audit("Ticket", one) for one in tickets]
    return json.dumps(rows, sort_keys=True)


def test_two_worlds_of_one_seed_are_equal():
    assert everything(make_world(seed=3, tickets=150)) == everything(make_world(seed=3, tickets=150))


def test_another_seed_makes_another_world():
    one, two = make_world(seed=3, tickets=150), make_world(seed=4, tickets=150)
    assert list(one.rows("service/tickets")) != list(two.rows("service/tickets"))


def test_hash_seed_of_the_process_changes_nothing():
    code = (
        "import hashlib, json; from psa_evidence.simulator.world import make_world; w = make_world(seed=5, tickets=80);"
        "print(hashlib.sha256(json.dumps([list(w.rows('service/tickets')), list(w.rows('sales/activities')),"
        " w.answer_key()]).encode()).hexdigest())"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_order_of_asking_changes_nothing():
    asked, fresh = make_world(seed=3, tickets=150), make_world(seed=3, tickets=150)
    ids = [row["id"] for row in asked.rows("service/tickets")]
    for one in reversed(ids):
        asked.children("service/tickets", one, "allNotes")
        asked.audit("Ticket", one)
    assert list(asked.rows("time/entries")) == list(fresh.rows("time/entries"))


def test_time_goes_on_in_one_step_as_in_many():
    once, often = make_world(seed=3, tickets=150), make_world(seed=3, tickets=150)
    once.advance(timedelta(days=30))
    for _ in range(30):
        often.advance(timedelta(days=1))
    assert everything(once) == everything(often)


def test_a_month_later_there_are_new_tickets_and_old_ids_stand():
    world = make_world(seed=3, tickets=300)
    before = {row["id"]: row for row in world.rows("service/tickets")}
    books = {name: [row["id"] for row in world.rows(name)] for name in ("finance/invoices", "sales/activities")}
    world.advance(timedelta(days=31))
    after = {row["id"]: row for row in world.rows("service/tickets")}
    assert set(before) < set(after)
    assert len(after) - len(before) > 5
    for one in set(after) - set(before):
        assert after[one]["_info"]["dateEntered"] > "2026-10-31T17:00:00Z"
    for name, ids in books.items():
        assert [row["id"] for row in world.rows(name)][: len(ids)] == ids
    still_open = [one for one, row in before.items() if not row["closedFlag"]]
    assert any(after[one]["closedFlag"] for one in still_open)


def test_time_does_not_go_back():
    with pytest.raises(ValueError, match="only goes on"):
        make_world(seed=3, tickets=150).advance(timedelta(days=-1))


def test_more_clients_leave_the_first_eight_as_they_are():
    few, many = make_world(seed=3, tickets=150), make_world(seed=3, clients=20, tickets=150)
    names = [row["name"] for row in many.rows("company/companies")]
    assert names[:9] == [row["name"] for row in few.rows("company/companies")]
    assert len(set(names)) == 21


def test_fewer_tickets_than_stories_are_refused():
    with pytest.raises(ValueError, match="at least"):
        make_world(seed=3, tickets=10)


def test_fewer_clients_than_the_stories_need_are_refused():
    with pytest.raises(ValueError, match="at least 8"):
        make_world(seed=3, clients=3, tickets=150)


def test_time_does_not_run_past_the_calendars():
    world = make_world(seed=3, tickets=150)
    world.advance(timedelta(days=1095))
    assert sum(1 for _ in world.rows("service/tickets")) > 300
    with pytest.raises(ValueError, match="three years"):
        world.advance(timedelta(days=1))
