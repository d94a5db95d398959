"""The simulated PSA edits and deletes between two captures; `drift` names what it did."""

import json

import pytest

from psa_evidence.vault import Vault


@pytest.fixture
def story(run, psa, captured):
    """Two captures with an edit of a ticket in between; a time entry was deleted, and invoices may not be read."""
    tickets = json.loads((run("drift", "--json")).out)
    assert tickets["changes"] == []
    ticket, entry = (lowest(captured, kind) for kind in ("ticket", "time_entry"))
    done = psa.control(
        advance_days=1,
        edit=[{
            "resource": "service/tickets", "id": ticket,
            "set": {
                "summary": "Rewritten afterwards",
                "_info": {"lastUpdated": "2099-01-01T00:00:00Z", "updatedBy": "m"},
            },
        }],
    )  # fmt: skip
    assert done["edited"] == 1
    done = psa.control(delete=[{"resource": "time/entries", "id": entry}], knobs={"deny": ["finance/invoices"]})
    assert done["deleted"] == 1
    assert run("capture", "--quiet").code in {0, 3}
    return ticket


def lowest(project, kind):
    """Id of a record of the first client that has one."""
    vault = Vault.open(project / "vault")
    for client in vault.clients():
        found = vault.select(connection="main", client=client.id)
        if ids := [int(record.id) for record in found if record.kind == kind]:
            return min(ids)
    raise AssertionError(kind)


def test_an_edit_is_named_with_old_new_and_who(run, story):
    found = json.loads(run("drift", "--since", "1", "--json").out)
    edits = [c for c in found["changes"] if c["record"] == f"ticket/{story}"]
    [summary] = [c for c in edits if c["field"] == "/summary"]
    assert summary["new"] == '"Rewritten afterwards"'
    assert (summary["who"], summary["source"]) == ("m", "the record's own last update")
    assert (summary["seal_before"], summary["seal_after"]) == (1, 2)
    versions = found["new_versions"]
    counted = found["unchanged"] + found["not_fetched_again"] + versions["with_changed_content"] + versions["without"]
    assert found["known"] == counted
    shown = run("drift").out
    assert f"edited  ticket/{story}  /summary" in shown
    assert "Rewritten afterwards" in shown
    assert found["not_fetched_again"] > 0
    assert "an edit for which the PSA named no newer update would not show" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80
    assert json.loads(run("drift", "--since", "2", "--json").out)["changes"] == []


def test_a_record_that_is_no_longer_listed_is_shown_with_the_evidence_of_both(run, story):
    found = json.loads(run("drift", "--json").out)
    [gone] = [c for c in found["changes"] if c["what"] == "vanished"]
    [stone] = found["tombstones"]
    assert gone["record"] == f"{stone['kind']}/{stone['id']}"
    assert (stone["last"]["seal"], stone["returned"]) == (1, False)
    assert "time/entries" in stone["absence"]["url"]
    assert "under seal 1\n    the list is of" in run("drift").out


def test_a_refusal_is_told_once_with_its_evidence(run, story):
    [hidden] = json.loads(run("drift", "--json").out)["hidden"]
    assert (hidden["what"], hidden["kinds"], hidden["details"]) == ("finance/invoices", ["invoice"], ["status 403"])
    assert hidden["known"] > 0
    shown = " ".join(run("drift").out.split())
    assert shown.count("Hidden:") == 1
    assert f"finance/invoices (invoice): status 403; {hidden['known']:,} in the vault all the same." in shown


def test_a_seal_or_day_that_is_none_is_refused_with_what_there_is(run, story):
    for wrong, said in (("7", "no seal 7"), ("1999-01-01", "no seal from before"), ("soon", "not a date")):
        ran = run("drift", "--since", wrong)
        assert ran.code == 2
        assert said in ran.err


@pytest.mark.parametrize(
    "command", [("capture", "--again"), ("hold", "start", "M", "--client", "{client}")], ids=["again", "hold"]
)
def test_what_was_changed_without_a_date_is_found_by_reading_everything_again(run, psa, captured, command):
    """A row rewritten in the database under the PSA, its last update left as it was; a note taken off such a ticket."""
    vault = Vault.open(captured / "vault")
    note = next(
        r for c in vault.clients() for r in vault.select(connection="main", client=c.id)
        if r.kind == "note" and r.id.isdecimal()
    )  # fmt: skip
    ticket = int(note.parent.removeprefix("ticket/"))
    psa.control(
        edit=[{"resource": "service/tickets", "id": ticket, "set": {"summary": "Rewritten in silence"}}],
        delete=[{"resource": "service/tickets", "id": ticket, "child": "allNotes", "child_id": int(note.id)}],
    )
    assert run("capture", "--quiet").code == 0
    assert "in silence" not in run("drift", "--since", "1").out
    ran = run(*(word.format(client=note.client) for word in command), "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["facts"]["read_everything"] is True
    found = json.loads(run("drift", "--since", "1", "--json").out)["changes"]
    changes = {(c["record"], c["what"], c["field"]) for c in found}
    assert (f"ticket/{ticket}", "edited", "/summary") in changes
    assert (f"note/{note.id}", "vanished", "") in changes
