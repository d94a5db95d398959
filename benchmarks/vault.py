"""The vault and the verifier at size: proofs, look-ups, sealing, verifying, memory.

    python benchmarks/vault.py [--records 1000000] [--folder DIR] [--natives 20000] [--vault DIR]

Makes a vault of so many records in one capture (six a response, `vault_write.made`), and from it a pack with natives,
proofs, a seal and a small PDF. Beside ours: `sha256sum` over the same bytes, and `bagit.py --validate` with
`sha256sum -c` of the same bag. What each line times stands in its words. Linux: it asks `sha256sum` and /proc.
"""

from __future__ import annotations

import argparse
import io
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path

from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle
from vault_write import RECORDS, START, made

from psa_evidence.format import LeafHasher, Manifest, ManifestFile, ManifestRecord, ManifestSeal
from psa_evidence.format.witness import Witness
from psa_evidence.pack.bag import close_bag, digest_of, files_below
from psa_evidence.spi import ConnectorInfo, RawRecord, Scope
from psa_evidence.vault import Vault, system_clock
from psa_evidence.vault.catalogue import Catalogue
from psa_evidence.vault.selection import select_client, select_reference
from psa_evidence.verify import verify_pack

CLIENT = "3"
COUNTED = ("captured", "included")


@contextmanager
def timed(words: str, note: Callable[[float], str] = lambda _: "") -> Iterator[None]:
    began, cpu = time.perf_counter(), time.process_time()
    yield
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{words}: {seconds:.3f} s, {cpu:.3f} s CPU{note(seconds)}", flush=True)


def rate(size: int) -> Callable[[float], str]:
    return lambda seconds: f", {size / seconds / 1e6:,.0f} MB/s"


