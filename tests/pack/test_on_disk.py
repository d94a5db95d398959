import filecmp
import importlib
import shutil
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from psa_evidence.pack import on_disk
from psa_evidence.pack.on_disk import ExhibitsOnDisk, RowsOnDisk, arranged, kept, kept_rows
from psa_evidence.plugins import load_exporter
from psa_evidence.records import Digest, SourceRef
from psa_evidence.spi import Cite, Exhibit, Heading, Strip, StripSegment, Table, Verbatim
from psa_evidence.vault import Vault

AT = datetime(2026, 3, 2, tzinfo=UTC)
HOSTILE = "cut \ud83d, null \x00, line\u2028end, '''\\"


class Watched(Exhibit):
    """One of which can be told whether anybody still holds it."""


def exhibit(number):
    return Watched(
        id=f"T-{number}", title=f"Ticket {number}", sources=(SourceRef("ticket", str(number), Digest("a" * 64)),),
        blocks=(
            Heading(text=HOSTILE), Verbatim(label="note", text=HOSTILE * number),
            Table(columns=(), rows=((Cite("T-1", "see"), HOSTILE),)),
            Strip(segments=(StripSegment(start=AT, end=AT, state="paused"),)),
        ),
    )  # fmt: skip


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(on_disk, "IN_MEMORY", 2)


def test_few_are_held_in_memory_and_many_on_disk(few):
    assert kept(map(exhibit, range(2))) == (exhibit(0), exhibit(1))
    many = kept(map(exhibit, range(7)))
    assert isinstance(many, ExhibitsOnDisk)
    assert list(many) == [exhibit(n) for n in range(7)]
    assert (len(many), many[3], many[-1]) == (7, exhibit(3), exhibit(6))
    assert list(many[4:]) == [exhibit(n) for n in (4, 5, 6)]


def test_of_many_none_is_held(few):
    seen = []

    def drawn():
        for number in range(7):
            one = exhibit(number)
            seen.append(weakref.ref(one))
            yield one

    many = kept(drawn())
    assert len(many) == len(seen)
    assert [ref() for ref in seen] == [None] * 7


def test_their_order_can_be_changed(few):
    three, seven = kept(map(exhibit, range(2))), kept(map(exhibit, range(7)))
    assert [e.id for e in arranged(seven, [6, 0, 3])] == ["T-6", "T-0", "T-3"]
    assert arranged(three, [1, 0]) == (exhibit(1), exhibit(0))
    assert arranged(seven, range(7)) is seven


class Elsewhere:
    """A file in which each thread stands still between seeking and reading, until another had time to seek."""

    def __init__(self, file):
        self.file = file

    def seek(self, offset):
        self.file.seek(offset)
        time.sleep(0.001)

    def read(self, size):
        return self.file.read(size)


def test_threads_may_ask_at_once(few):
    many = kept(map(exhibit, range(40)))
    many._file._file = Elsewhere(many._file._file)
    with ThreadPoolExecutor(8) as threads:
        assert [one.id for one in threads.map(many.__getitem__, range(40))] == [f"T-{n}" for n in range(40)]


def test_few_rows_are_held_in_memory_and_many_on_disk(monkeypatch):
    monkeypatch.setattr(on_disk, "ROWS_IN_MEMORY", 2)
    monkeypatch.setattr(on_disk, "_ROWS", 3)
    rows = [(HOSTILE, str(number)) for number in range(10)]
    assert kept_rows(iter(rows[:2])) == (rows[0], rows[1])
    many = kept_rows(iter(rows))
    assert isinstance(many, RowsOnDisk)
    assert (len(many), list(many), list(many)) == (10, rows, rows)
    assert (many[0], many[7], many[-1], list(many[2:9:3])) == (rows[0], rows[7], rows[-1], rows[2:9:3])
    with pytest.raises(IndexError):
        many[10]


def test_a_pack_made_from_disk_is_the_same(make, vault, monkeypatch, pages, matter, tmp_path):
    """Also where a ledger puts exhibits that have numbers first."""

    plain = replace(matter, production=replace(matter.production, images=False))

    def built(out, vault):
        exporters = {"pages": pages, "tables": load_exporter("tables"), "loadfile": load_exporter("loadfile")}
        return make(vault, matter=plain, exporters=exporters, out=out, ledger=tmp_path / f"{out}.jsonl")

    monkeypatch.setattr(pages, "export", _written_plainly(pages))
    other = Vault.open(shutil.copytree(vault.path, tmp_path / "other"))
    in_memory = [built("a", vault), built("a", vault)]
    assert isinstance(pages.content.exhibits, tuple)
    assert {type(table.rows) for table in pages.content.tables} == {tuple}
    monkeypatch.setattr(on_disk, "IN_MEMORY", 1)
    monkeypatch.setattr(on_disk, "ROWS_IN_MEMORY", 1)
    on_the_disk = [built("b", other), built("b", other)]
    assert isinstance(pages.content.exhibits, ExhibitsOnDisk)
    assert {type(table.rows) for table in pages.content.tables} == {tuple, RowsOnDisk}
    for one, other in zip(in_memory, on_the_disk, strict=True):
        files = sorted(p.relative_to(one.folder).as_posix() for p in one.folder.rglob("*") if p.is_file())
        assert filecmp.cmpfiles(one.folder, other.folder, files, shallow=False)[1:] == ([], [])


def _written_plainly(pages):
    """The stand-in's pages with the exhibits as a tuple, since it prints the content as it is."""
    export = pages.export

    def written(content, folder, **named):
        held = tuple(replace(table, rows=tuple(table.rows)) for table in content.tables)
        files = export(replace(content, exhibits=tuple(content.exhibits), tables=held), folder, **named)
        pages.content = content
        return files

    return written


def test_what_is_written_is_not_held_while_pages_are_made(make, vault, monkeypatch):
    seen = {}
    build, gathering = (importlib.import_module(f"psa_evidence.pack.{name}") for name in ("build", "gather"))
    content_of, manifest_of, gather = build.content_of, build.manifest_of, build.gather

    class Gathered(gathering.Gathered):
        """Of which can be told whether anybody still holds it."""

    def gathered(*given, **named):
        found = gather(*given, **named)
        watched = Gathered(**{field.name: getattr(found, field.name) for field in fields(found)})
        seen["gathered"] = weakref.ref(watched)
        return watched

    def content(dossier, progress):
        assert seen["gathered"]() is None
        seen["bytes"] = {native.body for native in dossier.natives}
        seen["tickets"] = len(dossier.records.tickets)
        return content_of(dossier, progress)

    def manifest(dossier, **named):
        seen["records"] = dossier.records
        seen["results"] = dossier.results
        return manifest_of(dossier, **named)

    def paginate(*given):
        assert seen["given back"] == ["bytes", "records"], "before pages are laid out, by processes"
        return paginated(*given)

    paginated, seen["given back"] = build.paginate, []
    monkeypatch.setattr(
        build, "give_back", lambda: seen["given back"].append("records" if "tickets" in seen else "bytes")
    )
    monkeypatch.setattr(build, "paginate", paginate)
    monkeypatch.setattr(build, "gather", gathered)
    monkeypatch.setattr(build, "content_of", content)
    monkeypatch.setattr(build, "manifest_of", manifest)
    make(vault)
    assert seen["bytes"] == {b""}
    assert seen["tickets"] > 0
    assert seen["records"] == type(seen["records"])()
    assert seen["results"] == ()
