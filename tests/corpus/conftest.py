"""The packs that the corpus attacks, and the attacker: he edits files as a case says, and repairs the layers it names.

Each pack is made by the product from a small PSA and two captures, both stamped by the test authority; its PDF is a
small real one, so that the attacker too can lay it out anew. `edited` is of three captures, between the last two of
which a target, a ticket and a note were edited. `plain` bears no seal on its PDF, which makes it the
attacker's easier prey; `sealed` does; `withheld` shows one ticket in part; `old` is of the first capture only; `other`
is of another matter, from the same vault; `joined` has a note that does not name its ticket, as others do; `renewed` is
`edited` with tokens under the names of two authorities, and renewals; `copy` is a production copy whose rules withhold
a note, a field and a term, so that it has the logs of what is withheld.
"""

import dataclasses
import importlib.util
import io
import itertools
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.matter import CopyRules, Masks, Rule
from psa_evidence.pack import build
from psa_evidence.pack.pdf_seal import PdfSealer, SealAuthority
from psa_evidence.plugins import load_connector, load_exporter
from psa_evidence.simulator.authority import make_keys, respond
from psa_evidence.spi import ExportedFile, ExporterInfo, Pagination, Silent
from psa_evidence.vault import Vault
from psa_evidence.vault.witness import Authority, Witnessing
from psa_evidence.vault.witness_renewing import renew

HERE = Path(__file__).parent
STAMPED = datetime(2025, 7, 2, 2, 5, 7, tzinfo=UTC)


def module_of(path):
    """A file beside the tests, as a module: pytest imports each conftest by its own path."""
    name = "psa_evidence_corpus_" + "_".join(path.parts[-3:]).removesuffix(".py")
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


def small_pdf(ranges, manifest):
    """Blank pages with the labels of `ranges` (prefix with leading zeros and all, first, pages), and the manifest."""
    writer = PdfWriter()
    labels = ArrayObject()
    for prefix, first, pages in ranges:
        for number in range(first, first + pages):
            text = TextStringObject(f"{prefix}{number:06d}")
            labels.extend([NumberObject(len(writer.pages)), DictionaryObject({NameObject("/P"): text})])
            writer.add_blank_page(width=612, height=792)
            writer.add_outline_item(title=text, page_number=len(writer.pages) - 1)
    writer.root_object[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): labels})
    if manifest is not None:
        writer.add_attachment("manifest.json", manifest)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class SmallPdf:
    """An exporter: two pages for each exhibit and one for each part."""

    info = ExporterInfo(name="pages", title="Pages", version="1")

    def paginate(self, content, progress):
        bates = content.bates
        exhibits = {x.id: (bates.exhibit(2 * n + 1), bates.exhibit(2 * n + 2)) for n, x in enumerate(content.exhibits)}
        parts = {x.id: (bates.report(n + 1), bates.report(n + 1)) for n, x in enumerate(content.parts)}
        return Pagination(
            exhibits=exhibits, parts=parts, exhibit_pages=2 * len(exhibits), report_pages=len(parts),
            files=("Evidence Pack.pdf",),
        )  # fmt: skip

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        ranges = [
            (content.bates.exhibit(1)[:-6], 1, pagination.exhibit_pages),
            (content.bates.report(1)[:-6], 1, pagination.report_pages),
        ]
        (folder / "Evidence Pack.pdf").write_bytes(small_pdf(ranges, manifest))
        return (ExportedFile(path="Evidence Pack.pdf", media_type="application/pdf", pages=1),)


@pytest.fixture(scope="session")
def authority():
    return make_keys(datetime(2025, 6, 1, tzinfo=UTC), elliptic=True)


@pytest.fixture(scope="session")
def forger():
    """An authority of the attacker's own, with the honest one's names."""
    return make_keys(datetime(2025, 6, 1, tzinfo=UTC), elliptic=True)


