"""The real incident log, served by the simulator on loopback: capture all of it, prove the count, pack one month.

    python benchmarks/incidents.py ../shared/data/incidents/incident_event_log.csv.gz [--month 2016-04] [--peer]

Counts are taken from the file by this script itself, not from the server. `--peer` asks the same
server with requests, one call after the other as pyconnectwise does, storing nothing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from measured import Memory, tree

from psa_evidence import plugins
from psa_evidence.archive import Month, run_month
from psa_evidence.capture import capture
from psa_evidence.simulator import Running, Settings, spawned
from psa_evidence.spi import Scope, Silent
from psa_evidence.vault import Vault
from psa_evidence.verify import verify_pack

try:
    import requests
except ImportError:
    requests = None

CONCURRENCY = 24


def counts_in_file(path: Path) -> tuple[int, int]:
    """Incidents and events, counted straight from the CSV."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        numbers: set[str] = set()
        events = 0
        for row in rows:
            numbers.add(row["number"])
            events += 1
    return len(numbers), events


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("incidents", type=Path)
    parser.add_argument("--month", default="2016-04")
    parser.add_argument("--keep", type=Path, help="work here and keep it")
    parser.add_argument("--peer", action="store_true")
    options = parser.parse_args()
    incidents, events = counts_in_file(options.incidents)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="psa-evidence-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    connector = plugins.load_connector("connectwise")
    vault = Vault.create(folder / "vault", vault_id="benchmark")
    memory = Memory()
    with spawned(Settings(incidents=options.incidents)) as server:
        memory.leave_out = tree(os.getpid()) - {os.getpid()}
        settings = {
            "site": server.url, "company": server.company, "client_id": server.client_id,
            "requests_per_minute": "0", "concurrency": str(CONCURRENCY),
        }  # fmt: skip
        secrets = {"public_key": server.public_key, "private_key": server.private_key}
        began = time.perf_counter()
        info = capture(
            vault=vault, connection="main", connector=connector.info, source=connector.open(settings, secrets),
            scope=Scope(), clock=lambda: datetime.now(UTC), secrets=tuple(secrets.values()),
        )  # fmt: skip
        seconds = time.perf_counter() - began
        peer = _peer(server) if options.peer else None
    capture_memory = memory.peak
    tickets, history = _stored(vault)
    rows = [
        ("incidents in the file / tickets in the vault", f"{incidents:,} / {tickets:,}"),
        ("events in the file / history entries in the vault", f"{events:,} / {history:,}"),
        ("capture", f"{info.state}, {info.exchanges:,} exchanges in {seconds:.1f} s"),
        ("requests a second", f"{info.exchanges / seconds:,.0f}"),
        ("peak memory of the capture", f"{capture_memory:,.0f} MiB"),
    ]
    if peer:
        rows.append(("peer: requests, one call after the other, nothing stored", f"{peer:,.0f} a second"))
    began = time.perf_counter()
    report = run_month(
        month=Month.parse(options.month), vault=vault, connection="main", connector=connector,
        exporters={p.name: plugins.load_exporter(p.name) for p in plugins.listed() if p.group == plugins.EXPORTERS},
        out=folder / "packs", msp="", time_zone="UTC", paper="a4", software="benchmark", progress=Silent(),
        who="benchmark", now=datetime.now(UTC),
    )  # fmt: skip
    packing = time.perf_counter() - began
    began = time.perf_counter()
    verdicts = [verify_pack(o.pack).verdict for o in report.outcomes if o.pack]
    verifying = time.perf_counter() - began
    exhibits = sum(_exhibits(o.pack) for o in report.outcomes if o.pack)
    rows += [
        (f"packs of {options.month}", f"{report.count('built')} clients, {exhibits:,} tickets, {packing:.1f} s"),
        ("verify on them", f"{verdicts.count('pass')} pass of {len(verdicts)}, {verifying:.1f} s"),
        ("peak memory over all", f"{memory.stop():,.0f} MiB"),
    ]
    print("| what | figure |\n| --- | --- |")
    for name, figure in rows:
        print(f"| {name} | {figure} |")
    if options.keep is None:
        shutil.rmtree(folder)
    whole = (incidents, events) == (tickets, history) and report.complete and set(verdicts) == {"pass"}
    return 0 if whole else 1


def _stored(vault: Vault) -> tuple[int, int]:
    """Tickets and history entries as the vault holds them."""
    totals = {"ticket": 0, "history": 0}
    for client in vault.clients("main"):
        population = vault.population(connection="main", client=client.id)
        for kind in totals:
            totals[kind] += population.get(kind, {}).get("captured", 0)
    return totals["ticket"], totals["history"]


def _exhibits(pack: Path) -> int:
    return sum(1 for _ in (pack / "data" / "natives" / "ticket").glob("*.json")) if pack else 0


def _peer(server: Running) -> float | None:
    """Requests a second of a client that asks for one ticket's notes after the other and stores nothing."""
    if requests is None:
        return None
    base = f"{server.url}/v4_6_release/apis/3.0/service/tickets"
    given = {
        "auth": (f"{server.company}+{server.public_key}", server.private_key),
        "headers": {"clientId": server.client_id},
        "timeout": 60,
    }
    ids = [row["id"] for row in requests.get(f"{base}?pageSize=1000", **given).json()]
    began = time.perf_counter()
    for ticket in ids:
        requests.get(f"{base}/{ticket}/allNotes", **given).raise_for_status()
    return len(ids) / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
