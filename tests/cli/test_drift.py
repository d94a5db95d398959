"""The simulated PSA edits and deletes between two captures; `drift` names what it did."""

import json

import pytest

from psa_evidence.vault import Vault


@pytest.fixture
def story(run, psa, captured):
    """Two captures with an edit of a ticket in between, the second with a key that no longer sees invoices."""
    tickets = json.loads((run("drift", "--json")).out)
    assert tickets["changes"] == []
    ticket = first_ticket(captured)
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
    psa.control(knobs={"deny": ["finance/invoices"]})
    assert run("capture", "--quiet").code in {0, 3}
    return ticket


def first_ticket(project):
    vault = Vault.open(project / "vault")
    [client, *_] = vault.clients()
    found = vault.select(connection="main", client=client.id)
    return min(int(record.id) for record in found if record.kind == "ticket")


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
    [hidden] = [h for h in found["hidden"] if h["what"] == "finance/invoices"]
    shown = run("drift").out
    said = f"no permission for finance/invoices in capture {hidden['capture']}; absence proves nothing there."
    assert said in " ".join(shown.split())
    assert f"edited  ticket/{story}  /summary" in shown
    assert "Rewritten afterwards" in shown
    assert found["not_fetched_again"] > 0
    assert "an edit for which the PSA named no newer update would not show" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80
    assert json.loads(run("drift", "--since", "2", "--json").out)["changes"] == []


def test_a_seal_or_day_that_is_none_is_refused_with_what_there_is(run, story):
    for wrong, said in (("7", "no seal 7"), ("1999-01-01", "no seal from before"), ("soon", "not a date")):
        ran = run("drift", "--since", wrong)
        assert ran.code == 2
        assert said in ran.err