@pytest.fixture(scope="session")
def bases(tmp_path_factory, authority):
    """Name of a pack to its files. Made once."""
    folder = tmp_path_factory.mktemp("corpus")
    source = module_of(HERE.parent / "pack" / "conftest.py")
    psa = source.Psa().story()
    vault = Vault.create(folder / "vault", vault_id="vault-of-the-corpus")
    serials, nonces = itertools.count(5), itertools.count(1)
    now = [STAMPED]

    def ask(_url, request):
        return respond(request, authority, now=now[0], serial=next(serials))

    stamping = Witnessing(vault, ask=ask, clock=lambda: now[0], nonces=nonces.__next__, who="tester")
    known = [Authority("demo", "http://authority.example/", from_file(authority.root_pem))]
    matter = source.Matter(
        name="Northwind v. Acme", client="Northwind", connection="demo", first_day=source.date(2025, 1, 1),
        last_day=source.date(2025, 5, 31), time_zone="America/New_York", bates_prefix="NW-",
        parties=(("msp", "Acme IT"),),
    )  # fmt: skip
    sealer = PdfSealer([SealAuthority("demo", "http://authority.example/", from_file(authority.root_pem))], ask)
    exporters = {"pages": SmallPdf(), "tables": load_exporter("tables"), "loadfile": load_exporter("loadfile")}
    made = {}

    def keep(name, of=matter, **more):
        result = build(
            matter=of, vault=vault, connector=load_connector("connectwise"), exporters=exporters,
            out=folder / name, software="psa-evidence 0.test", progress=Silent(), who="me",
            now=datetime(2025, 7, 3, tzinfo=UTC), **more,
        )  # fmt: skip
        made[name] = {
            p.relative_to(result.folder).as_posix(): p.read_bytes() for p in result.folder.rglob("*") if p.is_file()
        }

    for day in (1, 2):
        start = datetime(2025, 7, day, 2, 0, tzinfo=UTC)
        now[0] = datetime(2025, 7, day, 2, 5, 7, tzinfo=UTC)
        psa.fill(vault, start=start)
        stamping.stamp(known)
        if day == 1:
            keep("old")
            about = {"connection": "demo", "client": "20", "matter": "Another v. Acme"}
            vault.log("accessed", "Another v. Acme", about, who="tester", at=now[0])  # withheld, the last under seal 2
        psa.ticket(1004 + day, "2025-05-06T15:00:00+00:00", summary="Phone")
    keep("plain")
    keep("sealed", sealer=sealer)
    keep("withheld", withheld={"ticket/1002": {"summary": "privilege"}})
    keep("other", of=dataclasses.replace(matter, name="Other v. Acme", client="Other Client Ltd"))
    now[0] = datetime(2025, 7, 3, 2, 5, 7, tzinfo=UTC)
    edits = {("sla", "1"): {"respondHours": 5.0}, ("ticket", "1001"): {"summary": "Printer again"},
             ("note", "100300"): {"text": "Rewritten"}}  # fmt: skip
    psa.rows = [
        (kind, id_, {**row, **edits.get((kind, id_), {})} if isinstance(row, dict) else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    psa.fill(vault, start=datetime(2025, 7, 3, 2, 0, tzinfo=UTC))
    stamping.stamp(known)
    keep("edited")
    two = [*known, Authority("second", "http://second.example/", from_file(authority.root_pem))]
    now[0] = datetime(2025, 7, 3, 3, 5, 7, tzinfo=UTC)
    stamping.stamp(two)
    renew(stamping, two, now=now[0], within=timedelta(days=9000))
    keep("renewed")
    psa.add("note", {
        "id": 100301, "noteType": "MeetingNote", "text": "By telephone", "member": {"id": 5, "identifier": "tbell"},
        "_info": source.info("2025-04-01T14:20:00Z"),
    }, client=source.CLIENT, parent="ticket/1003")  # fmt: skip
    now[0] = datetime(2025, 7, 4, 2, 5, 7, tzinfo=UTC)
    psa.fill(vault, start=datetime(2025, 7, 4, 2, 0, tzinfo=UTC))
    stamping.stamp(known)
    keep("joined")
    rules = CopyRules(
        withhold=(
            Rule(reason="privilege", privilege="attorney-client", records=("note/100300",)),
            Rule(reason="not relevant", fields=("ticket/1002.summary", "ticket/1001.summary")),
        ),
        masks=Masks(terms=("telephone",)),
    )
    keep("copy", of=dataclasses.replace(matter, copies=(("production", rules),)).as_copy("production"))
    return made


@pytest.fixture(scope="session")
def attacker_code():
    return module_of(HERE / "attacker.py")


@pytest.fixture
def attacker(bases, attacker_code, forger, authority):
    """Makes an attacker with the files of one of the packs."""
    return lambda base: attacker_code.Attacker(dict(bases[base]), bases, forger, authority, small_pdf)
