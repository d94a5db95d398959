"""How a pack is divided into files: by memory, by pages, by bytes; each whole in itself, one contents over all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pypdf import PdfReader

from psa_evidence.spi import (
    Cite,
    Column,
    Exhibit,
    FileLimits,
    Heading,
    Paragraph,
    Part,
    Silent,
    Table,
    Verbatim,
    pdf_name,
)
from psa_evidence_pdf import PdfExporter, press
from psa_evidence_pdf.finishing import finish
from psa_evidence_pdf.plan import Plan
from psa_evidence_pdf.volumes import Limits, divided, weight
from psa_evidence_pdf.workers import Workers

REPORT = "Evidence Pack.pdf"


@pytest.fixture
def long_report(content):
    """A part whose one table is long, then a short part; twelve exhibits."""
    columns = (Column(title="Exhibit"), Column(title="What", width=4))
    ids = [exhibit.id for exhibit in content.exhibits]
    rows = tuple((Cite(ids[n % 12]), f"line {n} of the long table") for n in range(900))
    parts = (
        Part(id="long", number=1, title="Long part", page_kind="B",
             blocks=(Heading(text="Rows"), Table(columns=columns, rows=rows, caption="900 rows."))),
        Part(id="last", number=2, title="Last part", page_kind="C", blocks=(Paragraph(text="The end."),)),
    )  # fmt: skip
    return replace(content, parts=parts)


def test_a_long_report_becomes_several_files_with_one_range_and_one_contents(
    long_report, export, text_of, qpdf_clean
):  # fmt: skip
    files = export(long_report, limits=Limits(exhibits=5, weight=60_000))
    reports = [name for name in files if "Exhibits" not in name]
    assert reports[:2] == [REPORT, "Evidence Pack - Report 002.pdf"]
    assert len(reports) > 3
    where = PdfExporter(Limits(exhibits=5, weight=60_000)).paginate(long_report, Silent())
    assert list(where.files) == list(files)
    labels, texts = [], ""
    for name in reports:
        qpdf_clean(files[name])
        reader = PdfReader(files[name], strict=True)
        assert reader.outline
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        labels += reader.page_labels
        texts += text_of(files[name])
    assert labels == [f"MSPR-{n:06d}" for n in range(1, len(labels) + 1)]
    assert len(labels) == where.report_pages
    for n in range(900):
        assert texts.count(f"line{n}ofthelongtable") == 1
    assert where.parts["long"][0] in text_of(files[REPORT], 2)
    assert where.parts["last"][0] in text_of(files[REPORT], 2)
    assert where.parts["long"][1] < where.parts["last"][0]
    assert "Longpart(continued)" in text_of(files[reports[1]], 1)
    assert "Report,file2of" in text_of(files[reports[1]], 1)


def test_links_into_other_files_lead_to_the_part_or_exhibit_itself(long_report, export):
    """And back: an exhibit names the parts that cite it."""
    files = export(long_report, limits=Limits(exhibits=5, weight=60_000))
    readers = {name: PdfReader(path, strict=True) for name, path in files.items()}
    targets = set()
    for name, reader in readers.items():
        for page in reader.pages:
            for link in page.get("/Annots", ()):
                action = link.get_object().get("/A")
                if action is not None:
                    assert action["/S"] == "/GoToR"
                    file, place = action["/F"]["/UF"], str(action["/D"])
                    assert link.get_object()["/Contents"] == file == action["/F"]["/F"]
                    targets.add((name, file, place))
    assert targets
    for name, file, place in targets:
        assert file != name
        there = readers[file].named_destinations[place]
        label = readers[file].page_labels[readers[file].get_destination_page_number(there)]
        assert label.startswith("MSPR-" if place.startswith(("p", "index")) else "MSP0")
    kinds = {("Exhibits" in name, "Exhibits" in file) for name, file, _ in targets}
    assert kinds >= {(False, True), (True, False), (False, False)}


def test_no_file_has_more_pages_than_asked_for(content, export, qpdf_clean):
    limited = replace(content, file_limits=FileLimits(pages=6))
    files = export(limited)
    pages = {name: len(PdfReader(path).pages) for name, path in files.items()}
    volumes = [name for name in files if "Exhibits" in name]
    assert len(volumes) > 1
    assert all(pages[name] <= 6 for name in volumes)
    labels = [label for name in volumes for label in PdfReader(files[name]).page_labels]
    assert labels == [f"MSP{n:06d}" for n in range(1, len(labels) + 1)]
    for path in files.values():
        qpdf_clean(path)


def test_no_file_has_more_bytes_than_asked_for(make_pack, make_ticket, export):
    size = 450_000
    content = make_pack(*(make_ticket(number) for number in range(1, 61)))
    assert export(content, name="whole")[REPORT].stat().st_size > size
    files = export(replace(content, file_limits=FileLimits(size=size)))
    assert len(files) > 1
    assert {name: path.stat().st_size for name, path in files.items() if path.stat().st_size > size} == {}


def test_an_exhibit_longer_than_a_file_may_be_stays_whole(make_pack, make_ticket, export):
    more = Table(columns=(Column(title="n"),), rows=tuple((str(n),) for n in range(400)))
    files = export(replace(make_pack(make_ticket(1), make_ticket(2, more)), file_limits=FileLimits(pages=3)))
    pages = [len(PdfReader(path).pages) for name, path in files.items() if "Exhibits" in name]
    assert len(pages) == 2
    assert pages[1] > 3


@pytest.mark.parametrize(("last", "joined"), [(10_000, True), (20_000, False)])
def test_no_report_ends_with_a_file_of_a_few_pages(make_pack, last, joined):
    long, short = (
        Part(id=name, number=number, title=name, page_kind="B", blocks=(Paragraph(text="x" * size),))
        for name, number, size in (("long", 1, 59_000), ("short", 2, last))
    )
    plan = Plan.of(replace(make_pack(), parts=(long, short)), Limits(weight=60_000, whole=0))
    assert [len(group) for group in plan.reports] == ([2] if joined else [1, 1])


@pytest.mark.parametrize(("last", "size", "joined"), [(2, 9_000, True), (2, 20_000, False), (5, 1_000, False)])
def test_no_volume_at_the_end_has_a_few_pages(make_pack, last, size, joined):
    def exhibit(number, size):
        return Exhibit(id=f"T-{number}", title="", blocks=(Verbatim(label="", text="x" * size),), sources=())

    exhibits = (*(exhibit(n, 2_000) for n in range(20)), *(exhibit(20 + n, size // last) for n in range(last)))
    plan = Plan.of(replace(make_pack(), exhibits=exhibits), Limits(exhibits=20, weight=60_000, whole=0))
    assert [len(group) for group in plan.volumes] == ([20 + last] if joined else [20, last])


def test_a_divided_part_loses_no_block_and_no_row():
    rows = tuple((str(n), "x" * 50) for n in range(1000))
    columns = (Column(title="a"), Column(title="b"))
    blocks = (Paragraph(text="p" * 500), Heading(text="h"), Table(columns=columns, rows=rows, caption="All."))
    runs = list(divided(blocks, 20_000))
    assert len(runs) > 3
    assert all(weight(run) <= 21_000 for run in runs)
    assert tuple(r for run in runs for b in run if isinstance(b, Table) for r in b.rows) == rows
    assert all("All. (Rows in" in b.caption for run in runs for b in run if isinstance(b, Table))
    assert not any(isinstance(run[-1], Heading) for run in runs)
    assert [list(divided((), 10))] == [[()]]


def test_an_exhibit_keeps_its_pages_whatever_the_report_says_of_it(make_pack):
    """Numbers that were given are kept only while the pages are as many. Of exhibits that each have a line more than
    the one before, one fills its last page, and a further line anywhere would take a new one."""
    exhibits = [
        Exhibit(
            id=f"e{n}", title=f"Exhibit {n}", sources=(), blocks=(Verbatim(label="Note", text="line\n" * n + "end"),)
        )
        for n in range(20, 65)
    ]  # fmt: skip
    counts = set()
    for cited_in in (0, 1, 29):
        parts = tuple(
            Part(
                id=f"p{n}", number=n, title=f"A part with a title of some length, number {n}", page_kind="B",
                blocks=(
                    Paragraph(text="Said.", cites=tuple(Cite(e.id) for e in exhibits) if n <= cited_in else ()),
                ),
            )
            for n in range(1, 30)
        )  # fmt: skip
        pages = PdfExporter().paginate(make_pack(*exhibits, parts=parts), Silent())
        counts.add(tuple(pages.exhibits.values()))
    assert len(counts) == 1


def test_the_type_of_the_numbers_is_made_once_for_all_files(long_report, tmp_path, monkeypatch):
    """The same files with it made by each."""
    made = []
    in_order = Workers.in_order

    def watched(self, work, tasks, **told):
        given = list(tasks)
        made.append((work.__name__, len(given)))
        return in_order(self, work, given, **told)

    monkeypatch.setattr(Workers, "in_order", watched)
    for name, several in (("together", 3), ("alone", 1000)):
        monkeypatch.setattr(press, "_SEVERAL", several)
        (tmp_path / name).mkdir()
        exporter = PdfExporter(Limits(exhibits=5, weight=60_000))
        files = exporter.export(long_report, tmp_path / name, pagination=None, manifest=b"{}", progress=Silent())
    assert len(files) > 3
    assert made.count(("small_print", 2)) == 1, "for the report, and for exhibits"
    assert len([name for name, _ in made if name == "small_print"]) == 1
    for file in files:
        assert (tmp_path / "together" / file.path).read_bytes() == (tmp_path / "alone" / file.path).read_bytes()


def test_a_second_export_makes_only_the_file_that_carries_the_manifest(long_report, tmp_path, monkeypatch):
    """As a pack with a load file does: the pages numbered once without a manifest, then the pack's own files."""
    exporter = PdfExporter(Limits(exhibits=5, weight=60_000))
    made: list[str] = []
    in_order = Workers.in_order

    def watched(self, work, tasks, **told):
        def seen():
            for task in tasks:
                if work is finish:
                    made.append(task[1].file)
                yield task

        return in_order(self, work, seen(), **told)

    monkeypatch.setattr(Workers, "in_order", watched)
    folders = [tmp_path / name for name in ("without", "first", "same", "other")]
    for folder, manifest in zip(folders, (None, b"{}", b"{}", b'{"a":1}'), strict=True):
        folder.mkdir()
        made.append(folder.name)
        files = exporter.export(long_report, folder, pagination=None, manifest=manifest, progress=Silent())
    names = [file.path for file in files]
    assert made == ["without", *names, "first", REPORT, "same", "other", REPORT]
    alone = tmp_path / "alone"
    alone.mkdir()
    fresh = PdfExporter(Limits(exhibits=5, weight=60_000))
    fresh.export(long_report, alone, pagination=None, manifest=b'{"a":1}', progress=Silent())
    assert {name: (alone / name).read_bytes() for name in names} == {n: (folders[3] / n).read_bytes() for n in names}


