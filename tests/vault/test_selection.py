from datetime import UTC, datetime

import pytest

from psa_evidence.vault.selection import natural

MARCH = {"since": datetime(2026, 3, 1, tzinfo=UTC), "until": datetime(2026, 4, 1, tzinfo=UTC)}


@pytest.fixture
def keeping(vault, kit):
    """Keep rows, finish, and ask."""

    class Keeping:
        def __init__(self):
            self.writer = kit.begin(vault)

        def keep(self, kind, rows, **more):
            self.writer.keep(*kit.rows_exchange(kind, rows, **more))

        def keys(self, client="10", **period):
            if self.writer:
                self.writer.finish()
                self.writer = None
            return {r.key for r in vault.select(connection="main", client=client, **(period or MARCH))}

    return Keeping()


def test_a_month_of_a_client_has_its_tickets_all_that_hangs_on_them_and_the_settings(filled):
    keys = [r.key for r in filled.select(connection="main", client="20", **MARCH)]
    assert keys == [
        "attachment/9", "board/1", "client/20", "note/400", "note/401", "note/600", "note/601", "ticket/4", "ticket/6",
    ]  # fmt: skip


def test_bodies_are_the_rows_that_were_sent(filled):
    for record in filled.select(connection="main", client="10"):
        if record.kind == "ticket":
            assert record.body.startswith(b'{"id":' + record.id.encode() + b',"client":10,')


def test_the_bounds_are_since_included_and_until_excluded(keeping):
    times = ("2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z", "2026-03-31T23:59:59.999999Z", "2026-04-01T00:00:00Z")
    keeping.keep("ticket", [{"id": n, "client": 10, "at": at} for n, at in enumerate(times, 1)], at="at")
    assert keeping.keys() == {"ticket/2", "ticket/3"}


def test_dated_kinds_are_taken_by_their_own_time_or_when_they_have_none(keeping):
    for kind in ("invoice", "schedule_entry", "time_entry", "ticket"):
        rows = [
            {"id": 1, "client": 10, "at": "2026-03-05T00:00:00Z"},
            {"id": 2, "client": 10, "at": "2026-05-05T00:00:00Z"},
            {"id": 3, "client": 10},
        ]
        keeping.keep(kind, rows, at="at")
    kinds = ("invoice", "schedule_entry", "time_entry", "ticket")
    assert keeping.keys() == {f"{kind}/{n}" for kind in kinds for n in (1, 3)}


def test_activities_are_taken_of_any_time_since_what_they_are_about_may_be_of_another(keeping):
    times = ("2024-02-05T00:00:00Z", "2026-03-05T00:00:00Z", "2026-04-01T00:00:00Z")
    keeping.keep("activity", [{"id": n, "client": 10, "at": at} for n, at in enumerate(times, 1)], at="at")
    assert keeping.keys() == {"activity/1", "activity/2", "activity/3"}


def test_what_the_client_has_for_good_is_always_taken(keeping):
    for kind in ("agreement", "contact", "configuration", "document", "opportunity"):
        keeping.keep(kind, [{"id": 1, "client": 10, "at": "2020-01-01T00:00:00Z"}, {"id": 2, "client": 20}], at="at")
    keeping.keep("contact", [{"id": 7, "parent": "client/10"}])
    keeping.keep("addition", [{"id": 8, "parent": "agreement/1"}])
    kinds = ("agreement", "contact", "configuration", "document", "opportunity")
    assert keeping.keys() == {f"{kind}/1" for kind in kinds} | {"contact/7", "addition/8"}


def test_what_hangs_on_a_ticket_outside_the_period_stays_outside_but_work_done_inside_is_in(keeping):
    keeping.keep("ticket", [{"id": 1, "client": 10, "at": "2026-01-05T00:00:00Z"}], at="at")
    keeping.keep("document", [{"id": 2, "client": 10, "parent": "ticket/1"}])
    keeping.keep("note", [{"id": 3, "client": 10, "parent": "ticket/1", "at": "2026-03-05T00:00:00Z"}], at="at")
    keeping.keep("time_entry", [{"id": 4, "client": 10, "parent": "ticket/1", "at": "2026-03-05T00:00:00Z"}], at="at")
    assert keeping.keys() == {"time_entry/4"}
    assert keeping.keys(since=datetime(2026, 1, 1, tzinfo=UTC)) == {"ticket/1", "document/2", "note/3", "time_entry/4"}


def test_what_hangs_on_something_that_was_never_captured_is_not_lost(keeping):
    keeping.keep("note", [{"id": 1, "client": 10, "parent": "ticket/404", "at": "2026-03-05T00:00:00Z"}], at="at")
    keeping.keep("note", [{"id": 2, "client": 10, "parent": "ticket/404", "at": "2026-05-05T00:00:00Z"}], at="at")
    assert keeping.keys() == {"note/1"}


def test_chains_of_parents_are_followed_and_loops_end(keeping):
    keeping.keep("ticket", [{"id": 1, "client": 10, "at": "2026-03-05T00:00:00Z"}], at="at")
    keeping.keep("document", [{"id": 2, "parent": "ticket/1"}])
    keeping.keep("attachment", [{"id": 3, "parent": "document/2"}])
    keeping.keep("note", [{"id": 4, "parent": "note/5"}, {"id": 5, "parent": "note/4"}, {"id": 6, "parent": "note/6"}])
    keeping.keep("survey_result", [{"id": 7, "parent": "ticket/1"}])
    assert keeping.keys() == {"ticket/1", "document/2", "attachment/3", "survey_result/7"}


