"""Drafts of certificates, opened again: the facts of the run stand in them, what a person must know does not."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from itertools import chain, pairwise

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.table import Table

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.matter import Certificate
from psa_evidence.spi import Exporter, KindCount, Pagination, Silent, Wishes
from psa_evidence_certificates import exporter
from psa_evidence_certificates.forms import FORMS

WHERE = Pagination(
    exhibits={"ticket/1": ("MSP000001", "MSP000002"), "ticket/2": ("MSP000003", "MSP000009")},
    parts={"answer": ("MSPR-000001", "MSPR-000004")}, exhibit_pages=9, report_pages=4,
)  # fmt: skip
SIGNED_UNDER_1746 = ("fre-902-11", "fre-902-13", "fre-902-14", "declaration-1746")


@pytest.fixture
def make(tmp_path, make_pack, make_ticket, run_facts):
    def run(pagination=WHERE, folder="out", facts=run_facts, **more):
        content = replace(make_pack(make_ticket(1), make_ticket(2)), run=facts, **more)
        (tmp_path / folder).mkdir()
        written = exporter.export(
            content, tmp_path / folder, pagination=pagination, manifest=None, progress=Silent()
        )  # fmt: skip
        found = {p.stem: p.read_bytes() for p in (tmp_path / folder).iterdir()}
        assert {f.path for f in written} == {f"{name}.docx" for name in found}
        return found

    return run


@pytest.fixture(scope="session")
def usual(tmp_path_factory, make_pack, make_ticket, run_facts):
    """All forms of one run."""
    folder = tmp_path_factory.mktemp("usual")
    content = replace(make_pack(make_ticket(1), make_ticket(2)), run=run_facts)
    exporter.export(content, folder, pagination=WHERE, manifest=None, progress=Silent())
    return {p.stem: p.read_bytes() for p in folder.iterdir()}


def lines(data):
    document = docx.Document(io.BytesIO(data))
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from (" | ".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def text(data):
    return "\n".join(lines(data))


def runs(data):
    document = docx.Document(io.BytesIO(data))
    tables = (p for t in document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs)
    return [run for p in chain(document.paragraphs, tables) for run in p.runs]


def test_it_is_an_exporter():
    assert isinstance(exporter, Exporter)


def test_the_matter_file_knows_the_same_forms():
    assert set(Certificate.__args__) == set(FORMS)


def test_all_forms_are_made_by_default(make):
    assert set(make()) == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_states_range_counts_and_digests(usual, name):
    said = text(usual[name])
    for fact in ("MSP000001 to MSP000009", "9 pages, 2 exhibits", "777 files", "ef" * 32, "Northwind v. Acme IT"):
        assert fact in said
    assert "[________ fingerprint: SHA-256 of tagmanifest-sha256.txt" in said


@pytest.mark.parametrize("name", FORMS)
def test_every_page_of_every_form_says_that_it_is_a_draft(usual, name):
    document = docx.Document(io.BytesIO(usual[name]))
    assert "DRAFT FOR COUNSEL - NOT SIGNED" in document.sections[0].header.paragraphs[0].text
    assert document.core_properties.title.startswith("DRAFT")


@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_signed_or_dated_and_personal_knowledge_is_blank(usual, name):
    data = usual[name]
    said = list(lines(data))
    for line in said:
        label, bar, filled = line.partition(" | ")
        if bar and re.match(
            r"(Executed on|At \(place\)|Signature|Name in print|Date$|Place$|Position$|Served on)", label
        ):
            assert filled == ""
    assert sum("[________ " in line for line in said) >= 3
    marked = [run for run in runs(data) if run.text.startswith("[________")]
    assert all(run.font.highlight_color == WD_COLOR_INDEX.YELLOW for run in marked)


@pytest.mark.parametrize("name", SIGNED_UNDER_1746)
def test_declarations_close_with_the_words_of_the_statute(usual, name):
    said = text(usual[name])
    assert "I declare under penalty of perjury that the foregoing is true and correct. Executed on [_" in said
    assert (
        "I declare under penalty of perjury under the laws of the United States of America that the foregoing is true "
        "and correct. Executed on [_"
    ) in said


@pytest.mark.parametrize("name", FORMS)
def test_lines_to_sign_do_not_stand_alone_on_a_page_and_no_row_is_divided(usual, name):
    """What a reader's program is told: rows whole, each but the last kept with the next, as is the sentence before."""
    document = docx.Document(io.BytesIO(usual[name]))
    for table in document.tables:
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
        grid = [int(column.width) for column in table.columns]
        assert grid == [int(cell.width) for cell in table.rows[0].cells]
    blocks = list(document.iter_inner_content())
    for before, block in pairwise(blocks):
        if isinstance(block, Table) and block.rows[-1].cells[0].text in {"Name in print", "Place"}:
            lines = [p for row in block.rows[:-1] for cell in row.cells for p in cell.paragraphs]
            assert all(line.paragraph_format.keep_with_next for line in lines)
            assert isinstance(before, Table) or before.paragraph_format.keep_with_next


