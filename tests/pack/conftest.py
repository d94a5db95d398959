"""A small PSA in ConnectWise's shape, captured into a real vault; an exporter that lays out nothing."""

import io
import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from psa_evidence.matter import Clauses, Contract, Matter
from psa_evidence.pack import build
from psa_evidence.plugins import load_connector, load_exporter
from psa_evidence.records import Goal
from psa_evidence.spi import (
    REMOVED,
    ConnectorInfo,
    Exchange,
    ExportedFile,
    ExporterInfo,
    Pagination,
    Scope,
    Sighting,
    Silent,
)
from psa_evidence.vault import Vault

START = datetime(2025, 7, 1, 2, 0, tzinfo=UTC)
NOW = datetime(2025, 7, 2, 9, 0, tzinfo=UTC)
CLIENT, OTHER = "10", "20"
HOSTILE = "../../evil\\..\\con|<script>=1+1"


def ref(number, name):
    return {"id": number, "name": name}


def info(at):
    return {"lastUpdated": at, "updatedBy": "tbell", "dateEntered": at, "enteredBy": "tbell"}


class Clock:
    def __init__(self, start=START):
        self.now = start

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Psa:
    """Rows by kind: (kind, id, row or bytes, client, parent, at)."""

    rows: list = field(default_factory=list)

    def add(
        self,
        kind,
        row,
        *,
        id=None,  # noqa: A002
        client=None,
        parent=None,
        at=None,
    ):
        self.rows.append((kind, str(id if id is not None else row["id"]), row, client, parent, at))

    def settings(self):
        self.add("system_info", {"version": "v2025.1", "isCloud": True, "serverTimeZone": "America/New_York"}, id="1")
        self.add("board", ref(1, "Service Desk"))
        for number, name, meaning, closed in (
            (1, "New", "NotResponded", False), (2, "In Progress", "Responded", False),
            (3, "Waiting on client", "NoEscalation", False), (4, "Closed", "Resolved", True),
        ):  # fmt: skip
            self.add("status", {
                **ref(number, name), "board": ref(1, "Service Desk"), "escalationStatus": meaning,
                "closedStatus": closed,
            }, parent="board/1")  # fmt: skip
        self.add("priority", {**ref(6, "Priority 1"), "sortOrder": 1})
        hours = {f"{d}{e}Time": t for d in ("monday", "tuesday", "wednesday", "thursday", "friday")
                 for e, t in (("Start", "08:00:00"), ("End", "18:00:00"))}  # fmt: skip
        self.add("calendar", {**ref(1, "Office hours"), **hours})
        self.add("sla", {**ref(1, "Gold"), "basedOn": "Customer", "defaultFlag": True, "respondHours": 1.0,
                         "respondPercent": 90, "planWithin": 2.0, "resolutionHours": 4.0})  # fmt: skip
        for number, name in ((10, "Northwind Trading"), (20, "Other Client Ltd")):
            self.add("client", {
                **ref(number, name), "identifier": name.split()[0], "calendar": ref(1, "Office hours"),
                "_info": info("2024-01-01T00:00:00Z"),
            }, client=str(number))  # fmt: skip

    def ticket(self, number, entered, *, client=CLIENT, summary="Printer", worked=30, closed=90, pause=None, **more):
        """A ticket answered after `worked` minutes and closed after `closed`; `pause` = (from, to) minutes."""
        at = datetime.fromisoformat(entered)

        def stamp(minutes):
            return (at + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")

        self.add("ticket", {
            "id": number, "summary": summary, "recordType": "ServiceTicket", "board": ref(1, "Service Desk"),
            "status": ref(4, "Closed"), "priority": ref(6, "Priority 1"), "company": {"id": int(client)},
            "sla": ref(1, "Gold"), "agreement": ref(50, "Managed"), "dateEntered": stamp(0),
            "closedDate": stamp(closed),
            "closedFlag": True, "isInSla": True, "dateResponded": stamp(worked), "dateResplan": stamp(worked),
            "dateResolved": stamp(closed), "respondMinutes": worked, "resPlanMinutes": 0,
            "resolveMinutes": closed - worked, "_info": info(stamp(closed)), **more,
        }, client=client, at=at)  # fmt: skip
        hang = {"client": client, "parent": f"ticket/{number}"}
        status = "New"
        lines = [(0, 'Ticket Created. Status: "New"')]
        for minutes, new in [(worked, "In Progress"), *([(pause[0], "Waiting on client"), (pause[1],
        "In Progress")] if pause else []),
                             (closed, "Closed")]:  # fmt: skip
            lines.append((minutes, f'Status has been changed from "{status}" to "{new}".'))
            status = new
        for n, (minutes, text) in enumerate(lines):
            self.add("history", {
                "text": text, "enteredDate": stamp(minutes), "enteredBy": "tbell", "auditType": "Ticket",
                "auditSubType": "Status" if n else "Record", "auditSource": "Member",
            }, id=f"{number}-{n:016d}", at=at + timedelta(minutes=minutes), **hang)  # fmt: skip
        self.add("note", {
            "id": number * 100, "noteType": "TicketNote", "ticket": {"id": number}, "text": f"Note of {number}: "
            f"{HOSTILE}",
            "detailDescriptionFlag": True, "internalAnalysisFlag": False, "resolutionFlag": False,
            "contact": {"id": 7, "name": "Ann Client"}, "_info": info(stamp(1)),
        }, at=at, **hang)  # fmt: skip
        self.add("time_entry", {
            "id": number * 100 + 1, "company": {"id": int(client)}, "chargeToId": number,
            "chargeToType": "ServiceTicket",
            "member": {"id": 5, "identifier": "tbell", "name": "Tessa"}, "workType": ref(1, "Remote"),
            "timeStart": stamp(worked),
            "timeEnd": stamp(closed), "actualHours": 0.5, "billableOption": "DoNotBill", "notes": "Replaced toner",
            "enteredBy": "tbell", "dateEntered": stamp(closed + 60 * 30), "ticket": {"id": number},
        }, at=at, **hang)  # fmt: skip

    def story(self):
        """Northwind: met, missed, paused, outside the period; another client's ticket; advice, invoice, paper."""
        self.settings()
        self.add("agreement", {
            **ref(50, "Managed"), "type": ref(1, "Managed"), "company": {"id": 10}, "startDate": "2024-01-01T00:00:00Z",
            "sla": ref(1, "Gold"), "billAmount": 1000.0, "_info": info("2024-01-01T00:00:00Z"),
        }, client=CLIENT)  # fmt: skip
        self.ticket(1001, "2025-03-04T15:00:00+00:00")
        self.ticket(1002, "2025-03-05T15:00:00+00:00", worked=100, closed=400, summary=f"Server {HOSTILE}")
        self.ticket(1003, "2025-04-01T14:00:00+00:00", pause=(40, 200), closed=300)
        self.ticket(990, "2024-12-31T15:00:00+00:00", summary="Before the period")
        self.ticket(1999, "2025-06-15T15:00:00+00:00", summary="After the period")
        self.ticket(1500, "2025-03-06T15:00:00+00:00", client=OTHER, summary="SECRET OF ANOTHER CLIENT")
        self.add("document", {
            "id": 77, "title": "Screenshot", "fileName": HOSTILE + ".png", "size": 4,
            "_info": info("2025-03-05T15:10:00Z"),
        }, client=CLIENT, parent="ticket/1002")  # fmt: skip
        self.add("attachment", b"\x89PNG", id="77", client=CLIENT, parent="document/77")
        self.add("opportunity", {
            **ref(30, "Backup proposal"), "company": {"id": 10}, "status": ref(3, "Lost"), "notes": "Declined by phone",
            "_info": info("2025-02-01T15:00:00Z"),
        }, client=CLIENT)  # fmt: skip
        self.add("invoice", {
            "id": 40, "invoiceNumber": "INV-40", "company": {"id": 10}, "date": "2025-03-01T00:00:00Z", "total": 1000.0,
            "balance": 1000.0, "dueDate": "2025-03-31T00:00:00Z",
        }, client=CLIENT, at=datetime(2025, 3, 1, tzinfo=UTC))  # fmt: skip
        self.add("member", {"id": 5, "identifier": "tbell", "firstName": "Tessa", "lastName": "Bell",
                            "licenseClass": "F"})  # fmt: skip
        return self

    def fill(self, vault, *, missing=(), start=START, lists=(), facts=(), query=""):
        """Capture the rows; `missing` are resource, reason and, when it is named, what is below; `lists` are arguments
        of `Recorder.present`, `facts` of `Recorder.fact`; `query` ends each address."""
        clock = Clock(start)
        writer = vault.begin(
            connection="demo", connector=ConnectorInfo(name="connectwise", title="CW", version="1", settings=()),
            scope=Scope(), clock=clock, who="tester",
        )  # fmt: skip
        for kind, id_, row, client, parent, at in self.rows:
            body = row if isinstance(row, bytes) else json.dumps(row).encode()
            writer.keep(
                Exchange(
                    method="GET", url=f"https://psa.example/{kind}/x{query}",
                    request_headers=(("Authorization", REMOVED),),
                    request_body=b"", status=200, reason="OK", http_version="HTTP/1.1", response_headers=(),
                    response_body=body, started_at=clock.now, finished_at=clock.now,
                ),
                [Sighting(kind=kind, id=id_, start=0, end=len(body), client=client, parent=parent, at=at)],
            )  # fmt: skip
        for resource, reason, *below in missing:
            writer.missing(resource, reason, below=below[0] if below else None)
        for name, value in facts:
            writer.fact(name, value)
        for kind, ids in lists:
            writer.present(kind, ids, complete=True)
        return writer.finish()


def _pdf(numbers, *attached):
    """Empty pages with these labels, a bookmark to each, and files attached as they are."""
    writer = PdfWriter()
    labels = ArrayObject()
    for place, number in enumerate(numbers):
        writer.add_outline_item(title=number, page_number=writer.add_blank_page(width=72, height=72))
        labels.append(NumberObject(place))
        labels.append(DictionaryObject({NameObject("/P"): TextStringObject(number)}))
    writer.root_object[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): labels})
    for number, data in enumerate(attached):
        writer.add_attachment(filename=f"{number}.txt", data=data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class Pages:
    """An exporter that numbers pages: two a piece, and writes a file that holds the manifest."""

    def __init__(self, names=("Evidence Pack.pdf",)):
        self.names, self.content, self.runs = names, None, 0

    @property
    def info(self):
        return ExporterInfo(name="pages", title="Pages", version="1")

    def paginate(self, content, progress):
        def ranges(items, stamp):
            return {x.id: (stamp(2 * n + 1), stamp(2 * n + 2)) for n, x in enumerate(items)}

        bates = content.bates
        return Pagination(
            exhibits=ranges(content.exhibits, bates.exhibit), parts=ranges(content.parts, bates.report),
            exhibit_pages=2 * len(content.exhibits), report_pages=2 * len(content.parts),
        )  # fmt: skip

    def _numbers(self, pagination):
        return [n for pair in (*pagination.exhibits.values(), *pagination.parts.values()) for n in pair]

    def export(self, content, folder, *, pagination, manifest, progress, material=None):
        self.content, self.runs = content, self.runs + 1
        for number, name in enumerate(self.names):
            pages = self._numbers(pagination)[number :: len(self.names)] if pagination else ["1"]
            (folder / name).write_bytes(_pdf(pages, repr(content).encode(), manifest or b""))
        return tuple(ExportedFile(path=n, media_type="application/pdf", pages=1) for n in self.names)


@pytest.fixture(scope="session")
def matter():
    return Matter(
        name="Northwind v. Acme", client="Northwind", connection="demo", first_day=date(2025, 1, 1),
        last_day=date(2025, 5, 31), time_zone="America/New_York", bates_prefix="NW-", parties=(("msp", "Acme IT"),),
    )  # fmt: skip


@pytest.fixture
def contract():
    return Contract(
        reference="MSA schedule B",
        goals=(("Priority 1", Goal(response=7200, plan=None, resolution=28800)),),
        clauses=Clauses(terms=(), goals=(("Priority 1", "resolution", "B.2"),)),
    )


@pytest.fixture
def psa():
    return Psa().story()


@pytest.fixture
def new_psa():
    return Psa


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """The folder of a vault that holds the story. Not to be written to: `vault` gives each test a copy of its own."""
    folder = tmp_path_factory.mktemp("filled") / "vault"
    Psa().story().fill(Vault.create(folder, vault_id="vault-of-the-test"))
    return folder


@pytest.fixture
def vault(tmp_path, filled):
    return Vault.open(shutil.copytree(filled, tmp_path / "vault"))


@pytest.fixture
def empty_vault(tmp_path):
    return Vault.create(tmp_path / "empty", vault_id="vault-of-the-test")


@pytest.fixture
def pages():
    return Pages()


@pytest.fixture
def pages_named():
    return Pages


@pytest.fixture(scope="session")
def connector():
    return load_connector("connectwise")


@pytest.fixture
def make(tmp_path, matter, connector, pages):
    """Build a pack of `matter` with the stand-in exporter, into `out` below the test's folder."""

    def run(
        vault, *, matter=matter, exporters=None, out="out", who="me", now=NOW, ledger=None, withheld=None, sealer=None
    ):  # fmt: skip
        return build(
            matter=matter, vault=vault, connector=connector,
            exporters={"pages": pages} if exporters is None else exporters, out=tmp_path / out,
            software="psa-evidence 0.test", progress=Silent(), who=who, now=now,
            ledger=ledger, withheld=withheld or {}, sealer=sealer,
        )  # fmt: skip

    return run


@pytest.fixture
def start():
    """When the first capture began."""
    return START


@pytest.fixture
def tables():
    return load_exporter("tables")
