"""Capture against the public clients: same simulated server and run, 30 ms latency, tickets with notes, time, history.

    python benchmarks/capture.py [--tickets 5000] [--sample 500]
    python benchmarks/capture.py --large [--sizes 5000,100000]

Peers do what their documentation shows: list the tickets, then ask for each one's notes, time entries and audit trail.
`--sample` asks the peers for that many tickets only and scales by tickets (their cost a ticket is constant; the table
says so). Beside the seconds stand the processor seconds of this process, in which all of them run, and of the one that
hashes our leaves: other programs on the machine distort them less. `--large` captures worlds of two sizes without
latency and compares the peak memory.
pyconnectwise and dlt are tools of this script alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from measured import Memory, tree

from psa_evidence import plugins
from psa_evidence.capture import capture
from psa_evidence.simulator import Running, Settings, spawned
from psa_evidence.spi import Scope
from psa_evidence.vault import CaptureInfo, Vault

LATENCY_MS = 30.0
CONCURRENCY = 16
SAME_WORK = "notes,history"
"""With the list of time entries this is what the peers fetch."""
ALL = "notes,history,documents,tasks,configurations,time_audits"


MADE_WHEN_ASKED = (
    "service/tickets", "service/tickets/calculateSla", "service/surveys/1/results", "time/entries", "schedule/entries",
    "project/tickets",
)  # fmt: skip
"""Long lists of the simulated PSA."""


PAGE = 1000


@dataclass
class Measured:
    """One way of getting it: seconds and requests for `tickets` tickets; `scaled` when measured on fewer."""

    name: str
    seconds: float
    cpu: float
    requests: int
    peak: int = 0
    scaled: bool = False
    memory: float = 0.0
    note: str = ""


def _processor() -> float:
    """Processor seconds of this process and of those that it started and that have ended: the leaves' is one."""
    return sum(os.times()[:4])


def ours(server: Running, folder: Path, name: str, parts: str, *, attachments: bool, vault: Vault | None = None,
         concurrency: int = CONCURRENCY) -> tuple[Measured, CaptureInfo, Vault]:  # fmt: skip
    connector = plugins.load_connector("connectwise")
    settings = {
        "site": server.url, "company": server.company, "client_id": server.client_id, "ticket_parts": parts,
        "concurrency": str(concurrency), "requests_per_minute": "0",
    }  # fmt: skip
    secrets = {"public_key": server.public_key, "private_key": server.private_key}
    vault = vault or Vault.create(folder / name.replace(" ", "-"), vault_id="benchmark")
    server.control(reset_stats=True)
    memory = Memory()
    memory.leave_out = tree(os.getpid()) - {os.getpid()}
    began, spent = time.perf_counter(), _processor()
    info = capture(
        vault=vault, connection="main", connector=connector.info, source=connector.open(settings, secrets),
        scope=Scope(attachments=attachments), clock=lambda: datetime.now(UTC), secrets=tuple(secrets.values()),
    )  # fmt: skip
    seconds, cpu = time.perf_counter() - began, _processor() - spent
    stats = server.stats()
    made = Measured(
        name, seconds, cpu, stats["requests"], stats["peak_concurrency"], memory=memory.stop(), note=info.state
    )
    return made, info, vault