def test_a_ticket_that_moved_to_another_client_is_his_now(filled, kit):
    world = kit.World()
    world.tickets[4]["client"] = 10
    writer = kit.begin(filled)
    kit.fill(writer, world)
    writer.finish()
    assert "ticket/4" not in {r.key for r in filled.select(connection="main", client="20", **MARCH)}
    assert {"ticket/4", "note/400", "attachment/9"} <= {
        r.key for r in filled.select(connection="main", client="10", **MARCH)
    }


def test_more_tickets_than_one_query_can_name(keeping):
    keeping.keep("ticket", [{"id": n, "client": 10, "at": "2026-03-05T00:00:00Z"} for n in range(1300)], at="at")
    keeping.keep("note", [{"id": n, "parent": f"ticket/{n}"} for n in range(1300)])
    assert len(keeping.keys()) == 2600


def test_the_population_adds_up_and_counts_what_select_gives(filled):
    figures = filled.population(connection="main", client="20", **MARCH)
    assert figures["ticket"] == {"captured": 3, "in_period": 2, "outside_period": 1, "undated": 0}
    assert figures["note"] == {"captured": 6, "in_period": 4, "outside_period": 2, "undated": 0}
    assert "board" not in figures
    selected = [r.kind for r in filled.select(connection="main", client="20", **MARCH)]
    for kind, counts in figures.items():
        assert counts["captured"] == counts["in_period"] + counts["outside_period"]
        assert counts["in_period"] == selected.count(kind)
    whole = {kind: one["captured"] for kind, one in figures.items() if one["captured"]}
    assert filled.captured(connection="main", client="20") == whole


def test_records_without_a_time_are_counted_as_such(keeping, vault):
    keeping.keep("ticket", [{"id": 1, "client": 10}, {"id": 2, "client": 10, "at": "2026-03-05T00:00:00Z"}], at="at")
    keeping.keys()
    figures = vault.population(connection="main", client="10", **MARCH)
    assert figures == {"ticket": {"captured": 2, "in_period": 2, "outside_period": 0, "undated": 1}}


def test_clients_are_named_from_their_records(filled):
    assert [(c.id, c.name, c.identifier) for c in filled.clients("main")] == [
        ("10", "Acme", "ACME"),
        ("20", "Bolt", "BOLT"),
    ]
    assert filled.clients("nowhere") == ()


def test_a_client_record_without_a_name_is_listed_all_the_same(vault, kit):
    writer = kit.begin(vault)
    writer.keep(*kit.rows_exchange("client", [{"id": 1, "name": 5}, {"id": 2, "name": "Z"}]))
    writer.finish()
    assert [(c.id, c.name) for c in vault.clients()] == [("1", ""), ("2", "Z")]


def test_ids_sort_by_number_then_by_text():
    assert sorted(["10", "9", "b", "a", "\u0663", ""], key=natural) == ["9", "10", "", "a", "b", "\u0663"]


def test_an_answer_to_a_survey_of_the_msp_is_the_clients_record(keeping):
    keeping.keep("survey", [{"id": 5}])
    rows = [
        {"id": 50, "client": 10, "at": "2026-03-02T00:00:00Z"},
        {"id": 51, "client": 20, "at": "2026-03-02T00:00:00Z"},
        {"id": 52, "client": 10, "at": "2026-05-02T00:00:00Z"},
    ]
    keeping.keep("survey_result", rows, parent="survey/5", at="at")
    assert keeping.keys() == {"survey/5", "survey_result/50"}


def test_the_first_and_last_time_of_a_clients_records_of_a_kind(keeping, vault):
    times = ("2026-03-05T00:00:00Z", "2025-01-01T00:00:00Z", None, "2026-02-01T00:00:00Z")
    keeping.keep("ticket", [{"id": n, "client": 10, "at": at} for n, at in enumerate(times, 1)], at="at")
    keeping.keep("ticket", [{"id": 9, "client": 20, "at": "2024-01-01T00:00:00Z"}], at="at")
    keeping.keep("invoice", [{"id": 7, "client": 10, "at": "2023-01-01T00:00:00Z"}], at="at")
    keeping.keys()
    found = vault.span(connection="main", client="10", kind="ticket")
    assert found == (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC))
    assert vault.span(connection="main", client="10", kind="activity") is None


def test_the_addresses_of_a_capture_come_in_their_order_and_of_no_other(vault, kit):
    for addresses in (("https://psa.example/b?page=2", "https://psa.example/a"), ("https://psa.example/later",)):
        writer = kit.begin(vault)
        for address in addresses:
            writer.keep(kit.exchange(b"{}", url=address))
        writer.finish()
    first, second = (c.id for c in vault.captures())
    assert list(vault.addresses(first)) == ["https://psa.example/b?page=2", "https://psa.example/a"]
    assert list(vault.addresses(second)) == ["https://psa.example/later"]
    assert list(vault.addresses("none")) == []
