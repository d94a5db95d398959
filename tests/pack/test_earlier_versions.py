"""Earlier versions of the records of a pack: natives of their own, proved, cited, compared, and withheld by rule."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.format import Disclosed, Manifest
from psa_evidence.matter import CopyRules, Masks, Rule
from psa_evidence.pack.gather import gather
from psa_evidence.spi import Silent
from psa_evidence.vault import Vault
from psa_evidence.verify import verify_pack

FIRST_TEXT = "Counsel was asked on Tuesday whether to admit the outage"


def edited(psa, new_psa):
    """The PSA a month later: another target, another summary, a note rewritten and made public, an entry shortened."""
    later = new_psa()
    changed = {
        ("sla", "1"): {"respondHours": 5.0},
        ("ticket", "1001"): {"summary": "Printer, again"},
        ("note", "100200"): {"text": "Rewritten", "internalAnalysisFlag": False, "detailDescriptionFlag": True},
        ("time_entry", "100201"): {"notes": "Nothing", "actualHours": 0.25},
    }
    later.rows = [
        (kind, id_, {**row, **changed.get((kind, id_), {})} if isinstance(row, dict) else row, *rest)
        for kind, id_, row, *rest in psa.rows
    ]
    return later


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder for the vault, and what was built from it: both are made once."""
    return SimpleNamespace(vault=tmp_path_factory.mktemp("kept") / "vault", built=None)


@pytest.fixture
def twice(tmp_path, kept, psa, new_psa, start):
    """A vault with two captures. The first version of note/100200 is internal."""
    if not kept.vault.exists():
        internal = {"text": FIRST_TEXT, "internalAnalysisFlag": True, "detailDescriptionFlag": False}
        psa.rows = [
            (kind, id_, {**row, **internal} if (kind, id_) == ("note", "100200") else row, *rest)
            for kind, id_, row, *rest in psa.rows
        ]
        vault = Vault.create(kept.vault, vault_id="vault-of-the-test")
        psa.fill(vault, start=start)
        edited(psa, new_psa).fill(vault, start=start + timedelta(days=30))
    return Vault.open(shutil.copytree(kept.vault, tmp_path / "twice"))


@pytest.fixture
def whole(kept, twice, make, pages, tables):
    """The pack that withholds nothing, and what it prints. Not to be written to."""
    if kept.built is None:
        result = make(twice, exporters={"pages": pages, "tables": tables}, out=kept.vault.parent / "out")
        kept.built = SimpleNamespace(folder=result.folder, content=pages.content)
    return kept.built


