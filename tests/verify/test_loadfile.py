"""Check 9.8 alone: one volume of a page range, a native and an attached file, with one thing changed at a time."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace

import pytest

from psa_evidence.verify import loadfile
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

DAT = "data/production/VOL001/DATA/VOL001.dat"
LABELS = ["A-0001", "A-0002", "A-0003", "A-0004"]
NATIVE = b'{"id":7}'
DIGEST = hashlib.sha256(NATIVE).hexdigest()
OTHER = hashlib.sha256(b"").hexdigest()
FIRST = ["A-0001", "A-0003", "", "3", DIGEST, ".\\VOL001\\NATIVES\\7.json"]
ATTACHED = ["A-0001.0001", "A-0001.0001", "A-0001", "0", DIGEST, "NATIVES/7.json"]
LAST = ["A-0004", "A-0004", "", "1", "", ""]
HONEST = (FIRST, ATTACHED, LAST)


def dat(*lines):
    head = ("BEGBATES", "ENDBATES", "PARENTBATES", "PAGECOUNT", "SHA256HASH", "NATIVELINK")
    text = "".join("\x14".join(f"\u00fe{cell}\u00fe" for cell in line) + "\r\n" for line in (head, *lines))
    return b"\xef\xbb\xbf" + text.encode()


def manifest_of(*natives):
    """As far as it is asked: the digests of the records' natives."""
    return SimpleNamespace(records=[SimpleNamespace(sha256=digest) for digest in natives])


def judge(*lines, labels=LABELS, at=DAT, natives=None, **more):
    """The report's lines: (status, subject or "", detail)."""
    files = {at: dat(*lines), "data/production/VOL001/NATIVES/7.json": NATIVE, **more}
    held = SimpleNamespace(files={p: len(data) for p, data in files.items()}, open=lambda path: io.BytesIO(files[path]))
    digests = {p: Hashed({"sha256": hashlib.sha256(data).hexdigest()}, len(data)) for p, data in files.items()}
    checks = Checklist()
    records = [each.digests["sha256"] for each in digests.values()] if natives is None else natives
    loadfile.check_volumes(Bag(held, digests), checks, manifest_of(*records), labels)
    assert {check.id for check in checks.report().checks} == {"9.8"}
    return [(check.status, check.subject, check.detail) for check in checks.report().checks]


def problems(*lines, **more):
    return [(subject.removeprefix(f"{DAT}: "), detail) for status, subject, detail in judge(*lines, **more)
            if status == "fail"]  # fmt: skip


def changed(line, place, cell):
    return [*line[:place], cell, *line[place + 1 :]]


@pytest.mark.parametrize(
    ("at", "above"),
    [(DAT, "VOL001/NATIVES"), ("data/production/VOL001/VOL001.DAT", "VOL001\\NATIVES"),
     ("data/production/VOL001/DATA/DATA/x.dat", "NATIVES")],
)  # fmt: skip
def test_an_honest_volume_passes_wherever_its_load_file_lies(at, above):
    lines = (changed(FIRST, 5, f"{above}\\7.json"), ATTACHED, LAST)
    [(status, _, detail)] = judge(*lines, at=at)
    assert (status, detail) == (
        "pass", "1 load file: documents have the numbers of the PDFs' pages, without a gap"
    )  # fmt: skip


def test_the_documents_of_a_volume_are_all_pages_with_numbers_like_theirs():
    missing = "3 pages with numbers of its documents are of none of them, such as this"
    assert problems(LAST) == [("A-0001", missing)]
    assert problems(FIRST, ATTACHED) == [("A-0004", "1 page" + missing[7:])]
    assert problems(*HONEST, labels=[*LABELS, "A-R-0001", "A-R-0002"]) == [], "the report has a range of its own"


