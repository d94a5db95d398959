"""The folder: whole or not at all, the same bytes each time, a bag for tools that nobody here wrote."""

import csv
import filecmp
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import bagit
import pytest

from psa_evidence.errors import AmbiguousError, ConfigurationError, EvidenceError, StorageError
from psa_evidence.format import Manifest, commit, sha256
from psa_evidence.pack.page import page_bytes
from psa_evidence.plugins import load_exporter
from psa_evidence.spi import ExportedFile, ExporterInfo

NAME = "Northwind-v-Acme_counsel_2025-06-30"


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_pack_is_a_valid_bag(make, vault):
    result = make(vault)
    bagit.Bag(str(result.folder)).validate()
    assert result.folder.name == NAME


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
@pytest.mark.parametrize("manifest", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
def test_sha256sum_agrees(make, vault, manifest):
    folder = make(vault).folder
    done = subprocess.run(["sha256sum", "-c", "--strict", manifest], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_changed_native_is_noticed_by_bagit(make, vault):
    folder = make(vault).folder
    (folder / "data/natives/ticket/1001.json").write_bytes(b"{}")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(folder)).validate()


def test_two_builds_give_the_same_bytes_at_other_times_by_other_people(make, vault):
    first = make(vault, out="a")
    second = make(vault, out="b", who="somebody else", now=first_now(first))
    _same, different, odd = filecmp.cmpfiles(first.folder, second.folder, files(first.folder), shallow=False)
    assert files(first.folder) == files(second.folder)
    assert (different, odd) == ([], [])
    assert first.manifest == second.manifest


def first_now(_):
    from datetime import UTC, datetime

    return datetime(2031, 1, 1, tzinfo=UTC)


def test_natives_are_the_bytes_as_received(make, vault):
    result = make(vault)
    raw = {r.key: r for r in vault.select(connection="demo", client="10")}
    assert result.manifest.records
    for record in result.manifest.records:
        body = (result.folder / record.native).read_bytes()
        assert body == raw[f"{record.kind}/{record.id}"].body
        assert sha256(body) == record.sha256


def test_each_native_is_listed_once_and_no_other_file_lies_among_them(make, vault):
    result = make(vault)
    natives = [f for f in files(result.folder) if f.startswith("data/natives/")]
    assert sorted(r.native for r in result.manifest.records) == natives


def test_manifest_lists_all_of_the_payload_but_itself_and_the_pdfs(make, vault):
    result = make(vault)
    data = (result.folder / "data/manifest.json").read_bytes()
    assert Manifest.read(data) == result.manifest
    expected = {f for f in files(result.folder) if f.startswith("data/")} - {
        "data/manifest.json",
        *result.manifest.pdfs,
    }
    assert {f.path for f in result.manifest.files} == expected
    for listed in result.manifest.files:
        body = (result.folder / listed.path).read_bytes()
        assert (len(body), hashlib.sha256(body).hexdigest()) == (listed.size, listed.sha256)


def test_every_native_has_its_proof_and_its_seal(make, vault):
    result = make(vault)
    proofs, salts = {}, {}
    for path in (result.folder / "data/proofs").iterdir():
        document = json.loads(path.read_bytes())
        for proof in document["proofs"]:
            leaf = proof["leaf"]
            proofs[document["seal"], proof["index"]] = (leaf["kind"], leaf["id"], leaf["record"], leaf["fields"])
            salts[document["seal"], proof["index"]] = bytes.fromhex(proof["salt"])
    made = {}
    for r in result.manifest.records:
        native = (result.folder / r.native).read_bytes()
        assert hashlib.sha256(native).hexdigest() == r.sha256
        made[r.seal, r.index] = (r.kind, r.id, *commit(salts[r.seal, r.index], native))
    assert made == proofs
    assert {s.number for s in result.manifest.seals} >= {r.seal for r in result.manifest.records}


def test_another_clients_record_is_nowhere_in_the_pack(make, vault):
    result = make(vault)
    for name in files(result.folder):
        assert b"SECRET OF ANOTHER" not in (result.folder / name).read_bytes(), name
        assert "1500" not in Path(name).name


def test_tickets_outside_the_period_are_counted_and_not_shown(make, vault):
    result = make(vault)
    assert result.counts["tickets"] == 3
    tickets = sorted(r.id for r in result.manifest.records if r.kind == "ticket")
    assert tickets == ["1001", "1002", "1003"]
    with (result.folder / "data/logs/population.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["kind"] == "ticket"]
    numbers = {(r["class"], r["reason"]): int(r["number"]) for r in rows}
    assert numbers["captured", ""] == 5
    assert numbers["included", ""] == 3
    assert sum(n for (name, _), n in numbers.items() if name == "out of scope") == 2


def test_population_adds_up_for_every_kind(make, vault):
    result = make(vault)
    with (result.folder / "data/logs/population.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for kind in {r["kind"] for r in rows}:
        mine = [r for r in rows if r["kind"] == kind]
        captured = sum(int(r["number"]) for r in mine if r["class"] == "captured")
        assert captured == sum(int(r["number"]) for r in mine if r["class"] != "captured"), kind
        included = sum(int(r["number"]) for r in mine if r["class"] == "included")
        assert included == sum(1 for r in result.manifest.records if r.kind == kind), kind


def test_hostile_names_never_become_paths(make, vault):
    result = make(vault)
    attachment = next(f for f in files(result.folder) if f.startswith("data/attachments/77/"))
    assert (result.folder / attachment).read_bytes() == b"\x89PNG"
    for name in files(result.folder):
        assert not set(name) & set('\\|<>:"*?'), name
        assert ".." not in name.split("/"), name


def test_an_id_that_leads_out_of_the_folder_stays_inside(make, empty_vault, new_psa, tmp_path):
    psa = new_psa().story()
    for number, bad in enumerate(["../../../../escape", "a/b", "A.", "con", "x" * 300, "..", "note\n1"]):
        psa.add("note", {"id": 9000 + number, "noteType": "TicketNote", "ticket": {"id": 1001}, "text": "x"},
                id=bad, client="10", parent="ticket/1001")  # fmt: skip
    psa.fill(empty_vault)
    result = make(empty_vault)
    assert not list(tmp_path.rglob("*escape*")) or all(result.folder in p.parents for p in tmp_path.rglob("*escape*"))
    bagit.Bag(str(result.folder)).validate()
    withheld = result.counts["withheld"]
    assert withheld == 2, "a reserved and an overlong name cannot be carried: counted, not dropped"
    assert result.counts["captured"] == result.counts["natives"] + withheld + result.counts["out_of_scope"]
    assert any("file name" in w for w in result.warnings)


def test_the_page_that_checks_packs_is_in_each_one(make, vault):
    result = make(vault)
    assert (result.folder / "data/VERIFY.html").read_bytes() == page_bytes()
    (listed,) = (f for f in result.manifest.files if f.path == "data/VERIFY.html")
    assert listed.media_type == "text/html"


def test_ids_that_differ_only_in_case_get_two_files(make, empty_vault, new_psa):
    psa = new_psa().story()
    for bad in ("abc", "ABC"):
        psa.add("note", {"id": 1, "noteType": "TicketNote", "ticket": {"id": 1001}, "text": bad},
                id=bad, client="10", parent="ticket/1001")  # fmt: skip
    psa.fill(empty_vault)
    names = [f.casefold() for f in files(make(empty_vault).folder)]
    assert len(names) == len(set(names))


class Broken:
    info = ExporterInfo(name="broken", title="Broken", version="1")

    def __init__(self, error=None, written=()):
        self.error, self.written = error, written

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        (folder / "half.csv").write_bytes(b"half")
        if self.error is not None:
            raise self.error
        return self.written


@pytest.mark.parametrize(
    "error", [RuntimeError("text of a client"), KeyError("x"), EvidenceError("said so"), OSError(28, "full")]
)
def test_a_failing_exporter_leaves_nothing(make, vault, tmp_path, pages, error):
    with pytest.raises(EvidenceError) as caught:
        make(vault, exporters={"pages": pages, "broken": Broken(error)})
    assert list((tmp_path / "out").iterdir()) == []
    assert "text of a client" not in f"{caught.value} {caught.value.why} {caught.value.next_step}"
    if isinstance(error, OSError):
        assert isinstance(caught.value, StorageError)


@pytest.mark.parametrize("path", ["../outside.csv", "/etc/passwd", "missing.csv", "a/../../b", ""])
def test_an_exporter_that_lies_about_its_files_is_refused(make, vault, tmp_path, pages, path):
    lying = Broken(written=(ExportedFile(path=path, media_type="text/csv"),))
    with pytest.raises(EvidenceError):
        make(vault, exporters={"pages": pages, "broken": lying})
    assert list((tmp_path / "out").iterdir()) == []


def test_an_exporter_cannot_take_the_place_of_the_natives(make, vault, pages):
    with pytest.raises(EvidenceError):
        make(vault, exporters={"pages": pages, "natives": Broken()})


def test_a_pack_that_is_there_is_never_overwritten(make, vault):
    first = make(vault)
    before = {f: (first.folder / f).stat().st_mtime_ns for f in files(first.folder)}
    second = make(vault)
    assert second.folder.name == f"{NAME}_2"
    assert {f: (first.folder / f).stat().st_mtime_ns for f in files(first.folder)} == before


def test_pdfs_with_other_names_than_expected_stand_in_the_manifest_they_carry(make, vault, pages_named):
    volumes = pages_named(("Evidence Pack.pdf", "Evidence Pack - Exhibits 001.pdf"))
    result = make(vault, exporters={"pages": volumes})
    assert result.manifest.pdfs == ("data/Evidence Pack.pdf", "data/Evidence Pack - Exhibits 001.pdf")
    carried = (result.folder / "data/Evidence Pack.pdf").read_bytes()
    assert result.manifest.document() in carried
    bagit.Bag(str(result.folder)).validate()


def test_building_is_logged_with_who_and_when_and_only_in_the_vault(make, vault):
    result = make(vault, who="Somebody Special")
    entries = [e for e in vault.custody.read() if e["action"] in {"accessed", "exported"}]
    assert [(e["action"], e["who"]) for e in entries] == [
        ("accessed", "Somebody Special"),
        ("exported", "Somebody Special"),
    ]
    assert entries[1]["detail"]["manifest"] == sha256(result.manifest.document())
    for name in files(result.folder):
        assert b"Somebody Special" not in (result.folder / name).read_bytes()


def test_an_unknown_client_an_ambiguous_one_and_another_connection_are_told_apart(make, vault, matter):
    with pytest.raises(ConfigurationError, match="none of the 2 clients"):
        make(vault, matter=replace(matter, client="Nobody"))
    with pytest.raises(AmbiguousError):
        make(vault, matter=replace(matter, client="t"))
    with pytest.raises(ConfigurationError):
        make(vault, matter=replace(matter, connection="elsewhere"))


def test_a_period_without_tickets_is_said(make, vault, matter):
    quiet = replace(
        matter, first_day=matter.first_day - timedelta(days=900), last_day=matter.first_day - timedelta(days=800)
    )
    result = make(vault, matter=quiet)
    assert result.counts["tickets"] == 0
    assert any("No ticket" in w for w in result.warnings)
    bagit.Bag(str(result.folder)).validate()


def test_a_partial_capture_is_said_loudly(make, empty_vault, psa, pages):
    psa.fill(empty_vault, missing=[("service/tickets/allNotes", "no permission")])
    result = make(empty_vault)
    assert any("NOT COMPLETE" in w for w in result.warnings)
    for part in ("cover-facts", "answer", "scope", "record-keeping", "limitations"):
        shown = next(p for p in pages.content.parts if p.id == part)
        assert any("NOT COMPLETE" in getattr(b, "text", "") for b in shown.blocks), part


REAL = ("certificates", "loadfile", "pdf", "tables")


def test_certificates_and_load_file_agree_with_the_pack_and_are_the_same_in_every_build(make, vault):
    one, two = (make(vault, exporters={name: load_exporter(name) for name in REAL}, out=out) for out in ("a", "b"))
    files = {
        p.relative_to(one.folder).as_posix(): p.read_bytes()
        for folder in ("certificates", "production", "tables") for p in (one.folder / "data" / folder).rglob("*.*")
    }  # fmt: skip
    assert {(two.folder / path).read_bytes() == data for path, data in files.items()} == {True}
    volume = one.folder / "data/production/VOL001"
    rows = csv.DictReader(
        io.StringIO((volume / "DATA/VOL001.dat").read_text("utf-8-sig"), newline=""), delimiter="\x14", quotechar="\xfe"
    )
    documents = [row for row in rows if not row["PARENTBATES"]]
    assert [(row["BEGBATES"], row["ENDBATES"]) for row in documents] == list(one.pagination.exhibits.values())
    assert sum(int(row["PAGECOUNT"]) for row in documents) == one.pagination.exhibit_pages
    listed = [
        line for line in (one.folder / "manifest-sha256.txt").read_text("utf-8").splitlines(keepends=True)
        if "  data/natives/" in line
    ]  # fmt: skip
    digest = hashlib.sha256("".join(listed).encode()).hexdigest()
    with zipfile.ZipFile(one.folder / "data/certificates/fre-902-14.docx") as inside:
        assert digest in inside.read("word/document.xml").decode()


def test_the_real_exporters_and_the_verifier_agree(make, vault):
    from psa_evidence.verify import verify_pack

    result = make(vault, exporters={name: load_exporter(name) for name in REAL})
    report = verify_pack(result.folder)
    assert [c for c in report.checks if c.status == "fail"] == []
    assert result.pagination is not None
    assert set(result.pagination.parts) >= {"answer", "breaches", "integrity"}
    with (result.folder / "data/tables/breaches.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["bates"] for row in csv.DictReader(file)} <= {
            first for first, _ in result.pagination.exhibits.values()
        }


class Looks:
    """An exporter that remembers in what order it was asked, and which pages it was shown."""

    def __init__(self, name, asked, *, needs_pages):
        self.info = ExporterInfo(name=name, title=name, version="1", needs_pages=needs_pages)
        self.asked = asked

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        shown = None if material.pages is None else sorted(path.name for path in material.pages.iterdir())
        self.asked.append((self.info.name, shown))
        return ()


def test_only_exporters_that_need_numbered_pages_wait_for_them(make, vault, pages):
    asked = []
    wanted = [("a", True), ("b", False), ("c", True), ("d", False)]
    lookers = {name: Looks(name, asked, needs_pages=needs) for name, needs in wanted}
    make(vault, exporters={**lookers, "pages": pages})
    assert asked == [("b", None), ("d", None), ("a", ["Evidence Pack.pdf"]), ("c", ["Evidence Pack.pdf"])]