def rows(result, name):
    with (result.folder / f"data/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def native(result, path):
    return json.loads((result.folder / "data/natives" / path).read_bytes())


def failures(result):
    """But for those of the PDF, which is a stand-in, and of what it leaves out."""
    return [c for c in verify_pack(result.folder).checks if c.status == "fail" and not c.id.startswith("8.")]


def test_every_version_is_a_native_with_a_proof_to_its_own_seal(whole):
    assert native(whole, "sla/1.json")["respondHours"] == 5.0
    assert native(whole, "sla/1.2.json")["respondHours"] == 1.0
    assert native(whole, "note/100200.2.json")["text"] == FIRST_TEXT
    manifest = Manifest.read((whole.folder / "data/manifest.json").read_bytes())
    seals = {(r.native.rpartition("/")[2], r.kind): r.seal for r in manifest.records if r.id in {"1", "1001"}}
    assert (seals["1.2.json", "sla"], seals["1.json", "sla"], seals["1001.2.json", "ticket"]) == (1, 2, 1)
    assert manifest.counts["earlier_versions"] == 4
    assert failures(whole) == []
    listed = {r["native"]: (r["version"], r["versions"], r["exhibit"]) for r in rows(whole, "tables/natives")}
    assert listed["data/natives/sla/1.2.json"] == ("1", "2", "")
    assert listed["data/natives/sla/1.json"] == ("2", "2", "S-SETTINGS")


def test_the_population_counts_records_once_and_earlier_versions_beside_them(whole):
    found = {(r["kind"], r["class"]): int(r["number"]) for r in rows(whole, "logs/population")}
    assert found["ticket", "earlier version"] == 1
    assert (found["sla", "captured"], found["sla", "included"], found["sla", "earlier version"]) == (1, 1, 1)
    assert ("calendar", "earlier version") not in found


def test_each_change_names_the_files_of_both_versions_on_the_page_too(whole):
    found = {(r["record"], r["field"]): r for r in rows(whole, "tables/record_changes")}
    row = found["sla/1", "/respondHours"]
    assert (row["old"], row["new"]) == ("1.0", "5.0")
    assert (row["native_before"], row["native_after"]) == ("data/natives/sla/1.2.json", "data/natives/sla/1.json")
    part = str(next(part for part in whole.content.parts if part.id == "changes"))
    assert "sla/1.2.json" in part
    settings = str(next(x for x in whole.content.exhibits if x.id == "S-SETTINGS"))
    assert "sla/1.2.json" in settings
    assert "2025-07-01" in settings


def test_with_one_capture_nothing_is_said_of_versions(vault, make, pages, tables):
    result = make(vault, exporters={"pages": pages, "tables": tables})
    assert result.counts["earlier_versions"] == 0
    assert not [r for r in rows(result, "logs/population") if r["class"].startswith("earlier")]
    assert failures(result) == []


@pytest.fixture
def copied(twice, make, matter, pages, tables):
    def run(**rules):
        chosen = replace(matter, copies=(("production", CopyRules(**rules)),)).as_copy("production")
        return make(twice, matter=chosen, exporters={"pages": pages, "tables": tables})

    return run


def files_with(result, text):
    return sorted(
        p.relative_to(result.folder).as_posix() for p in result.folder.rglob("*")
        if p.is_file() and text.encode() in p.read_bytes()
    )  # fmt: skip


def test_a_field_withheld_by_rule_is_withheld_from_every_version(copied):
    result = copied(withhold=(Rule(reason="privilege", fields=("note/100200.text",)),))
    for name in ("100200.disclosed.json", "100200.2.disclosed.json"):
        shown = Disclosed.read((result.folder / "data/natives/note" / name).read_bytes())
        assert shown.withheld() == 1
    assert files_with(result, FIRST_TEXT) == []
    assert failures(result) == []
    assert {r["native"] for r in rows(result, "logs/redaction")} == {
        "data/natives/note/100200.disclosed.json", "data/natives/note/100200.2.disclosed.json"
    }  # fmt: skip


def test_a_record_withheld_by_rule_takes_its_versions_with_it_and_they_are_counted(copied):
    result = copied(withhold=(Rule(reason="privilege", records=("note/100200",)),))
    assert not list((result.folder / "data/natives/note").glob("100200*"))
    assert files_with(result, FIRST_TEXT) == []
    found = {(r["kind"], r["class"], r["reason"]): r["number"] for r in rows(result, "logs/population")}
    assert found["note", "earlier version withheld", "privilege"] == "1"
    assert failures(result) == []


def test_a_version_that_was_internal_is_withheld_though_the_newest_is_public(copied, pages):
    result = copied(withhold=(Rule(reason="work product", internal=True),))
    assert native(result, "note/100200.json")["text"] == "Rewritten"
    assert not (result.folder / "data/natives/note/100200.2.json").exists()
    assert files_with(result, FIRST_TEXT) == []
    found = {(r["kind"], r["class"], r["reason"]): r["number"] for r in rows(result, "logs/population")}
    assert found["note", "earlier version withheld", "work product"] == "1"
    row = next(r for r in rows(result, "tables/record_changes") if r["record"] == "note/100200")
    assert (row["field"], row["old"], row["note"]) == ("", "", "withheld: work product")
    [logged] = rows(result, "logs/privilege")
    assert (logged["record"], logged["withheld"]) == ("note/100200", "in full, an earlier version")
    assert (logged["author"], logged["reason"]) == ("Ann Client", "work product")
    part = str(next(part for part in pages.content.parts if part.id == "withheld"))
    assert "note, earlier versions" in part
    assert "Nothing in scope" not in part
    assert failures(result) == []


def test_a_masked_term_that_only_an_earlier_version_holds_is_masked(copied):
    result = copied(masks=Masks(terms=("admit the outage",)))
    assert files_with(result, "admit the outage") == []
    assert (result.folder / "data/natives/note/100200.json").exists()
    shown = Disclosed.read((result.folder / "data/natives/note/100200.2.disclosed.json").read_bytes())
    assert shown.withheld() == 1
    assert failures(result) == []


def test_a_name_that_only_earlier_versions_say_is_masked(empty_vault, psa, new_psa, make, matter, pages, tables, start):
    """Renamed between the captures: the contact's former name is masked as the present one is."""
    later = new_psa().story()
    later.rows = [
        (k, i, {**row, "contact": {"id": 7, "name": "Ann Married"}} if k == "note" else row, *r)
        for k, i, row, *r in later.rows
    ]
    for each in (psa, later):
        name = "Ann Client" if each is psa else "Ann Married"
        each.rows = [
            (k, i, {**row, "contact": {"id": 7, "name": name}} if k == "ticket" else row, *r)
            for k, i, row, *r in each.rows
        ]
    psa.fill(empty_vault, start=start)
    later.fill(empty_vault, start=start + timedelta(days=30))
    rules = CopyRules(masks=Masks(sorts=("contact names",)))
    chosen = replace(matter, copies=(("production", rules),)).as_copy("production")
    result = make(empty_vault, matter=chosen, exporters={"pages": pages, "tables": tables})
    assert files_with(result, "Ann Client") == files_with(result, "Ann Married") == []
    assert failures(result) == []


def test_what_an_earlier_version_held_is_looked_for_in_the_finished_pack(twice, matter, connector):
    rules = CopyRules(withhold=(Rule(reason="work product", internal=True),))
    chosen = replace(matter, copies=(("production", rules),)).as_copy("production")
    hidden = gather(chosen, twice, connector, software="test", progress=Silent()).hidden
    assert any("counselwasasked" in secret.plain for secret in hidden)


def test_a_version_that_came_back_is_a_native_of_its_own(empty_vault, psa, new_psa, make, pages, tables, start):
    """Raised, and lowered again: three versions, of which two have the same bytes."""
    psa.fill(empty_vault, start=start)
    edited(psa, new_psa).fill(empty_vault, start=start + timedelta(days=30))
    new_psa().story().fill(empty_vault, start=start + timedelta(days=60))
    result = make(empty_vault, exporters={"pages": pages, "tables": tables})
    names = ("1.json", "1.2.json", "1.3.json")
    assert [native(result, f"sla/{name}")["respondHours"] for name in names] == [1.0, 5.0, 1.0]
    assert failures(result) == []


def test_a_record_that_vanished_and_returned_is_cited_by_the_version_that_was_seen_last(
    empty_vault, psa, new_psa, make, pages, tables, start
):
    tickets = ["990", "1001", "1002", "1003", "1500", "1999"]
    psa.fill(empty_vault, start=start)
    for month, gone in ((1, "1002"), (2, "1003")):
        later = new_psa().story()
        later.rows = [row for row in later.rows if row[:2] != ("ticket", gone)]
        lists = [("ticket", [number for number in tickets if number != gone])]
        later.fill(empty_vault, start=start + timedelta(days=30 * month), lists=lists)
    result = make(empty_vault, exporters={"pages": pages, "tables": tables})
    found = {r["what"]: (r["record"], r["native_before"]) for r in rows(result, "tables/record_changes")}
    assert found["vanished"] == ("ticket/1003", "data/natives/ticket/1003.json")
    assert found["returned"] == ("ticket/1002", "data/natives/ticket/1002.2.json")
    assert failures(result) == []
