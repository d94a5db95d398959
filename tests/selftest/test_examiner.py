"""Files taken apart by worker processes: the same as here, in order, and no end but a good one is passed over."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import weakref
from dataclasses import replace

import pytest
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from psa_evidence.errors import SelfTestError, TransientError
from psa_evidence.pack.selftest import LeakError, check_pages, search
from psa_evidence.pack.selftest import examiner as examiner_of
from psa_evidence.selftest import Cited, Examination, Examiner, Looking, PagesSeen, Secret, examiner
from psa_evidence.selftest.plain import squeezed
from psa_evidence.spi import Bates, Pagination

BATES = Bates(prefix="MSP", digits=6)
WHERE = Pagination(
    exhibits={"ticket/1": ("MSP000001", "MSP000002")}, parts={}, exhibit_pages=2, report_pages=0, files=("one.pdf",)
)
SECRET = Secret(squeezed("the kestrel settlement"), "rule 7")


def pdf(path, *texts, links=()):
    """Pages with these texts; of each of `links`, page and target, the target is a page of the file or another file."""
    writer = PdfWriter()
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    for text in texts:
        page = writer.add_blank_page(500, 300)
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F 9 Tf 20 200 Td (%s) Tj ET" % text.encode())
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    for page, to in links:
        inside = {"target_page_index": to} if isinstance(to, int) else {"url": to}
        writer.add_annotation(page, Link(rect=(20, 198, 185, 209), **inside))
    writer.set_page_label(0, len(texts) - 1, prefix="MSP00000", start=1, style="/D")
    writer.add_outline_item(title="Ticket 1", page_number=0)
    writer.write(path)
    return path


@pytest.fixture
def bag(tmp_path):
    pdf(tmp_path / "one.pdf", "MSP000002", "and MSP000001, not XMSP000009", links=[(0, 1), (1, 0)])
    (tmp_path / "two.txt").write_text("nothing of the kind", encoding="utf-8")
    return tmp_path


@pytest.fixture(params=[0, 1 << 40], ids=["in processes", "here"])
def anywhere(request, monkeypatch):
    monkeypatch.setattr(examiner, "MANY_BYTES", request.param)


def digests(bag):
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    return {path.relative_to(bag).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def searched(bag, secrets, ahead=()):
    with examiner_of(secrets, BATES) as taken_apart:
        taken_apart.read_ahead(ahead)
        return search(bag, sorted(digests(bag)), ["one.pdf"], digests(bag), secrets, taken_apart)


def test_pages_are_told_whoever_reads_them(bag, anywhere):
    labels = ("MSP000001", "MSP000002")
    assert searched(bag, ()) == {
        "one.pdf": PagesSeen(labels, frozenset({0}), 2, (Cited(0, "MSP000002", 1),))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "links", "cited"),
    [
        ("MSP000002", [(0, "https://elsewhere.example")], [(0, "MSP000002", None)]),
        ("MSP000002", [], []),
        ("MSP000002 and more than a cite", [(0, 1)], []),
        ("MSP000001 \\261 MSP000002", [(0, 1)], [(0, "MSP000001", 1), (0, "MSP000002", 1)]),
        ("MSP000001 \\261", [(0, 1)], [(0, "MSP000001", 1)]),
        ("\\261", [(0, 1)], []),
        ("MSP000001 \\261 MSP000002 \\261 MSP000002", [(0, 1)], []),
        ("XMSP000002", [(0, 1)], []),
    ],
)
def test_a_cite_is_a_link_that_shows_a_number_and_nothing_else(tmp_path, text, links, cited):
    path = pdf(tmp_path / "one.pdf", text, "MSP000001", links=links)
    seen = Examination((), "(?<![A-Z])MSP[0-9]{6}").examine(path, paged=True).pages
    assert seen.cited == tuple(Cited(*one) for one in cited)


def test_the_lines_above_and_below_a_link_are_not_of_it(tmp_path):
    lines = "MSP000002) Tj 0 9 Td (MSP000007) Tj 0 -18 Td (MSP000008"
    path = pdf(tmp_path / "one.pdf", lines, "x", links=[(0, 1)])
    assert [cited.number for cited in Examination((), "MSP[0-9]{6}").examine(path, paged=True).pages.cited] == [
        "MSP000002"
    ]


@pytest.mark.parametrize("name", ["two.txt", "one.pdf"])
def test_a_secret_is_found_in_any_file_whoever_reads_it(bag, anywhere, name):
    if name == "two.txt":
        (bag / name).write_text("of The Kestrel\nSettlement", encoding="utf-8")
    else:
        pdf(bag / name, "first", "of The Kestrel Settlement")
    with pytest.raises(LeakError, match=f"rule 7 was found in {name}"):
        searched(bag, [SECRET])


def test_the_first_file_is_named_when_several_leak(bag, anywhere):
    for name in ("two.txt", "a.txt", "z.txt"):
        (bag / name).write_text("the kestrel settlement", encoding="utf-8")
    with pytest.raises(LeakError, match=r"found in a\.txt"):
        searched(bag, [SECRET])


def test_every_file_that_leaks_is_told_records_first_and_the_page_of_a_pdf(bag, anywhere):
    (bag / "data/natives").mkdir(parents=True)
    for name in ("data/natives/7.json", "data/x.txt", "data/y.txt", "data/z.txt"):
        (bag / name).write_text("the kestrel settlement", encoding="utf-8")
    pdf(bag / "one.pdf", "first", "of The Kestrel Settlement")
    with pytest.raises(LeakError) as caught:
        searched(bag, [Secret(SECRET.plain, "rule 7", "text of note/9"), Secret(squeezed("first of all things"), "r")])
    assert caught.value.what.endswith("found in data/natives/7.json; data/x.txt; data/y.txt and 2 more.")
    assert caught.value.why.endswith("The text is withheld in text of note/9.")
    assert caught.value.exit_code == 5
    for path in (bag / "data").rglob("*.*"):
        path.unlink()
    with pytest.raises(LeakError, match=r"one\.pdf, page MSP000002\."):
        searched(bag, [SECRET])


def test_a_file_that_cannot_be_taken_apart_is_named(bag, anywhere):
    (bag / "one.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    with pytest.raises(SelfTestError, match=r"one\.pdf: A PDF of the pack cannot be read"):
        searched(bag, ())


def test_what_was_read_ahead_counts_for_the_same_bytes_only(bag, monkeypatch):
    monkeypatch.setattr(examiner, "MANY_BYTES", 0)
    before = pdf(bag / "one.pdf", "see MSP000002", "clean")
    asked = []
    inner = Examiner.examined

    def watched(self, tasks):
        asked.append([path.name for path, _ in tasks])
        return inner(self, tasks)

    monkeypatch.setattr(Examiner, "examined", watched)
    ahead = bag / "sub"
    ahead.mkdir()
    (ahead / "one.pdf").write_bytes(before.read_bytes())
    with examiner_of([SECRET], BATES) as taken_apart:
        taken_apart.read_ahead([ahead / "one.pdf"])
        listed = {"one.pdf": digests_of(bag / "one.pdf"), "two.txt": digests_of(bag / "two.txt")}
        assert search(bag, list(listed), ["one.pdf"], listed, [SECRET], taken_apart)["one.pdf"].labels[0] == "MSP000001"
        assert asked == [["two.txt"]]
        pdf(bag / "one.pdf", "see MSP000002", "the kestrel settlement")
        listed["one.pdf"] = digests_of(bag / "one.pdf")
        with pytest.raises(LeakError):
            search(bag, list(listed), ["one.pdf"], listed, [SECRET], taken_apart)


def test_a_secret_in_what_was_read_ahead_is_found(bag, monkeypatch):
    monkeypatch.setattr(examiner, "MANY_BYTES", 0)
    pdf(bag / "one.pdf", "the kestrel settlement", "x")
    with pytest.raises(LeakError, match=r"one\.pdf"):
        searched(bag, [SECRET], ahead=[bag / "one.pdf"])


def digests_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_other_bytes_than_those_listed_are_refused(bag):
    with examiner_of((), BATES) as taken_apart, pytest.raises(SelfTestError, match="taken apart") as caught:
        search(bag, ["one.pdf"], ["one.pdf"], {"one.pdf": "0" * 64}, (), taken_apart)
    assert "not those that were listed" in caught.value.why


def test_a_process_that_dies_stops_the_build(bag, monkeypatch):
    monkeypatch.setattr(examiner, "MANY_BYTES", 0)
    with examiner_of((), BATES) as taken_apart:
        taken_apart.read_ahead([bag / "one.pdf"])
        taken_apart.known()
        for process in list(taken_apart._pool._processes.values()):
            os.kill(process.pid, signal.SIGTERM)
            process.join()
        with pytest.raises(TransientError, match="ended before its time"):
            search(
                bag, ["one.pdf", "two.txt"], ["one.pdf", "two.txt"], {"one.pdf": "x", "two.txt": "x"}, (), taken_apart
            )


def test_no_process_is_left(bag, monkeypatch):
    monkeypatch.setattr(examiner, "MANY_BYTES", 0)
    processes = []

    def interrupted():
        with examiner_of((), BATES) as taken_apart:
            taken_apart.read_ahead([bag / "one.pdf"] * 9)
            processes.extend(taken_apart._pool._processes.values())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert processes
    assert not any(process.is_alive() for process in processes)


SEEN = PagesSeen(("MSP000001", "MSP000002"), frozenset({0}), 2, (Cited(0, "MSP000002", 1), Cited(0, "MSP000001", None)))
ELSEWHERE = (Cited(0, "MSP000007", None),)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cited": ELSEWHERE}, "page 1 cites MSP000007, which is no page of this pack"),
        ({"cited": (Cited(1, "MSP000002", 0),)}, "page 2 cites MSP000002, which leads to MSP000001"),
        ({"cited": (Cited(1, "MSP000007", 0), Cited(0, "MSP000001", 0))}, "page 2 cites MSP000007, which leads to"),
        ({"marked": frozenset({1})}, "no bookmark leads to MSP000001"),
        ({"labels": ("MSP000001", "MSP000001")}, "on two pages"),
        ({"labels": ("MSP000001", "MSP000003"), "cited": ()}, "are not there"),
        ({"labels": ("MSP000001",)}, "do not agree on the number"),
        ({"labels": ("MSP000001",), "pages": 1, "cited": ()}, "1 pages stand where others were counted"),
    ],
)  # fmt: skip
def test_pages_that_are_not_as_given_out_are_refused(change, why):
    check_pages({"one.pdf": SEEN}, BATES, WHERE, ())
    with pytest.raises(SelfTestError) as caught:
        check_pages({"one.pdf": replace(SEEN, **change)}, BATES, WHERE, ())
    assert why in caught.value.why


def test_a_number_issued_before_may_be_cited():
    check_pages({"one.pdf": replace(SEEN, cited=ELSEWHERE)}, BATES, WHERE, [("MSP000005", "MSP000008")])


def test_a_line_of_a_title_that_looks_like_a_number_is_no_cite():
    """It leads where the number beside it does."""
    lines = (Cited(0, "MSP000999", 1), Cited(0, "MSP000002", 1))
    check_pages({"one.pdf": replace(SEEN, cited=lines)}, BATES, WHERE, ())


def test_a_stream_that_leaks_is_found_in_every_file_that_holds_it(bag):
    """Streams in which nothing was found are passed over later; one in which something was is never among them."""
    one = Examination([SECRET], "MSP[0-9]+")
    clean = pdf(bag / "clean.pdf", "nothing")
    unseen = "x) Tj ET % the kestrel settlement ("
    leak = [pdf(bag / name, "nothing", unseen) for name in ("a.pdf", "b.pdf")]
    first, second = one.examine(clean, paged=False), one.examine(leak[0], paged=False)
    assert (first.hit, second.hit, one.examine(leak[1], paged=False).hit) == (None, SECRET, SECRET)
    assert first.clean
    assert not set(first.clean) & set(second.clean)


def test_streams_found_clean_are_not_searched_again_here_or_elsewhere(bag, monkeypatch):
    searched_texts = []
    found_in = Looking.found_in
    monkeypatch.setattr(Looking, "found_in", lambda self, text: searched_texts.append(text) or found_in(self, text))
    here, elsewhere = Examination([SECRET], "x"), Examination([SECRET], "x")
    said = "(nothing of the kind) Tj"
    done = here.examine(pdf(bag / "one.pdf", "nothing of the kind"), paged=False)
    assert sum(said in text for text in searched_texts) == 1
    elsewhere.passes_over(done.clean)
    for examination in (here, elsewhere):
        examination.examine(pdf(bag / "two.pdf", "nothing of the kind", "more"), paged=False)
    assert sum(said in text for text in searched_texts) == 1


class Ring:
    """Refers to itself, as what a PDF is read into does."""

    def __init__(self):
        self.itself = self


def test_a_worker_looks_for_waste_when_its_files_are_read_and_not_meanwhile(tmp_path, monkeypatch):
    monkeypatch.setattr(examiner.os, "nice", lambda _: 0, raising=False)
    monkeypatch.setattr(examiner.signal, "signal", lambda *_: None)
    monkeypatch.setattr(examiner, "_begun", [])
    kept: list[weakref.ref[Ring]] = []

    def examine(path, *, paged):
        kept.append(weakref.ref(Ring()))
        return gc.isenabled(), kept[0]() is not None

    try:
        examiner._begin((), "x")
        monkeypatch.setattr(examiner._begun[0], "examine", examine)
        assert examiner._examined([(tmp_path, True)], ()) == [(False, True)]
        assert kept[0]() is None
    finally:
        gc.enable()
        gc.unfreeze()
