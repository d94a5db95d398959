"""A small pack on disk: natives, attached files, pages numbered by the real PDF exporter."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from psa_evidence.spi import AttachedFile, Event, Material, ProducedDocument, Silent, SourceFile
from psa_evidence_loadfile import exporter
from psa_evidence_pdf import PdfExporter


class Bag:
    """A folder with natives, as a pack has them."""

    def __init__(self, folder, at):
        self.folder, self.at = folder, at

    def native(self, key, body, ending="json"):
        path = f"data/natives/{key}.{ending}"
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        return SourceFile(key=key, path=path, sha256=digest, size=len(body), captured_at=self.at)

    def document(self, number, *, title="Printer", attached=(), native=True, **more):
        own = self.native(f"ticket/{number}", b'{"id": %d}' % number) if native else None
        files = tuple(
            AttachedFile(
                native=self.native(f"attachment/{number}{n}", body, ending), name=name, title=name, author="ann",
                added_at=self.at,
            )
            for n, (name, ending, body) in enumerate(attached)
        )  # fmt: skip
        return ProducedDocument(
            exhibit=f"ticket/{number}", record_type="ticket", record_id=str(number), title=title, native=own,
            records=((own,) if own else ()) + tuple(f.native for f in files), attachments=files, author="jrivera",
            people=("Ann Client", "J. Rivera"), created_at=self.at, entered_at=self.at, **more,
        )  # fmt: skip


@pytest.fixture(scope="session")
def session(tmp_path_factory, make_pack, make_ticket, run_facts):
    """Content of three exhibits, its natives, its numbered pages."""
    folder = tmp_path_factory.mktemp("bag")
    content = make_pack(*(make_ticket(n) for n in (1, 2, 3)))
    bag = Bag(folder, content.as_of)
    documents = (
        bag.document(1, title="þorn \x14 bell, line\r\nbreak ® and \ud800"),
        bag.document(
            2, attached=(("Log of the server.txt", "txt", "füße\n".encode()), ("Bild.PNG", "png", b"\x89PNG"))
        ),
        bag.document(3, native=False),
    )
    events = (
        Event(at=content.as_of, text="=1+1 was written", exhibit="ticket/2", key="note/1", people=("Ann",),
              side="client", to="provider", channel="=e-mail", topic="message"),
        Event(at=content.as_of, text="Nowhere shown", exhibit=None, key="note/2"),
    )  # fmt: skip
    content = replace(content, run=run_facts, documents=documents, events=events)
    printer = PdfExporter()
    pages = tmp_path_factory.mktemp("pages")
    where = printer.paginate(content, Silent())
    printer.export(content, pages, pagination=where, manifest=None, progress=Silent())
    return content, where, Material(bag=folder, pages=pages)


@pytest.fixture
def make_volume(session, tmp_path):
    """Write a volume; `change` alters the content, `where` the pagination, `material` what the exporter is handed."""

    def run(folder="out", *, change=None, where=None, material=None):
        content, pagination, given = session
        target = tmp_path / folder
        target.mkdir()
        written = exporter.export(
            replace(content, **(change or {})), target, pagination=where or pagination, manifest=None,
            progress=Silent(), material=material or given,
        )  # fmt: skip
        assert {f.path for f in written} == {
            p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()
        }  # fmt: skip
        return target

    return run
