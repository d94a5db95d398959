"""How fast a capture is written: exchanges with 2 kB bodies, six records each, through `keep` to sealed and indexed.

    python benchmarks/vault_write.py [--exchanges 25000] [--folder DIR] [--warcio]

`--warcio` writes the same exchanges with warcio's own writer, for comparison.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from psa_evidence.spi import REMOVED, ConnectorInfo, Exchange, Scope, Sighting
from psa_evidence.vault import Vault, system_clock

START = datetime(2026, 3, 1, tzinfo=UTC)
RECORDS = 6


def made(count: int) -> Iterator[tuple[Exchange, list[Sighting], str]]:
    rng = random.Random(7)
    words = ["".join(rng.choices("abcdefghijklmnoprstu", k=rng.randint(3, 9))) for _ in range(3000)]
    for number in range(count):
        body, sightings = bytearray(b"["), []
        at = START + timedelta(minutes=20 * number)
        for i in range(RECORDS):
            row = {"id": number * RECORDS + i, "text": " ".join(rng.choices(words, k=40)), "type": "Ticket"}
            text = json.dumps(row).encode()
            body += b"," if i else b""
            kind = "history" if i else "ticket"
            sightings.append(
                Sighting(
                    kind=kind, id=str(row["id"]), start=len(body), end=len(body) + len(text), client=str(number % 25),
                    parent=f"ticket/{number * RECORDS}" if i else None, at=at, updated_at=at,
                )
            )  # fmt: skip
            body += text
        body += b"]"
        yield (
            Exchange(
                method="GET",
                url=f"https://psa.example/v4_6_release/apis/3.0/service/tickets/{number}/allNotes?pageSize=1000",
                request_headers=(("Host", "psa.example"), ("Authorization", REMOVED), ("Accept", "application/json")),
                request_body=b"",
                status=200,
                reason="OK",
                http_version="HTTP/1.1",
                response_headers=(
                    ("Content-Type", "application/json"), ("Date", "Sun, 01 Mar 2026 00:00:00 GMT"),
                    ("Content-Length", str(len(body))), ("Server", "simulated"),
                ),
                response_body=bytes(body),
                started_at=at,
                finished_at=at + timedelta(milliseconds=90),
            ),
            sightings,
            f"service/tickets/{number}/allNotes",
        )  # fmt: skip


def write(folder: Path, count: int) -> None:
    vault = Vault.create(folder / "vault", vault_id="benchmark")
    info = ConnectorInfo(name="benchmark", title="", version="0", settings=())
    work = list(made(count))
    size = sum(len(exchange.response_body) for exchange, _, _ in work)
    began, cpu = time.perf_counter(), time.process_time()
    writer = vault.begin(connection="main", connector=info, scope=Scope(), clock=system_clock)
    for exchange, sightings, unit in work:
        writer.keep(exchange, sightings, unit=unit, basis="1")
    kept = time.perf_counter() - began
    result = writer.finish()
    total, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(f"{count} exchanges, {result.records} records, {size / count:.0f} bytes a body")
    print(f"keep: {count / kept:.0f} exchanges/s; with sealing and indexing {count / total:.0f}/s")
    print(f"processor: {cpu / count * 1e6:.0f} us an exchange")
    writer = vault.begin(connection="main", connector=info, scope=Scope(), clock=system_clock)
    began = time.perf_counter()
    answers = [writer.done(f"service/tickets/{n}/allNotes", "1") for n in range(0, count, max(1, count // 1000))]
    print(f"done: {(time.perf_counter() - began) / len(answers) * 1e6:.0f} us ({all(answers)})")
    writer.finish()
    for number in (3, 4):
        began = time.perf_counter()
        period = {"since": START + timedelta(days=30), "until": START + timedelta(days=60)}
        counts = vault.population(connection="main", client=str(number), **period)
        asked = time.perf_counter() - began
        began = time.perf_counter()
        records = vault.select(connection="main", client=str(number), **period)
        print(f"one month of a client: counted in {asked:.3f} s, {len(records)} records read in "
              f"{time.perf_counter() - began:.3f} s; {counts.get('ticket')}")  # fmt: skip
    began = time.perf_counter()
    files = vault.proofs(records)
    print(f"proofs of {sum(len(f.proofs) for f in files)} records: {time.perf_counter() - began:.3f} s")
    began = time.perf_counter()
    vault.reindex()
    print(f"reindex: {time.perf_counter() - began:.1f} s")


def write_with_warcio(folder: Path, count: int) -> None:
    work = list(made(count))
    began = time.perf_counter()
    with (folder / "plain.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for exchange, _, _ in work:
            response = writer.create_warc_record(
                exchange.url, "response", payload=io.BytesIO(exchange.response_body),
                length=len(exchange.response_body),
                http_headers=StatusAndHeaders("200 OK", list(exchange.response_headers), protocol="HTTP/1.1"),
            )  # fmt: skip
            request = writer.create_warc_record(
                exchange.url, "request",
                http_headers=StatusAndHeaders("GET /x HTTP/1.1", list(exchange.request_headers), is_http_request=True),
            )  # fmt: skip
            writer.write_request_response_pair(request, response)
    print(f"warcio's writer alone: {count / (time.perf_counter() - began):.0f} exchanges/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exchanges", type=int, default=25_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--warcio", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        (write_with_warcio if arguments.warcio else write)(Path(folder), arguments.exchanges)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