def test_numbers_that_are_not_in_the_pack_are_not_certified(make):
    gap = replace(WHERE, exhibits={**WHERE.exhibits, "ticket/2": ("MSP000012", "MSP000016")})
    said = text(make(pagination=gap)["fre-902-11"])
    first = WHERE.exhibits["ticket/1"]
    assert f"{first[0]} to {first[1]}, MSP000012 to MSP000016 (" in said


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("fre-902-11", ["at or near the time", "person with knowledge", "regularly conducted activity",
                        "regular practice", "originals, or true copies", "Reasonable written notice"]),
        ("fre-902-13", ["reading requests only", "Query: tickets of the client Northwind Traders (id 10)",
                        "psa-evidence 9.9", "-0.4 s", "captured = included + withheld + out of scope"]),
        ("fre-902-14", ["SHA-256 (FIPS 180-4)", "cd" * 32, "ab" * 32, "qualified", "manifest-sha256.txt | sha256sum"]),
        ("notice", ["reasonable written notice", "available for inspection", "1006"]),
        ("cea-1995-s9", ["form part of the records of that business", "position", "section 9(3)"]),
        ("bsa-63-a", ["ordinary course of business", "☒ SHA256", "☐ cloud", "natives.csv", "Time (IST, 24 hours)"]),
        ("bsa-63-b", ["expert", "☒ SHA256", "☐ SHA1", "Time (IST, 24 hours)"]),
        ("custody-transfer", ["Acquired by", "Item number", "cd" * 32, "Released by", "Received by", "condition",
                              "Fingerprint computed by the receiver"]),
    ],
)  # fmt: skip
def test_a_form_has_the_elements_of_its_rule(usual, name, elements):
    said = text(usual[name])
    assert [element for element in elements if element not in said] == []


def test_the_foundation_sheet_has_eleven_points_with_facts_and_a_blank_each(usual):
    table = docx.Document(io.BytesIO(usual["foundation"])).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert [row[0].split(".")[0] for row in rows] == [str(n) for n in range(1, 12)]
    assert all(row[1] and row[2].startswith("[________") for row in rows)


@pytest.mark.parametrize("name", ["fre-902-11", "fre-902-13", "cea-1995-s9", "foundation"])
def test_adverse_facts_stand_in_the_form_and_only_the_witness_reads_that_they_are(usual, name):
    said = text(usual[name])
    assert "Time entered late | 12" in said
    assert ("Time entered late | 12 | 11" in said) == ("adverse" in said) == (name == "foundation")
    assert "could not be read | 3" in said
    assert "did not end complete | 1" in said


def test_a_form_with_the_numbers_of_the_counsel_copy_says_that_they_are_not_for_service(make, run_facts):
    names = ("fre-902-11", "fre-902-13", "fre-902-14", "notice", "declaration-1746", "cea-1995-s9")
    for copy in ("counsel", "production"):
        made = make(facts=replace(run_facts, copy=copy), wishes=Wishes(certificates=names), folder=copy)
        for name in names:
            assert ("below are those of the counsel copy" in text(made[name])) == (copy == "counsel"), name


