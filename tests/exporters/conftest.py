"""A small pack that has every kind of block in it, and texts that try to break out of the page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from psa_evidence.records import Digest, SourceRef
from psa_evidence.spi import (
    Bates,
    CaptureFacts,
    Cite,
    Column,
    Cover,
    DataTable,
    Examined,
    Exhibit,
    Facts,
    Heading,
    KindCount,
    PackContent,
    Paragraph,
    Part,
    RunFacts,
    SealFacts,
    Strip,
    StripSegment,
    Table,
    Verbatim,
)

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)

HOSTILE = (
    '#panic("x") #sys.inputs *bold* _it_ $x^2$ `raw` <label> @ref \\ // comment /* c */ = Heading',
    '#set page(width: 1cm)\n= Not a heading\n- item\n#read("/etc/passwd")',
    '"; #let a = 1; "',
    "\\input{/etc/passwd} \\end{document} ${jndi:ldap://x} {{7*7}}",
    '<script>alert("x")</script><b>&amp;&lt;</b>',
    "%PDF-1.7 endobj stream endstream (unbalanced ( parentheses",
    "tab\there, bell\x07, null\x00, escape\x1b[31m, delete\x7f",
    "lone surrogate \ud800 end; private \ue000; unassigned \U0005fffe; replacement \ufffd",
    "override \u202ereversed\u202c isolate \u2067x\u2069 zero\u200bwidth soft\u00adhyphen bom\ufeff",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤ ̖t̝͕̳̣̻̪͞h̼͓̲̦̳̘̲e͇̣̰̦̬͎",
    "مرحبا بالعالم שלום עולם 你好，世界 こんにちは 안녕하세요 สวัสดี नमस्ते Ελληνικά Кириллица",
    "emoji 😀 👨‍👩‍👧 🇺🇸 👍🏽 ☎️ ‰ € ½ ﷽",
    "x" * 3000,
    "",
    "   leading and trailing   ",
)


def ref(number: int) -> SourceRef:
    return SourceRef("ticket", str(number), Digest(f"{number:064x}"))


def ticket(number: int, *more: object) -> Exhibit:
    def at(hours: float) -> datetime:
        return START + timedelta(hours=hours)

    strip = Strip(
        segments=(
            StripSegment(start=at(0), end=at(2), state="counted"),
            StripSegment(start=at(2), end=at(5), state="paused", label="waiting for the client"),
            StripSegment(start=at(5), end=at(9), state="closed"),
            StripSegment(start=at(9), end=at(11), state="counted"),
            StripSegment(start=at(11), end=at(12), state="over"),
        ),
        marks=((at(11), "due"), (at(12), "met")),
        caption="Resolution: 5 h counted, target 4 h",
    )
    columns = (Column(title="Member"), Column(title="Hours", align="right", width=0), Column(title="Notes", width=3))
    return Exhibit(
        id=f"ticket/{number}",
        title=f"Ticket {number}: printer offline",
        sources=(ref(number),),
        blocks=(
            Facts(rows=(("Client", "Northwind Traders"), ("Priority", "High"), ("See", Cite("ticket/1", "also")))),
            Heading(text="Clock"),
            strip,
            Heading(text="Notes", level=4),
            Verbatim(label="2026-03-02 09:14, J. Rivera", text=f"Note of {number}.\n\nSecond line.", side="internal"),
            Heading(text="Time entries"),
            Table(columns=columns, rows=(("jrivera", "0.25", "Checked the spooler."),), caption="n = 1"),
            Table(columns=columns, rows=(), empty="No status changes recorded."),
            *more,
        ),
    )  # fmt: skip


def pack(*exhibits: Exhibit, parts: tuple[Part, ...] | None = None, **other: object) -> PackContent:
    first = exhibits[0].id if exhibits else "ticket/none"
    wide = tuple(Column(title=f"Col {n}") for n in range(11))
    usual = (
        Part(
            id="answer", number=1, title="One-page answer", page_kind="B",
            blocks=(
                Paragraph(text="The records show three breaches.", style="lead"),
                Paragraph(text="Response was met in 41 of 44 tickets.", cites=(Cite(first),)),
                Heading(text="Breaches"),
                Table(columns=wide, rows=((Cite(first), "deadbeef" * 8, *("x",) * 9),) * 40, caption="FRE 1006"),
            ),
        ),
        Part(id="none", number=2, title="Credits", page_kind="B", blocks=(Paragraph(text="None.", style="notice"),)),
        Part(id="chart", number=3, title="Chart", page_kind="C", blocks=(Paragraph(text="Drawn.", style="small"),)),
    )  # fmt: skip
    rows = (("1", "=SUM(A1)"), ("2", "-5"), ("3", "+1-1"), ("4", 'a,b\r\n"c"'), ("5", "@x"))
    table = DataTable(
        name="tickets", title="Tickets", columns=(("id", "Number of the ticket"), ("note", "A text")), rows=rows,
        exhibits=(first if exhibits else None, None, None, None, None),
    )  # fmt: skip
    values: dict[str, object] = {
        "cover": Cover(
            matter="Acme IT v. Northwind Traders", subtitle="Service records", legend="Confidential.",
            facts=(("Client", "Northwind"), ("Period", "2026-01-01 to 2026-03-31")),
        ),
        "parts": usual if parts is None else parts, "exhibits": exhibits, "tables": (table,),
        "bates": Bates(prefix="MSP"), "time_zone": "America/New_York", "as_of": START, "footer": "CONFIDENTIAL",
    }  # fmt: skip
    return PackContent(**{**values, **other})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def make_ticket():
    return ticket


@pytest.fixture(scope="session")
def make_pack():
    return pack


@pytest.fixture
def content() -> PackContent:
    return pack(*(ticket(number) for number in range(1, 13)))


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture(scope="session")
def naughty_strings() -> tuple[str, ...]:
    """The Big List of Naughty Strings (MIT licence), when the shared data are at hand."""
    here = Path(__file__).resolve()
    for folder in here.parents:
        found = folder / "shared" / "data" / "text" / "blns.json"
        if found.is_file():
            return tuple(json.loads(found.read_text("utf-8")))
    pytest.skip("../shared/data/text/blns.json is not here")


RUN = RunFacts(
    matter="Northwind v. Acme IT", client="Northwind Traders", client_id="10",
    parties=(("MSP", "Acme IT"), ("Client", "Northwind")), provider="Acme IT", mode="draft", mode_meaning="A draft.",
    copy="counsel", agreement=None, first_day=date(2026, 1, 1), last_day=date(2026, 3, 31), since=START,
    until=START + timedelta(days=90), time_zone="America/New_York", as_of=START, connection="main", psa="connectwise",
    psa_version="v2026.1", psa_cloud=True, psa_time_zone="America/New_York", software="psa-evidence 9.9",
    vault="vault-of-the-test",
    captures=(
        CaptureFacts(
            id="cap-1", connector="connectwise", connector_version="0.9", software="psa-evidence/9.9", state="complete",
            started_at=START, finished_at=START + timedelta(minutes=5), exchanges=40, records=1234, asked=1200,
            received=1234, missing=0, clock_offset=-0.4, host="psa.example",
        ),
        CaptureFacts(
            id="cap-2", connector="connectwise", connector_version="0.9", software="psa-evidence/9.9", state="partial",
            started_at=START, finished_at=None, exchanges=4, records=5, asked=9, received=5, missing=2,
        ),
    ),
    seals=(SealFacts(number=7, capture="cap-1", sealed_at="2026-03-02T14:05:00Z", leaves=1234, root="ab" * 32,
                     digest="cd" * 32),),
    counts=(KindCount(kind="ticket", name="ticket", captured=50, included=41, withheld=2, out_of_scope=7),),
    examined=(Examined(id="late", title="Time entered late", statements=12, adverse=11),),
    tickets=41, unread=3, natives=777, natives_bytes=54321, natives_digest="ef" * 32,
)  # fmt: skip


@pytest.fixture(scope="session")
def run_facts() -> RunFacts:
    return RUN
