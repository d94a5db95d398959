"""What the published rules of PDF/A-3 (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) ask of the file, read with pypdf.

This is not a run of veraPDF, of which no package can be installed with the tests: it tests the rules that ours could
break.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter

import pytest
from pypdf import PdfReader

from psa_evidence_pdf.volumes import Limits


@pytest.fixture
def readers(content, export):
    paths = export(content, limits=Limits(exhibits=5, whole=0))
    assert len(paths) > 2
    return {name: PdfReader(path, strict=True) for name, path in paths.items()}


def elements(reader):
    """Every structure element in reading order."""
    open_ = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while open_:
        node = open_.pop(0).get_object()
        if isinstance(node, list):
            open_[:0] = node
        elif isinstance(node, dict) and "/S" in node:
            yield node
            if "/K" in node:
                open_.insert(0, node.raw_get("/K"))


def dictionaries(reader):
    """Every dictionary of a file, also those within others."""
    open_ = [reader.get_object(number) for number in sorted(reader.xref[0])]
    open_ += [reader.get_object(number) for number in sorted(reader.xref_objStm)]
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            yield one
        values = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        open_ += [value for value in values if isinstance(value, (dict, list))]  # not what is a reference


def test_the_metadata_and_the_information_dictionary_state_the_same(readers, content):
    for reader in readers.values():
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        info = reader.metadata
        stated = f"{content.as_of:%Y-%m-%dT%H:%M:%S}+00:00"
        assert info.creation_date == info.modification_date == content.as_of
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]+", xmp)) == {stated}, "a time of the typesetter's is left"
        assert f">{info.title}<" in xmp
        assert f">{info.subject}<" in xmp
        assert f"<xmp:CreatorTool>{info.creator}<" in xmp


def test_nothing_runs_is_hidden_or_lies_outside(readers):
    for reader in readers.values():
        root = reader.trailer["/Root"]
        assert not reader.is_encrypted
        assert not {"/OpenAction", "/AA", "/OCProperties", "/Perms"} & set(root)
        assert "/JavaScript" not in root.get("/Names", {})
        for page in reader.pages:
            assert "/AA" not in page
            for annotation in page.get("/Annots", ()):
                link = annotation.get_object()
                assert link["/Subtype"] == "/Link"
                assert int(link["/F"]) & 4, "not printed (6.3.2)"
                assert not int(link["/F"]) & 0b10_0011, "hidden"
                assert link.get("/A", {}).get("/S") in (None, "/GoTo", "/GoToR", "/URI")


def test_what_says_that_it_is_a_file_specification_is_an_attachment_related_to_the_document(readers):
    """6.8: a validator takes every dictionary of this type for that of an embedded file, in a link too."""
    named = 0
    for reader in readers.values():
        root = reader.trailer["/Root"]
        related = [file.get_object() for file in root.get("/AF", ())]
        found = list(dictionaries(reader))
        specifications = [one for one in found if one.get("/Type") in ("/Filespec", "/F")]
        assert all(one in related for one in specifications)
        assert all({"/F", "/UF", "/EF", "/AFRelationship"} <= set(one) for one in related)
        named += sum(1 for one in found if one.get("/S") == "/GoToR" and {"/F", "/UF"} == set(one["/F"]))
    assert named


def test_colours_have_a_profile_and_fonts_are_embedded_and_readable(readers):
    for reader in readers.values():
        (intent,) = reader.trailer["/Root"]["/OutputIntents"]
        profile = intent.get_object()["/DestOutputProfile"].get_object()
        assert profile["/N"] == 3
        assert profile.get_data()[36:40] == b"acsp"
        for page in reader.pages:
            for face in page["/Resources"]["/Font"].values():
                font = face.get_object()
                assert "/ToUnicode" in font
                (below,) = font["/DescendantFonts"]
                described = below.get_object()["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(described)
                assert below.get_object().get("/CIDToGIDMap", "/Identity") == "/Identity"


def test_links_and_pages_belong_to_the_reading_order(readers):
    for reader in readers.values():
        tree = reader.trailer["/Root"]["/StructTreeRoot"]
        assert "/ParentTree" in tree
        parents = Counter()
        for page in reader.pages:
            assert "/StructParents" in page
            parents[page["/StructParents"]] += 1
            if "/Annots" in page:
                assert page["/Tabs"] == "/S"
            for annotation in page.get("/Annots", ()):
                parents[annotation.get_object()["/StructParent"]] += 1
                assert annotation.get_object()["/Contents"]
        assert max(parents.values()) == 1


def test_headings_descend_one_step_tables_have_scoped_heads_and_texts_are_paragraphs(readers):
    for reader in readers.values():
        roles = Counter()
        level = 0
        for element in elements(reader):
            role = element["/S"]
            roles[role] += 1
            if re.fullmatch(r"/H\d", role):
                assert int(role[2:]) <= level + 1
                level = int(role[2:])
            if role == "/TH":
                attributes = element["/A"].get_object()
                listed = attributes if isinstance(attributes, list) else [attributes]
                assert {a.get_object().get("/Scope") for a in listed} & {"/Column", "/Row", "/Both"}
            if role == "/Figure":
                assert element["/Alt"]
        assert roles["/TH"]
        assert roles["/P"] > roles["/H2"]


def test_poppler_has_nothing_to_say_against_the_file(content, export):
    tool = shutil.which("pdfinfo")
    if tool is None:
        pytest.skip("pdfinfo (poppler) is not installed")
    for path in export(content).values():
        done = subprocess.run([tool, str(path)], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert re.search(r"Tagged: +yes", done.stdout)
