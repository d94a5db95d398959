import json
from datetime import datetime
from itertools import pairwise

import pytest

from psa_evidence.simulator.world import make_world

STAGES = ("response", "plan", "resolution")


def seconds(text):
    return int(datetime.fromisoformat(text).timestamp())


def one(key, name):
    return key["tickets"][str(key["stories"][name]["ticket"])]


def test_it_is_json_and_counts_what_the_api_shows(world, key):
    assert json.loads(json.dumps(key)) == key
    assert key["counts"] == {name: sum(1 for _ in world.rows(name)) for name in world.resources()}
    assert set(key["tickets"]) == {str(row["id"]) for row in world.rows("service/tickets")}
    assert sum(client["tickets"] for client in key["clients"].values()) == len(key["tickets"])


def test_every_ticket_has_gapless_statuses_that_end_in_the_one_the_api_shows(world, key):
    for row in world.rows("service/tickets"):
        truth = key["tickets"][str(row["id"])]
        spans = truth["statuses"]
        assert truth["entered"] == row["_info"]["dateEntered"] == spans[0][0]
        assert spans[-1][1] == key["now"]
        assert all(left[1] == right[0] for left, right in pairwise(spans))
        assert spans[-1][2] == row["status"]["id"]
        assert truth["client"] == row["company"]["id"]


def test_verdicts_follow_from_the_seconds(key):
    for truth in key["tickets"].values():
        for stage in STAGES:
            found = truth[stage]
            assert found["strict_seconds"] == found["elapsed_seconds"] + found["paused_seconds"]
            if found["contract"] == "met":
                assert found["elapsed_seconds"] <= found["target_seconds"]
                assert found["met_at"]
            elif found["contract"] == "missed":
                assert found["overrun_seconds"] == found["elapsed_seconds"] - found["target_seconds"] > 0
                assert found["due_at"] < (found["met_at"] or key["now"])
            elif found["contract"] == "no target":
                assert found["target_seconds"] is None


def test_round_the_clock_seconds_are_wall_seconds(key):
    checked = 0
    for truth in key["tickets"].values():
        if truth["sla"] == "24x7 Critical":
            end = truth["resolution"]["met_at"] or key["now"]
            assert truth["resolution"]["strict_seconds"] == seconds(end) - seconds(truth["entered"])
            checked += 1
    assert checked > 20


def test_office_hours_are_counted_by_hand(key):
    """Counted with a pencil from the stories, not with the world's clock."""
    assert key["tickets"][str(key["stories"]["breaches"]["response"][0])]["response"]["overrun_seconds"] == 2363
    assert key["tickets"][str(key["stories"]["breaches"]["plan"][0])]["plan"]["overrun_seconds"] == 47 * 60 + 41
    assert key["tickets"][str(key["stories"]["breaches"]["resolution"][0])]["resolution"]["overrun_seconds"] == 5187
    assert one(key, "half_day")["response"]["elapsed_seconds"] == 45 * 60
    assert one(key, "reopened")["resolution"]["elapsed_seconds"] == 17 * 3600 + 900
    right = one(key, "pause_right")["resolution"]
    assert right["elapsed_seconds"] == 50 * 60 + 10 + 43 * 60 - 1
    assert right["strict_seconds"] == (8.5 + 10 + 7) * 3600 + 55 * 60


