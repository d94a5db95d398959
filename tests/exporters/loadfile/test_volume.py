"""A volume as a review platform would take it: read by the csv module and pypdf, which had no part in writing it."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from psa_evidence.errors import ConfigurationError, EvidenceError, SelfTestError
from psa_evidence.spi import Exporter, Wishes
from psa_evidence_loadfile import exporter
from psa_evidence_loadfile.fields import FIELDS


def dat(target, volume="VOL001"):
    """By the csv module with the delimiters of the format."""
    text = (target / volume / "DATA" / f"{volume}.dat").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\x14", quotechar="\xfe", strict=True))


def table(target, name):
    text = (target / "VOL001" / "DATA" / f"VOL001_{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def at(target, link):
    return target.joinpath(*link.split("\\"))


def test_it_is_an_exporter_with_a_folder_of_its_own():
    assert isinstance(exporter, Exporter)
    assert (exporter.info.folder, exporter.info.needs_pages) == ("production", True)


def test_documents_pages_bates_span_and_image_lines_agree(make_volume, session):
    _, where, _ = session
    target = make_volume()
    documents = [row for row in dat(target) if not row["PARENTBATES"]]
    ranges = [(row["BEGBATES"], row["ENDBATES"]) for row in documents]
    assert ranges == list(where.exhibits.values())
    span = int(ranges[-1][1][-6:]) - int(ranges[0][0][-6:]) + 1
    images = list(csv.reader((target / "VOL001/DATA/VOL001.opt").read_text("ascii").splitlines()))
    assert span == where.exhibit_pages == sum(int(r["PAGECOUNT"]) for r in documents) == sum(int(i[6]) for i in images)
    assert [i[0] for i in images] == [first for first, _ in ranges]
    for row, image in zip(documents, images, strict=True):
        assert image[1:6] == ["VOL001", row["PDFLINK"], "Y", "", ""]
        reader = PdfReader(at(target, row["PDFLINK"]))
        assert len(reader.pages) == int(row["PAGECOUNT"])
        for offset, page in enumerate(reader.pages):
            assert f"MSP{int(row['BEGBATES'][-6:]) + offset:06d}" in page.extract_text()
            assert not page.get("/Annots")  # what a link leads to is not in the copy


def test_the_pdf_of_each_document_is_pdf_a_2u_as_that_of_the_pack_is_3a(make_volume):
    """ISO 19005-2: 6.2.3 (output intent), 6.2.11.4.1 and 6.2.11.7.2 (fonts), 6.6.4 (what it says that it is)."""
    target = make_volume()
    made = sorted((target / "VOL001/IMAGES").rglob("*.pdf"))
    assert made
    for path in made:
        root = PdfReader(path).root_object
        assert set(root) == {"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/ViewerPreferences"}
        assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdf" in root["/Metadata"].get_data()
        assert root["/OutputIntents"][0]["/DestOutputProfile"].get_data()[36:40] == b"acsp"
        for page in PdfReader(path).pages:
            for face in page["/Resources"]["/Font"].values():
                assert "/ToUnicode" in face
                described = face["/DescendantFonts"][0]["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(described)


def test_natives_are_whole_and_have_their_digest(make_volume, session):
    content, _, material = session
    target = make_volume()
    rows = dat(target)
    natives = [row for row in rows if row["NATIVELINK"]]
    assert len(natives) == 4
    for row in natives:
        data = at(target, row["NATIVELINK"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["SHA256HASH"]
        assert str(len(data)) == row["FILESIZE"]
    assert (
        at(target, rows[0]["NATIVELINK"]).read_bytes() == (material.bag / content.documents[0].native.path).read_bytes()
    )
    without = rows[-1]
    assert (without["NATIVELINK"], without["SHA256HASH"], without["HASHSCOPE"]) == ("", "", "")


def test_attached_files_are_children_of_one_family(make_volume):
    parent, *children = dat(make_volume())[1:4]
    first = parent["BEGBATES"]
    assert [c["BEGBATES"] for c in children] == [f"{first}.0001", f"{first}.0002"]
    assert {(r["BEGATTACH"], r["ENDATTACH"]) for r in (parent, *children)} == {(first, f"{first}.0002")}
    assert [parent["ATTACHCOUNT"], *(c["ATTACHCOUNT"] for c in children)] == ["2", "", ""]
    assert [c["PARENTBATES"] for c in children] == [first, first]
    assert [c["FILENAME"] for c in children] == ["Log of the server.txt", "Bild.PNG"]
    assert [c["PAGECOUNT"] for c in children] == ["0", "0"]


def test_a_document_without_attached_files_states_no_family(make_volume):
    row = dat(make_volume())[0]
    assert (row["BEGATTACH"], row["ENDATTACH"], row["PARENTBATES"], row["ATTACHCOUNT"]) == ("", "", "", "0")


def test_texts_are_those_of_the_blocks_and_of_text_files(make_volume):
    target = make_volume()
    rows = dat(target)
    text = at(target, rows[0]["TEXTLINK"]).read_text("utf-8-sig")
    for said in ("Ticket 1: printer offline", "Note of 1.", "Second line.", "Client: Northwind Traders",
                 "Member | Hours | Notes", "jrivera | 0.25 | Checked the spooler.", "No status changes recorded.",
                 "waiting for the client", "ticket/1 " + f"{1:064x}", "See: also MSP000001"):  # fmt: skip
        assert said in text, said
    assert at(target, rows[2]["TEXTLINK"]).read_text("utf-8-sig") == "füße\n"
    assert rows[3]["TEXTLINK"] == ""


def test_what_the_format_uses_itself_is_replaced_and_counted(make_volume):
    target = make_volume()
    assert dat(target)[0]["TITLE"] == "thorn   bell, line®break (R) and \\ud800"
    readme = (target / "VOL001/DATA/VOL001_readme.txt").read_text("utf-8")
    assert "the format uses them itself: 3." in readme.replace("\n            ", " ")


def test_times_are_utc_and_say_so(make_volume):
    row = dat(make_volume())[0]
    assert [row[c] for c in ("DATECREATED", "TIMECREATED", "TIMEZONE", "MATTERTIMEZONE")] == [
        "2026-03-02", "14:00:00", "UTC", "America/New_York",
    ]  # fmt: skip
    assert row["COLLECTEDAT"] == "2026-03-02T14:00:00Z"
    assert row["DATEMODIFIED"] == ""


def test_every_column_is_explained_with_its_other_names(make_volume):
    target = make_volume()
    rows = table(target, "fields")
    assert [r["column"] for r in rows] == list(dat(target)[0])
    assert all(r["meaning"] for r in rows)
    named = {r["column"]: r["in profile relativity"] for r in rows}
    assert named["BEGBATES"] == "Control Number; Bates Beg"
    assert named["NATIVELINK"] == "FILE_PATH"


def test_every_source_record_is_listed_with_its_place_in_the_pack(make_volume, session):
    content, _, material = session
    rows = table(make_volume(), "records")
    assert len(rows) == sum(len(d.records) for d in content.documents) == 4
    for row in rows:
        data = (material.bag / row["path in the pack"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]


def test_facts_cite_their_page_and_no_cell_is_a_formula(make_volume, session):
    _, where, _ = session
    first, second = table(make_volume(), "facts")
    assert first == {
        "Date & Time": "2026-03-02 14:00:00", "Time Zone": "UTC", "Fact Text": "'=1+1 was written",
        "Source(s)": where.exhibits["ticket/2"][0], "Linked Persons": "Ann", "Linked Issues": "message",
        "Side": "client", "To": "provider", "Channel": "'=e-mail", "Record": "note/1",
    }  # fmt: skip
    assert (second["Source(s)"], second["To"], second["Channel"]) == ("", "", "")


@pytest.mark.parametrize(
    ("profile", "first", "created"),
    [
        ("relativity", "Control Number", ("Date Created", "03/02/2026 14:00:00")),
        ("doj-antitrust", "BEGDOC", ("DATECREATED", "20260302")),
    ],
)
def test_a_profile_names_the_columns_and_writes_the_dates(make_volume, profile, first, created):
    target = make_volume(change={"wishes": Wishes(production_profile=profile)})
    rows = dat(target)
    assert next(iter(rows[0])) == first
    assert rows[0][created[0]] == created[1]
    hashed = next(name for name in rows[0] if "MD5" in name.upper())
    linked = next(name for name in rows[0] if name in {"FILE_PATH", "NATIVELINK"})
    assert rows[0][hashed] == hashlib.md5(at(target, rows[0][linked]).read_bytes()).hexdigest()


def test_without_images_no_image_load_file_pretends_to_be_one(make_volume):
    target = make_volume(change={"wishes": Wishes(production_images=False)})
    assert not (target / "VOL001/IMAGES").exists()
    assert not (target / "VOL001/DATA/VOL001.opt").exists()
    assert {row["PDFLINK"] for row in dat(target)} == {""}
    assert "No image load file" in (target / "VOL001/DATA/VOL001_readme.txt").read_text("utf-8")


def test_two_builds_give_the_same_bytes(make_volume):
    one, two = make_volume(), make_volume("two")
    files = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert len(files) > 12
    assert [(one / f).read_bytes() for f in files] == [(two / f).read_bytes() for f in files]


def test_a_native_that_was_changed_stops_the_export(make_volume, session, tmp_path):
    content, _, material = session
    bag = tmp_path / "changed"
    for path in material.bag.rglob("*"):
        if path.is_file():
            target = bag / path.relative_to(material.bag)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (bag / content.documents[0].native.path).write_bytes(b'{"id": 2}')
    with pytest.raises(SelfTestError, match="digest"):
        make_volume(material=replace(material, bag=bag))


def test_numbers_that_overlap_are_refused(make_volume, session):
    _, where, _ = session
    moved = dict(where.exhibits)
    first, last = moved["ticket/3"]
    moved["ticket/3"] = (f"MSP{int(first[-6:]) + 1:06d}", f"MSP{int(last[-6:]) + 1:06d}")
    with pytest.raises(EvidenceError, match=r"come after|no page"):
        make_volume(where=replace(where, exhibits=moved))


def test_documents_that_are_not_the_exhibits_are_refused(make_volume, session):
    content, _, _ = session
    with pytest.raises(EvidenceError, match="not the exhibits"):
        make_volume(change={"documents": content.documents[:2]})


def test_an_unknown_profile_is_refused(make_volume):
    with pytest.raises(ConfigurationError, match="profile"):
        make_volume(change={"wishes": Wishes(production_profile="mine")})


@pytest.mark.parametrize(("withheld", "scope"), [(0, "native"), (2, "native without withheld fields"), (None, "")])
def test_a_hash_over_a_file_in_part_does_not_pass_for_one_over_the_native(withheld, scope):
    """Whatever its name: an id may end in .disclosed."""
    native = (
        None if withheld is None else SimpleNamespace(path="data/natives/ticket/1.disclosed.json", withheld=withheld)
    )
    assert FIELDS["hash_scope"].value(SimpleNamespace(item=SimpleNamespace(native=native))) == scope


def test_the_readme_counts_the_natives_of_the_pack_that_no_document_holds(make_volume, session):
    content, _, _ = session
    shown = {record.path for document in content.documents for record in document.records}
    run = replace(content.run, natives=len(shown) + 5)
    target = make_volume(change={"run": run})
    words = " ".join((target / "VOL001/DATA/VOL001_readme.txt").read_text("utf-8").split())
    assert "in no line of the load file: 5 (records that no exhibit shows, and earlier versions)." in words
