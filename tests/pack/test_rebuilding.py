"""A pack's tables and figures made again from its natives: they agree, and what was changed is found."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from psa_evidence.errors import ConfigurationError, VerificationError
from psa_evidence.format import canonical
from psa_evidence.matter import CopyRules, Rule
from psa_evidence.pack.rebuilding import NOT_FROM_NATIVES, connector_of, copy_of, rebuild


@pytest.fixture
def built(make, vault, pages, tables):
    return make(vault, exporters={"pages": pages, "tables": tables}).folder


@pytest.fixture
def again(matter, connector, tables):
    def run(folder, matter=matter):
        return rebuild(folder, matter, connector, tables)

    return run


def others(report):
    return {c.what: c.outcome for c in report.compared if c.outcome != "agrees"}


def test_everything_that_rests_on_natives_is_the_same_again(built, again):
    report = again(built)
    assert others(report) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}
    assert report.agrees
    assert {"data/tables/sla_results.csv", "data/tables/attainment.csv", "figure missed_contract"} <= {
        c.what for c in report.compared if c.outcome == "agrees"
    }


def test_fractions_of_seconds_of_capture_and_records_make_no_difference(psa, empty_vault, make, pages, tables, again):
    """One of the sixty is open for whole minutes, as the manifest dates the records, less half a second."""
    for second in range(60):
        at = f"2025-02-01T15:00:{second:02}.500Z"
        psa.add("opportunity", {
            "id": 500 + second, "name": "Backup proposal", "company": {"id": 10}, "status": {"id": 1, "name": "Open"},
            "_info": {"dateEntered": at, "lastUpdated": at},
        }, client="10")  # fmt: skip
    psa.fill(empty_vault, start=datetime(2025, 7, 1, 2, 0, 0, 900_000, tzinfo=UTC))
    folder = make(empty_vault, exporters={"pages": pages, "tables": tables}).folder
    assert others(again(folder)) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}


def test_a_pack_names_its_connector_and_its_copy(built):
    assert (connector_of(built), copy_of(built)) == ("connectwise", "counsel")


def test_a_pack_with_renewed_time_stamps_and_many_seals_names_its_connector(built):
    """Renewals are JSON beside the seals, and behind them in the order of names; a million seals have seven digits."""
    seal = (built / "seals/000001.json").read_bytes()
    (built / "seals/000001.renewal-1.json").write_bytes(b"{}")
    (built / "seals/999999.json").write_bytes(b"{}")
    (built / "seals/1000000.json").write_bytes(seal)
    assert connector_of(built) == "connectwise"


def test_a_changed_verdict_is_found(built, again):
    path = built / "data/tables/sla_results.csv"
    text = path.read_bytes()
    assert b"missed" in text
    path.write_bytes(text.replace(b"missed", b"met", 1))
    assert others(again(built))["data/tables/sla_results.csv"] == "differs"


def test_a_changed_native_is_found_and_what_rests_on_it(built, again):
    path = built / "data/natives/ticket/1002.json"
    path.write_bytes(path.read_bytes().replace(b"Priority 1", b"Priority 9"))
    found = others(again(built))
    assert found["data/natives/ticket/1002.json"] == "differs"
    assert found["data/tables/tickets.csv"] == "differs"


def test_without_a_matter_file_the_terms_of_the_pack_are_taken(make, vault, matter, contract, pages, tables, again):
    folder = make(vault, matter=replace(matter, contract=contract), exporters={"pages": pages, "tables": tables}).folder
    report = again(folder, None)
    assert report.agrees
    assert others(report) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}


def test_a_pack_of_an_older_version_needs_the_matter_file(built, again):
    (built / "data/terms.json").unlink()
    assert again(built).agrees
    with pytest.raises(ConfigurationError, match="does not state its terms"):
        again(built, None)


def test_a_matter_file_that_says_something_else_than_the_pack_is_named(built, again, matter):
    other = again(built, replace(matter, last_day=date(2025, 6, 1)))
    assert others(other)["data/terms.json"] == "differs"


@pytest.fixture
def monthly(empty_vault, new_psa, make, pages, tables):
    """A pack of a vault with two captures; tickets were entered after the first."""

    def run(**changed):
        new_psa().story().fill(empty_vault, start=datetime(2025, 3, 1, tzinfo=UTC))
        psa = new_psa().story()
        psa.rows = [
            (kind, id_, {**row, **changed} if (kind, id_) == ("sla", "1") else row, *more)
            for kind, id_, row, *more in psa.rows
        ]
        psa.fill(empty_vault, start=datetime(2025, 6, 1, tzinfo=UTC))
        return make(empty_vault, exporters={"pages": pages, "tables": tables}).folder

    return run


def test_settings_that_did_not_change_between_captures_are_those_of_the_pack(monthly, again):
    report = again(monthly(), None)
    assert report.agrees
    assert report.settings == ()
    assert others(report) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}


def test_a_setting_that_was_another_at_entry_is_judged_by_its_version_of_then(monthly, again):
    folder = monthly(respondHours=5.0)
    report = again(folder, None)
    assert report.agrees
    assert report.settings == ()
    assert others(report) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}
    terms = folder / "data/terms.json"
    stated = json.loads(terms.read_bytes())
    assert stated["settings"][0]["other"] == [{"known": True, "native": "data/natives/sla/1.2.json", "record": "sla/1"}]
    stated["settings"][0]["other"] = []
    terms.write_bytes(canonical(stated))
    assert others(again(folder, None))["data/tables/sla_results.csv"] == "differs"  # by the target of five hours


def test_terms_that_name_a_version_of_another_record_are_refused(monthly, again):
    folder = monthly(respondHours=5.0)
    terms = folder / "data/terms.json"
    terms.write_bytes(terms.read_bytes().replace(b"natives/sla/1.2.json", b"natives/calendar/1.json"))
    with pytest.raises(VerificationError, match="cannot be made again"):
        again(folder, None)


def test_of_a_pack_without_earlier_versions_what_rests_on_them_is_not_judged_and_named(monthly, again):
    """As packs of terms/1 are: `other` has keys."""
    folder = monthly(respondHours=5.0)
    without_earlier(folder)
    report = again(folder, None)
    assert report.agrees
    assert report.settings == ("sla/1",)
    found = {c.what: c for c in report.compared}
    assert found["data/tables/sla_results.csv"].outcome == "not judged"
    assert "not in the pack: sla/1" in found["data/tables/sla_results.csv"].detail
    assert found["data/tables/tickets.csv"].outcome == "agrees"


def without_earlier(folder):
    terms, manifest = folder / "data/terms.json", folder / "data/manifest.json"
    stated, listed = json.loads(terms.read_bytes()), json.loads(manifest.read_bytes())
    stated["format"] = "psa-evidence/terms/1"
    for capture in stated["settings"]:
        capture["other"] = [other["record"] for other in capture["other"]]
    terms.write_bytes(canonical(stated))
    listed["records"] = [record for record in listed["records"] if record["native"] != "data/natives/sla/1.2.json"]
    listed["counts"]["natives"] -= 1
    del listed["counts"]["earlier_versions"]
    manifest.write_bytes(canonical(listed))
    table = folder / "data/tables/natives.csv"
    lines = [line for line in table.read_bytes().split(b"\r\n") if b"sla/1.2.json" not in line]
    table.write_bytes(b"\r\n".join(lines).replace(b",2,2\r\n", b",1,1\r\n"))


def test_another_contract_gives_another_answer(built, again, matter, contract):
    assert not again(built, replace(matter, contract=contract)).agrees


def test_another_matter_is_refused(built, again, matter):
    with pytest.raises(ConfigurationError, match="not that of this pack"):
        again(built, replace(matter, name="Another"))


def test_what_rests_on_withheld_records_is_not_judged(make, vault, matter, pages, tables, again):
    in_part = Rule(reason="privilege", fields=("time_entry.notes",))
    rules = CopyRules(withhold=(Rule(reason="not relevant", kinds=("history",)), in_part))
    chosen = replace(matter, copies=(("production", rules),)).as_copy("production")
    folder = make(vault, matter=chosen, exporters={"pages": pages, "tables": tables}).folder
    report = again(folder, chosen)
    assert report.withholds
    assert report.agrees
    assert others(report)["data/tables/sla_results.csv"] == "not judged"
    with (folder / "data/tables/tickets.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(io.StringIO(file.read())))
    assert not {"data/tables/tickets.csv", "data/tables/natives.csv"} & others(report).keys()


@pytest.mark.parametrize("name", ["data/manifest.json", "data/tables/natives.csv", "data/logs/bates.csv"])
def test_a_pack_that_is_not_whole_cannot_be_made_again(built, again, name):
    (built / name).unlink()
    with pytest.raises(VerificationError, match="cannot be made again"):
        again(built)
