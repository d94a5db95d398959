"""What the fuzzers call: every reader of strangers' bytes, the one error that it may raise, and honest seeds."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from psa_evidence.format import (
    Disclosed,
    FormatError,
    Manifest,
    ManifestRecord,
    Opening,
    ProofFile,
    Renewal,
    Seal,
    Witness,
    commit,
    parse,
)
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.format.timestamp_request import request
from psa_evidence.simulator.authority import make_keys, respond
from psa_evidence.verify import bagtext, clock, loadfile, logs, tables, worksheet
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.bagtext import BagTextError, Declaration
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.documents import Documents
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.pdf_signature import SignatureError, signature_by
from psa_evidence.verify.pointers import RULES, NotJudged, agrees

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Target:
    """`run` reads bytes; it may raise `error` and nothing else."""

    run: Callable[[bytes], object]
    error: type[Exception]
    seeds: tuple[bytes, ...]


class Memory:
    """A container with one file."""

    def __init__(self, data: bytes) -> None:
        self.files = {"t": len(data)}
        self.empty: list[str] = []
        self.problems: list[tuple[str, str]] = []
        self._data = data

    def open(self, _path: str) -> io.BytesIO:
        return io.BytesIO(self._data)

    def close(self) -> None:
        pass


def vectors(name: str) -> tuple[bytes, ...]:
    """The test vectors of one format's documentation."""
    text = (ROOT / "docs" / "format" / name).read_text("utf-8")
    return tuple(found.encode() for found in re.findall(r"```json vector=\S+\n(.*?)\n```", text, re.DOTALL))


def read_table(data: bytes) -> object:
    bag = Bag(Memory(data), {"t": Hashed({"sha256": hashlib.sha256(data).hexdigest()}, len(data))})
    return [clock.result_of(row).problem() for row in tables.rows(bag, "t", clock.COLUMNS)]


def token(at: datetime) -> tuple[bytes, bytes]:
    """A token and the certificates of its authority."""
    keys = make_keys(datetime(2026, 1, 1, tzinfo=UTC), elliptic=True)
    asked = request(hashlib.sha256(b"data").digest(), nonce=9)
    return respond(asked, keys, now=at, serial=3), keys.root_pem


_TOKEN, _ROOT = token(datetime(2026, 1, 2, tzinfo=UTC))
_ANCHORS = from_file(_ROOT)
_TABLE = (
    ",".join(clock.COLUMNS)
    + '\r\n1,2026-01-01T10:00:00Z,P,plan,contract,60,50,2026-01-01T12:00:00Z,2026-01-01T11:00:00Z,met,"1, left"\r\n'
).encode()
_DAT = (
    b"\xef\xbb\xbf"
    + "".join(
        "\x14".join(f"\u00fe{cell}\u00fe" for cell in line) + "\r\n"
        for line in (
            ("BEGBATES", "ENDBATES", "PARENTBATES", "PAGECOUNT", "SHA256HASH", "NATIVELINK"),
            ("A-0001", "A-0002", "", "2", "0" * 64, ".\\VOL001\\NATIVES\\1.json"),
        )
    ).encode()
)


def read_native(data: bytes) -> object:
    """A native as 9.9 and 9.10 look into it. What one rule cannot judge, another may."""
    bag = Bag(Memory(data), {"t": Hashed({"sha256": hashlib.sha256(data).hexdigest()}, len(data))})
    [found] = Documents(bag, _OF_ONE).of("ticket", "1")
    judged = [found.names("1042"), *found.instants]
    for rule in RULES:
        for pointer in ("/at", "/list/1/a", "/summary", "/n"):
            with suppress(NotJudged):
                judged.append(agrees("2026-01-01T00:00:00Z", found, (pointer, "/id"), rule))
    return judged


def read_sheet(data: bytes) -> object:
    """The XML of a sheet of the workbook, as 9.11 reads it."""
    return list(iter(worksheet.Sheet([data[:40], data[40:]]).next, None))


_SHEET = (
    b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    b'a_x000D_</t></is></c><c r="B1" s="1"><v>45783.5</v></c><c r="C1" t="b"><v>1</v></c></row></sheetData></worksheet>'
)

_OF_ONE = Manifest(
    matter="", client="", copy="", as_of="", software="", vault="", witness=Witness(), counts={}, pdfs=(), files=(),
    records=(ManifestRecord("ticket", "1", "t", "0" * 64, 1, 0, None),), seals=(),
)  # fmt: skip
_V1 = Declaration((1, 0), "UTF-8")
_RECORD = b'{"id": 1042, "summary" :"x\\u0041\xc3\xa9","list":[1,{"a":null}],"n":-1.5e3}'

TARGETS: dict[str, Target] = {
    "json": Target(parse, FormatError, vectors("manifest.md")),
    "manifest": Target(Manifest.read_strictly, FormatError, vectors("manifest.md")),
    "seal": Target(Seal.read, FormatError, vectors("seal.md")),
    "proofs": Target(ProofFile.read_strictly, FormatError, vectors("proofs.md")),
    "disclosed": Target(lambda data: Disclosed.read(data).root(), FormatError, vectors("disclosed.md")[:1]),
    "opening": Target(lambda data: Opening.read(data).problem(), FormatError, vectors("disclosed.md")[1:]),
    "renewal": Target(Renewal.read, FormatError, vectors("timestamps.md")),
    "record": Target(lambda data: commit(bytes(32), data), FormatError, (_RECORD, *vectors("leaf.md"))),
    "token": Target(lambda data: judge(data, b"data", anchors=_ANCHORS), FormatError, (_TOKEN,)),
    "certificates": Target(from_file, FormatError, (_ROOT,)),
    "signature": Target(lambda data: signature_by(data, b"x"), SignatureError, (_TOKEN[9:],)),
    "declaration": Target(
        bagtext.declaration, BagTextError, (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",)
    ),
    "listing": Target(lambda data: bagtext.manifest(data, _V1), BagTextError, (b"0" * 64 + b"  data/a%25b\n",)),
    "pack_listing": Target(bagtext.pack_manifest, BagTextError, (b"0" * 64 + b"  data/a b\n",)),
    "labels": Target(lambda data: bagtext.tags(data, "UTF-8"), BagTextError, (b"A: b\n c\nPayload-Oxum: 1.1\n",)),
    "custody": Target(
        logs._chain,
        FormatError,
        (b'{"number":1,"previous":null}\n', *(line + b"\n" for line in vectors("vault.md"))),
    ),
    "sheet": Target(read_sheet, Unreadable, (_SHEET, _SHEET.replace(b' encoding="UTF-8"', b""))),
    "native": Target(read_native, Unreadable, (_RECORD, b'{"at": "2026-01-01T00:00:00.5+01:00", "n": 1.5, "id": 7}')),
    "table": Target(read_table, Unreadable, (_TABLE,)),
    "loadfile": Target(loadfile.documents_of, Unreadable, (_DAT,)),
}
