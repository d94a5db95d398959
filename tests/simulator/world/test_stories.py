from datetime import timedelta

import pytest

from psa_evidence.simulator.world import make_world


def story(key, name):
    return key["stories"][name]


def test_backup_was_declined_three_times_and_the_waiver_never_signed(world, key):
    truth = story(key, "backup_declined")
    offers = [world.row("sales/opportunities", one) for one in truth["opportunities"]]
    assert [offer["status"]["name"] for offer in offers] == ["Lost"] * 3
    assert [offer["closedDate"] for offer in offers] == truth["declined_at"]
    for offer in offers:
        assert world.children("sales/opportunities", offer["id"], "notes")
        assert world.documents("Opportunity", offer["id"])
    touches = [world.row("sales/activities", one) for one in truth["activities"]]
    assert sum("opportunity" in touch for touch in touches) == 9
    assert world.row("service/tickets", truth["loss_ticket"])["_info"]["dateEntered"] > truth["declined_at"][-1]


def test_the_unpaid_invoices_are_unpaid_and_reminded_of(world, key):
    truth = story(key, "unpaid")
    invoices = [row for row in world.rows("finance/invoices") if row["company"]["id"] == truth["company"]]
    assert [row["id"] for row in invoices if row["balance"] > 0] == truth["invoices"]
    assert sum(row["balance"] for row in invoices) == pytest.approx(truth["balance"])
    for row in world.rows("finance/invoices"):
        paid = sum(payment["amount"] for payment in world.children("finance/invoices", row["id"], "payments"))
        assert paid == pytest.approx(row["total"] - row["balance"]) == pytest.approx(row["payments"])
    assert all("final" in (name := world.row("sales/activities", one)["name"].lower()) or "reminder" in name
               for one in truth["reminders"])  # fmt: skip


def test_the_clients_own_firewall_has_no_vendor_and_no_opportunity(world, key):
    truth = story(key, "own_firewall")
    box = world.row("company/configurations", truth["configuration"])
    assert "vendor" not in box
    assert box["_info"]["dateEntered"] == truth["first_seen"]
    offered = [row["name"].lower() for row in world.rows("sales/opportunities") if row["company"]["id"] == 101]
    assert not any("firewall" in name for name in offered)


def test_late_time_entries_were_typed_in_days_after_the_work(world, key):
    truth = story(key, "late_time")
    for entry, entered in truth["entries"].items():
        row = world.row("time/entries", int(entry))
        assert row["dateEntered"] == entered
        assert entered[:10] > row["timeEnd"][:10]
    audits = world.children("time/entries", truth["changed_entry"], "audits")
    assert [audit["type"] for audit in audits] == ["TimeEntry", "DateTime"]
    assert audits[1]["oldValue"] < audits[1]["newValue"] == world.row("time/entries", truth["changed_entry"])["timeEnd"]


def test_the_psa_says_in_sla_where_it_was_not(world, key):
    row = world.row("service/tickets", story(key, "false_flag")["ticket"])
    assert row["isInSla"] is True
    assert row["respondMinutes"] > row["respondedHours"] * 60
    for ticket in story(key, "near_misses")["missed_by_seconds"]:
        row = world.row("service/tickets", int(ticket))
        assert (row["isInSla"], row["respondMinutes"]) == (True, 60)
    for ticket in story(key, "breaches")["response"]:
        assert world.row("service/tickets", ticket)["isInSla"] is False


def test_the_wrongly_mapped_status_pauses(world, key):
    truth = story(key, "wrong_mapping")
    statuses = {row["id"]: row for row in world.children("service/boards", truth["board"], "statuses")}
    assert statuses[truth["status"]]["escalationStatus"] == truth["mapped_as"]


def test_the_automatic_answer_is_a_response_to_the_psa_only(world, key):
    row = world.row("service/tickets", story(key, "automatic_response")["ticket"])
    assert row["respondedBy"] == "Workflow"
    assert row["respondMinutes"] == 0


