"""A pack's tables and figures made again from its natives: they agree, and what was changed is found."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject

from psa_evidence.errors import ConfigurationError, VerificationError
from psa_evidence.format import canonical
from psa_evidence.matter import CopyRules, Production, Rule
from psa_evidence.pack.bag import files_below
from psa_evidence.pack.rebuilding import NOT_FROM_NATIVES, connector_of, copy_of, rebuild
from psa_evidence.plugins import load_exporter


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
    listed = built / "data/manifest.json"
    manifest = json.loads(listed.read_bytes())
    manifest["files"] = [file for file in manifest["files"] if file["path"] != "data/terms.json"]
    listed.write_bytes(canonical(manifest))
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


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/manifest.json", b'"as_of":"2025', b'"as_of":"x025'),
        ("data/manifest.json", b'"as_of":"2025-07-01T02:', b'"as_of":"2025-07-01","z":"'),
        ("data/terms.json", b"America/New_York", b"Mars/Olympus"),
        ("data/terms.json", b"America/New_York", b"../etc/passwd"),
        ("data/tables/natives.csv", b",2025-07-01T", b",2025-07-32T"),
        ("data/tables/natives.csv", b"captured_at", b"captured"),
        ("data/logs/bates.csv", b"content_sha256", b"digest"),
    ],
)
def test_what_no_pack_of_ours_says_is_refused_in_words(built, again, name, old, new):
    path = built / name
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(VerificationError, match="cannot be made again"):
        again(built, None)


@pytest.fixture
def loadfile():
    return load_exporter("loadfile")


@pytest.fixture
def exporters(pages_named, tables, loadfile):
    class Named(pages_named):
        def paginate(self, content, progress):
            return replace(super().paginate(content, progress), files=self.names)

    return {"pages": Named(), "tables": tables, "loadfile": loadfile}


@pytest.fixture
def whole(make, vault, matter, exporters):
    """A pack with a load file, its legend and its custodian."""
    return make(vault, matter=replace(matter, legend="CONFIDENTIAL"), exporters=exporters).folder


@pytest.fixture
def all_again(matter, connector, tables, loadfile):
    def run(folder, software="psa-evidence 0.test"):
        return rebuild(folder, None, connector, tables, loadfile=loadfile, software=software)

    return run


VOLUME = "data/production/VOL001"


def test_exhibits_load_file_and_the_page_that_checks_are_made_again(whole, all_again):
    report = all_again(whole)
    assert others(report) == {f"data/tables/{name}.csv": "not judged" for name in NOT_FROM_NATIVES}
    assert report.agrees
    assert report.all_judged
    agree = {c.what for c in report.compared if c.outcome == "agrees"}
    assert {f"data/production/{path}" for path in files_below(whole / "data/production")} <= agree
    assert {"data/tables/columns.csv", "data/VERIFY.html", "exhibit T-1001", "exhibit S-SETTINGS"} <= agree
    with (whole / VOLUME / "DATA/VOL001.dat").open(encoding="utf-8-sig", newline="") as file:
        said = next(csv.DictReader(file, delimiter="\x14", quotechar="\xfe"))
    assert (said["CUSTODIAN"], said["CONFIDENTIALITY"]) == ("Acme IT", "CONFIDENTIAL")


def test_each_file_is_made_again_or_named_as_not_made(whole, all_again):
    (whole / "data/more.bin").write_bytes(b"beside")
    report = all_again(whole)
    compared = {c.what for c in report.compared}
    left = [path for path in files_below(whole) if path not in compared]
    assert sum(group.files for group in report.not_made) == len(left) > 0
    named = {group.what: group for group in report.not_made}
    assert named["other files"].first == "data/more.bin"
    assert named["pages of the PDFs"].first == "data/Evidence Pack.pdf"
    assert {"logs", "the workbook", "the manifest", "the terms", "proofs", "how to verify"} <= named.keys()
    assert all(group.instead for group in report.not_made)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("data/tables/columns.csv", b"ticket id", b"ticket"),
        ("data/VERIFY.html", b"</body>", b"<p>All holds.</p></body>"),
        (f"{VOLUME}/DATA/VOL001.dat", b"Ticket 1002", b"Ticket 1003"),
        (f"{VOLUME}/DATA/VOL001.opt", b",Y,,,2", b",Y,,,3"),
        (f"{VOLUME}/DATA/VOL001_facts.csv", b"was entered", b"was closed"),
        (f"{VOLUME}/DATA/VOL001_records.csv", b"data/natives", b"data/other"),
        (f"{VOLUME}/DATA/VOL001_fields.csv", b"Bates number", b"Number"),
        (f"{VOLUME}/DATA/VOL001_readme.txt", b"Documents: ", b"Documents: 1"),
        (f"{VOLUME}/TEXT/0001/NW-000003.txt", b"missed", b"met"),
        (f"{VOLUME}/NATIVES/0001/NW-000003.json", b"Priority 1", b"Priority 9"),
        (f"{VOLUME}/IMAGES/0001/NW-000003.pdf", b"72", b"73"),
    ],
)
def test_a_changed_file_beside_the_tables_is_found_by_name(whole, all_again, path, old, new):
    file = whole / path
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    assert {what for what, outcome in others(all_again(whole)).items() if outcome == "differs"} == {path}


def test_a_file_put_into_the_volume_and_one_taken_out_are_found(whole, all_again):
    (whole / VOLUME / "TEXT/0001/NW-000003.txt").rename(whole / VOLUME / "TEXT/0001/NW-000099.txt")
    found = {c.what: c.detail for c in all_again(whole).compared if c.outcome == "differs"}
    assert found == {
        f"{VOLUME}/TEXT/0001/NW-000003.txt": "it is not in the pack",
        f"{VOLUME}/TEXT/0001/NW-000099.txt": "it was not made again",
    }


def test_a_volume_that_was_taken_out_whole_is_named_file_by_file(whole, all_again):
    files = {path for path in files_below(whole) if path.startswith("data/production/")}
    assert len(files) > 3
    shutil.rmtree(whole / "data/production")
    assert {what for what, outcome in others(all_again(whole)).items() if outcome == "differs"} == files


def test_a_page_of_an_exhibit_that_was_changed_is_not_that_of_its_document(whole, all_again):
    """Whoever changes a page of the PDF must change the document of the load file too, and the text beside it."""
    path = whole / "data/Evidence Pack.pdf"
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.pages[2][NameObject("/Rotate")] = NumberObject(90)
    writer.write(path)
    assert f"{VOLUME}/IMAGES/0001/NW-000003.pdf" in {
        c.what for c in all_again(whole).compared if c.outcome == "differs"
    }


def test_an_exhibit_that_says_something_else_than_its_records_is_found(whole, all_again):
    """What was printed had another digest: the list of Bates numbers says which."""
    path = whole / "data/logs/bates.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    [digest] = [row["content_sha256"] for row in rows if row["exhibit"] == "T-1002"]
    path.write_bytes(path.read_bytes().replace(digest.encode(), b"0" * 64))
    assert others(all_again(whole))["exhibit T-1002"] == "differs"


def test_an_exhibit_that_is_not_in_the_list_of_numbers_is_found(whole, all_again):
    path = whole / "data/logs/bates.csv"
    path.write_bytes(path.read_bytes().replace(b",A-50,", b",A-51,"))
    found = {c.what: c.detail for c in all_again(whole).compared if c.outcome == "differs"}
    assert found["exhibit A-50"] == "it is not in data/logs/bates.csv"
    assert found["exhibit A-51"] == "no native of the pack belongs to it"
    assert "cannot be made again" in found["data/production"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"NW-", b"../../../escaped/NW-"), (b"NW-", b"..\\NW-"), (b"NW-000002", b"NW-900000002"),
        (b"NW-000001", b"NW-00000x"), (b"NW-000002", b"NW-000000"),
    ],
)  # fmt: skip
def test_numbers_that_lead_out_of_the_folder_or_are_none_make_no_file(whole, all_again, monkeypatch, old, new):
    """The files of a load file are called after the numbers, which whoever hands on the pack chooses."""
    path = whole / "data/logs/bates.csv"
    path.write_bytes(path.read_bytes().replace(old, new))
    opened = []
    real = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: (opened.append(self), real(self, data))[1])
    assert others(all_again(whole))["data/production"] == "differs"
    assert not [one for one in opened if ".." in str(one)]


def test_a_volume_with_a_name_that_leads_out_of_its_folder_is_not_made(whole, all_again):
    data = whole / VOLUME / "DATA"
    (data / "VOL001.dat").rename(data / "...dat")
    (data / "VOL001_fields.csv").rename(data / ".._fields.csv")
    found = {c.what: c.detail for c in all_again(whole).compared if c.outcome == "differs"}
    assert found["data/production"] == "its load file, or the list of its columns, cannot be read"


@pytest.mark.parametrize("name", ["VOL001.dat", "VOL001_fields.csv"])
def test_a_load_file_that_cannot_be_read_differs(whole, all_again, name):
    path = whole / VOLUME / "DATA" / name
    path.write_bytes(path.read_bytes()[:20])
    differ = {what for what, outcome in others(all_again(whole)).items() if outcome == "differs"}
    assert differ == {"VOL001.dat": {f"{VOLUME}/DATA/VOL001.dat"}}.get(name, {"data/production"})


def test_a_legend_that_the_load_file_cannot_write_as_it_is_makes_no_difference(
    make, vault, matter, exporters, all_again
):
    """The load file states it with other characters, and its readme counts them."""
    chosen = replace(matter, legend="Eyes Only® þ; x", production=Production(profile="relativity", volume="A2"))
    folder = make(vault, matter=chosen, exporters=exporters).folder
    report = all_again(folder)
    assert report.agrees
    different = {f"data/tables/{name}.csv" for name in NOT_FROM_NATIVES} | {"data/production/A2/DATA/A2_readme.txt"}
    assert set(others(report)) == different


def test_words_of_another_version_are_not_judged(whole, all_again):
    """Another version may explain a column, lay out an exhibit or check a pack in other words; figures stay figures."""
    for name in ("VERIFY.html", "tables/columns.csv", "production/VOL001/TEXT/0001/NW-000003.txt"):
        path = whole / "data" / name
        path.write_bytes(path.read_bytes() + b" ")
    report = all_again(whole, software="psa-evidence 9")
    assert report.agrees
    assert not report.all_judged
    found = {c.what: c for c in report.compared}
    assert found["data/VERIFY.html"].outcome == found["data/tables/columns.csv"].outcome == "not judged"
    assert "psa-evidence 0.test; this is psa-evidence 9" in found["data/tables/columns.csv"].detail
    path = whole / "data/tables/sla_results.csv"
    path.write_bytes(path.read_bytes().replace(b"missed", b"met", 1))
    assert others(all_again(whole, software="psa-evidence 9"))["data/tables/sla_results.csv"] == "differs"


def test_without_the_exporter_of_load_files_it_is_not_judged(whole, connector, tables):
    report = rebuild(whole, None, connector, tables)
    assert others(report)["data/production"] == "not judged"
    assert not report.all_judged
