"""The PSA does not give one ticket's notes, nor another's audit trail: from the capture to the verified pack."""

import csv
import json

import pytest

from psa_evidence.simulator.world.answer_key import answer_key

CLIENT = "Castellan"


@pytest.fixture
def key(world):
    return answer_key(world)


@pytest.fixture
def tickets(key):
    """Ids of the client's tickets of the period with a certain verdict, by stage: `tickets("response", "missed")`."""
    client = next(number for number, one in key["clients"].items() if CLIENT in one["name"])

    def found(stage, verdict):
        return [
            ticket_id for ticket_id, one in key["tickets"].items()
            if str(one["client"]) == client and "2026-02-02" < one["entered"] < "2026-03-30"
            and one[stage]["contract"] == verdict
        ]  # fmt: skip

    return found


@pytest.fixture
def build(run, project):
    def made():
        written = run("init", "--matter", "M", "--client", CLIENT, "--from", "2026-02-01", "--to", "2026-03-31")
        assert written.code == 0, written.err
        matter = written.out.strip()
        built = run("build", matter, "--json")
        assert built.code == 0, built.err
        (project / matter).replace(project / "the.toml")
        return project / json.loads(built.out)["pack"]

    return made


def rows(pack, table):
    with (pack / f"data/tables/{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def verdicts(pack, reading="contract"):
    found = {(r["ticket"], r["stage"]): r for r in rows(pack, "sla_results") if r["reading"] == reading}
    assert found
    return found


@pytest.mark.timeout(300)  # two captures and two packs
def test_what_did_not_come_decides_no_verdict_until_it_comes(run, project, psa, tickets, build):
    late, broken = tickets("response", "missed")[0], tickets("resolution", "missed")[0]
    settings = project / "psa-evidence.toml"
    settings.write_text(settings.read_text() + "max_wait = 0\n")
    psa.control(
        knobs={
            "deny": [f"service/tickets/{late}/allNotes"], "broken": [f"system/audittrail?type=Ticket&id={broken}"],
        }
    )  # fmt: skip
    assert run("capture", "--quiet").code == 3
    pack = build()
    lost = verdicts(pack)
    assert [(r["ticket"], r["kind"], r["reason"]) for r in rows(pack, "lacking")] == sorted(
        [(late, "note", "no permission"), (broken, "history", "gave up")]
    )
    response = lost[late, "response"]
    assert response["verdict"] == "not determined"
    assert response["reason"].startswith("the notes of this ticket did not come: no permission (capture ")
    assert lost[late, "resolution"]["verdict"] == lost[broken, "response"]["verdict"] == "met"
    assert lost[broken, "resolution"]["verdict"] == "not determined"
    assert "history of this ticket did not come: gave up" in lost[broken, "resolution"]["reason"]
    assert run("verify", pack).code == 0
    again = json.loads(run("rebuild", pack, "--matter", project / "the.toml", "--json").out)
    assert {c["outcome"] for c in again["compared"] if c["what"] == "data/tables/sla_results.csv"} == {"agrees"}
    told = json.loads(run("explain", late, "--json").out)["results"]
    assert [one["reason"] for one in told if one["stage"] == "response" and one["reading"] == "contract"] == [
        response["reason"]
    ]

    psa.control(knobs={"deny": [], "broken": []})
    assert run("capture", "--quiet").code == 0
    whole = build()
    found = verdicts(whole)
    assert rows(whole, "lacking") == []
    assert found[late, "response"]["verdict"] == found[broken, "resolution"]["verdict"] == "missed"
    differing = {k for k in found if found[k]["verdict"] != lost[k]["verdict"]}
    assert {(late, "response"), (broken, "resolution")} <= differing
    assert differing <= {(late, "response"), (broken, "resolution"), (broken, "plan")}

    path = pack / "data/tables/lacking.csv"
    path.write_bytes(path.read_bytes().partition(b"\r\n")[0] + b"\r\n")
    again = json.loads(run("rebuild", pack, "--matter", project / "the.toml", "--json").out)
    assert {c["outcome"] for c in again["compared"] if c["what"] == "data/tables/sla_results.csv"} == {"differs"}