def pyconnectwise(server: Running, sample: int) -> tuple[int, int]:
    """Tickets read and records got."""
    from pyconnectwise import ConnectWiseManageAPIClient  # noqa: PLC0415

    make = ConnectWiseManageAPIClient._make_request  # noqa: SLF001 - it speaks https only

    def plain(self: Any, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        return make(self, method, url.replace("https://", "http://", 1), *args, **kwargs)

    ConnectWiseManageAPIClient._make_request = plain  # noqa: SLF001
    host = urlsplit(server.url).netloc
    api = ConnectWiseManageAPIClient(server.company, host, server.client_id, server.public_key, server.private_key)
    records = done = 0
    for ticket in api.service.tickets.paginated(1, 1000).all():
        records += 1
        records += len(api.service.tickets.id(ticket.id).all_notes.get())
        records += len(api.service.tickets.id(ticket.id).timeentries.get(params={"pageSize": 1000}))
        records += len(api.system.audittrail.get(params={"type": "Ticket", "id": ticket.id, "pageSize": 1000}))
        done += 1
        if done == sample:
            break
    return done, records


def dlt_source(server: Running, sample: int) -> tuple[int, int]:
    """The REST source with child resources, extracted but neither normalised nor loaded."""
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    from dlt.sources.rest_api import rest_api_source  # noqa: PLC0415

    pages = {"type": "header_link"}
    below = {
        "notes": ("service/tickets/{resources.tickets.id}/allNotes", {}),
        "time": ("service/tickets/{resources.tickets.id}/timeentries", {"pageSize": 1000}),
        "history": ("system/audittrail", {"type": "Ticket", "id": "{resources.tickets.id}", "pageSize": 1000}),
    }
    listing: dict[str, Any] = {"path": "service/tickets", "params": {"pageSize": 1000}, "paginator": pages}
    config: Any = {
        "client": {
            "base_url": f"{server.url}/v4_6_release/apis/3.0/",
            "auth": {"type": "http_basic", "username": f"{server.company}+{server.public_key}",
                     "password": server.private_key},
            "headers": {"clientId": server.client_id},
        },
        "resources": [
            {"name": "tickets", "endpoint": listing},
            *({"name": name, "endpoint": {"path": path, "params": params, "paginator": pages}}
              for name, (path, params) in below.items()),
        ],
    }  # fmt: skip
    source = rest_api_source(config)
    source.resources["tickets"].add_limit(max(1, sample // 1000), count_rows=False)
    kept = {"n": 0}

    def first(_: Any) -> bool:
        kept["n"] += 1
        return kept["n"] <= sample

    source.resources["tickets"].add_filter(first)
    records = sum(1 for _ in source)
    return min(kept["n"], sample), records


def warm(server: Running) -> None:
    """Read every long list once: the simulated PSA makes its rows, and writes them as JSON, when they are first asked
    for, a second for a thousand, and answers nobody meanwhile. Whoever came first would pay for it: always ours."""
    keys = (f"{server.company}+{server.public_key}", server.private_key)
    headers = {"clientId": server.client_id, "pagination-type": "forward-only"}
    base = f"{server.url}/{server.codebase}apis/3.0/"
    with httpx.Client(base_url=base, auth=keys, headers=headers, timeout=600, trust_env=False) as client:
        for path in MADE_WHEN_ASKED:
            last, rows = 0, [None] * PAGE
            while len(rows) == PAGE:
                rows = client.get(path, params={"pageSize": PAGE, "pageId": last}).raise_for_status().json()
                last = rows[-1]["id"] if rows else 0


def peer(server: Running, name: str, run: Callable[[Running, int], tuple[int, int]], tickets: int, sample: int,
         ) -> Measured | None:  # fmt: skip
    server.control(reset_stats=True)
    began, spent = time.perf_counter(), _processor()
    try:
        done, records = run(server, min(sample, tickets))
    except ImportError:
        print(f"{name} is not installed: left out", file=sys.stderr)
        return None
    seconds, cpu = time.perf_counter() - began, _processor() - spent
    stats = server.stats()
    scale = tickets / done
    note = f"{records:,} records of {done:,} tickets" + (", scaled" if scale > 1 else "")
    return Measured(
        name,
        seconds * scale,
        cpu * scale,
        round(stats["requests"] * scale),
        stats["peak_concurrency"],
        scale > 1,
        note=note,
    )


def compare(tickets: int, sample: int, folder: Path) -> int:
    with spawned(Settings(tickets=tickets)) as server:
        warm(server)
        server.control(knobs={"latency_ms": LATENCY_MS})
        same, first, vault = ours(server, folder, "psa-evidence, same work", SAME_WORK, attachments=False)
        again, second, _ = ours(server, folder, "the same, second capture", SAME_WORK, attachments=False, vault=vault)
        full, whole, everything = ours(server, folder, "psa-evidence, all it captures", ALL, attachments=True)
        later, last, _ = ours(
            server, folder, "all, second capture", ALL, attachments=True, vault=everything
        )  # fmt: skip
        peers = [
            found
            for found in (
                peer(server, "pyconnectwise", pyconnectwise, tickets, sample),
                peer(server, "dlt REST source", dlt_source, tickets, sample),
            )
            if found is not None
        ]
    print(f"load of the machine in the last minute, this program's own included: {os.getloadavg()[0]:.1f}\n")
    print("| way | requests | seconds | times ours | processor seconds | most at once | MiB | what |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")  # fmt: skip
    for one in (same, again, full, later, *peers):
        times = "" if one in (same, again, later) else f"{one.seconds / same.seconds:.1f}"
        memory = f"{one.memory:,.0f}" if one.memory else ""
        figures = f"{one.requests:,} | {one.seconds:.1f} | {times} | {one.cpu:.1f} | {one.peak} | {memory}"
        print(f"| {one.name} | {figures} | {one.note} |")
    print("\n| aim | figure | |\n| --- | --- | --- |")
    good = True
    for what, figure, reached in (
        *((f"{one.name}: at least 15 times slower", f"{one.seconds / same.seconds:.1f}",
           one.seconds >= 15 * same.seconds) for one in peers),
        *((f"{one.name}: ours takes no more requests", f"{same.requests:,} against {one.requests:,}",
           same.requests <= one.requests) for one in peers),
        *((f"{one.name} within 1.3 times of the floor (requests x latency / {CONCURRENCY})",
           f"{one.seconds / _floor(one):.2f}", one.seconds <= 1.3 * _floor(one)) for one in (same, full)),
        *((f"{one.name}: at most 2 % of the requests", f"{one.requests / before.requests:.2%}",
           one.requests <= 0.02 * before.requests) for one, before in ((again, same), (later, full))),
        ("all captures complete", ", ".join(one.state for one in (first, second, whole, last)),
         {one.state for one in (first, second, whole, last)} == {"complete"}),
    ):  # fmt: skip
        print(f"| {what} | {figure} | {'reached' if reached else 'NOT reached'} |")
        good = good and reached
    return 0 if good else 1


def _floor(one: Measured) -> float:
    return one.requests * LATENCY_MS / 1000 / CONCURRENCY


def memory(folder: Path, sizes: tuple[int, int]) -> int:
    """Peak memory of capturing worlds of two sizes, notes and history included, without latency."""
    peaks = []
    for tickets in sizes:
        pid = os.fork()  # each in a process of its own: memory once taken is not always given back
        if pid == 0:
            with spawned(Settings(tickets=tickets), wait_s=600) as server:
                made, info, _ = ours(server, folder, f"{tickets} tickets", SAME_WORK, attachments=False)
            print(
                f"| {tickets:,} | {made.requests:,} | {made.seconds:.0f} | {made.memory:,.0f} | {info.state} |",
                flush=True,
            )
            (folder / f"{tickets}.peak").write_text(str(made.memory))
            os._exit(0)
        if tickets == sizes[0]:
            print(
                "| tickets | requests | seconds | peak MiB | state |\n| ---: | ---: | ---: | ---: | --- |", flush=True
            )
        os.waitpid(pid, 0)
        peaks.append(float((folder / f"{tickets}.peak").read_text()))
    print(f"\npeak at {sizes[1]:,} tickets over the peak at {sizes[0]:,}: {peaks[1] / peaks[0]:.2f}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=5000)
    parser.add_argument("--sample", type=int, default=10**9)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--sizes", default="5000,100000")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="psa-evidence-benchmark-"))
    try:
        small, large = (int(text) for text in options.sizes.split(","))
        return memory(folder, (small, large)) if options.large else compare(options.tickets, options.sample, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