def sha256sum(paths: list[Path], words: str) -> float:
    size = sum(path.stat().st_size for path in paths)
    began = time.perf_counter()
    subprocess.run(
        ["xargs", "-0", "sha256sum"], input=b"\0".join(str(p).encode() for p in paths), stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    print(f"  sha256sum over {words}: {seconds:.3f} s, {size / seconds / 1e6:,.0f} MB/s", flush=True)
    return seconds


def cpu_of(command: list[str], *, given: bytes = b"", times: int = 5) -> float:
    """Processor seconds of a command, the least of some runs: what else the machine does counts for little."""
    import resource  # noqa: PLC0415 - not on Windows

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    found = []
    for _ in range(times):
        before = spent()
        subprocess.run(command, input=given, stdout=subprocess.DEVNULL, check=True)
        found.append(spent() - before)
    return min(found)


def capture(folder: Path, records: int) -> Vault:
    vault = Vault.create(folder / "vault", vault_id="benchmark")
    info = ConnectorInfo(name="benchmark", title="", version="0", settings=())
    with timed(f"capture of {records:,} records, written, committed to and indexed"):
        writer = vault.begin(connection="main", connector=info, scope=Scope(), clock=system_clock)
        for exchange, sightings, unit in islice(made(records // RECORDS + 1), records // RECORDS + 1):
            writer.keep(exchange, sightings, unit=unit, basis="1")
        time.sleep(2)  # what is still waiting in the writer's thread is not part of its end
        with timed("its end: last digests, seal, custody entry, catalogue"):
            writer.finish()
    files = sorted((vault.path / "captures").rglob("*.gz"))
    sha256sum(files, f"the files of the capture ({sum(f.stat().st_size for f in files) / 1e6:,.0f} MB)")
    return vault


def commitments() -> None:
    """Leaves alone: salt, record commitment, field tree, leaf hash, of records of several sizes."""
    rng = random.Random(3)
    shapes = {
        "0.3 kB, 3 fields": b'{"id":123456,"text":"%s","type":"Ticket"}' % bytes(rng.choices(b"abcdef ", k=270)),
        "2.5 kB, 60 fields": b"{"
        + b",".join(
            b'"f%d":%s' % (n, b'{"id":1,"name":"some name","_info":{}}' if n % 3 else b'"%s"' % (b"x" * 55))
            for n in range(60)
        )
        + b"}",
        "100 kB text": b'{"id":1,"text":"%s"}' % bytes(rng.choices(b"abcdef ", k=100_000)),
        "1 MB file": rng.randbytes(1_000_000),
    }
    hasher = LeafHasher(bytes(32), "main", "capture")
    import hashlib  # noqa: PLC0415 - only the yardstick

    for name, body in shapes.items():
        times = max(20, 4_000_000 // len(body))
        began = time.perf_counter()
        for index in range(times):
            hasher(index, "ticket", "1", body)
        ours = (time.perf_counter() - began) / times
        began = time.perf_counter()
        for _ in range(times):
            hashlib.sha256(body).digest()
        plain = (time.perf_counter() - began) / times
        print(
            f"leaf of a record of {name}: {ours * 1e6:,.0f} us, {len(body) / ours / 1e6:,.0f} MB/s "
            f"(hashlib.sha256 over its bytes: {plain * 1e6:,.1f} us)", flush=True,
        )  # fmt: skip


def look_up(vault: Vault) -> list[RawRecord]:
    period = {"since": START + timedelta(days=30), "until": START + timedelta(days=60)}
    for words in ("cold", "again"):
        opened = Vault.open(vault.path)
        catalogue = Catalogue(vault.path / "catalogue.db", vault.id)
        words_of_it = f"one client's month, found in the catalogue with the MSP's settings ({words})"
        with timed(words_of_it), catalogue.reading() as db:
            found = select_reference(db, "main") | select_client(db, "main", CLIENT, *period.values())
        with timed(f"the same counted with all of the client's records ({words})"):
            opened.population(connection="main", client=CLIENT, **period)
        with timed(f"one client's month, found and read from the exchanges ({words})"):
            records = list(opened.select(connection="main", client=CLIENT, **period))
    print(f"  {len(found):,} found, {len(records):,} records")
    return records


def prove(vault: Vault, records: list[RawRecord]) -> None:
    took, sizes = [], []
    for record in random.Random(1).sample(records, 50):
        opened = Vault.open(vault.path)
        began = time.perf_counter()
        [file] = opened.proofs([record])
        took.append((time.perf_counter() - began) * 1000)
        sizes.append(len(file.document()))
    print(f"proof of one record: median {statistics.median(took):.1f} ms, largest {max(took):.1f} ms of 50; "
          f"{max(sizes):,} bytes at most, of {file.size:,} leaves", flush=True)  # fmt: skip
    nodes = next((vault.path / "trees").iterdir())
    print(f"  nodes: {nodes.stat().st_size / 1e6:,.0f} MB")
    nodes.unlink()
    with timed("the same when the nodes are gone and made anew"):
        vault.proofs(records[:1])


def pack_of(vault: Vault, records: list[RawRecord], bag: Path) -> None:
    """A pack as the format asks for it, without the report: natives, proofs, seal, manifest, a PDF of one page."""
    [seal] = vault.seals()
    natives = {record.key: f"data/natives/{record.kind}/{record.id}.json" for record in records}
    for record in records:
        path = bag / natives[record.key]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record.body)
    (bag / "data/logs").mkdir()
    rows = [f"{kind},{name},,{n}" for kind, n in Counter(r.kind for r in records).items() for name in COUNTED]
    (bag / "data/logs/population.csv").write_text("\n".join(["kind,class,reason,number", *rows, ""]), encoding="utf-8")
    (bag / "data/proofs").mkdir()
    (bag / "data/proofs/000001.json").write_bytes(vault.proofs(records)[0].document())
    (bag / "seals").mkdir()
    (bag / "seals/000001.json").write_bytes(seal.document())
    known = {path: digest_of(bag / path) for path in files_below(bag) if path.startswith("data/")}
    places = vault.places(records)
    manifest = Manifest(
        matter="m", client="c", copy="production", as_of="2026-03-01T00:00:00Z", software="benchmark", vault=vault.id,
        witness=Witness((), (), ()), counts={"natives": len(records)}, pdfs=("data/Evidence Pack.pdf",),
        files=tuple(ManifestFile(path, *known[path], "application/json") for path in sorted(known)),
        records=tuple(
            ManifestRecord(r.kind, r.id, natives[r.key], r.sha256, *place, None)
            for r, place in zip(records, places, strict=True)
        ),
        seals=(ManifestSeal(1, "seals/000001.json", seal.digest()),),
    ).document()  # fmt: skip
    (bag / "data/manifest.json").write_bytes(manifest)
    writer = PdfWriter()
    writer.add_blank_page(width=612, height=792)
    writer.set_page_label(0, 0, style=PageLabelStyle.DECIMAL, prefix="ACME-00", start=1001)
    writer.add_attachment("manifest.json", manifest)
    out = io.BytesIO()
    writer.write(out)
    (bag / "data/Evidence Pack.pdf").write_bytes(out.getvalue())
    close_bag(bag, [("Bagging-Date", "2026-03-01"), ("PDF-Seal", "asked: none; reached: none")], known)


def verifying(bag: Path, words: str) -> None:
    files = [path for path in bag.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"pack with {words}: {len(files):,} files, {size / 1e6:,.0f} MB")
    sha256sum(files, "all its files")
    began, cpu = time.perf_counter(), time.process_time()
    report = verify_pack(bag)
    ours, cpu = time.perf_counter() - began, time.process_time() - cpu
    bad = [(c.id, c.detail) for c in report.checks if c.status not in {"pass", "not witnessed"}]
    print(f"  psa_evidence.verify, every check: {ours:.3f} s, {cpu:.3f} s CPU, {size / ours / 1e6:,.0f} MB/s; "
          f"{report.verdict} {bad}")  # fmt: skip
    names = b"\0".join(str(path).encode() for path in files)
    hashed = cpu_of(["xargs", "-0", "sha256sum"], given=names)
    bagit = cpu_of([sys.executable, "-m", "bagit", "--quiet", "--validate", str(bag)])
    command = cpu_of([sys.executable, "-c", "from psa_evidence.cli import main; main()", "verify", str(bag)])
    print(f"  as commands, in CPU: psa-evidence verify {command:.2f} s; bagit.py --validate {bagit:.2f} s and "
          f"sha256sum {hashed:.2f} s, together {bagit + hashed:.2f} s", flush=True)  # fmt: skip


def large_files(folder: Path) -> None:
    """A vault and a pack of 200 attachments of 2 MB."""
    info = ConnectorInfo(name="benchmark", title="", version="0", settings=())
    work = list(made(1))
    exchange, sightings, _ = work[0]
    from dataclasses import replace  # noqa: PLC0415

    other = Vault.create(folder / "files", vault_id="benchmark")
    noise = random.Random(5).randbytes(2_000_000)  # once: making it costs more than sealing it
    writer = other.begin(connection="main", connector=info, scope=Scope(), clock=system_clock)
    with timed("capture of 200 files of 2 MB", rate(400_000_000)):
        for number in range(200):
            body = number.to_bytes(8, "big") + noise[8:]
            seen = replace(sightings[0], kind="attachment", id=str(number), start=0, end=len(body), parent=None)
            sent = replace(exchange, response_body=body, response_headers=(("Content-Type", "x/y"),))
            writer.keep(sent, [replace(seen, client=CLIENT)])
        writer.finish()
    sha256sum(sorted((other.path / "captures").rglob("*.gz")), "the files of the capture")
    records = [r for r in other.select(connection="main", client=CLIENT) if r.kind == "attachment"]
    bag = folder / "bag-files"
    bag.mkdir()
    pack_of(other, records, bag)
    verifying(bag, "200 files of 2 MB")
    shutil.rmtree(bag)


def peak() -> float:
    import resource  # noqa: PLC0415 - not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--natives", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--vault", type=Path, help="one that an earlier run left, in place of a new one")
    arguments = parser.parse_args()
    print(f"memory with everything loaded: {peak():.0f} MiB", flush=True)
    commitments()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        vault = Vault.open(arguments.vault) if arguments.vault else capture(folder, arguments.records)
        print(f"  largest memory so far: {peak():.0f} MiB")
        records = look_up(vault)
        prove(vault, records)
        print(f"largest memory of capture, look-up and proofs: {peak():.0f} MiB", flush=True)
        if arguments.natives:
            months = (arguments.natives * 25 // RECORDS) * timedelta(minutes=20)
            found = vault.select(connection="main", client=CLIENT, since=START, until=START + months)
            bag = folder / "bag"
            bag.mkdir()
            pack_of(vault, list(found)[: arguments.natives], bag)
            verifying(bag, f"{min(len(found), arguments.natives):,} small records")
            shutil.rmtree(bag)
            large_files(folder)
            print(f"largest memory of all: {peak():.0f} MiB")


if __name__ == "__main__":
    main()
