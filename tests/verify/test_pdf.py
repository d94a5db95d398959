"""Attacks on the PDF: what it carries and how its pages are numbered."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import tempfile
from types import SimpleNamespace

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from psa_evidence.verify import pdf as pdfs
from psa_evidence.verify import seekable
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.pdf import LEDGER, _check_bates, _given_earlier
from psa_evidence.verify.report import Checklist

PDF = "data/Evidence Pack.pdf"
SECOND = "data/Evidence Pack - Exhibits 001.pdf"


@pytest.mark.parametrize(
    ("attachments", "why"),
    [
        (lambda _: [], "carries no manifest.json"),
        (lambda m: [("other.json", m)], "carries no manifest.json"),
        (lambda m: [("manifest.json", m + b" ")], "not the manifest"),
        (lambda _: [("manifest.json", b"{}")], "not the manifest"),
        (lambda _: [("manifest.json", b"")], "not the manifest"),
        (lambda m: [("manifest.json", m), ("manifest.json", m)], "2 attachments"),
        (lambda m: [("manifest.json", m), ("manifest.json", b"{}")], "2 attachments"),
    ],
)
def test_pdf_that_does_not_carry_this_manifest_once(pack, failed, pdf_with, attachments, why):
    pack.pdf = lambda manifest: pdf_with(attachments(manifest))
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"8.2"}
    assert any(why in check.detail for check in report.checks)


def tampered(manifest, change, pdf_with):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with([("manifest.json", manifest)]))))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def specification(writer):
    return writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()


def other_stream(writer, content=b"{}"):
    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream)


def two_streams(writer):
    """Readers differ in whether they open /UF or /F."""
    specification(writer)["/EF"][NameObject("/UF")] = other_stream(writer)


def second_name(writer):
    """A file whose key says one thing and whose file name another."""
    spec = DictionaryObject({
        NameObject("/F"): TextStringObject("manifest.json"),
        NameObject("/EF"): DictionaryObject({NameObject("/F"): other_stream(writer)}),
    })  # fmt: skip
    writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"].extend([TextStringObject("zzz"), writer._add_object(spec)])


def no_stream(writer):
    del specification(writer)["/EF"]


def endless_tree(writer):
    tree = writer.root_object["/Names"]["/EmbeddedFiles"]
    tree[NameObject("/Kids")] = ArrayObject([writer._add_object(tree)])
    writer.root_object["/Names"][NameObject("/EmbeddedFiles")] = tree["/Kids"][0]


def among_others(writer):
    """Kids and names that lead to nothing, and another file before it; only its key says how it is called."""
    for name in ("/F", "/UF"):
        specification(writer).pop(name, None)
    tree = writer.root_object["/Names"]["/EmbeddedFiles"]
    tree[NameObject("/Kids")] = ArrayObject([NumberObject(7)])
    tree["/Names"][0:0] = [TextStringObject("a.txt"), NumberObject(7)]
    tree["/Names"].append(TextStringObject("zzz"))


def test_a_manifest_among_what_leads_nowhere_is_found(pack, pdf_with):
    pack.pdf = lambda manifest: tampered(manifest, among_others, pdf_with)
    pack.repair()
    assert pack.verify().verdict == "pass"


@pytest.mark.parametrize(("limit", "refused"), [(3, False), (2, True)])
def test_so_many_nodes_and_names_are_looked_at(monkeypatch, limit, refused):
    """A node, a name in it, and a node below it."""
    monkeypatch.setattr(pdfs, "MAX_ATTACHMENTS", limit)
    node = DictionaryObject({
        NameObject("/Names"): ArrayObject([TextStringObject("a"), DictionaryObject()]),
        NameObject("/Kids"): ArrayObject([DictionaryObject()]),
    })  # fmt: skip
    names = DictionaryObject({NameObject("/EmbeddedFiles"): node})
    reader = SimpleNamespace(root_object={"/Names": names})
    if refused:
        with pytest.raises(Unreadable, match="more than 2 attachments"):
            list(pdfs._specifications(reader))
    else:
        assert list(pdfs._specifications(reader)) == [("a", {})]


@pytest.mark.parametrize("change", [two_streams, second_name, no_stream, endless_tree])
def test_pdf_whose_attachment_is_ambiguous(pack, failed, pdf_with, change):
    pack.pdf = lambda manifest: tampered(manifest, change, pdf_with)
    pack.repair()
    assert failed(pack.verify()) <= {"8.1", "8.2"}
    assert failed(pack.verify())


def a_signature(writer):
    return DictionaryObject({
        NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("s"),
        NameObject("/V"): writer._add_object(DictionaryObject({
            NameObject("/Type"): NameObject("/Sig"), NameObject("/SubFilter"): NameObject("/ETSI.CAdES.detached"),
            NameObject("/ByteRange"): ArrayObject([NumberObject(n) for n in (0, 1, 2, 3)]),
        })),
    })  # fmt: skip


def form(writer, fields):
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject(fields)})


def signed_below(writer):
    """A signature in a field below another, which gives its kind."""
    field = a_signature(writer)
    kind = field.pop("/FT")
    form(writer, [DictionaryObject({NameObject("/FT"): kind, NameObject("/Kids"): ArrayObject([field])})])


def signed_behind_others(writer):
    """A signature behind more fields than anybody looks at."""
    other = DictionaryObject({NameObject("/FT"): NameObject("/Tx")})
    form(writer, [*[other] * 100, a_signature(writer)])


def fields_without_end(writer):
    field = DictionaryObject()
    field[NameObject("/Kids")] = ArrayObject([writer._add_object(field)])
    form(writer, [field])


@pytest.mark.parametrize("change", [signed_below, signed_behind_others, fields_without_end])
def test_a_signature_that_nobody_claims_is_found_wherever_it_stands(pack, failed, pdf_with, change):
    pack.pdf = lambda manifest: tampered(manifest, change, pdf_with)
    pack.repair()
    assert failed(pack.verify()) == {"8.4"}


def sealed(pdf_with):
    """A PDF that a seal covers whole, of a kind that is judged no further here."""

    def change(writer):
        field = a_signature(writer)
        value = field["/V"].get_object()
        value[NameObject("/ByteRange")] = ArrayObject([NumberObject(1_000_000_000 + n) for n in range(4)])
        value[NameObject("/Contents")] = ByteStringObject(b"\x00\x80" * 8)
        form(writer, [field])

    whole = tampered(b"m", change, pdf_with)
    at = whole.index(b"<" + b"0080" * 8 + b">")
    for n, value in enumerate((0, at, at + 34, len(whole) - at - 34)):
        whole = whole.replace(b"%d" % (1_000_000_000 + n), b"%010d" % value)
    return whole


def test_the_seal_of_a_pdf_covers_it_from_its_first_byte(pdf_with):
    data = sealed(pdf_with)
    seals = {}
    checks = Checklist()
    pdfs._check_pdf(bag_of(PDF, data), checks, PDF, b"m", seals, must_carry=True)
    at = data.index(b"<0080")
    assert seals[PDF].covered == data[:at] + data[at + 34 :]
    assert checks.report().checks == ()
    pdfs._check_pdf(bag_of(PDF, data + b"\n"), checks, PDF, b"m", seals, must_carry=True)
    assert [check.id for check in checks.report().checks] == ["8.4"]


@pytest.mark.parametrize(
    "text",
    ["pdf-seal: asked: none; reached: none", "Note: x\n PDF-Seal: y\nPDF-SEAL: asked: none; reached: none", ""],
)  # fmt: skip
def test_the_seal_is_stated_once_in_whatever_case(pack, failed, text):
    info = pack.files["bag-info.txt"].decode()
    if text:
        pack.files["bag-info.txt"] = f"{info}{text}\n".encode()
    else:
        pack.files["bag-info.txt"] = info.replace("PDF-Seal:", "Note: \x0bPDF-Seal:").encode()
    pack.repair_tags()
    assert failed(pack.verify()) == {"8.4"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"not a pdf", b"%PDF-1.7\n" + b"<<" * 5000, bytes(1000)])
def test_pdf_that_is_none(pack, failed, content):
    pack.pdf = lambda _: content
    pack.repair()
    assert "8.1" in failed(pack.verify())


@pytest.mark.parametrize(("mended", "ways"), [(False, [True]), (True, [True, False])])
def test_a_pdf_is_read_strictly_and_only_one_that_needs_mending_otherwise(pack, pdf_with, monkeypatch, mended, ways):
    """Going to every object takes nine tenths of the time; a file with a wrong place in its end passes as ever."""
    asked = []

    class Watched(PdfReader):
        def __init__(self, stream, strict=False):
            asked.append(strict)
            super().__init__(stream, strict=strict)

    def made(manifest):
        whole = pdf_with([("manifest.json", manifest)])
        return re.sub(rb"startxref\s+\d+", b"startxref\n17", whole) if mended else whole

    monkeypatch.setattr(pdfs, "PdfReader", Watched)
    monkeypatch.setattr(pdfs, "Reader", Watched)
    pack.pdf = made
    pack.repair()
    assert pack.verify().verdict == "pass"
    assert asked == ways


def test_a_pdf_behind_other_bytes_is_refused(pack, failed, pdf_with):
    pack.pdf = lambda manifest: b"MZ" + bytes(200) + pdf_with([("manifest.json", manifest)])
    pack.repair()
    assert failed(pack.verify()) == {"8.1"}


def test_pdf_that_is_encrypted(pack, failed, pdf_with):
    pack.pdf = lambda manifest: tampered(manifest, lambda w: w.encrypt("", "x", algorithm="RC4-128"), pdf_with)
    pack.repair()
    report = pack.verify()
    assert failed(report) == {"8.1"}
    assert "encrypted" in [check.detail for check in report.checks]


def test_pack_without_a_pdf(pack, failed):
    del pack.files[PDF]
    pack.edit("data/manifest.json", lambda m: m["pdfs"].clear())
    pack.repair_pdf = pack.repair_bag
    pack.repair()
    assert failed(pack.verify()) == {"8.1"}


def test_pdf_not_named_in_the_manifest(pack, failed):
    pack.files["data/Second opinion.pdf"] = pack.files[PDF]
    pack.repair_bag()
    assert failed(pack.verify()) == {"4.2"}


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.root_object.pop("/PageLabels"),
        lambda w: w.set_page_label(0, 1, prefix="ACME-000101"),
        lambda w: w.set_page_label(1, 1, prefix="Cover"),
        lambda w: w.set_page_label(1, 1, prefix="ACME-000101"),
        lambda w: w.set_page_label(1, 1, prefix="ACME-000103"),
        lambda w: w.set_page_label(2, 2, prefix="ACME-000100"),
        lambda w: w.root_object["/PageLabels"].update({NameObject("/Nums"): ArrayObject([])}),
    ],
)
def test_pages_without_a_running_bates_number(pack, failed, pdf_with, change):
    pack.pdf = lambda manifest: tampered(manifest, change, pdf_with)
    pack.repair()
    assert failed(pack.verify()) == {"8.3"}


def test_pages_changed_with_the_bag_repaired_are_not_found_and_the_report_does_not_claim_it(pack, pdf_with):
    """Only the bag's digests hold the pages, until a PDF is signed: the pack's fingerprint must be known."""
    honest = pack.verify()
    pack.pdf = lambda manifest: pdf_with([("manifest.json", manifest)], pages=4)
    pack.repair()
    report = pack.verify()
    assert report.verdict == "pass"
    assert "what its pages show was not compared" in next(c.detail for c in report.checks if c.id == "8.2")
    fingerprints = [next(c.detail for c in r.checks if c.id == "2.2") for r in (honest, report)]
    assert fingerprints[0] != fingerprints[1]


def test_a_hostile_pdf_writes_nothing_into_the_log_and_others_do_afterwards(pack, caplog, pdf_with):
    log, level = logging.getLogger("pypdf"), logging.INFO
    caplog.set_level(level, "pypdf")
    pack.pdf = lambda manifest: re.sub(rb"startxref\s+\d+", b"startxref\n17", pdf_with([("manifest.json", manifest)]))
    pack.repair()
    assert pack.verify().verdict == "pass"
    assert caplog.records == []
    assert log.level == level


def with_second_volume(pack, volume):
    pack.edit("data/manifest.json", lambda m: m["pdfs"].append(SECOND))
    pack.files[SECOND] = volume
    pack.repair()


def test_second_volume_goes_on_counting_and_need_not_carry_the_manifest(pack, pdf_with):
    with_second_volume(pack, pdf_with([], start=104))
    report = pack.verify()
    assert report.verdict == "pass"
    assert "6 pages" in next(c.detail for c in report.checks if c.id == "8.3")


def test_second_range_of_numbers_has_its_own_count(pack, pdf_with):
    with_second_volume(pack, pdf_with([], prefix="ACME-R-000", start=101))
    assert pack.verify().verdict == "pass"


@pytest.mark.parametrize("prefix", ["2026000", "ACME2", "ACME-2-000", "Ä 000"])
def test_any_prefix_will_do(pack, pdf_with, prefix):
    pack.pdf = lambda manifest: pdf_with([("manifest.json", manifest)], prefix=prefix)
    pack.repair()
    assert pack.verify().verdict == "pass"


@pytest.mark.parametrize(("limit", "refused"), [(3, False), (2, True)])
def test_so_many_pages_at_most(pack, failed, monkeypatch, limit, refused):
    monkeypatch.setattr(pdfs, "MAX_PAGES", limit)
    report = pack.verify()
    assert failed(report) == ({"8.1"} if refused else set())
    assert ("more than 2 pages" in [check.detail for check in report.checks]) == refused


@pytest.mark.parametrize("start", [101, 103, 105, 100])
def test_second_volume_that_repeats_or_skips_numbers(pack, failed, pdf_with, start):
    with_second_volume(pack, pdf_with([], start=start))
    assert failed(pack.verify()) == {"8.3"}


def test_second_volume_that_carries_another_manifest(pack, failed, pdf_with):
    with_second_volume(pack, pdf_with([("manifest.json", b"{}")], start=104))
    assert failed(pack.verify()) == {"8.2"}


def test_second_volume_missing(pack, failed):
    pack.edit("data/manifest.json", lambda m: m["pdfs"].append(SECOND))
    pack.repair()
    assert failed(pack.verify()) == {"8.1"}


def test_pdf_named_twice(pack, failed):
    pack.edit("data/manifest.json", lambda m: m["pdfs"].append(PDF))
    pack.repair()
    assert failed(pack.verify()) == {"8.1"}


@pytest.mark.parametrize(
    ("labels", "earlier", "right"),
    [
        (["A-0001", "A-0002"], {}, True),
        (["A-0001", "A-0004"], {}, False),
        (["A-0001", "A-0004"], {("A-", 2): 3}, True),
        (["A-0001", "A-0004"], {("A-", 2): 2}, False),
        (["A-0001", "A-0004"], {("A-", 2): 2, ("A-", 3): 3}, True),
        (["A-0001", "A-0004"], {("B-", 2): 3}, False),
        (["A-0004", "A-0001"], {("A-", 1): 9}, False),
        (["A-0001", "A-0004"], {("A-", 2): 1}, False),
        (["A-0001", "A-0002"], {("A-", 2): 5}, False),
        (["A-0002"], {("A-", 2): 2}, False),
        (["A-0005", "A-0006"], {("A-", 1): 9, ("A-", 2): 3}, False),
        (["A-0010", "A-0011"], {("A-", 1): 9, ("A-", 12): 12}, True),
    ],
)
def test_numbers_go_on_but_for_those_listed_as_given_earlier(labels, earlier, right):
    checks = Checklist()
    _check_bates(checks, [(PDF, label) for label in labels], earlier)
    assert [c for c in checks.report().checks if c.status == "fail"] == [] or not right
    assert right or any(c.id == "8.3" and c.status == "fail" for c in checks.report().checks)


def test_the_labels_of_the_pages_are_handed_on(pdf_with):
    data = pdf_with([("manifest.json", b"m")])
    found = pdfs.check_pdfs(bag_of(PDF, data), Checklist(), SimpleNamespace(pdfs=(PDF,)), b"m", [])
    assert found == ["ACME-000101", "ACME-000102", "ACME-000103"]


def test_a_number_on_two_pages_is_called_that():
    checks = Checklist()
    _check_bates(checks, [(PDF, "A-0001"), (PDF, "A-0001")], {})
    assert [(c.detail, c.subject) for c in checks.report().checks] == [
        ("page A-0001: a Bates number on two pages", PDF)
    ]


def test_files_in_each_others_place_are_named_once_each():
    checks = Checklist()
    first, second, third = ([(f"data/{n}.pdf", f"A-{5 * int(n) + page:04}") for page in range(5)] for n in "123")
    _check_bates(checks, [*second, *first, *third], {})
    said = [(c.detail, c.subject) for c in checks.report().checks]
    assert said == [
        ("page A-0005: a Bates number out of order", "data/1.pdf"),
        ("page A-0015: a Bates number out of order", "data/3.pdf"),
    ]


def bag_of(path, data, hashed=None):
    """One file, with the digest of what it was when it was hashed."""
    held = SimpleNamespace(files={path: len(data)}, open=lambda _: io.BytesIO(data))
    digest = hashlib.sha256(data if hashed is None else hashed).hexdigest()
    return Bag(held, {path: Hashed({"sha256": digest}, len(data))})


def test_a_pdf_that_changed_since_it_was_hashed_is_not_read_and_its_copy_is_not_kept(monkeypatch):
    copies = []

    def copy(*given, **named):
        copies.append(real(*given, **named))
        return copies[-1]

    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", copy)
    monkeypatch.setattr(seekable, "_IN_MEMORY", 0)
    checks = Checklist()
    assert pdfs._check_pdf(bag_of(PDF, b"%PDF-1.7", b"%PDF-1.4"), checks, PDF, b"", {}, must_carry=True) == []
    assert [(c.id, c.status, c.detail) for c in checks.report().checks] == [
        ("8.1", "fail", "changed while it was checked")
    ]
    monkeypatch.setattr(seekable, "blocks", lambda *_: (_ for _ in ()).throw(Unreadable("gone")))
    with pytest.raises(Unreadable, match="gone"):
        seekable.seekable(bag_of(PDF, b"%PDF-1.7"), PDF)
    assert [copy.closed for copy in copies] == [True, True]


@pytest.mark.parametrize(("more", "refused"), [(0, False), (-1, True)])
def test_a_pdf_has_so_many_bytes_at_most(monkeypatch, more, refused):
    monkeypatch.setattr(seekable, "MAX_SEEKABLE", 8 + more)
    if refused:
        with pytest.raises(Unreadable, match="limit of 7 bytes"):
            seekable.seekable(bag_of(PDF, b"%PDF-1.7"), PDF)
    else:
        with seekable.seekable(bag_of(PDF, b"%PDF-1.7"), PDF) as file:
            assert file.read() == b"%PDF-1.7"


def test_a_file_that_has_grown_is_refused_and_read_no_further(monkeypatch):
    taken = []

    def growing(*_):
        for _ in range(9):
            taken.append(1)
            yield b"%PDF-1.7"

    monkeypatch.setattr(seekable, "blocks", growing)
    with pytest.raises(Unreadable, match="changed while it was checked"):
        seekable.seekable(bag_of(PDF, b"%PDF-1.7"), PDF)
    assert len(taken) == 2


def test_nothing_of_a_first_reading_that_failed_is_left(monkeypatch):
    file, seals, at = io.BytesIO(b"%PDF-1.7"), {}, []

    def said(reader, file, path, _manifest, seals, *, must_carry):
        at.append(file.tell())
        if len(at) == 1:
            file.read()
            seals[path] = "found"
            raise ValueError
        return ["A-0001"], []

    monkeypatch.setattr(pdfs, "Reader", lambda *_, **__: None)
    monkeypatch.setattr(pdfs, "PdfReader", lambda *_, **__: None)
    monkeypatch.setattr(pdfs, "_said", said)
    assert pdfs._read(file, PDF, b"m", seals, must_carry=True) == (["A-0001"], [])
    assert (at, seals) == ([0, 0], {})


def test_pypdf_writes_nothing_into_the_log_however_grave(monkeypatch):
    grave = []
    monkeypatch.setattr(
        pdfs, "_read", lambda *_, **__: grave.append(logging.getLogger("pypdf").isEnabledFor(50)) or ([], [])
    )
    pdfs._check_pdf(bag_of(PDF, b"%PDF-1.7"), Checklist(), PDF, b"m", {}, must_carry=True)
    assert grave == [False]


HEAD = "first,last,pages,matter,pack\r\n"


@pytest.mark.parametrize(
    ("rows", "earlier"),
    [
        ("", {}),
        ("A-0002,A-0003,2,m,acme of March\r\n", {("A-", 2): 3}),
        ("A-0001,A-0009,9,m,in this pack\r\nA-0002,A-0003,2,m,x\r\n", {("A-", 2): 3}),
        ("A-0002,,2,m,x\r\n", {}), (",A-0003,2,m,x\r\n", {}), ("a,b,2,m,x\r\n", {}),
    ],
)  # fmt: skip
def test_the_ledger_gives_whole_ranges_of_other_packs(rows, earlier):
    checks = Checklist()
    assert _given_earlier(bag_of(LEDGER, (HEAD + rows).encode()), checks) == earlier
    assert checks.report().checks == ()


@pytest.mark.parametrize(
    "data", [b"\xff", b'h\r\n"A', b'h\r\nA-0002,"A-0003"x,2,m,x\r\n', b"h\r\nA-0002,A-0003,2,m\r\n"]
)
def test_a_ledger_that_cannot_be_read_fails_and_gives_nothing(data):
    checks = Checklist()
    assert _given_earlier(bag_of(LEDGER, data), checks) == {}
    assert [(c.id, c.status, c.subject) for c in checks.report().checks] == [("8.3", "fail", LEDGER)]


@pytest.mark.parametrize("odd", [False, True])
def test_every_name_of_the_tree_has_the_file_behind_it(odd):
    """A name without a file stands alone, at the end."""
    files = [DictionaryObject({NameObject("/F"): TextStringObject(name)}) for name in "abc"]
    pairs = [each for file in files for each in (TextStringObject(f"name {file['/F']}"), file)]
    node = DictionaryObject({NameObject("/Names"): ArrayObject([*pairs, *[TextStringObject("x")] * odd])})
    root = {"/Names": DictionaryObject({NameObject("/EmbeddedFiles"): node})}
    found = pdfs._specifications(SimpleNamespace(root_object=root))
    assert [(name, str(file["/F"])) for name, file in found] == [("name a", "a"), ("name b", "b"), ("name c", "c")]


@pytest.mark.parametrize(("kids", "refused"), [(2, False), (3, True), (9, True)])
def test_nodes_beside_each_other_are_counted_too(monkeypatch, kids, refused):
    monkeypatch.setattr(pdfs, "MAX_ATTACHMENTS", 3)
    node = DictionaryObject({NameObject("/Kids"): ArrayObject([DictionaryObject()] * kids)})
    reader = SimpleNamespace(root_object={"/Names": DictionaryObject({NameObject("/EmbeddedFiles"): node})})
    if refused:
        with pytest.raises(Unreadable, match="more than 3 attachments"):
            list(pdfs._specifications(reader))
    else:
        assert list(pdfs._specifications(reader)) == []
