"""The strict reader: takes what platforms write, refuses what is bent, finds what does not agree."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.errors import EvidenceError
from psa_evidence_loadfile.concordance import dat
from psa_evidence_loadfile.opticon import Image, opt
from psa_evidence_loadfile.reader import LoadFileError, OptLine, check, read_dat, read_lines, read_opt


@pytest.fixture(scope="session")
def samples():
    """Load files of Relativity (BSD-style licence), when the shared data are at hand."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared/data/loadfiles/relativity-import-samples/SampleDataSources"
        if found.is_dir():
            return found
    pytest.skip("../shared/data/loadfiles is not here")


@pytest.mark.parametrize(
    "name", ["rdo_load_file_01.dat", "rdo_load_file_03.dat", *(f"load_file_07_{n}.dat" for n in range(7))]
)
def test_load_files_of_a_review_platform_are_read_as_the_csv_module_reads_them(samples, name):
    data = (samples / name).read_bytes()
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    theirs = list(csv.reader(text, delimiter="\x14", quotechar="\xfe"))
    assert len(theirs) > 1
    assert theirs == read_lines(data, tolerant=True)
    if name.startswith("rdo"):
        assert [list(row.values()) for row in read_dat(data)] == theirs[1:]
    else:  # their fields stand without thorns
        with pytest.raises(LoadFileError):
            read_dat(data)


def test_image_load_files_of_a_review_platform_are_read(samples):
    lines = read_opt((samples / "Opticon_01.opt").read_bytes())
    assert lines[0] == OptLine("SYM-00011001_REV", "VOL01", ".\\VOL01\\IMAGES\\IMG001\\SYM-00011001_REV.tif", True, 5)
    assert [line.breaks for line in lines] == [True, False, False, False, False]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_text_comes_back_but_for_what_the_format_uses(rows):
    written = dat(["one", "two"], rows)
    csv.field_size_limit(10**6)
    text = io.StringIO(written.data.decode("utf-8-sig"), newline="")
    others = list(csv.reader(text, delimiter="\x14", quotechar="\xfe", strict=True))
    ours = read_dat(written.data)
    assert [list(row.values()) for row in ours] == [[v.replace("\xae", "\n") for v in row] for row in others[1:]]
    used = sum(value.count(c) for row in rows for value in row for c in "\x14\xfe\xae")
    assert written.replaced == used
    for row, back in zip(rows, ours, strict=True):
        for value, found in zip(row, back.values(), strict=True):
            if value.isprintable() and not set(value) & set("\x14\xfe\xae"):
                assert found == value


GOOD = "\ufeffþAþ\x14þBþ\r\nþ1þ\x14þ2þ\r\n".encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (GOOD[3:], "byte order mark"),
        (GOOD.replace(b"1", b"\xfe"), "UTF-8"),
        (GOOD[:-2], "CRLF"),
        (GOOD[:-1], "CRLF"),
        ("\ufeffþAþ\x14þBþ\r\nþ1þ\r\n".encode(), "1 fields in 2 columns"),
        ("\ufeffþAþ\x14þAþ\r\n".encode(), "twice"),
        ("\ufeffþAþ\x14þBþ\r\nþ1þ\x14þ2\r\n".encode(), "line 2: a field"),
        ("\ufeffþAþ\x14þBþ\r\nþ1þ\x14þ2þ3þ\r\n".encode(), "line 2: a field"),
        ("\ufeffþAþ\x14þBþ\r\nþ1\n2þ\x14þ3þ\r\n".encode(), "line 2: a field"),
        ("\ufeffþAþ\x14þBþ\r\nþ1þ\x14þ2þ\r\n\r\n".encode(), "line 3"),
    ],
)
def test_a_bent_load_file_is_refused(data, why):
    assert read_dat(GOOD) == [{"A": "1", "B": "2"}]
    with pytest.raises(LoadFileError, match=why):
        read_dat(data)


@pytest.mark.parametrize(
    "line",
    ["A,V,p.pdf,Y,,", "A,V,p.pdf,N,,,5", "A,V,p.pdf,Y,,,", "A,V,p.pdf,,,,5", "A,V,p.pdf,Y,,,x", "A,V,ä.pdf,Y,,,1"],
)
def test_a_bent_image_load_file_is_refused(line):
    with pytest.raises(LoadFileError):
        read_opt(f"{line}\r\n".encode())
    with pytest.raises(LoadFileError):
        read_opt(b"A,V,p.pdf,Y,,,1\n")


@pytest.mark.parametrize("name", ["a,b.pdf", "ü.pdf", "a\r\nb.pdf"])
def test_a_name_that_an_image_load_file_cannot_carry_is_refused(name):
    with pytest.raises(EvidenceError):
        opt([Image("A1", "VOL001", name, 1)])


def row(begin, end, **more):
    usual = {
        "BEGBATES": begin, "ENDBATES": end, "BEGATTACH": "", "ENDATTACH": "", "PARENTBATES": "", "ATTACHCOUNT": "0",
        "PAGECOUNT": str(int(end[1:]) - int(begin[1:]) + 1) if end[1:].isdigit() else "0", "NATIVELINK": "",
        "TEXTLINK": "", "PDFLINK": f".\\{begin}.pdf", "SHA256HASH": "",
    }  # fmt: skip
    return {**usual, **more}


def line(begin, pages):
    return OptLine(begin, "VOL001", f".\\{begin}.pdf", breaks=True, pages=pages)


def test_a_volume_that_agrees_has_no_problem(tmp_path):
    for name in ("M1", "M4"):
        (tmp_path / f"{name}.pdf").write_bytes(b"x")
    found = check([row("M1", "M3"), row("M4", "M4")], [line("M1", 3), line("M4", 1)], tmp_path, "M")
    assert (found.documents, found.attached, found.pages, found.images, found.problems) == (2, 0, 4, 2, ())


@pytest.mark.parametrize(
    ("second", "images", "why"),
    [
        (row("M3", "M4"), None, "does not follow"),
        (row("M1", "M3"), None, "stands twice"),
        (row("M4", "M4", PAGECOUNT="2"), None, "page count"),
        (row("M4", "M4", ATTACHCOUNT="1"), None, "attached files"),
        (row("M4", "M4", BEGATTACH="M4"), None, "family"),
        (row("M4", "M4", PARENTBATES="M9"), None, "parent"),
        (row("M4", "M4", TEXTLINK=".\\none.txt"), None, "leads nowhere"),
        (row("M4", "M4", TEXTLINK=".\\..\\out.txt"), None, "leads nowhere"),
        (row("M4", "M4", NATIVELINK=".\\M4.pdf", SHA256HASH="0" * 64), None, "digest"),
        (row("M4", "M4"), [line("M1", 3), line("M4", 2)], "image load file"),
        (row("M4", "M4"), [line("M1", 3)], "image load file"),
        (row("M4", "M4", PDFLINK=""), [line("M1", 3), line("M4", 1)], "other files"),
    ],
    ids=["overlap", "twice", "page count", "attached", "family", "parent", "link", "way out", "digest", "pages",
         "missing image", "other file"],
)  # fmt: skip
def test_a_volume_that_does_not_agree_is_found_out(tmp_path, second, images, why):
    (tmp_path.parent / "out.txt").write_bytes(b"x")
    for name in ("M1", "M3", "M4", "M5"):
        (tmp_path / f"{name}.pdf").write_bytes(b"x")
    found = check([row("M1", "M3"), second], images, tmp_path, "M")
    assert any(why in problem for problem in found.problems), found.problems
