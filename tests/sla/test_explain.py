import json

from psa_evidence.sla import result_to_dict, statement, strip_for_terminal, ticket_to_dict


def story(desk):
    desk.status(1, "Waiting")
    desk.status(3, "In Progress")
    desk.status(30, "Resolved")
    return desk.judge(every_open_period=True)


def test_the_strip_shows_counted_paused_and_closed_time_and_the_due_time(desk):
    result = story(desk).result("resolution", "contract")
    strip = strip_for_terminal(result, 60)
    assert len(strip) == 60
    assert strip.startswith("██░░░░██")
    assert "·" * 20 in strip
    assert strip.count("|") == 1


def test_the_strip_of_a_met_stage_reaches_to_its_due_time(desk):
    desk.message(0.5)
    strip = strip_for_terminal(desk.judge().result("response", "contract"), 40)
    assert strip == "█" * 10 + " " * 29 + "|"


def test_the_strip_has_the_width_asked_for_whatever_the_result(desk):
    judged = story(desk)
    for width in (0, 1, 2, 7, 200):
        for result in judged.results:
            assert len(strip_for_terminal(result, width)) == (width if result.intervals else 0)


def test_the_statement_runs_up_to_the_figure_and_names_its_sources(desk):
    result = story(desk).result("resolution", "contract")
    lines = statement(result, time_zone="America/Chicago")
    assert lines[0].startswith("resolution, contract reading: missed. Missed by")
    assert sum(line.count("[history/") for line in lines) == len([i for i in result.intervals if i.source])
    assert any(line.startswith(f"counted in all 12 h ({result.elapsed_seconds} s)") for line in lines)
    assert "2026-03-02 09:00:00 -0600" in lines[2]


def test_the_data_is_json_with_times_in_utc(desk):
    judged = story(desk)
    data = json.loads(json.dumps(ticket_to_dict(judged)))
    assert len(data["results"]) == 9
    contract = result_to_dict(judged.result("resolution", "contract"))
    assert contract["due_at"].endswith("Z")
    assert sum(i["seconds"] for i in contract["intervals"]) == contract["elapsed_seconds"]


def test_intervals_are_made_anew_each_time_and_not_held_by_the_result(desk):
    result = story(desk).result("resolution", "contract")
    assert result.intervals == result.intervals
    assert result.intervals is not result.intervals
