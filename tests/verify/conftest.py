"""A small honest pack, built here without the product's own builder, and the tools of an attacker.

The pack is held as path -> bytes. `repair_*` are what somebody does who covers his tracks: they recompute the outer
layers after a change within, so that only the layer that was really attacked can tell.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle

from psa_evidence.format import (
    Leaf,
    LogHead,
    Manifest,
    ManifestFile,
    ManifestRecord,
    ManifestSeal,
    Proof,
    ProofFile,
    Seal,
    SealedConnector,
    Tree,
    Witness,
    canonical,
    commit,
    record_salt,
)
from psa_evidence.verify import Report, beside, verifier, verify_pack

KEY = bytes(range(32))
VAULT = "6f0c2d5e-vault"
PDF = "data/Evidence Pack.pdf"
MANIFEST = "data/manifest.json"
CAPTURES = {1: "2026-02-01T020000Z-connectwise", 2: "2026-03-01T020000Z-connectwise"}
TEXTS = {
    ("ticket", "1042"): b'{"id":1042,"summary":"Backup failed on SRV-01"}',
    ("ticket", "1043"): b'{"id":1043,"summary":"Printer offline"}',
    ("time-entry", "77"): b'{"id":77,"chargeToId":1042,"actualHours":0.5}',
    ("ticket", "1050"): b'{"id":1050,"summary":"Mailbox full"}',
    ("note", "5-9"): b'{"id":9,"text":"Called back"}',
    ("attachment", "12"): b"%PDF-1.4 not really",
}
PLACES = {
    1: {1: ("ticket", "1042"), 4: ("ticket", "1043"), 6: ("time-entry", "77")},
    2: {0: ("ticket", "1050"), 3: ("note", "5-9"), 4: ("attachment", "12")},
}
SIZES = {1: 7, 2: 5}
POPULATION = (
    b"\xef\xbb\xbfkind,class,reason,number\r\nattachment,captured,,1\r\nattachment,included,,1\r\n"
    b"note,captured,,2\r\nnote,included,,1\r\nnote,withheld,its id cannot be a file name,1\r\n"
    b"ticket,captured,,36\r\nticket,included,,3\r\nticket,out of scope,entered before the period,33\r\n"
    b"time-entry,captured,,1\r\ntime-entry,included,,1\r\n"
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_pdf(
    attachments: list[tuple[str, bytes]], *, pages: int = 3, prefix: str = "ACME-000", start: int = 101
) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=612, height=792)
    writer.set_page_label(0, pages - 1, style=PageLabelStyle.DECIMAL, prefix=prefix, start=start)
    for name, content in attachments:
        writer.add_attachment(name, content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def salt_of(number: int, index: int) -> bytes:
    return record_salt(KEY, CAPTURES[number], index)


def make_leaf(number: int, index: int) -> Leaf:
    kind, id_ = PLACES[number].get(index, ("ticket", f"9{index}"))
    text = TEXTS.get((kind, id_), b"another client's %d" % index)
    return Leaf("main", kind, id_, *commit(salt_of(number, index), text), CAPTURES[number])


def make_seal(number: int, tree: Tree, previous: str | None, counts: dict[str, int]) -> Seal:
    return Seal(
        number=number, vault=VAULT, capture=CAPTURES[number], state="complete",
        sealed_at=f"2026-0{number + 1}-01T02:10:00Z",
        software="psa-evidence 0.1.0", leaves=len(tree), root=tree.root.hex(), files=(), previous=previous,
        connector=SealedConnector("connectwise", "0.1.0"), clock_offset_ms=-400, counts=counts,
        logs={"custody": LogHead(0, None), "holds": LogHead(0, None)},
    )  # fmt: skip


class Pack:
    honest: dict[str, bytes] = {}
    """The files as the first pack of this process was built; each later one begins as a copy, for it would be equal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, bytes] = {}
        self.pdf: Callable[[bytes], bytes] = lambda manifest: make_pdf([("manifest.json", manifest)])
        if not Pack.honest:
            self.build()
            Pack.honest.update(self.files)
        self.files = dict(Pack.honest)

    def build(self) -> None:
        previous = None
        records, seals = [], []
        for number, places in PLACES.items():
            leaves = [make_leaf(number, i) for i in range(SIZES[number])]
            tree = Tree([leaf.hash() for leaf in leaves])
            seal = make_seal(number, tree, previous, dict(Counter(leaf.kind for leaf in leaves)))
            previous = seal.digest()
            path = f"seals/{number:06d}.json"
            self.files[path] = seal.document()
            seals.append(ManifestSeal(number, path, seal.digest()))
            self.files[f"data/proofs/{number}.json"] = ProofFile(
                seal=number, size=len(tree), root=tree.root.hex(),
                proofs=tuple(
                    Proof(leaves[i], i, tuple(h.hex() for h in tree.path(i)), salt_of(number, i).hex()) for i in places
                ),
            ).document()  # fmt: skip
            for i, (kind, id_) in places.items():
                native = f"data/natives/{kind}/{id_}.{'pdf' if kind == 'attachment' else 'json'}"
                self.files[native] = TEXTS[kind, id_]
                records.append(ManifestRecord(kind, id_, native, sha256(TEXTS[kind, id_]), number, i, f"ticket-{id_}"))
        self.files["data/tables/devices.csv"] = (
            b'id,summary\r\n1042,"Backup, failed\non ""SRV-01"""\r\n1043,Printer\r\n1050,Mail\r\n'
        )
        self.files["data/logs/population.csv"] = POPULATION
        self.files["data/HOW TO VERIFY.txt"] = b"sha256sum -c manifest-sha256.txt\n"
        self.files["data/attachments/12/invoice.pdf"] = TEXTS["attachment", "12"]
        self.files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        self.files[MANIFEST] = Manifest(
            matter="Acme v Northwind", client="Northwind", copy="production", as_of="2026-03-01T02:10:00Z",
            software="psa-evidence 0.1.0", vault=VAULT, witness=Witness(),
            counts={"natives": 6, "table:devices": 3, "log:population": 10, "captured": 40}, pdfs=(PDF,), files=(),
            records=tuple(records), seals=tuple(seals),
        ).document()  # fmt: skip
        self.repair()

    # what an attacker repairs, from the inside out

    def repair(self) -> None:
        """All layers over the natives, proofs and seals."""
        self.repair_manifest()

    def repair_manifest(self) -> None:
        """The manifest's list of files, the PDF that carries it, and the bag."""
        manifest = Manifest.read(self.files[MANIFEST])
        listed = sorted(
            path for path in self.files if path.startswith("data/") and path != MANIFEST and path not in manifest.pdfs
        )
        files = tuple(
            ManifestFile(p, sha256(self.files[p]), len(self.files[p]), "application/octet-stream") for p in listed
        )
        self.files[MANIFEST] = replace(manifest, files=files).document()
        self.repair_pdf()

    def repair_pdf(self) -> None:
        self.files[PDF] = self.pdf(self.files[MANIFEST])
        self.repair_bag()

    def repair_bag(self) -> None:
        payload = {path: data for path, data in sorted(self.files.items()) if path.startswith("data/")}
        size = sum(map(len, payload.values()))
        info = (
            "Bagging-Date: 2026-03-02",
            "PDF-Seal: asked: none; reached: none",
            f"Payload-Oxum: {size}.{len(payload)}",
        )
        self.files["bag-info.txt"] = "".join(f"{line}\n" for line in info).encode()
        self.files["manifest-sha256.txt"] = self.lines(payload)
        self.repair_tags()

    def repair_tags(self) -> None:
        tags = {p: d for p, d in sorted(self.files.items()) if not p.startswith(("data/", "tagmanifest-"))}
        self.files["tagmanifest-sha256.txt"] = self.lines(tags)

    @staticmethod
    def lines(files: dict[str, bytes]) -> bytes:
        return "".join(f"{sha256(data)}  {path}\n" for path, data in files.items()).encode()

    def edit(self, path: str, change: Callable[[Any], None]) -> None:
        """Change a canonical JSON document."""
        document = json.loads(self.files[path])
        change(document)
        self.files[path] = canonical(document)

    def state_layout(self, layout: int | None) -> None:
        """Have the manifest state it, or none."""

        def put(document: Any) -> None:
            document["counts"].pop("layout", None)
            if layout is not None:
                document["counts"]["layout"] = layout

        self.edit("data/manifest.json", put)
        self.repair()

    # the verdict

    def write(self) -> Path:
        for path, data in self.files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return self.folder

    def write_zip(self, path: Path, prefix: str = "pack/") -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                archive.writestr(prefix + name, data)
        return path

    def verify(self) -> Report:
        return verify_pack(self.write())


@pytest.fixture(autouse=True)
def _in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test puts in the place of something is asked here, not in a copy of the process."""
    monkeypatch.setattr(beside, "_may_copy", lambda: False)


@pytest.fixture(autouse=True)
def _of_no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pack of these tests is small: what every pack of the product has is asked for in `test_complete.py` alone,
    the logs of what is withheld in `test_withheld_logs.py`."""
    monkeypatch.setattr(verifier, "check_complete", lambda _b, checks, _m: checks.settle("4.4", "not looked at"))
    monkeypatch.setattr(verifier, "check_withheld_logs", lambda _b, checks, _m, _r: checks.settle("9.13", "nor here"))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return Pack(tmp_path / "pack")


@pytest.fixture
def failed() -> Callable[[Report], set[str]]:
    """The numbers of the checks that failed."""

    def numbers(report: Report) -> set[str]:
        ids = {check.id for check in report.checks if check.status == "fail"}
        assert (report.verdict == "fail") == bool(ids)
        return ids

    return numbers


@pytest.fixture
def pdf_with() -> Callable[..., bytes]:
    return make_pdf
