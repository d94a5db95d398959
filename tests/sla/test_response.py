from psa_evidence.records import Permission
from psa_evidence.sla import ContractTerms, TicketSla
from psa_evidence.sla.instants import seconds_of
from psa_evidence.sla.response import People, first_answer

HOUR = 3600


def response(judged: TicketSla):
    return judged.result("response", "contract")


def test_the_first_of_message_work_and_change_of_status_is_the_response(desk, clock):
    desk.work(1.5, 2)
    desk.message(1)
    desk.status(0.5, "In Progress")
    result = response(desk.judge())
    assert result.met_at == clock.at(0.5)
    assert "Response: change of status, history/" in result.notes[-1]


def test_an_internal_note_a_clients_message_and_a_robots_are_no_response(desk, clock):
    desk.message(0.1, internal=True)
    desk.message(0.2, side="client", author=None)
    desk.message(0.3, author="robot")
    desk.message(0.4, side="system", author=None)
    desk.message(1)
    assert response(desk.judge()).met_at == clock.at(1)


def test_a_workflows_or_a_keys_change_of_status_is_no_response(desk, clock):
    desk.status(0.1, "In Progress", automatic=True)
    desk.status(0.2, "Planned", by="robot")
    desk.status(1, "In Progress")
    assert response(desk.judge()).met_at == clock.at(1)


def test_a_change_into_a_status_that_means_not_responded_or_waiting_is_no_response(desk, clock):
    desk.status(0.1, "Assigned")
    desk.status(0.2, "Waiting")
    desk.message(1)
    assert response(desk.judge()).met_at == clock.at(1)


def test_what_lies_before_the_entry_or_after_the_instant_judged_from_does_not_count(desk):
    desk.message(-1)
    desk.message(5)
    assert response(desk.judge(hours=4)).met_at is None


def test_a_doubtful_message_leaves_a_miss_open_but_not_a_hit(desk):
    desk.message(1, side="unknown", author="somebody")
    desk.message(3)
    result = response(desk.judge())
    assert result.verdict == "not determined"
    assert "on whose side" in result.reason
    desk.message(1.5)
    assert response(desk.judge()).verdict == "met"


def test_a_message_or_work_of_somebody_who_is_no_known_member_leaves_a_miss_open(desk):
    desk.message(1, author="rewst-bot")
    desk.message(3)
    result = response(desk.judge())
    assert result.verdict == "not determined"
    assert "that a person wrote it" in result.reason


def test_a_message_that_may_have_been_internal_is_doubtful(desk):
    desk.message(1, internal=None)
    desk.message(3)
    assert "whether the client could see" in response(desk.judge()).reason


def test_a_change_by_a_stranger_is_doubtful(desk):
    desk.status(1, "In Progress", by="zoe")
    desk.message(3)
    assert "do not show that a person" in response(desk.judge()).reason


def test_a_member_is_known_by_identifier_and_by_name(desk, clock):
    desk.status(1, "In Progress", by="Ann Lee")
    assert response(desk.judge()).met_at == clock.at(1)


def test_what_the_role_did_not_show_may_hold_the_response(desk, clock):
    """Target two hours: a status at hour three is late, unless somebody worked earlier where nobody could look."""
    desk.status(3, "In Progress")
    assert desk.judge().result("response", "contract").verdict == "missed"
    hidden = Permission(
        source=clock.ref("permission", 1), id="1", module="Time & Expense", function="Time Entry", inquire="My",
        hides="time_entry",
    )  # fmt: skip
    desk.put(permissions=(hidden,))
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.reason) == ("not determined", "the role of the key did not show every time entry")
    desk.message(1)
    assert desk.judge().result("response", "contract").verdict == "met"


def test_a_response_that_rests_on_work_written_down_days_later_says_so(desk):
    desk.work(0.5, 1, entered=80)
    assert any("time entry, written down only 2026-03-05T23:00:00Z" in note for note in response(desk.judge()).notes)
    desk.work(0.25, 0.4, entered=1)
    assert not any("written down" in note for note in response(desk.judge()).notes)


def test_an_act_of_somebody_the_contract_calls_automatic_is_not_even_in_doubt(desk):
    contract = ContractTerms(automatic_identities=frozenset({" ZOE ", "Ann"}))
    desk.message(1, author="zoe")
    desk.message(1, author="Ann Lee")
    desk.message(3, author="robot")
    assert response(desk.judge(contract=contract)).verdict == "missed"


def test_an_act_in_doubt_is_told_only_before_the_certain_one(desk, clock):
    for first, told in ((3 - 1 / 3600, True), (3, False), (4, False)):
        desk.put(messages=())
        desk.message(first, side="unknown")
        desk.message(3)
        answer = first_answer(
            seconds_of(clock.entered), desk.records.messages, (), (), People(desk.records.members, frozenset()),
            lambda _: None, seconds_of(clock.at(99)),
        )  # fmt: skip
        assert (answer.act.at, answer.doubtful is not None) == (seconds_of(clock.at(3)), told)