@pytest.mark.parametrize("limits", [FileLimits(pages=4), FileLimits(size=120_000)])
def test_files_divided_again_lead_to_where_things_stand_now_and_say_how_many_they_are(long_report, export, limits):
    """A part or exhibit moves to another file when one came out too long: a link to its old file would do nothing."""
    first = export(long_report, limits=Limits(exhibits=5, weight=60_000), name="first")
    files = export(replace(long_report, file_limits=limits), limits=Limits(exhibits=5, weight=60_000))
    assert len(files) > len(first)
    readers = {name: PdfReader(path, strict=True) for name, path in files.items()}
    places = {name: reader.named_destinations for name, reader in readers.items()}
    leading = [
        (str(action["/F"]["/UF"]), str(action["/D"]))
        for reader in readers.values()
        for page in reader.pages
        for link in page.get("/Annots", ())
        if (action := link.get_object().get("/A")) is not None
    ]
    assert leading
    for name, path in files.items():
        assert path.stat().st_size <= (limits.size or 10**9) or len(places[name]) == 1
    assert [(file, place) for file, place in leading if place not in places.get(file, ())] == []
    for said in ("Exhibits, volume", "Report, file"):
        titles = [t for r in readers.values() if said.replace(",", "") in (t := r.metadata.title)]
        assert {t.rpartition(" of ")[2] for t in titles} == {str(len(titles))}


@pytest.mark.parametrize(
    ("copy", "stem"),
    [("counsel", "Evidence Pack"), ("another", "Evidence Pack"), ("production", "Evidence Pack - Production"),
     ("public", "Evidence Pack - Public filing")],
)  # fmt: skip
def test_no_file_of_one_copy_is_called_as_that_of_another(content, export, copy, stem):
    """Sent alone, without its folder, counsel's must not be taken for the one that goes to the other side."""
    files = export(replace(content, copy=copy), limits=Limits(exhibits=5))
    assert set(files) == {f"{stem}.pdf", *(f"{stem} - Exhibits {n:03d}.pdf" for n in range(1, len(files)))}
    assert pdf_name(copy) == f"{stem}.pdf"