def test_each_story_is_as_told(key):
    stories = key["stories"]
    for ticket, seconds_over in stories["near_misses"]["missed_by_seconds"].items():
        assert key["tickets"][ticket]["response"]["overrun_seconds"] == seconds_over
    for ticket, left in stories["near_misses"]["met_with_seconds_left"].items():
        found = key["tickets"][ticket]["response"]
        assert (found["contract"], found["target_seconds"] - found["elapsed_seconds"]) == ("met", left)
    for ticket, elapsed in stories["clock_change"]["response_seconds"].items():
        assert key["tickets"][ticket]["response"]["elapsed_seconds"] == elapsed
    for name in ("pause_right", "pause_wrong", "pause_vendor", "pause_without_question"):
        story, truth = stories[name], one(key, name)
        assert [story["from"], story["until"]] in [span[:2] for span in truth["statuses"] if span[3] == "paused"]
        assert truth["resolution"]["contract"] == "met"
    for name in ("pause_right", "pause_wrong", "pause_without_question", "wrong_mapping", "created_in_pause"):
        assert one(key, name)["resolution"]["strict"] == "missed"
    assert (
        one(key, "created_in_pause")["response"] | {"contract": "met", "strict": "missed", "elapsed_seconds": 0}
        == (one(key, "created_in_pause")["response"])
    )
    assert one(key, "automatic_response")["response"]["contract"] == "missed"
    assert one(key, "automatic_response")["response"]["elapsed_seconds"] == stories["automatic_response"]["seconds"]
    assert one(key, "false_flag")["response"]["contract"] == "missed"
    assert one(key, "priority_changed")["resolution"]["contract"] == "missed"
    assert one(key, "priority_changed")["priority_at_end"] != one(key, "priority_changed")["priority_at_entry"]
    assert {one(key, "late_history")[stage]["contract"] for stage in STAGES} == {"not determined"}
    assert one(key, "vague_line")["resolution"]["contract"] == "not determined"
    assert key["tickets"][str(stories["merged_ticket"]["merged"])]["response"]["contract"] == "excluded"
    assert str(stories["deleted_ticket"]["gap"]) not in key["tickets"]


def test_an_internal_note_is_no_response_to_the_client(key):
    truth, story = one(key, "internal_note_first"), key["stories"]["internal_note_first"]
    assert story["internal_note_at"] < truth["response"]["due_at"] < story["response_at"]
    assert truth["response"]["met_at"] == story["response_at"]
    assert truth["response"]["overrun_seconds"] == story["overrun_seconds"] == 1570
    assert truth["response"]["contract"] == truth["response"]["strict"] == "missed"
    assert truth["resolution"]["contract"] == "met"


def test_a_plan_was_missed_in_the_period_of_the_main_dispute(key):
    truth, story = one(key, "plan_miss"), key["stories"]["plan_miss"]
    assert truth["client"] == key["main_client"]["id"]
    assert "2025-11-01" < truth["entered"] < "2026-10-31"
    assert [truth[stage]["contract"] for stage in STAGES] == ["met", "missed", "met"]
    assert truth["plan"]["overrun_seconds"] == story["overrun_seconds"] == 2425


def test_an_unjustified_pause_would_have_been_a_breach(key):
    """Counting from the client's answer on, the resolution of that ticket takes longer than its eight hours."""
    truth, story = one(key, "pause_wrong"), key["stories"]["pause_wrong"]
    unjustified = (18 - 10) * 3600 - 240 + 5.5 * 3600
    assert story["unjustified_from"] == "2026-01-20T15:04:00Z"
    assert truth["resolution"]["elapsed_seconds"] + unjustified > truth["resolution"]["target_seconds"]


@pytest.mark.parametrize("tickets", [45, 2000])
def test_the_stories_are_the_same_in_a_small_world_and_a_large_one(tickets):
    key = make_world(seed=11, tickets=tickets).answer_key()
    told = [truth for truth in key["tickets"].values() if truth["story"]]
    assert len(told) == 43
    assert sum(truth["response"]["contract"] == "missed" for truth in told) == 6


def test_the_main_client_has_its_share_and_real_breaches_beside_the_told_ones():
    key = make_world(seed=7).answer_key()
    main = [t for t in key["tickets"].values() if t["client"] == key["main_client"]["id"]]
    assert 250 <= len(main) <= 380
    for stage in STAGES:
        assert sum(t[stage]["contract"] == "missed" and not t["story"] for t in main) >= 2
    assert sum(t["resolution"]["contract"] == "not determined" for t in key["tickets"].values()) >= 4