def test_what_the_run_does_not_know_is_a_blank_and_no_guess(make, run_facts):
    captures = tuple(replace(c, host=None, clock_offset=None) for c in run_facts.captures)
    bare = replace(
        run_facts, provider=None, psa_version=None, psa_cloud=None, psa_time_zone=None, captures=captures
    )  # fmt: skip
    said = text(make(facts=bare, pagination=None)["fre-902-13"])
    for blank in ("name of the provider", "version of the PSA", "where the PSA is hosted", "time zone of the PSA",
                  "address of the PSA", "clock of the PSA", "Bates range of the exhibits"):  # fmt: skip
        assert re.search(rf"\[________ [^]]*{blank}", said), blank
    assert "None" not in said


def test_the_matter_chooses(make):
    chosen = Wishes(certificates=("fre-902-14", "notice"))
    assert set(make(wishes=chosen)) == {"fre-902-14", "notice"}
    assert make(wishes=Wishes(certificates=()), folder="none") == {}


def test_drafts_for_counsel_stay_in_the_counsel_copy(make):
    assert set(make(copy="production")) == {"custody-transfer"}
    named = Wishes(certificates=("fre-902-11", "foundation"))
    assert set(make(copy="production", wishes=named, folder="named")) == {"fre-902-11"}


def test_an_unknown_form_is_refused(make):
    with pytest.raises(ConfigurationError, match="no certificate"):
        make(wishes=Wishes(certificates=("fre-902-99",)))


def test_without_the_facts_of_a_run_nothing_is_made(make):
    with pytest.raises(EvidenceError, match="facts of the run"):
        make(facts=None)


def test_hostile_texts_cannot_break_a_form(make, run_facts, hostile_texts):
    only = Wishes(certificates=("notice",))
    for number, hostile in enumerate(hostile_texts):
        data = make(facts=replace(run_facts, matter=hostile, client=hostile), folder=str(number), wishes=only)["notice"]
        shown = "".join(
            c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
            else f"\\u{ord(c):04x}" for c in hostile
        )  # fmt: skip
        assert shown.strip() in text(data)


def test_two_builds_give_the_same_bytes_and_no_time_of_the_making(make, usual):
    one, two = usual, make()
    assert one == two
    inside = zipfile.ZipFile(io.BytesIO(one["notice"]))
    assert {info.date_time for info in inside.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not any("thumbnail" in name for name in inside.namelist())
    core = docx.Document(io.BytesIO(one["notice"])).core_properties
    assert core.created == core.modified == datetime.fromisoformat("2026-03-02T14:00:00+00:00")


def test_the_settings_have_what_the_standard_requires(usual):
    """Word opens it without; a validator of ISO/IEC 29500 does not."""
    settings = docx.Document(io.BytesIO(usual["notice"])).settings.element
    assert [zoom.get(qn("w:percent")) for zoom in settings.iter(qn("w:zoom"))] == ["100"]


def test_time_stamps_are_named_and_their_absence_is_said(make, usual, run_facts):
    assert "Time-stamps of an authority: none." in text(usual["fre-902-14"])
    only = Wishes(certificates=("fre-902-14",))
    stamped = replace(run_facts, witness=("seals/000007.json, stamped 2026-03-02T15:00:00Z by TSA 1",))
    said = text(make(facts=stamped, wishes=only)["fre-902-14"])
    assert "seals/000007.json, stamped 2026-03-02T15:00:00Z by TSA 1" in said
    assert "none. The times" not in said


def test_kinds_of_records_are_named_as_in_the_report(make, run_facts):
    kinds = (KindCount(kind="sla_target", name="SLA target", captured=4, included=4, withheld=0, out_of_scope=0),)
    made = make(facts=replace(run_facts, counts=kinds))
    for form in ("fre-902-11", "fre-902-13"):
        assert "SLA target | 4 | 4 | 0 | 0" in text(made[form])
