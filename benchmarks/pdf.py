# ruff: noqa: PLC0415 - an engine is imported only in the process that measures it
"""How long the PDF of a pack takes and how much memory it needs.

    python benchmarks/pdf.py                 100 and 1,000 tickets
    python benchmarks/pdf.py --tickets 5000  this many
    python benchmarks/pdf.py --rebuild       instead: export, change a note of one ticket, export again, pages kept

Each ticket: twelve header fields, six notes of 40-120 words, four time entries, eight status changes. Each engine runs
in a process of its own; memory is the peak of the sum over it and its children (Linux; elsewhere it is not shown).
ReportLab and WeasyPrint are compared when they are installed: same content, no Bates labels. WeasyPrint makes tags and
PDF/A-3a as ours does, ReportLab neither.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psa_evidence.spi import (
    Bates,
    Cite,
    Column,
    Cover,
    Exhibit,
    Facts,
    Heading,
    PackContent,
    Paragraph,
    Part,
    Silent,
    Table,
    Verbatim,
)

_WORDS = tuple(
    "printer server restarted user reports slow login after update checked event log replaced cable called vendor "  # noqa: SIM905 - it reads as text
    "waiting for client approval firewall rule added backup verified mailbox migrated disk quota raised certificate "
    "renewed password reset by phone ticket escalated to second line switch port flapping driver reinstalled".split()
)
_START = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
_HEADER = (
    "Client", "Contact", "Board", "Type", "Priority", "Status", "Owner", "Agreement", "SLA", "Entered", "Updated",
    "Closed",
)  # fmt: skip


def content(tickets: int) -> PackContent:
    chance = random.Random(7)
    exhibits = tuple(_ticket(number, chance) for number in range(tickets))
    rows = tuple((Cite(e.id), e.title, "met") for e in exhibits)
    columns = (Column(title="Exhibit"), Column(title="Ticket", width=4), Column(title="Response"))
    report = Part(
        id="tickets", number=1, title="Tickets", page_kind="B",
        blocks=(Paragraph(text=f"{tickets} tickets."), Table(columns=columns, rows=rows)),
    )  # fmt: skip
    return PackContent(
        cover=Cover(matter="Benchmark", subtitle="", facts=()), parts=(report,), exhibits=exhibits, tables=(),
        bates=Bates(prefix="MSP"), time_zone="America/New_York", as_of=_START,
    )  # fmt: skip


def _ticket(number: int, chance: random.Random) -> Exhibit:
    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))

    def at(minutes: int) -> str:
        return (_START + timedelta(hours=number, minutes=minutes)).strftime("%Y-%m-%d %H:%M")

    notes = tuple(Verbatim(label=f"{at(20 * n)} J. Rivera", text=words(40, 120), side="msp") for n in range(6))
    entries = tuple((at(30 * n), "jrivera", "0.50", words(6, 12)) for n in range(4))
    changes = tuple((at(25 * n), "In progress", "Waiting for client", "jrivera") for n in range(8))
    return Exhibit(
        id=f"ticket/{number}", title=f"Ticket {number}: {words(4, 8)}", sources=(),
        blocks=(
            Facts(rows=tuple((name, words(2, 3)) for name in _HEADER)),
            Heading(text="Notes"), *notes,
            Heading(text="Time entries"),
            Table(columns=_columns("Started", "Member", "Hours", "Notes"), rows=entries),
            Heading(text="Status changes"),
            Table(columns=_columns("At", "From", "To", "By"), rows=changes),
        ),
    )  # fmt: skip


def _columns(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title=title) for title in titles)


def run_typst(tickets: int, folder: Path) -> int:
    from psa_evidence_pdf import PdfExporter

    exporter = PdfExporter()
    pack = content(tickets)
    exporter.paginate(pack, Silent())
    files = exporter.export(pack, folder, pagination=None, manifest=b"{}", progress=Silent())
    return sum(file.pages for file in files)


def rebuild(tickets: int) -> None:
    """Export with the pages kept, then again after a word of one note changed, then again with nothing changed."""
    from psa_evidence_pdf import PdfExporter

    print("| export | tickets | documents laid out | of | seconds |\n|" + " --- |" * 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = content(tickets)
        for run, pack in (
            ("first", first),
            ("one note changed", _changed(first)),
            ("nothing changed", _changed(first)),
        ):
            before = {path.name for path in (folder / "cache").glob("*.pages")}
            exporter, out = PdfExporter(), folder / run
            exporter.remember_in(folder / "cache")
            out.mkdir()
            start = time.monotonic()
            files = exporter.export(pack, out, pagination=None, manifest=b"{}", progress=Silent())
            took = time.monotonic() - start
            new = {path.name for path in (folder / "cache").glob("*.pages")} - before
            print(f"| {run} | {tickets:,} | {len(new)} | {len(files)} | {took:.1f} |", flush=True)


def _changed(pack: PackContent) -> PackContent:
    """The same with another word in a note of the ticket in the middle."""
    place = len(pack.exhibits) // 2
    exhibit = pack.exhibits[place]
    note = next(n for n, block in enumerate(exhibit.blocks) if isinstance(block, Verbatim))
    words = exhibit.blocks[note].text.split()
    blocks = list(exhibit.blocks)
    blocks[note] = replace(blocks[note], text=" ".join(["Corrected:", *words[1:]]))
    exhibits = list(pack.exhibits)
    exhibits[place] = replace(exhibit, blocks=tuple(blocks))
    return replace(pack, exhibits=tuple(exhibits))


def run_reportlab(tickets: int, folder: Path) -> int:
    from reportlab.lib.pagesizes import LETTER
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, SimpleDocTemplate
    from reportlab.platypus import Paragraph as Flow
    from reportlab.platypus import Table as Grid

    styles = getSampleStyleSheet()
    story: list[object] = []
    for exhibit in content(tickets).exhibits:
        story.append(Flow(exhibit.title, styles["Heading1"]))
        for block in exhibit.blocks:
            match block:
                case Heading():
                    story.append(Flow(block.text, styles["Heading2"]))
                case Facts():
                    story.append(Grid([list(row) for row in block.rows]))
                case Verbatim():
                    story += [Flow(block.label, styles["Heading4"]), Flow(block.text, styles["BodyText"])]
                case Table():
                    rows = [[Flow(str(cell), styles["BodyText"]) for cell in row] for row in block.rows]
                    story.append(Grid([[column.title for column in block.columns], *rows], repeatRows=1))
        story.append(PageBreak())
    pages = 0

    def numbered(canvas, document):
        nonlocal pages
        pages = document.page
        canvas.drawRightString(560, 30, f"MSP{document.page:06d}")

    path = folder / "platypus.pdf"
    SimpleDocTemplate(str(path), pagesize=LETTER).build(story, onFirstPage=numbered, onLaterPages=numbered)
    return pages


def run_weasyprint(tickets: int, folder: Path) -> int:
    from html import escape

    from weasyprint import HTML

    parts = [
        "<!doctype html><html lang=en><title>Evidence pack</title>",
        "<style>@page{size:letter;@bottom-right{content:'MSP' counter(page)}} h1{break-before:page}</style>",
    ]
    for exhibit in content(tickets).exhibits:
        parts.append(f"<h1>{escape(exhibit.title)}</h1>")
        for block in exhibit.blocks:
            match block:
                case Heading():
                    parts.append(f"<h2>{escape(block.text)}</h2>")
                case Facts():
                    parts.append(_html(block.rows))
                case Verbatim():
                    parts.append(f"<h4>{escape(block.label)}</h4><p>{escape(block.text)}</p>")
                case Table():
                    parts.append(_html(block.rows, [column.title for column in block.columns]))
    document = HTML(string="".join(parts)).render(pdf_variant="pdf/a-3a", pdf_tags=True)
    document.write_pdf(folder / "weasyprint.pdf")
    return len(document.pages)


def _html(rows, heads=()) -> str:
    from html import escape

    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    return "<table>" + (f"<thead><tr>{head}</tr></thead>" if head else "") + "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    ) + "</table>"  # fmt: skip


ENGINES = {
    "psa-evidence (typst)": ("psa_evidence_pdf", run_typst),
    "reportlab platypus": ("reportlab", run_reportlab),
    "weasyprint": ("weasyprint", run_weasyprint),
}


def _resident(root: int) -> int:
    """Bytes resident in a process and all that descend from it; 0 where there is no /proc."""
    parents: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            sizes[int(folder.name)] = int(fields[21]) * 4096
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
        except (OSError, IndexError, ValueError):
            continue
    total, open_ = 0, [root]
    while open_:
        process = open_.pop()
        total += sizes.get(process, 0)
        open_ += parents.get(process, [])
    return total


def _processor_seconds() -> float:
    """Of all processes that this one waited for; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(engine: str, tickets: int) -> tuple[float, float, int, str]:
    """Seconds, processor seconds of it and its children, bytes, and the pages as the engine counts them."""
    before = _processor_seconds()
    command = [sys.executable, __file__, "--run", engine, "--tickets", str(tickets)]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.05)
    took = time.monotonic() - start
    pages = process.communicate()[0].strip() if process.returncode == 0 else "failed"
    return took, _processor_seconds() - before, peak, pages


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of the PDF export")
    parser.add_argument("--tickets", type=int, action="append", help="how many; may be given more than once")
    parser.add_argument("--engine", action="append", choices=sorted(ENGINES))
    parser.add_argument("--rebuild", action="store_true", help="measure a second export after one ticket changed")
    parser.add_argument("--run", choices=sorted(ENGINES), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.rebuild:
        for tickets in asked.tickets or [1000]:
            rebuild(tickets)
        return
    if asked.run:
        with tempfile.TemporaryDirectory() as folder:
            print(ENGINES[asked.run][1](asked.tickets[0], Path(folder)))
        return
    print("| engine | tickets | pages | seconds | processor seconds | peak MiB |\n|" + " --- |" * 6)
    for engine in asked.engine or ENGINES:
        if importlib.util.find_spec(ENGINES[engine][0]) is None:
            print(f"| {engine} | not installed | | | | |")
            continue
        for tickets in asked.tickets or [100, 1000]:
            took, used, peak, pages = measured(engine, tickets)
            print(f"| {engine} | {tickets:,} | {pages} | {took:.1f} | {used:.1f} | {peak >> 20} |", flush=True)


if __name__ == "__main__":
    main()