def test_secrets_stand_where_the_key_says(world, key):
    truth = story(key, "secrets")
    texts = {}
    for ticket in truth["tickets"]:
        for note in world.children("service/tickets", ticket, "allNotes"):
            texts[note["id"]] = note["text"]
    internal = {row["id"]: row.get("internalNotes", "") for row in world.rows("time/entries")}
    assert truth["passwords"][0] in texts[truth["where"]["password"]]
    assert truth["passwords"][1] in texts[truth["where"]["admin_password"]]
    assert truth["keys"][0] in internal[truth["where"]["key"]]
    assert all(card in texts[truth["where"]["cards"]] for card in truth["cards"])
    assert truth["other_client_named"]["name"] in texts[truth["where"]["admin_password"]]


def test_the_lawyers_note_is_internal_and_the_demand_is_not(world, key):
    truth = story(key, "lawyer")
    notes = {row["id"]: row for row in world.children("service/tickets", truth["ticket"], "notes")}
    assert notes[truth["privileged_note"]]["internalFlag"]
    assert "PRIVILEGED" in notes[truth["privileged_note"]]["text"]
    assert not notes[truth["demand_note"]]["internalFlag"]


def test_the_merged_ticket_points_at_the_kept_one(world, key):
    truth = story(key, "merged_ticket")
    assert world.row("service/tickets", truth["merged"])["mergedParentTicket"]["id"] == truth["kept"]
    assert world.row("service/tickets", truth["kept"])["hasMergedChildTicketFlag"]
    notes = world.children("service/tickets", truth["kept"], "allNotes")
    assert [note["mergedFlag"] for note in notes].count(True) == 1
    assert any("erged" in row["text"] for row in world.audit("Ticket", truth["merged"]))


def test_a_trail_that_begins_late_and_a_line_that_says_nothing(world, key):
    late = story(key, "late_history")
    assert world.audit("Ticket", late["ticket"])[0]["enteredDate"] > late["audit_begins_after"]
    vague = story(key, "vague_line")
    lines = [row for row in world.audit("Ticket", vague["ticket"]) if row["enteredDate"] == vague["unreadable_at"]]
    assert len(lines) == 1
    assert "Waiting" not in lines[0]["text"]


def test_editing_a_note_changes_its_text_and_its_date_and_leaves_no_old_value():
    world = make_world(seed=7, tickets=100)
    truth = world.answer_key()["stories"]["edited_note"]
    world.advance(timedelta(days=3))

    def note():
        return next(n for n in world.children("service/tickets", truth["ticket"], "notes") if n["id"] == truth["note"])

    before, ticket = note(), world.row("service/tickets", truth["ticket"])
    assert before["text"] == truth["before"]
    done = world.apply_story("edit-note")
    assert (done["note"], done["ticket"]) == (truth["note"], truth["ticket"])
    assert note()["text"] == truth["after"]
    assert note()["_info"]["lastUpdated"] == done["at"] > before["_info"]["lastUpdated"]
    assert note()["dateCreated"] == before["dateCreated"]
    assert world.row("service/tickets", truth["ticket"])["_info"]["lastUpdated"] > ticket["_info"]["lastUpdated"]
    assert world.edited == {truth["note"]: (truth["before"], truth["after"])}


def test_deleting_a_ticket_takes_all_that_hangs_on_it():
    world = make_world(seed=7, tickets=100)
    truth = world.answer_key()["stories"]["deleted_ticket"]
    assert world.row("service/tickets", truth["gap"]) is None
    count = world.count("service/tickets")
    assert world.row("service/tickets", truth["next"])
    world.apply_story("delete-ticket")
    assert world.row("service/tickets", truth["next"]) is None
    assert world.children("service/tickets", truth["next"], "allNotes") is None
    assert world.audit("Ticket", truth["next"]) is None
    assert all(row["chargeToId"] != truth["next"] for row in world.rows("time/entries"))
    assert world.count("service/tickets") == count - 1 == sum(1 for _ in world.rows("service/tickets"))
    assert world.answer_key()["deleted_tickets"] == [truth["gap"], truth["next"]]


def test_an_unknown_story_is_refused():
    with pytest.raises(ValueError, match="edit-note"):
        make_world(seed=7, tickets=100).apply_story("nonsense")