@pytest.mark.parametrize(
    ("lines", "subject", "words"),
    [
        ((changed(FIRST, 0, "A-0000"),), "A-0000", "on no page"),
        ((changed(FIRST, 1, "A-0009"),), "A-0001", "on no page"),
        ((FIRST, changed(LAST, 0, "A-0003")), "A-0003", "does not follow the pages"),
        ((["A-0001", "A-0002", "", "2", "", ""], LAST), "A-0004", "does not follow the pages"),
        ((changed(FIRST, 3, "2"),), "A-0001", "page count"), ((changed(FIRST, 3, "03"),), "A-0001", "page count"),
        ((FIRST, FIRST), "A-0001", "two lines"), ((FIRST, ATTACHED, ATTACHED), "A-0001.0001", "two lines"),
        ((ATTACHED,), "A-0001.0001", "parent"), ((FIRST, changed(ATTACHED, 0, "A-0002.0001")), "A-0002.0001", "parent"),
        ((FIRST, changed(ATTACHED, 3, "1")), "A-0001.0001", "parent"),
        ((FIRST, changed(ATTACHED, 2, "A-0004")), "A-0001.0001", "parent"),
        ((changed(FIRST, 5, "NATIVES\\8.json"),), "A-0001", "native is missing"),
        ((changed(FIRST, 4, OTHER),), "A-0001", "another digest"),
        ((changed(FIRST, 4, ""),), "A-0001", "another digest"),
        ((changed(FIRST, 5, "..\\..\\natives\\7.json"),), "A-0001", "leads out"),
        ((changed(FIRST, 5, "/NATIVES/7.json"),), "A-0001", "leads out"),
    ],
)  # fmt: skip
def test_a_line_that_is_wrong_is_named(lines, subject, words):
    assert any(each == subject and words in detail for each, detail in problems(*lines))


def test_a_range_that_ends_before_it_begins_would_give_pages_to_two_documents():
    """Its page count is its range, below nothing, and the next document begins at the page after its end."""
    back = ["A-0004", "A-0001", "", "-2", "", ""]
    again = ["A-0002", "A-0004", "", "3", "", ""]
    found = problems(["A-0001", "A-0003", "", "3", "", ""], back, again)
    assert found[0] == ("A-0004", "a range that ends before it begins")


def test_digests_in_capitals_are_digests():
    assert problems(changed(FIRST, 4, DIGEST.upper()), ATTACHED, LAST) == []


def test_one_load_file_that_cannot_be_read_does_not_hide_another():
    found = judge(changed(FIRST, 3, "2"), **{"data/production/VOL002/DATA/b.dat": b"no"})
    assert [(status, subject) for status, subject, _ in found] == [
        ("fail", f"{DAT}: A-0001"), ("fail", "data/production/VOL002/DATA/b.dat")
    ]  # fmt: skip
    found = judge(*HONEST, **{"data/production/VOL000/DATA/b.dat": b"no"})
    assert [(status, subject) for status, subject, _ in found] == [("fail", "data/production/VOL000/DATA/b.dat")]


def test_a_volume_without_a_load_file_fails():
    assert [(status, detail) for status, _, detail in judge(at="data/production/VOL001/a.txt")] == [
        ("fail", "a production volume without its load file")
    ]


def test_a_native_is_one_of_a_record():
    assert [detail for _, detail in problems(*HONEST, natives=(OTHER,))] == [
        "its native is not the native of any record of the pack"
    ] * 2


def test_nothing_is_judged_when_no_page_has_a_number():
    assert [status for status, _, _ in judge(*HONEST, labels=[])] == ["inconclusive"]


def test_a_load_file_elsewhere_in_the_pack_is_none_of_a_volume():
    held = SimpleNamespace(files={"data/attachments/12/a.dat": 1})
    checks = Checklist()
    loadfile.check_volumes(Bag(held, {}), checks, manifest_of(), LABELS)
    assert [check.detail for check in checks.report().checks] == ["the pack holds no production volume"]


@pytest.mark.parametrize(("more", "refused"), [(0, False), (-1, True)])
def test_a_load_file_has_so_many_bytes_at_most(monkeypatch, more, refused):
    monkeypatch.setattr(loadfile, "MAX_DAT", len(dat(*HONEST)) + more)
    assert [status for status, _, _ in judge(*HONEST)] == ["fail" if refused else "pass"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[3:], "no byte order mark of UTF-8"),
        (lambda data: data.replace(b"A-0001", b"A-\xff001"), "not UTF-8"),
        (lambda data: data[:-1], "the last line does not end in CRLF"),
        (lambda data: data.replace(b"BEGBATES", b"FIRST"), "not one column BEGBATES"),
        (lambda data: data[:-2] + "\x14\u00fe\u00fe\r\n".encode(), "line 4 has another number of fields"),
        *((lambda data, cell=cell: data[:-2] + f"\x14{cell}\r\n".encode(), "a field that is not within thorns")
          for cell in ("", "\u00fe", "xx", "\u00fex", "x\u00fe", "\u00fex\u00fex\u00fe",
                       "\u00fe\u00fexx\u00fe", "\u00fexx\u00fe\u00fe", "x\u00fex\u00fe", "\u00fex\u00fex")),
    ],
)  # fmt: skip
def test_a_load_file_of_another_form_is_refused_with_why(change, words):
    with pytest.raises(Unreadable) as refused:
        loadfile.documents_of(change(dat(*HONEST)))
    assert str(refused.value).startswith(words)
